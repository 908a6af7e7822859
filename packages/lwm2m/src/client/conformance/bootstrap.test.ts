import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type OutgoingRequest } from '@yaolian/coap';
import { decodeUtf8, emptyBytes, encodeUtf8, seconds } from '@yaolian/kernel';
import { multipleResource, objectInstance, singleResource } from '../../node.ts';
import type { Lwm2mClientOptions } from '../client-options.ts';
import { oscoreContexts } from '../objects/oscore.ts';
import { SecurityMode } from '../objects/security.ts';
import { conformanceObjects, content, valuesOf } from '../testing/conformance-terminal.ts';
import { brief, code, type ScriptedServer, TerminalWorld, text } from '../testing/scripted-server.ts';

const { Lwm2mTlv, Text, LinkFormat } = ContentFormat;

/** A terminal that knows a Bootstrap-Server at 192.0.2.2 and has asked it. */
async function bootstrapping(world: TerminalWorld, options: Partial<Lwm2mClientOptions> = {}) {
  const bootstrap = world.addServer('192.0.2.2');
  const objects = Object.values(conformanceObjects());
  const client = world.client({ bootstrap: { uri: 'coap://192.0.2.2' }, objects, ...options });
  client.start();
  await world.pass(1);
  return { client, bootstrap, ask: (request: OutgoingRequest) => world.ask(request, bootstrap) };
}

async function finish(world: TerminalWorld, bootstrap: ScriptedServer): Promise<number> {
  await bootstrap.endpoint.close();
  return world.close();
}

const write = (path: string, payload: Uint8Array): OutgoingRequest => ({
  method: Code.PUT,
  path,
  contentFormat: Lwm2mTlv,
  payload,
});

function security(id: number, shortServerId: number | undefined, uri = TerminalWorld.uri) {
  return content(
    `/0/${id}`,
    objectInstance(id, [
      singleResource(0, 'string', uri),
      singleResource(1, 'boolean', false),
      singleResource(2, 'integer', SecurityMode.NoSec),
      ...(shortServerId === undefined ? [] : [singleResource(10, 'integer', shortServerId)]),
    ]),
  );
}

function server(id: number, shortServerId: number, lifetime = 300) {
  return content(
    `/1/${id}`,
    objectInstance(id, [
      singleResource(0, 'integer', shortServerId),
      singleResource(1, 'integer', lifetime),
      singleResource(6, 'boolean', false),
      singleResource(7, 'string', 'U'),
    ]),
  );
}

const finished: OutgoingRequest = { method: Code.POST, path: '/bs' };

test('LightweightM2M-1.1-int-0 Client Initiated Bootstrap', async () => {
  const world = new TerminalWorld();
  // 1. The terminal has no server account, waits its hold-off time and sends POST /bs?ep=.
  const { client, bootstrap, ask } = await bootstrapping(world, {
    bootstrap: { uri: 'coap://192.0.2.2', holdOff: seconds(20) },
  });
  assert.equal(client.state, 'bootstrapping');
  assert.deepEqual(bootstrap.takeAsked(), []);
  await world.pass(20);
  assert.deepEqual(bootstrap.takeAsked(), ['POST /bs?ep=terminal&pct=11542']);
  // 2. The server writes accounts, 3. and finishes.
  assert.equal(code(await ask(write('/0/1', security(1, 101)))), '2.04');
  assert.equal(code(await ask(write('/1/0', server(0, 101)))), '2.04');
  assert.equal(code(await ask(finished)), '2.04');
  // 4. The terminal registers.
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  assert.equal(client.state, 'registered');
  assert.equal(client.registrations[0]!.server.shortServerId, 101);
  assert.deepEqual(
    world.types.filter((type) => type.startsWith('bootstrap')),
    ['bootstrap-started', 'bootstrap-finished'],
  );
  // 5. After Finish the Bootstrap-Server has no more to say.
  assert.equal(code(await ask(write('/1/0', server(0, 101)))), '4.01');
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-4 Bootstrap Delete', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world);
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/0/2', security(2, 102)));
  await ask(write('/1/0', server(0, 101)));
  // 1. Delete / removes everything but the Bootstrap-Server account and the Device.
  assert.equal(code(await ask({ method: Code.DELETE, path: '/' })), '2.02');
  assert.deepEqual(
    [client.instance(0, 0) !== undefined, client.instance(0, 1), client.instance(1, 0)],
    [true, undefined, undefined],
  );
  assert.ok(client.instance(3, 0) && client.instance(3303, 0));
  // 2. Objects and instances by themselves.
  await ask(write('/1/3', server(3, 101)));
  assert.equal(code(await ask({ method: Code.DELETE, path: '/1/3' })), '2.02');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/1/3' })), '4.04');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/0' })), '2.02');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/0/0' })), '4.00');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/3/0' })), '4.00');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/4711' })), '4.04');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/1/0/1' })), '4.05');
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-6 Bootstrap Sequence: servers from the factory come before the Bootstrap-Server', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap } = await bootstrapping(world, { servers: [{ uri: TerminalWorld.uri }] });
  assert.equal(client.state, 'registered');
  assert.deepEqual(bootstrap.takeAsked(), []);
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-6 Bootstrap Sequence: unless the terminal bootstraps at every start', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap } = await bootstrapping(world, {
    servers: [{ uri: TerminalWorld.uri }],
    bootstrap: { uri: 'coap://192.0.2.2', when: 'start' },
  });
  assert.equal(client.state, 'bootstrapping');
  assert.equal(bootstrap.takeAsked().length, 1);
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-7 Fallback to bootstrap', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Forbidden });
  const other = world.addServer('192.0.2.3');
  // 1. The terminal cannot register with the server that it knows, as often as it may try.
  const { client, bootstrap, ask } = await bootstrapping(world, {
    servers: [{ uri: TerminalWorld.uri }],
    retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 3 },
  });
  await world.pass(28);
  assert.deepEqual([world.server.asked.length, bootstrap.asked.length], [2, 0]);
  await world.pass(3);
  // 2. It bootstraps, and 3. registers where it is told.
  assert.deepEqual([world.server.asked.length, bootstrap.asked.length], [3, 1]);
  assert.equal(client.state, 'bootstrapping');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/0' })), '2.02');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/1' })), '2.02');
  await ask(write('/0/1', security(1, 5, 'coap://192.0.2.3:5683')));
  await ask(write('/1/1', server(1, 5)));
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(1);
  assert.equal(client.state, 'registered');
  assert.equal(other.asked.length, 1);
  await world.time.until(client.close(), seconds(5));
  await other.endpoint.close();
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-8 Bootstrap Read', async () => {
  const world = new TerminalWorld();
  const { bootstrap, ask } = await bootstrapping(world);
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/0', server(0, 101, 600)));
  const read = await ask({ method: Code.GET, path: '/1', accept: Lwm2mTlv });
  assert.equal(code(read), '2.05');
  assert.deepEqual([valuesOf('/1', read)['/1/0/0'], valuesOf('/1', read)['/1/0/1']], [101, 600]);
  assert.equal(code(await ask({ method: Code.GET, path: '/1/0', accept: Lwm2mTlv })), '2.05');
  assert.equal(code(await ask({ method: Code.GET, path: '/1/7' })), '4.04');
  assert.equal(code(await ask({ method: Code.GET, path: '/1/0/1' })), '4.05');
  // Rules of access control: for the Device object, everything for server 101.
  const rule = objectInstance(0, [
    singleResource(0, 'integer', 3),
    singleResource(1, 'integer', 0),
    multipleResource(2, 'integer', [[101, 31]]),
    singleResource(3, 'integer', 101),
  ]);
  assert.equal(code(await ask(write('/2/0', content('/2/0', rule)))), '2.04');
  const rules = valuesOf('/2', await ask({ method: Code.GET, path: '/2', accept: Lwm2mTlv }));
  assert.deepEqual(rules, { '/2/0/0': 3, '/2/0/1': 0, '/2/0/2/101': 31, '/2/0/3': 101 });
  assert.equal(code(await ask({ method: Code.GET, path: '/0' })), '4.05');
  assert.equal(code(await ask({ method: Code.GET, path: '/3' })), '4.05');
  assert.equal(await finish(world, bootstrap), 0);
});

test('Bootstrap Discover shows objects, instances and whose they are', async () => {
  const world = new TerminalWorld();
  const { bootstrap, ask } = await bootstrapping(world);
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/0', server(0, 101)));
  const discover = async (path: string) => text(await ask({ method: Code.GET, path, accept: LinkFormat }));
  assert.equal(
    await discover('/'),
    '</>;lwm2m=1.1,</0>;ver=1.1,</0/0>,</0/1>;ssid=101;uri="coap://192.0.2.1",</1>;ver=1.1,</1/0>;ssid=101,' +
      '</2>;ver=1.1,</3>;ver=1.1,</3/0>,</4>;ver=1.2,</4/0>,</16>,</3303>;ver=1.1,</3303/0>',
  );
  assert.equal(await discover('/1'), '</>;lwm2m=1.1,</1>;ver=1.1,</1/0>;ssid=101');
  assert.equal(code(await ask({ method: Code.GET, path: '/4711', accept: LinkFormat })), '4.04');
  assert.equal(await finish(world, bootstrap), 0);
});

test('LightweightM2M-1.1-int-9 Bootstrap and Configuration Consistency', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world);
  // 1. Nothing to register with.
  const nothing = await ask(finished);
  assert.equal(brief(nothing), '4.06 there is no server to register with');
  // 2. A Security object instance without its Server object instance.
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/0', server(0, 102)));
  assert.equal(code(await ask(finished)), '4.06');
  // 3. An address that is none.
  await ask(write('/1/0', server(0, 101)));
  await ask(write('/0/1', security(1, 101, 'http://192.0.2.1')));
  assert.equal(code(await ask(finished)), '4.06');
  // 4. Two of one server.
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/1', server(1, 101)));
  assert.equal(code(await ask(finished)), '4.06');
  assert.equal(client.state, 'bootstrapping');
  assert.equal(code(await ask({ method: Code.DELETE, path: '/1/1' })), '2.02');
  // 5. A mandatory resource that was never written.
  await ask({ method: Code.DELETE, path: '/1' });
  const put = (path: string, text: string) =>
    ask({ method: Code.PUT, path, contentFormat: 0, payload: encodeUtf8(text) });
  assert.equal(code(await put('/1/0/0', '101')), '2.04');
  assert.equal(code(await put('/1/0/1', '300')), '2.04');
  assert.equal(brief(await ask(finished)), '4.06 /1/0 has no Binding');
  // 6. The server mends it, and Finish succeeds.
  assert.equal(code(await put('/1/0/7', 'U')), '2.04');
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(1);
  assert.equal(client.state, 'registered');
  assert.equal(await finish(world, bootstrap), 0);
});

test('a context of OSCORE of which a part was refused or makes no sense is answered 4.06 to Finish', async () => {
  const world = new TerminalWorld();
  const objects = [...Object.values(conformanceObjects()), oscoreContexts('1.2')];
  const { client, bootstrap, ask } = await bootstrapping(world, { objects });
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/0', server(0, 101)));
  const link = encodeUtf8('21:0');
  assert.equal(code(await ask({ method: Code.PUT, path: '/0/1/17', contentFormat: Text, payload: link })), '2.04');
  assert.equal(brief(await ask(finished)), '4.06 /0/1/17 leads to /21/0, which is not there');
  const put = (resource: number, hex: string) => {
    const payload = new Uint8Array(Buffer.from(hex, 'hex'));
    return ask({ method: Code.PUT, path: `/21/0/${resource}`, contentFormat: ContentFormat.OctetStream, payload });
  };
  assert.equal(code(await put(1, '0a')), '2.04');
  assert.equal(code(await put(2, '0a')), '2.04');
  // Object 21 has a Master Secret of bytes; text that is none is refused.
  const bad = { method: Code.PUT, path: '/21/0/0', contentFormat: Text, payload: Uint8Array.of(0xc0, 0xff, 0xee) };
  assert.equal(code(await ask(bad)), '4.00');
  assert.equal(brief(await ask(finished)), '4.06 the context of /0/1/17: it has no Master Secret');
  assert.equal(code(await put(0, '5a'.repeat(15))), '2.04');
  assert.match(brief(await ask(finished)), /^4\.06 .*its Master Secret has 15 bytes, not 16 or more$/);
  assert.equal(code(await put(0, '5a'.repeat(16))), '2.04');
  assert.match(brief(await ask(finished)), /^4\.06 .*its Sender ID and Recipient ID are the same$/);
  assert.equal(client.state, 'bootstrapping');
  assert.equal(code(await put(2, '0b')), '2.04');
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(1);
  assert.equal(await finish(world, bootstrap), 0);
});

test('a Bootstrap-Server that stops after 4.06 leaves the terminal as it was, and is asked again later', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world, { retry: { jitter: 0, initialDelay: seconds(10) } });
  await ask(write('/0/1', security(1, 101)));
  assert.equal(code(await ask(finished)), '4.06');
  bootstrap.takeAsked();
  await world.pass(248);
  const failed = world.events.find((event) => event.type === 'bootstrap-failed')!;
  assert.equal(failed.failure.reason, 'inconsistent');
  assert.equal(client.instance(0, 1), undefined);
  assert.ok(client.instance(0, 0));
  await world.pass(11);
  assert.equal(bootstrap.takeAsked().length, 1);
  assert.equal(await finish(world, bootstrap), 0);
});

test('a Bootstrap-Server that falls silent, refuses or cannot be reached is asked again, later each time', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap } = await bootstrapping(world, { retry: { jitter: 0, initialDelay: seconds(10) } });
  await world.pass(247 + 8);
  assert.equal(bootstrap.takeAsked().length, 1);
  await world.pass(4);
  assert.equal(bootstrap.takeAsked().length, 1);
  bootstrap.script = () => ({ code: Code.BadRequest });
  await world.pass(247 + 21);
  assert.equal(bootstrap.takeAsked().length, 1);
  const reasons = world.events.flatMap((event) => (event.type === 'bootstrap-failed' ? [event.failure.reason] : []));
  assert.deepEqual(reasons, ['timeout', 'timeout', '4.00']);
  assert.equal(client.state, 'bootstrapping');
  await world.time.until(client.close(), seconds(1));
  assert.equal(await finish(world, bootstrap), 0);
});

test("China Mobile's platform writes the Security object alone: the terminal adds the defaults of the seed", async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world, { lwm2mVersion: '1.0' });
  assert.deepEqual(bootstrap.takeAsked(), ['POST /bs?ep=terminal']);
  // PUT /0/0 takes the place of the Bootstrap-Server account itself.
  assert.equal(code(await ask(write('/0/0', security(0, undefined)))), '2.04');
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=86400&lwm2m=1.0&b=U']);
  // The way back to the Bootstrap-Server is not lost with its account.
  client.bootstrap();
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/1']);
  assert.deepEqual(bootstrap.takeAsked(), ['POST /bs?ep=terminal']);
  assert.equal(await finish(world, bootstrap), 0);
});

test('a Bootstrap-Server may write a whole object, or one text per resource', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world);
  const texts: [string, string][] = [
    ['/0/1/0', TerminalWorld.uri],
    ['/0/1/1', '0'],
    ['/0/1/2', '3'],
    ['/0/1/10', '7'],
  ];
  for (const [path, value] of texts) {
    const request = { method: Code.PUT, path, contentFormat: Text, payload: new TextEncoder().encode(value) };
    assert.equal(code(await ask(request)), '2.04', path);
  }
  const instance = objectInstance(4, [
    singleResource(0, 'integer', 7),
    singleResource(1, 'integer', 120),
    singleResource(6, 'boolean', false),
    singleResource(7, 'string', 'U'),
  ]);
  const object = { kind: 'object', id: 1, instances: new Map([[4, instance]]) } as const;
  assert.equal(code(await ask(write('/1', content('/1', object)))), '2.04');
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(1);
  assert.equal(client.registrations[0]!.state, 'registered');
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=120&lwm2m=1.1&b=U']);
  assert.equal(await finish(world, bootstrap), 0);
});

test('what a Bootstrap-Server cannot do', async () => {
  const world = new TerminalWorld();
  const { bootstrap, ask } = await bootstrapping(world);
  assert.equal(code(await ask(write('/9/0', emptyBytes))), '4.04', 'an object that is not there');
  assert.equal(code(await ask(write('/0/1', Uint8Array.of(0xff)))), '4.00');
  assert.equal(code(await ask({ ...write('/0/1', security(1, 1)), contentFormat: 9999 })), '4.15');
  assert.equal(code(await ask(write('/', security(1, 1)))), '4.00');
  assert.equal(code(await ask({ method: Code.POST, path: '/3/0/4' })), '4.05');
  assert.equal(code(await ask({ method: Code.PUT, path: '/x' })), '4.04');
  // Nobody else speaks during a bootstrap.
  assert.equal(code(await world.get('/3/0')), '4.01');
  assert.equal(await finish(world, bootstrap), 0);
});

test('Bootstrap-Request Trigger (1/0/9) de-registers and bootstraps; without a Bootstrap-Server it is 4.05', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap } = await bootstrapping(world, {
    servers: [{ uri: TerminalWorld.uri, lifetime: seconds(300) }],
  });
  world.server.takeAsked();
  assert.equal(code(await world.post('/1/0/9')), '2.04');
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/1']);
  assert.equal(bootstrap.takeAsked().length, 1);
  assert.equal(client.state, 'bootstrapping');
  // The bootstrap fails: what the terminal had is good enough.
  await world.pass(248);
  assert.equal(client.state, 'registered');
  assert.equal(await finish(world, bootstrap), 0);
  const other = new TerminalWorld();
  await other.registered();
  assert.equal(code(await other.post('/1/0/9')), '4.05');
  assert.equal(await other.close(), 0);
});

test('the Bootstrap-Server account ends when its time is over', async () => {
  const world = new TerminalWorld();
  const { client, bootstrap, ask } = await bootstrapping(world, {
    bootstrap: { uri: 'coap://192.0.2.2', accountTimeout: seconds(60) },
  });
  await ask(write('/0/1', security(1, 101)));
  await ask(write('/1/0', server(0, 101)));
  assert.equal(code(await ask(finished)), '2.04');
  await world.pass(59);
  assert.ok(client.instance(0, 0));
  await world.pass(2);
  assert.equal(client.instance(0, 0), undefined);
  assert.equal(await finish(world, bootstrap), 0);
});

test('Bootstrap-Server and server at one address: who asks is decided by what goes on', async () => {
  const world = new TerminalWorld();
  const client = world.client({ bootstrap: { uri: TerminalWorld.uri } });
  client.start();
  await world.pass(1);
  assert.equal(code(await world.ask(write('/0/1', security(1, 101)))), '2.04');
  assert.equal(code(await world.ask(write('/1/0', server(0, 101)))), '2.04');
  assert.equal(code(await world.get('/3/0')), '4.05', 'a Bootstrap-Server does not read the Device');
  assert.equal(code(await world.ask(finished)), '2.04');
  await world.pass(1);
  assert.equal(client.state, 'registered');
  assert.equal(code(await world.get('/3/0')), '2.05');
  assert.equal(code(await world.get('/0/1')), '4.01');
  assert.equal(await world.close(), 0);
});

test('two server accounts: the terminal is registered with both, each manages and observes by itself', async () => {
  const world = new TerminalWorld();
  const second = world.addServer('192.0.2.3');
  const client = await world.registered({
    servers: [
      { uri: TerminalWorld.uri, lifetime: seconds(300) },
      { uri: 'coap://192.0.2.3', lifetime: seconds(400) },
    ],
  });
  assert.deepEqual(second.takeAsked(), ['POST /rd?ep=terminal&lt=400&lwm2m=1.1&b=U']);
  assert.equal(client.registrations.length, 2);
  assert.equal(code(await world.writeAttributes('/3/0/16', 'pmin=3')), '2.04');
  assert.equal(text(await world.get('/3/0/16', LinkFormat)), '</3/0/16>;pmin=3');
  assert.equal(text(await world.get('/3/0/16', LinkFormat, second)), '</3/0/16>');
  // Each Server object instance is its own server's; the other may read it.
  assert.equal(brief(await world.put('/1/1/1', '500')), '4.01 server 1 may not write /1/1 (access control)');
  const lifetime = { method: Code.PUT, path: '/1/1/1', contentFormat: 0, payload: encodeUtf8('500') };
  assert.equal(code(await world.ask(lifetime, second)), '2.04');
  await world.pass(1);
  assert.deepEqual([world.server.takeAsked(), second.takeAsked()], [[], ['POST /rd/1?lt=500']]);
  await second.endpoint.close();
  await world.time.until(client.close({ timeout: seconds(5) }), seconds(6));
  assert.equal(await world.close(), 0);
});

test('what EST answers is judged: what is no certificate for the key that was asked for undoes the bootstrap', async () => {
  const request = { privateKey: encodeUtf8('key'), publicKey: encodeUtf8('public'), request: encodeUtf8('request') };
  const enrolment = {
    makeRequest: async () => request,
    isCertificateOf: (certificate: Uint8Array) => decodeUtf8(certificate) === 'certificate',
  };
  for (const [answer, expected] of [
    [{ code: Code.Changed, contentFormat: 287, payload: encodeUtf8('certificate') }, undefined],
    [{ code: Code.Changed, contentFormat: 287, payload: encodeUtf8('another') }, /no certificate for the key/],
    [{ code: Code.Changed, contentFormat: 281, payload: encodeUtf8('certificate') }, /no certificate for the key/],
    [{ code: Code.Forbidden, payload: encodeUtf8('not you') }, /4\.03 .*not you/],
  ] as const) {
    const world = new TerminalWorld();
    const { client, bootstrap, ask } = await bootstrapping(world, { enrolment });
    bootstrap.script = ({ path }) => (path[0] === '.well-known' ? answer : undefined);
    await ask(write('/0/1', security(1, 101)));
    client.instance(0, 1)!.store(2, 4);
    client.instance(0, 1)!.store(0, 'coaps://192.0.2.1');
    await ask(write('/1/0', server(0, 101)));
    await ask({ method: Code.POST, path: '/bs' });
    await world.pass(5);
    const asked = bootstrap.requests.find(({ path }) => path[0] === '.well-known')!;
    assert.deepEqual([asked.path.join('/'), asked.contentFormat, asked.accept], ['.well-known/est/sen', 286, 287]);
    assert.deepEqual(asked.payload, request.request);
    if (expected === undefined) {
      assert.ok(world.types.includes('bootstrap-finished'));
      assert.deepEqual(
        [client.instance(0, 1)!.value(3), client.instance(0, 1)!.value(5)],
        [answer.payload, request.privateKey],
      );
    } else {
      const failed = world.events.find(({ type }) => type === 'bootstrap-failed');
      assert.match(failed?.type === 'bootstrap-failed' ? failed.failure.message : '', expected);
      assert.equal(client.instance(0, 1), undefined, 'as it was before');
    }
    assert.equal(await finish(world, bootstrap), 0);
  }
});
