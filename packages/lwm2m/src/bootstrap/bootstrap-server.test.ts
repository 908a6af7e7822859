import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, formatCode, type IncomingRequest, type IncomingResponse, type OutgoingResponse } from '@yaolian/coap';
import { decodeUtf8, encodeHex, encodeUtf8, failure, seconds, success } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decodeContent, formatPath, lwm2mPath, multipleResource, type ObjectInstanceNode } from '../index.ts';
import { nameOf, type ScriptedTerminal } from '../server/testing/scripted-terminal.ts';
import { type BootstrapConfig, type BootstrapConfigStore, MemoryBootstrapConfigStore } from './config.ts';
import type { BootstrapStep } from './events.ts';
import { BootstrapWorld } from './testing/bootstrap-world.ts';

const config: BootstrapConfig = {
  security: [{ instanceId: 1, uri: 'coap://192.0.2.1:5683', shortServerId: 123 }],
  servers: [{ instanceId: 0, shortServerId: 123, lifetime: 300 }],
};

/** China Mobile profile A: one write of `/0/0` with resources 0, 1 and 2, then Finish. */
const profileA: BootstrapConfig = {
  deletes: [],
  security: [{ instanceId: 0, uri: 'coap://192.0.2.1:5683' }],
  servers: [],
};

function said(response: IncomingResponse): string {
  return `${formatCode(response.code)} ${decodeUtf8(response.payload)}`.trim();
}

function ask(terminal: ScriptedTerminal, query = 'ep=a') {
  return terminal.post(['bs'], query, '');
}

/** Agrees to everything, as each operation is answered. */
function agreeing(request: IncomingRequest): OutgoingResponse {
  return { code: request.method === Code.DELETE ? Code.Deleted : Code.Changed };
}

function shown({ operation, path, contentFormat, outcome, code, detail }: BootstrapStep): string {
  const format = contentFormat === undefined ? '' : ` ${contentFormat}`;
  return `${operation} ${formatPath(path)}${format} ${code === undefined ? detail : formatCode(code)} ${outcome}`;
}

async function bootstrapped(world: BootstrapWorld, terminal: ScriptedTerminal) {
  assert.equal(said(await world.until(ask(terminal))), '2.04');
  while (world.finished.length === 0) await world.settle();
  const [finished] = world.finished;
  return { outcome: finished!.outcome, steps: finished!.steps.map(shown), finished: finished! };
}

test('LightweightM2M-1.1-int-0 Client Initiated Bootstrap', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  // 1. The client asks for bootstrap, and is answered 2.04. 2. to 5. Delete, Write, Write, Finish, in this order.
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.deepEqual(terminal.heard, ['DELETE /', 'PUT /0/1', 'PUT /1/0', 'POST /bs']);
  assert.equal(outcome, 'succeeded');
  assert.deepEqual(steps, [
    'delete / 2.02 done',
    'write /0/1 11542 2.04 done',
    'write /1/0 11542 2.04 done',
    'finish / 2.04 done',
  ]);
  const security = decodeContent(11_542, lwm2mPath(0, 1), terminal.requests[1]!.payload, omaObjects);
  assert.ok(security.ok && security.value.kind === 'object-instance');
  assert.deepEqual(
    [...security.value.resources.values()].map(
      (resource) => resource.kind === 'resource' && [resource.id, resource.value],
    ),
    [
      [0, 'coap://192.0.2.1:5683'],
      [1, false],
      [2, 3],
      [3, new Uint8Array()],
      [4, new Uint8Array()],
      [5, new Uint8Array()],
      [10, 123],
    ],
  );
  const server = decodeContent(11_542, lwm2mPath(1, 0), terminal.requests[2]!.payload, omaObjects);
  assert.ok(server.ok && server.value.kind === 'object-instance');
  assert.deepEqual(
    [...server.value.resources.values()].map(
      (resource) => resource.kind === 'resource' && [resource.id, resource.value],
    ),
    [
      [0, 123],
      [1, 300],
      [6, true],
      [7, 'U'],
    ],
  );
  assert.deepEqual(
    world.events.map(({ type }) => type),
    ['bootstrap-started', 'bootstrap-step', 'bootstrap-step', 'bootstrap-step', 'bootstrap-step', 'bootstrap-finished'],
  );
  assert.equal(world.server.size, 0);
});

test('China Mobile profile A: PUT /0/0 with resources 0, 1 and 2, then Finish', async () => {
  const world = new BootstrapWorld({ config: profileA });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.deepEqual([outcome, steps], ['succeeded', ['write /0/0 11542 2.04 done', 'finish / 2.04 done']]);
  const uri = encodeHex(encodeUtf8('coap://192.0.2.1:5683'));
  assert.equal(encodeHex(terminal.requests[0]!.payload), `c80015${uri}c10100c10203`);
});

test('LightweightM2M-1.1-int-4 Bootstrap Delete', async () => {
  const world = new BootstrapWorld({ config: { ...profileA, deletes: ['/1', '/0/2', '/'] } });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  await bootstrapped(world, terminal);
  assert.deepEqual(terminal.heard, ['DELETE /1', 'DELETE /0/2', 'DELETE /', 'PUT /0/0', 'POST /bs']);
});

test('LightweightM2M-1.1-int-8 Bootstrap Read, and Bootstrap Discover', async () => {
  const world = new BootstrapWorld({ config: { ...profileA, discovers: ['/'], reads: ['/1'] } });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  terminal
    .on('GET /', {
      code: Code.Content,
      contentFormat: 40,
      payload: encodeUtf8('lwm2m="1.0",</0/0>,</0/1>;ssid=101,</3/0>'),
    })
    .on('GET /1', { code: Code.Content, contentFormat: 11_542, payload: Uint8Array.of(8, 0, 3, 0xc1, 0, 101) });
  const { outcome, finished } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'succeeded');
  const [discovered, read] = finished.steps;
  assert.deepEqual(
    discovered!.links!.map(({ path, ssid }) => [formatPath(path), ssid]),
    [
      ['/', undefined],
      ['/0/0', undefined],
      ['/0/1', 101],
      ['/3/0', undefined],
    ],
  );
  assert.equal(read!.node?.kind, 'object');
  assert.deepEqual(
    terminal.requests.map(({ accept }) => accept),
    [40, 11_542, undefined, undefined],
  );
});

test('LightweightM2M-1.1-int-9 Bootstrap and Configuration Consistency', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  terminal.on('POST /bs', { code: Code.NotAcceptable, payload: encodeUtf8('no server for 123') });
  const { outcome, steps, finished } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'inconsistent');
  assert.equal(steps.at(-1), 'finish / 4.06 refused');
  assert.equal(finished.steps.at(-1)!.detail, 'no server for 123');
});

test('another refusal of Finish', async () => {
  const world = new BootstrapWorld({ config: profileA });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  terminal.on('POST /bs', { code: Code.BadRequest });
  assert.equal((await bootstrapped(world, terminal)).outcome, 'refused');
});

test('4.00 to Delete and 4.04 to the Server object: carry on to Finish, report what failed', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  terminal.on('DELETE /', { code: Code.BadRequest }).on('PUT /1/0', { code: Code.NotFound });
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.deepEqual(steps, [
    'delete / 4.00 refused',
    'write /0/1 11542 2.04 done',
    'write /1/0 11542 4.04 refused',
    'finish / 2.04 done',
  ]);
  assert.equal(outcome, 'incomplete');
});

test('a terminal that takes only the legacy number of TLV', async () => {
  for (const code of [Code.UnsupportedContentFormat, Code.NotAcceptable, Code.InternalServerError, Code.BadRequest]) {
    const world = new BootstrapWorld({ config });
    const terminal = world.terminal();
    terminal.otherwise = (request) => (request.contentFormat === 11_542 ? { code } : agreeing(request));
    const { outcome, steps } = await bootstrapped(world, terminal);
    assert.equal(outcome, 'succeeded');
    assert.deepEqual(steps, [
      'delete / 2.02 done',
      `write /0/1 11542 ${formatCode(code)} retried`,
      'write /0/1 1542 2.04 done',
      'write /1/0 1542 2.04 done',
      'finish / 2.04 done',
    ]);
    assert.deepEqual(terminal.requests[1]!.payload, terminal.requests[2]!.payload);
  }
});

test('a terminal that takes only one text/plain write per resource', async () => {
  const world = new BootstrapWorld({
    config: { ...profileA, security: [{ ...profileA.security[0]!, secretKey: 'AQID', securityMode: 0 }] },
  });
  const terminal = world.terminal();
  terminal.otherwise = (request) =>
    request.path.length === 2 ? { code: Code.UnsupportedContentFormat } : agreeing(request);
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'succeeded');
  assert.deepEqual(steps, [
    'write /0/0 11542 4.15 retried',
    'write /0/0 1542 4.15 retried',
    'write /0/0/0 0 2.04 done',
    'write /0/0/1 0 2.04 done',
    'write /0/0/2 0 2.04 done',
    'write /0/0/5 42 2.04 done',
    'finish / 2.04 done',
  ]);
  const texts = terminal.requests.slice(2, 5).map(({ payload }) => decodeUtf8(payload));
  assert.deepEqual(texts, ['coap://192.0.2.1:5683', '0', '0']);
  assert.deepEqual(terminal.requests[5]!.payload, Uint8Array.of(1, 2, 3));
});

test('an account with keys, in every form that a terminal may like', async () => {
  const account: BootstrapConfig['security'][number] = {
    instanceId: 1,
    uri: 'coaps://192.0.2.1:5684',
    securityMode: 2,
    publicKeyOrIdentity: 'MAEC',
    serverPublicKey: 'MAMEBQ==',
    secretKey: 'MAY=',
    shortServerId: 123,
    matchingType: 1,
    sni: 'dm.example',
    certificateUsage: 2,
    ciphersuites: [0xc0ac, 0xc0ae],
    groups: [29],
    signatureAlgorithms: [0x0403, 0x0807],
  };
  const path = lwm2mPath(0, 1);
  let first: unknown;
  for (const format of [11542, 110, 112, 11544, 11543]) {
    const world = new BootstrapWorld({ config: { ...config, security: [account] } });
    const terminal = world.terminal();
    terminal.otherwise = agreeing;
    assert.equal(said(await world.until(ask(terminal, `ep=a&pct=${format}`))), '2.04');
    while (world.finished.length === 0) await world.settle();
    const { payload, contentFormat } = terminal.requests[1]!;
    assert.equal(contentFormat, format);
    const node = decodeContent(format, path, payload, omaObjects);
    assert.ok(node.ok);
    first ??= node.value;
    assert.deepEqual(node.value, first, String(format));
    const { resources } = node.value as ObjectInstanceNode;
    assert.deepEqual([...resources.keys()], [0, 1, 2, 3, 4, 5, 10, 13, 14, 15, 16, 18, 20]);
    assert.deepEqual(
      resources.get(16),
      multipleResource(16, 'unsigned', [
        [0, 0xc0ac],
        [1, 0xc0ae],
      ]),
    );
  }
});

test('configurations that want keys issued are told when somebody puts the keys in', async () => {
  const wanting: BootstrapConfig = { ...config, security: [{ ...config.security[0]!, issue: 'new' }] };
  const without = new BootstrapWorld({ config: wanting });
  assert.equal(said(await without.until(ask(without.terminal()))), '5.00 nobody here issues keys');
  const asked: string[] = [];
  const world = new BootstrapWorld({
    config: wanting,
    prepare: async (whole, { endpoint, purpose }) => {
      asked.push(`${purpose} ${endpoint}`);
      if (endpoint === 'b') return failure({ code: Code.Forbidden, reason: 'not for b' });
      return success({ ...whole, security: [{ ...config.security[0]!, secretKey: 'AQID' }] });
    },
  });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  assert.equal((await bootstrapped(world, terminal)).outcome, 'succeeded');
  assert.equal(said(await world.until(ask(world.terminal(), 'ep=b'))), '4.03 not for b');
  assert.deepEqual(asked, ['bootstrap a', 'bootstrap b']);
});

test('a terminal that takes a write in no form', async () => {
  const world = new BootstrapWorld({ config: profileA });
  const terminal = world.terminal();
  terminal.on('POST /bs', { code: Code.Changed });
  terminal.otherwise = () => ({ code: Code.BadRequest });
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'incomplete');
  assert.equal(steps.length, 6);
  assert.equal(steps.filter((step) => step.endsWith('refused')).length, 3);
});

test('further writes: instances, resources with instances, resource instances', async () => {
  const world = new BootstrapWorld({
    config: {
      ...profileA,
      writes: [
        { path: '/2/0', resources: { '0': 3, '1': 0, '2': { '101': 15 }, '3': 101 } },
        { path: '/3/0/14', value: '+08:00' },
        { path: '/9999/0/1', value: '7', type: 'integer' },
      ],
    },
  });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  const { outcome } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'succeeded');
  assert.deepEqual(
    terminal.requests.slice(1, 4).map((request) => `${nameOf(request)} ${encodeHex(request.payload)}`),
    ['PUT /2/0 c10003c10100830241650fc10365', 'PUT /3/0/14 c60e2b30383a3030', 'PUT /9999/0/1 c10107'],
  );
});

test('the Content-Format that the terminal prefers', async () => {
  const world = new BootstrapWorld({ config: profileA });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  await world.until(ask(terminal, 'ep=a&pct=11543'));
  await world.settle();
  assert.deepEqual(terminal.requests[0]!.contentFormat, 11_543);
});

test('refused requests: each with its code, and no session', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  assert.match(said(await world.until(ask(terminal, ''))), /^4\.00 ep is missing$/);
  assert.match(said(await world.until(ask(terminal, 'ep='))), /^4\.00 ep is empty$/);
  assert.match(said(await world.until(ask(terminal, 'ep=a&ep=b'))), /^4\.00 ep is there twice$/);
  assert.match(said(await world.until(terminal.post(['bs'], 'ep=a', 'x', 11_542))), /^4\.15 /);
  assert.match(said(await world.until(ask(terminal, 'ep=bad'))), /^4\.03 not on the allow-list$/);
  const request = (method: number, path: string) =>
    world.until(terminal.endpoint.request(terminal.server, { method, path })).then(said);
  assert.equal(await request(Code.GET, '/bs'), '4.05 terminals ask for bootstrap here, with POST');
  assert.equal(await request(Code.POST, '/bspack'), '4.05 terminals ask for their bootstrap pack here, with GET');
  assert.equal(await request(Code.POST, '/bs/x'), '4.04 bootstrap is at /bs and /bspack, without another segment');
  await world.settle();
  assert.deepEqual(terminal.requests, []);
  assert.deepEqual(
    world.events.map((event) => event.type === 'refused' && [event.request, event.reason, event.endpoint]),
    [
      ['bootstrap', 'endpoint-missing', undefined],
      ['bootstrap', 'endpoint-missing', ''],
      ['bootstrap', 'duplicate-parameter', 'a'],
      ['bootstrap', 'content-format', 'a'],
      ['bootstrap', 'enrolment', 'bad'],
    ],
  );
});

test('a terminal without a configuration is refused, and made to wait when it insists', async () => {
  const world = new BootstrapWorld();
  const terminal = world.terminal();
  const answers: string[] = [];
  for (let i = 0; i < 8; i++) answers.push(said(await world.until(ask(terminal))));
  assert.deepEqual(answers.slice(0, 5), Array<string>(5).fill('4.00 there is no configuration for this terminal'));
  assert.deepEqual(answers.slice(5), Array<string>(3).fill('4.29 refused before; wait'));
  const other = new BootstrapWorld({ behaviour: { unknownEndpointCode: Code.NotFound } });
  assert.match(said(await other.until(ask(other.terminal()))), /^4\.04/);
});

test('configurations: by endpoint name, by device key, the default', async () => {
  const world = new BootstrapWorld({ config: { ...profileA, deletes: ['/9'] } });
  await world.configs.put('one;x', { ...profileA, deletes: ['/1'] });
  await world.configs.put('one', { ...profileA, deletes: ['/2'] });
  for (const [name, path] of [
    ['one;x', 'DELETE /1'],
    ['one;y', 'DELETE /2'],
    ['two;y', 'DELETE /9'],
  ] as const) {
    const terminal = world.terminal();
    terminal.otherwise = agreeing;
    await world.until(ask(terminal, `ep=${name}`));
    await world.settle();
    assert.equal(terminal.heard[0], path, name);
  }
});

test('a configuration that is wrong, or a store that fails, is 5.00', async () => {
  const wrong = new BootstrapWorld({ config: { ...profileA, deletes: ['/1/2/3'] } });
  assert.equal(
    said(await wrong.until(ask(wrong.terminal()))),
    '5.00 the configuration for this terminal cannot be used: deletes[0] is wrong',
  );
  const failing: BootstrapConfigStore = {
    get: () => Promise.reject(new Error('locked')),
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(false),
    list: () => Promise.resolve([]),
  };
  const broken = new BootstrapWorld({ configs: failing });
  assert.match(said(await broken.until(ask(broken.terminal()))), /^5\.00/);
});

test('a terminal that goes silent is given up; a Reset is a refusal', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = agreeing;
  terminal.on('PUT /0/1', () => {
    world.network.conditions = { loss: 1 };
    return { code: Code.Changed };
  });
  const { outcome, steps } = await bootstrapped(world, terminal);
  assert.equal(outcome, 'lost');
  assert.deepEqual(steps, ['delete / 2.02 done', 'write /0/1 11542 COAP_TIMEOUT failed']);
  assert.equal(world.server.size, 0);

  const rejecting = new BootstrapWorld({ config: profileA });
  const raw = rejecting.network.port('198.51.100.99', 56_830);
  const answers: number[] = [];
  raw.listen({
    onDatagram(datagram, from) {
      const [, code, high, low] = datagram;
      answers.push(code!);
      // Resets everything but what acknowledges its request.
      if (datagram[0]! >> 4 === 4) raw.send(Uint8Array.of(0x70, 0, high!, low!), from);
    },
  });
  const head = Uint8Array.of(0x40, 0x02, 0x00, 0x01, 0xb2, 0x62, 0x73, 0x44, 0x65, 0x70, 0x3d, 0x61);
  raw.send(head, terminal.server);
  await rejecting.settle();
  assert.deepEqual(rejecting.finished[0]!.steps.map(shown), [
    'write /0/0 11542 COAP_RESET refused',
    'finish / COAP_RESET refused',
  ]);
  assert.equal(rejecting.finished[0]!.outcome, 'refused');
});

test('a new request restarts the session', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  let slow = true;
  terminal.otherwise = async (request) => {
    if (slow) await new Promise<void>((resolve) => world.time.schedule(seconds(20), resolve));
    return agreeing(request);
  };
  await world.until(ask(terminal));
  await world.settle();
  assert.equal(world.server.size, 1);
  slow = false;
  assert.equal(said(await world.until(ask(terminal))), '2.04');
  await world.time.advance(seconds(60));
  assert.deepEqual(
    world.finished.map(({ outcome, steps }) => [outcome, steps.length]),
    [
      ['restarted', 0],
      ['succeeded', 4],
    ],
  );
  assert.equal(world.server.size, 0);
});

test('sessions at a time are bounded', async () => {
  const world = new BootstrapWorld({ config, limits: { maximumSessions: 1 } });
  const [one, two] = [world.terminal(), world.terminal()];
  one.otherwise = () => new Promise(() => {});
  assert.equal(said(await world.until(ask(one, 'ep=one'))), '2.04');
  const refused = await world.until(ask(two, 'ep=two'));
  assert.deepEqual([formatCode(refused.code), refused.maxAge], ['5.03', seconds(60)]);
  assert.equal(said(await world.until(ask(one, 'ep=one'))), '2.04', 'one that is there may begin anew');
});

/** A store that answers when it is told to. */
class SlowConfigs extends MemoryBootstrapConfigStore {
  release: () => void = () => {};
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async get(name: string | undefined) {
    await this.#released;
    return super.get(name);
  }
}

test('terminals whose configurations are looked up at once are bounded too', async () => {
  const configs = new SlowConfigs();
  await configs.put(undefined, config);
  const world = new BootstrapWorld({ configs, limits: { maximumSessions: 2 } });
  const asking = ['a', 'b', 'c', 'd'].map((name) => {
    const terminal = world.terminal();
    terminal.otherwise = () => new Promise(() => {});
    return ask(terminal, `ep=${name}`);
  });
  await world.settle();
  configs.release();
  const said = (await world.until(Promise.all(asking))).map(({ code }) => formatCode(code));
  assert.deepEqual(said, ['2.04', '2.04', '5.03', '5.03']);
  assert.equal(world.server.size, 2);
});

test('a terminal whose configuration is being looked up when the server closes has no session', async () => {
  const configs = new SlowConfigs();
  await configs.put(undefined, config);
  const world = new BootstrapWorld({ configs });
  const terminal = world.terminal();
  const asking = ask(terminal);
  await world.settle();
  await world.server.close();
  configs.release();
  assert.match(said(await world.until(asking)), /^5\.03/);
  await world.settle();
  assert.deepEqual([terminal.heard, world.server.size], [[], 0]);
});

test('closing ends sessions and takes no more', async () => {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = () => new Promise(() => {});
  await world.until(ask(terminal));
  await world.settle();
  await world.server.close();
  await world.settle();
  assert.deepEqual(
    world.finished.map(({ outcome }) => outcome),
    ['closed'],
  );
  assert.match(said(await world.until(ask(terminal, 'ep=b'))), /^5\.03/);
});

test('bootstrap comes through a network that loses, doubles and reorders', async () => {
  for (const seed of [1, 2, 3]) {
    const world = new BootstrapWorld({ config, seed });
    world.network.conditions = { loss: 0.3, duplication: 0.2, reordering: 0.2 };
    const terminals = Array.from({ length: 20 }, () => world.terminal());
    for (const [i, terminal] of terminals.entries()) {
      terminal.otherwise = agreeing;
      ask(terminal, `ep=${i}`).catch(() => {});
    }
    await world.time.advance(seconds(1000));
    const succeeded = world.finished.filter(({ outcome }) => outcome === 'succeeded');
    assert.ok(succeeded.length >= 16, `${succeeded.length} of 20 with seed ${seed}`);
    for (const { steps } of succeeded) assert.equal(steps.length, 4);
    assert.equal(world.server.size, 0);
  }
});
