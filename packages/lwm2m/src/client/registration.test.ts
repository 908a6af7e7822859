import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { defineObject } from '@yaolian/lwm2m-objects';
import { instance } from './object-instance.ts';
import { TerminalWorld, text } from './testing/scripted-server.ts';

test('registers with lifetime, version, binding and the versions of its objects', async () => {
  const world = new TerminalWorld();
  const client = world.client();
  client.start();
  await world.pass(1);
  assert.deepEqual(world.server.asked, ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  const [register] = world.server.requests;
  assert.equal(register!.contentFormat, 40);
  assert.equal(
    new TextDecoder().decode(register!.payload),
    '</>;rt="oma.lwm2m",</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>',
  );
  assert.equal(client.state, 'registered');
  assert.deepEqual(client.registrations[0]!.location, ['rd', '1']);
  assert.equal(await world.close(), 0);
  assert.deepEqual(world.server.asked.slice(1), ['DELETE /rd/1']);
});

test('as a 1.0 terminal it says so, and its objects are of that release', async () => {
  const world = new TerminalWorld();
  world.client({ lwm2mVersion: '1.0' }).start();
  await world.pass(1);
  assert.deepEqual(world.server.asked, ['POST /rd?ep=terminal&lt=300&lwm2m=1.0&b=U']);
  assert.equal(new TextDecoder().decode(world.server.requests[0]!.payload), '</>;rt="oma.lwm2m",</1/0>,</3/0>');
  assert.equal(await world.close(), 0);
});

test('the lifetime is 86400 s unless said otherwise, and the Update comes 93 s before its end', async () => {
  const world = new TerminalWorld();
  await world.registered({ servers: [{ uri: TerminalWorld.uri }] });
  await world.pass(86_400 - 93 - 5);
  assert.deepEqual(world.server.asked, []);
  await world.pass(10);
  assert.deepEqual(world.server.asked, ['POST /rd/1']);
  assert.equal(world.server.requests[0]!.payload.length, 0);
  assert.equal(await world.close(), 0);
});

test('short registrations are updated at half their lifetime, or as configured', async () => {
  const world = new TerminalWorld();
  await world.registered({ servers: [{ uri: TerminalWorld.uri, lifetime: seconds(60) }] });
  await world.pass(91);
  assert.deepEqual(world.server.asked, ['POST /rd/1', 'POST /rd/1', 'POST /rd/1']);
  assert.equal(await world.close(), 0);
  const other = new TerminalWorld();
  await other.registered({ updateEvery: seconds(20), updateCarriesLinks: true, updateQuery: ['epi=x'] });
  await other.pass(20);
  assert.equal(new TextDecoder().decode(other.server.requests[0]!.payload).startsWith('</>;rt='), true);
  assert.deepEqual(other.server.requests[0]!.query, ['epi=x']);
  assert.equal(await other.close(), 0);
});

test('a lifetime of 0 has no end, and needs no Update', async () => {
  const world = new TerminalWorld();
  const client = await world.registered({ servers: [{ uri: TerminalWorld.uri, lifetime: seconds(0) }] });
  await world.pass(86_400 * 3);
  assert.deepEqual(world.server.asked, []);
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

test('an Update that the server does not know (4.04) makes it register again', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  world.server.script = ({ method, path }) =>
    method === Code.POST && path.length === 2 && path[1] === '1' ? { code: Code.NotFound } : undefined;
  client.update();
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd/1', 'POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  assert.deepEqual(client.registrations[0]!.location, ['rd', '2']);
  assert.equal(await world.close(), 0);
  assert.deepEqual(world.server.asked, ['DELETE /rd/2']);
});

test('refusals are waited out, twice as long each time', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Forbidden, payload: encodeUtf8('not on the list') });
  const client = world.client({ retry: { jitter: 0, initialDelay: seconds(10), maximumDelay: seconds(30) } });
  client.start();
  const times: number[] = [];
  for (let second = 0; second < 105; second++) {
    await world.pass(1);
    for (const _ of world.server.takeAsked()) times.push(second);
  }
  assert.deepEqual(times, [0, 10, 30, 60, 90]);
  assert.equal(client.state, 'waiting');
  const failure = world.events.find((event) => event.type === 'registration-failed')!.failure;
  assert.deepEqual(failure, { code: Code.Forbidden, reason: '4.03', message: '4.03 Forbidden: not on the list' });
  world.server.script = () => undefined;
  await world.pass(30);
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

for (const [name, busy] of [
  ['5.03', Code.ServiceUnavailable],
  ['4.29', Code.TooManyRequests],
] as const) {
  test(`Max-Age of ${name} is waited out before Register and before Update`, async () => {
    const world = new TerminalWorld();
    world.server.script = () => ({ code: busy, maxAge: seconds(100) });
    const client = world.client({ retry: { jitter: 0, initialDelay: seconds(10) } });
    client.start();
    await world.pass(100);
    assert.equal(world.server.takeAsked().length, 1);
    world.server.script = () => undefined;
    await world.pass(1);
    assert.equal(client.state, 'registered');
    world.server.takeAsked();
    world.server.script = () => ({ code: busy, maxAge: seconds(40) });
    client.update();
    await world.pass(40);
    assert.deepEqual(world.server.takeAsked(), ['POST /rd/1']);
    assert.equal(client.state, 'registered');
    world.server.script = () => undefined;
    await world.pass(1);
    assert.deepEqual(world.server.takeAsked(), ['POST /rd/1']);
    assert.equal(await world.close(), 0);
  });
}

test('silence is a failure after the CoAP retransmissions', async () => {
  const world = new TerminalWorld();
  world.network.conditions = { loss: 1 };
  const client = world.client({ retry: { jitter: 0, initialDelay: seconds(10) } });
  client.start();
  const failure = () => world.events.find((event) => event.type === 'registration-failed');
  for (let second = 0; !failure() && second < 100; second++) await world.pass(1);
  assert.equal(client.state, 'waiting');
  assert.equal(failure()!.failure.reason, 'timeout');
  world.network.conditions = {};
  await world.pass(12);
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

test('a 2.01 without a location is no registration', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Created });
  world.client().start();
  await world.pass(1);
  const failed = world.events.find((event) => event.type === 'registration-failed')!;
  assert.equal(failed.failure.reason, 'no-location');
  assert.equal(await world.close(), 0);
});

test('a location with semicolons and slashes in its segments comes back as it was', async () => {
  const world = new TerminalWorld();
  world.server.script = ({ method, path }) =>
    method === Code.POST && path.length === 1 ? { code: Code.Created, locationPath: ['8611;;/x', '1.0'] } : undefined;
  const client = await world.registered();
  client.update();
  await world.pass(1);
  assert.deepEqual(world.server.requests[0]!.path, ['8611;;/x', '1.0']);
  assert.equal(await world.close(), 0);
});

test('an Update that is asked for while a Register or Update is under way follows it', async () => {
  const world = new TerminalWorld();
  const client = await world.registered({
    onEvent: (event, terminal) => {
      if (event.type === 'registered') terminal.update();
    },
  });
  world.network.conditions = { latency: seconds(0.5) };
  client.update();
  await world.time.advance(seconds(0.2));
  assert.equal(client.remove(3, 0), true);
  client.update();
  await world.pass(5);
  const updates = world.server.requests.map(({ path, payload }) => [path.join('/'), payload.length > 0]);
  assert.deepEqual(updates, [
    ['rd/1', false],
    ['rd/1', true],
  ]);
  world.network.conditions = {};
  assert.equal(await world.close(), 0);
});

test('airplane mode de-registers, and its end registers at once', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  await world.time.until(client.goOffline(), seconds(5));
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/1']);
  assert.equal(client.state, 'offline');
  assert.equal(world.time.pending > 3, false);
  await world.pass(1000);
  assert.deepEqual(world.server.takeAsked(), []);
  client.goOnline();
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  assert.equal(client.state, 'registered');
  assert.equal(await world.close(), 0);
});

test('airplane mode on, off, on and off again in one moment ends where the last switch is', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  world.network.conditions = { latency: seconds(0.5) };
  void client.goOffline();
  client.goOnline();
  await world.pass(5);
  assert.equal(client.state, 'registered');
  assert.deepEqual(
    world.server.takeAsked().map((line) => line.split('?')[0]),
    ['DELETE /rd/1', 'POST /rd'],
  );
  void client.goOffline();
  client.goOnline();
  void client.goOffline();
  await world.pass(5);
  assert.equal(client.state, 'offline');
  assert.deepEqual(world.server.takeAsked(), ['DELETE /rd/2']);
  world.network.conditions = {};
  assert.equal(await world.close(), 0);
});

test('closing waits for a De-register only as long as it is told', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  world.network.conditions = { loss: 1 };
  const began = world.time.monotonic();
  await world.time.until(client.close({ timeout: seconds(3) }), seconds(5));
  assert.equal(world.time.monotonic() - began, 3000);
  assert.equal(client.state, 'stopped');
  assert.equal(await world.close(), 0);
});

test('closing without De-register is silent, and in the middle of a Register too', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  await client.close({ deregister: false });
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), []);
  assert.equal(await world.close(), 0);
  const other = new TerminalWorld();
  other.network.conditions = { loss: 1 };
  const early = other.client();
  early.start();
  await other.pass(1);
  await other.time.until(early.close({ deregister: false }), seconds(1));
  assert.equal(await other.close(), 0);
});

test('a registration confirmed while the terminal closes is taken back', async () => {
  const world = new TerminalWorld();
  world.network.conditions = { latency: seconds(1) };
  const client = world.client();
  client.start();
  await world.time.advance(seconds(0.5));
  await world.time.until(client.close(), seconds(10));
  assert.deepEqual(
    world.server.asked.map((line) => line.split('?')[0]),
    ['POST /rd', 'DELETE /rd/1'],
  );
  world.network.conditions = {};
  assert.equal(await world.close(), 0);
});

test('registered() rejects when it is given up or the client closes', async () => {
  const world = new TerminalWorld();
  world.network.conditions = { loss: 1 };
  const client = world.client();
  client.start();
  const abort = new AbortController();
  const enough = new Error('enough');
  const given = assert.rejects(client.registered(abort.signal), { code: 'LWM2M_CLIENT_ABORTED', cause: enough });
  const closed = assert.rejects(client.registered(), { code: 'LWM2M_CLIENT_CLOSED' });
  abort.abort(enough);
  await given;
  await world.time.until(client.close({ deregister: false }), seconds(1));
  await closed;
  assert.equal(await world.close(), 0);
});

test('instances that come and go are told in an Update with the new list', async () => {
  const world = new TerminalWorld();
  const client = await world.registered();
  const relay = defineObject({
    id: 3201,
    name: 'Relay',
    multiple: true,
    resources: { on: { id: 5550, operations: 'RW', type: 'boolean' } },
  });
  client.add(instance(relay, { on: true }));
  client.add(instance(relay, { on: true }, { id: 2 }));
  await world.pass(1);
  assert.equal(world.server.requests.length, 1);
  const [update] = world.server.requests;
  assert.equal(
    new TextDecoder().decode(update!.payload),
    '</>;rt="oma.lwm2m",</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,</3201/0>,</3201/2>',
  );
  client.remove(3201, 0);
  await world.pass(1);
  assert.match(new TextDecoder().decode(world.server.requests[1]!.payload), /<\/3>;ver=1.1,<\/3\/0>,<\/3201\/2>$/);
  assert.equal(await world.close(), 0);
});

test('strangers are answered 4.01', async () => {
  const world = new TerminalWorld();
  await world.registered();
  const stranger = world.addServer('192.0.2.66');
  const response = await world.get('/3/0/0', 0, stranger);
  assert.equal(response.code, Code.Unauthorized);
  assert.equal(text(response), 'not a server of this terminal');
  await stranger.endpoint.close();
  assert.equal(await world.close(), 0);
});

test('servers with a priority are registered with in its order; a failure passes the turn on, or blocks (1/x/13, 1/x/15)', async () => {
  for (const blocks of [false, true]) {
    const world = new TerminalWorld();
    const [second, third] = [world.addServer('192.0.2.2'), world.addServer('192.0.2.3')];
    const uri = (host: number) => `coap://192.0.2.${host}`;
    second.script = () => ({ code: Code.Forbidden });
    const client = world.client({
      retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 2 },
      servers: [
        { uri: uri(3), registrationPriority: 30 },
        { uri: uri(2), registrationPriority: 20, registrationFailureBlocks: blocks },
        { uri: uri(1), registrationPriority: 10 },
      ],
    });
    client.start();
    await world.pass(1);
    const count = () => [world.server, second, third].map(({ requests }) => requests.length);
    assert.deepEqual(count(), [1, 1, 0]);
    await world.pass(11);
    assert.deepEqual(count(), [1, 2, blocks ? 0 : 1]);
    await world.pass(20);
    second.script = () => undefined;
    await world.pass(60);
    assert.deepEqual(
      client.registrations.map(({ state }) => state),
      ['registered', 'registered', 'registered'],
    );
    assert.equal(third.requests.length, 1);
    await world.time.until(client.close(), seconds(60));
    for (const server of [second, third]) await server.endpoint.close();
    assert.equal(await world.close(), 0);
  }
});

test('a server that fails leads to no bootstrap while the next one may have the terminal; when all fail it does (1/x/13, 1/x/16)', async () => {
  const world = new TerminalWorld();
  const [second, bootstrap] = [world.addServer('192.0.2.2'), world.addServer('192.0.2.4')];
  world.server.script = () => ({ code: Code.Forbidden });
  const client = world.client({
    bootstrap: { uri: 'coap://192.0.2.4' },
    retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 2 },
    servers: [
      { uri: TerminalWorld.uri, registrationPriority: 1, lifetime: seconds(300) },
      { uri: 'coap://192.0.2.2', registrationPriority: 2, lifetime: seconds(300) },
    ],
  });
  client.start();
  await world.pass(600);
  // The first one goes on refusing; the second one was registered with once, when its turn came, and stays.
  assert.ok(world.server.requests.length > 2);
  assert.deepEqual(bootstrap.asked, []);
  assert.equal(second.asked.filter((line) => line.startsWith('POST /rd?')).length, 1);
  assert.equal(world.types.filter((type) => type === 'deregistered').length, 0);
  // Now the second one forgets the terminal and refuses too: nobody has it.
  second.script = ({ path }) => ({ code: path.length > 1 ? Code.NotFound : Code.Forbidden });
  await world.pass(900);
  assert.ok(bootstrap.requests.length > 0);
  await world.time.until(client.close(), seconds(600));
  for (const server of [second, bootstrap]) await server.endpoint.close();
  assert.equal(await world.close(), 0);
});

test('of servers of which one leads to bootstrap and the other does not, the terminal bootstraps when the last attempts fail (1/x/16)', async () => {
  for (const first of [true, false]) {
    const world = new TerminalWorld();
    const [second, bootstrap] = [world.addServer('192.0.2.2'), world.addServer('192.0.2.4')];
    for (const server of [world.server, second]) server.script = () => ({ code: Code.Forbidden });
    const client = world.client({
      bootstrap: { uri: 'coap://192.0.2.4' },
      retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 2 },
      servers: [
        { uri: TerminalWorld.uri, registrationPriority: 1, bootstrapsOnFailure: first },
        { uri: 'coap://192.0.2.2', registrationPriority: 2, bootstrapsOnFailure: !first },
      ],
    });
    client.start();
    // The first at 0 s and 10 s, then the second at 10 s and 20 s: neither is asked again before.
    await world.pass(19);
    assert.deepEqual(bootstrap.asked, []);
    await world.pass(2);
    assert.equal(bootstrap.requests.length, 1, `the ${first ? 'first' : 'second'} leads to bootstrap`);
    assert.deepEqual([world.server.requests.length, second.requests.length], [2, 2]);
    await world.time.until(client.close(), seconds(600));
    for (const server of [second, bootstrap]) await server.endpoint.close();
    assert.equal(await world.close(), 0);
  }
});

test('where no server leads to bootstrap, the terminal goes on asking them (1/x/16)', async () => {
  const world = new TerminalWorld();
  const bootstrap = world.addServer('192.0.2.4');
  world.server.script = () => ({ code: Code.Forbidden });
  const client = world.client({
    bootstrap: { uri: 'coap://192.0.2.4' },
    retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 2 },
    servers: [{ uri: TerminalWorld.uri, bootstrapsOnFailure: false }],
  });
  client.start();
  await world.pass(600);
  assert.ok(world.server.requests.length > 4);
  assert.deepEqual(bootstrap.asked, []);
  await world.time.until(client.close(), seconds(600));
  await bootstrap.endpoint.close();
  assert.equal(await world.close(), 0);
});

test('LwM2M 1.2, 0/x/19 and 20: a connector is told the signature algorithms of the account that its server can do', async () => {
  const world = new TerminalWorld();
  const told: (readonly number[] | undefined)[] = [];
  const client = world.client({
    lwm2mVersion: '1.2',
    servers: [{ uri: TerminalWorld.uri, signatureAlgorithms: [0x0403, 0x0807] }],
    transport: {
      connect: ({ signatureAlgorithms }, _signal, onAlert) => {
        told.push(signatureAlgorithms);
        onAlert?.(told.length === 1 ? 40 : 48);
        return Promise.reject(new Error('the server let nobody in'));
      },
    },
  });
  const [security, server] = [client.instance(0, 0)!, client.instance(1, 0)!];
  security.store(19, new Map([[0, 0x0807]]));
  assert.equal(server.value(11), undefined);
  client.start();
  await world.pass(1);
  assert.deepEqual(told, [[0x0807]]);
  assert.equal(server.value(11), 40, 'the alert is noted in the Server object (1/x/11)');
  await world.pass(3600);
  assert.equal(server.value(11), 48, 'the newest one');
  assert.equal(await world.close(), 0);
});

test('an account of a 1.1 terminal has no signature algorithms', () => {
  const world = new TerminalWorld();
  const servers = [{ uri: TerminalWorld.uri, signatureAlgorithms: [0x0403] }];
  assert.throws(() => world.client({ servers }), /resource 20 of the Security object is of LwM2M 1\.2/);
});

test('a terminal that has nobody to go to says so at its start', () => {
  const starting = (options: Parameters<TerminalWorld['client']>[0]) => () =>
    new TerminalWorld().client(options).start();
  assert.throws(starting({ servers: [] }), {
    code: 'LWM2M_CLIENT_NO_SERVER',
    message: 'the terminal has no server to go to: there is no server to register with',
  });
  assert.throws(starting({ servers: [{ uri: '192.0.2.1' }] }), {
    message: /^the terminal has no server to go to: \/0\/0\/0: /,
  });
});
