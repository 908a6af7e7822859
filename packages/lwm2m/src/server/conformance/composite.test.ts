import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, formatCode, type OutgoingRequest } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8, seconds } from '@yaolian/kernel';
import {
  formatPath,
  type Lwm2mNode,
  multipleResource,
  nodeValues,
  objectInstance,
  parsePath,
  type ResourceValue,
  resourceInstance,
  singleResource,
} from '../../index.ts';
import type { Answer, CompositeReadAnswer, Done } from '../operation-types.ts';
import { Pair, type PairOptions, reference } from '../testing/pair.ts';
import { World } from '../testing/world.ts';

/* OMA's cases of the composite operations and of Send, with our terminal and our server at the two ends. */

const networks = [
  ['', {}],
  [' over a bad network', { loss: 0.2, duplication: 0.1, reordering: 0.2 }],
] as const;
const formats = [ContentFormat.SenmlJson, ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor] as const;

function eachNetwork(title: string, run: (options: PairOptions) => Promise<void>): void {
  for (const [suffix, conditions] of networks) test(`${title}${suffix}`, () => run({ conditions, seed: 9 }));
}

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function valuesIn(path: string, node: Lwm2mNode): Record<string, ResourceValue> {
  return Object.fromEntries([...nodeValues(at(path), node)].map((one) => [formatPath(one.path), one.value]));
}

function read(answer: Answer<CompositeReadAnswer>): Record<string, ResourceValue> {
  assert.ok(answer.ok, JSON.stringify(answer));
  const all: Record<string, ResourceValue> = {};
  for (const { path, node } of answer.value.values) if (node) Object.assign(all, valuesIn(formatPath(path), node));
  return all;
}

function code(answer: Answer<Done>): string {
  return formatCode(answer.ok ? answer.value.code : answer.error.code);
}

eachNetwork(
  'LightweightM2M-1.1-int-229 Read-Composite Operation, LightweightM2M-1.1-int-280 Successful Read-Composite Operation',
  async (options) => {
    const pair = await Pair.open(options);
    const paths = ['/3/0/0', '/3/0/9', '/3/0/6', '/1/0/1', '/3303/0/5700', '/3/0/6/1'].map(at);
    for (const accept of formats) {
      const answer = await pair.until(pair.server.readComposite(reference, paths, { accept }));
      assert.deepEqual(read(answer), {
        '/3/0/0': 'Open Mobile Alliance',
        '/3/0/9': 100,
        '/3/0/6/0': 1,
        '/3/0/6/1': 5,
        '/1/0/1': 300,
        '/3303/0/5700': 20,
      });
      assert.deepEqual(answer.ok && [answer.value.contentFormat, answer.value.oneByOne], [accept, false]);
    }
    const chosen = await pair.until(pair.server.readComposite(reference, paths));
    assert.equal(chosen.ok && chosen.value.contentFormat, ContentFormat.SenmlCbor);
  },
);

eachNetwork('LightweightM2M-1.1-int-235 Read-Composite Operation on root path', async (options) => {
  const pair = await Pair.open(options);
  for (const accept of [ContentFormat.SenmlJson, ContentFormat.SenmlCbor]) {
    const answer = await pair.until(pair.server.readComposite(reference, [{}], { accept }));
    const values = read(answer);
    assert.equal(values['/3/0/9'], 100);
    assert.equal(values['/1/0/0'], 1);
    assert.equal(values['/3303/0/5700'], 20);
    assert.ok(!Object.keys(values).some((path) => path.startsWith('/0/')), 'no credentials');
  }
});

eachNetwork(
  'LightweightM2M-1.1-int-236 Read-Composite - Partial Presence, LightweightM2M-1.1-int-281 Partially Successful Read-Composite Operation',
  async (options) => {
    const pair = await Pair.open(options);
    const paths = ['/3/0/9', '/3303/7/5700', '/3/0/5000', '/0/0/5', '/3/0/4'].map(at);
    const answer = await pair.until(pair.server.readComposite(reference, paths, { unchecked: true }));
    assert.deepEqual(read(answer), { '/3/0/9': 100 });
    assert.deepEqual(answer.ok && answer.value.values.map(({ path, node }) => [formatPath(path), node !== undefined]), [
      ['/3/0/9', true],
      ['/3303/7/5700', false],
      ['/3/0/5000', false],
      ['/0/0/5', false],
      ['/3/0/4', false],
    ]);
    const nothing = await pair.until(pair.server.readComposite(reference, [at('/3303/7/5700')]));
    assert.equal(nothing.ok ? 'ok' : formatCode(nothing.error.code), '4.04');
  },
);

eachNetwork(
  'LightweightM2M-1.1-int-230 Write-Composite Operation, LightweightM2M-1.1-int-257 Write-Composite Operation (Server + Device)',
  async (options) => {
    for (const contentFormat of formats) {
      const pair = await Pair.open(options);
      const writes = [
        { path: at('/1/0/1'), node: singleResource(1, 'integer', 240) },
        { path: at('/3/0/14'), node: singleResource(14, 'string', '+08:00') },
        { path: at('/3/0/15'), node: singleResource(15, 'string', 'Asia/Shanghai') },
      ];
      assert.equal(code(await pair.until(pair.server.writeComposite(reference, writes, { contentFormat }))), '2.04');
      assert.equal(pair.objects.device.get('timezone'), 'Asia/Shanghai');
      assert.equal(pair.objects.device.get('utcOffset'), '+08:00');
      await pair.pass(30);
      assert.equal(pair.server.registration(reference)!.lifetime, 240, 'and an Update told the new lifetime');
    }
  },
);

test('Write-Composite is all or nothing, and says which rule was broken', async () => {
  const pair = await Pair.open();
  const zone = { path: at('/3/0/15'), node: singleResource(15, 'string', 'Asia/Shanghai') };
  const write = async (other: { path: string; node: ReturnType<typeof singleResource> }) => {
    const writes = [zone, { path: at(other.path), node: other.node }];
    const answer = await pair.until(pair.server.writeComposite(reference, writes, { unchecked: true }));
    assert.equal(pair.objects.device.get('timezone'), 'Europe/Paris', 'nothing is written');
    return answer.ok ? 'ok' : [formatCode(answer.error.code), answer.error.diagnostic];
  };
  assert.deepEqual(await write({ path: '/3/0/9', node: singleResource(9, 'integer', 1) }), [
    '4.05',
    '/3/0/9 cannot be written',
  ]);
  assert.deepEqual((await write({ path: '/77/0/1', node: singleResource(1, 'integer', 1) }))[0], '4.04');
  assert.deepEqual((await write({ path: '/1/0/1', node: singleResource(1, 'integer', -1) }))[0], '4.00');
  assert.deepEqual((await write({ path: '/0/0/0', node: singleResource(0, 'string', 'x') }))[0], '4.01');
  await assert.rejects(
    pair.until(pair.server.writeComposite(reference, [{ path: at('/3/0/9'), node: singleResource(9, 'integer', 1) }])),
    { code: 'LWM2M_NOT_WRITABLE' },
  );
});

test('resource instances are written and removed together (LwM2M 1.2, SenML-ETCH)', async () => {
  const pair = await Pair.open();
  const created = objectInstance(0, [
    {
      kind: 'multiple-resource',
      id: 0,
      type: 'string',
      values: new Map([
        [0, 'a'],
        [1, 'b'],
      ]),
    },
  ]);
  assert.ok((await pair.until(pair.server.create(reference, at('/16/0'), created))).ok);
  const writes = [
    { path: at('/16/0/0/0'), node: undefined },
    { path: at('/16/0/0/2'), node: resourceInstance(2, 'string', 'c') },
  ];
  assert.equal(code(await pair.until(pair.server.writeComposite(reference, writes))), '2.04');
  const left = await pair.until(pair.server.read(reference, at('/16/0/0')));
  assert.ok(left.ok);
  assert.deepEqual(valuesIn('/16/0/0', left.value.node), { '/16/0/0/1': 'b', '/16/0/0/2': 'c' });
  const again = await pair.until(pair.server.writeComposite(reference, writes.slice(0, 1)));
  assert.equal(code(again), '4.04');
});

test('a resource instance is deleted by itself since LwM2M 1.2', async () => {
  for (const lwm2mVersion of ['1.1', '1.2'] as const) {
    const pair = await Pair.open({ client: { lwm2mVersion } });
    const identity = multipleResource(0, 'string', [
      [0, 'a'],
      [1, 'b'],
    ]);
    assert.ok((await pair.until(pair.server.create(reference, at('/16/0'), objectInstance(0, [identity])))).ok);
    const remove = async (path: string) => code(await pair.until(pair.server.delete(reference, at(path))));
    const isNew = lwm2mVersion === '1.2';
    assert.equal(await remove('/16/0/0/0'), isNew ? '2.02' : '4.05');
    const left = await pair.until(pair.server.read(reference, at('/16/0/0')));
    assert.ok(left.ok);
    assert.deepEqual(Object.keys(valuesIn('/16/0/0', left.value.node)).length, isNew ? 1 : 2);
    if (!isNew) continue;
    assert.equal(await remove('/16/0/0/0'), '4.04');
    assert.equal(await remove('/3/0/6/0'), '4.05');
    assert.equal(await remove('/0/0/0/0'), '4.01');
  }
});

eachNetwork(
  'LightweightM2M-1.1-int-304 Observe-Composite Operation, LightweightM2M-1.1-int-305 Cancel Observation-Composite Operation, LightweightM2M-1.1-int-310 Observe-Composite and modification of parameter values',
  async (options) => {
    const pair = await Pair.open({ ...options, client: { confirmableNotifications: true } });
    const paths = [at('/3/0/9'), at('/3303/0/5700')];
    const begun = await pair.until(pair.server.observeComposite(reference, paths));
    assert.deepEqual(read(begun), { '/3/0/9': 100, '/3303/0/5700': 20 });
    assert.ok(begun.ok && begun.value.observation);
    assert.equal(begun.value.observation.path, '/3/0/9 /3303/0/5700');
    pair.objects.thermometer.set('sensorValue', 21.5);
    await pair.pass(120);
    const told = pair.world.eventsOf('notification').map(({ path, node }) => valuesIn(formatPath(path), node));
    assert.deepEqual(told.slice(-2), [{ '/3/0/9': 100 }, { '/3303/0/5700': 21.5 }]);
    const cancelled = await pair.until(pair.server.cancelObservation(reference, paths));
    assert.ok(cancelled?.ok);
    assert.equal(pair.client.registrations[0]!.observations, 0);
    assert.deepEqual(pair.server.observations(reference), []);
    const count = pair.world.eventsOf('notification').length;
    pair.objects.device.set('batteryLevel', 50);
    await pair.pass(60);
    assert.equal(pair.world.eventsOf('notification').length, count);
  },
);

eachNetwork(
  'LightweightM2M-1.1-int-308 Observe-Composite and Creating Object Instance, LightweightM2M-1.1-int-309 Observe-Composite and Deleting Object Instance',
  async (options) => {
    const pair = await Pair.open({ ...options, client: { confirmableNotifications: true } });
    assert.ok((await pair.until(pair.server.observeComposite(reference, [at('/3/0/9'), at('/16')]))).ok);
    const identity = { kind: 'multiple-resource', id: 0, type: 'string', values: new Map([[0, 'host']]) } as const;
    const created = await pair.until(pair.server.create(reference, at('/16/3'), objectInstance(3, [identity])));
    assert.equal(code(created), '2.01');
    await pair.pass(120);
    const last = () =>
      pair.world
        .eventsOf('notification')
        .filter(({ path }) => path.objectId === 16)
        .at(-1);
    assert.deepEqual(valuesIn('/16', last()!.node), { '/16/3/0/0': 'host' });
    const before = pair.world.eventsOf('notification').length;
    assert.equal(code(await pair.until(pair.server.delete(reference, at('/16/3')))), '2.02');
    await pair.pass(120);
    const after = pair.world.eventsOf('notification').slice(before);
    assert.ok(
      after.some(({ path }) => formatPath(path) === '/3/0/9'),
      'the rest is still reported',
    );
    assert.ok(!after.some(({ path, node }) => path.objectId === 16 && Object.keys(valuesIn('/16', node)).length > 0));
  },
);

test('pmin and pmax of the paths hold for all of them together', async () => {
  const pair = await Pair.open();
  assert.ok((await pair.until(pair.server.writeAttributes(reference, at('/3303/0/5700'), { pmin: 10 }))).ok);
  assert.ok((await pair.until(pair.server.writeAttributes(reference, at('/3/0/9'), { pmax: 60 }))).ok);
  assert.ok((await pair.until(pair.server.observeComposite(reference, [at('/3303/0/5700'), at('/3/0/9')]))).ok);
  pair.objects.device.set('batteryLevel', 90);
  pair.objects.thermometer.set('sensorValue', 25);
  await pair.pass(8);
  assert.equal(pair.world.eventsOf('notification').length, 0);
  await pair.pass(3);
  assert.equal(pair.world.eventsOf('notification').length, 2, 'one notification, two paths');
  await pair.pass(61);
  assert.equal(pair.world.eventsOf('notification').length, 4);
});

test('an Observe-Composite goes on after a restart, and follows the terminal elsewhere', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const pack = (battery: number) => ({
    code: Code.Content,
    contentFormat: ContentFormat.SenmlJson,
    payload: encodeUtf8(`[{"n":"/3/0/9","v":${battery}}]`),
  });
  terminal.observable('5 /', pack(90));
  await world.until(terminal.register('ep=terminal&lt=300&lwm2m=1.1'));
  const paths = [at('/3/0/9'), at('/3/0/10')];
  assert.ok((await world.until(world.server.observeComposite(reference, paths, { accept: 110 }))).ok);
  await world.kill();
  await world.startServer();
  assert.deepEqual(
    world.server.observations(reference).map(({ path, composite, accept }) => [path, composite, accept]),
    [['/3/0/9 /3/0/10', true, 110]],
  );
  terminal.notify(pack(80));
  await world.settle();
  assert.deepEqual(
    world.eventsOf('notification').map(({ path, node }) => valuesIn(formatPath(path), node)),
    [{ '/3/0/9': 80 }],
  );
  // The cancellation repeats the request: FETCH, the same options and the same payload, with Observe 1.
  const cancelled = await world.until(world.server.cancelObservation(reference, paths));
  assert.ok(cancelled?.ok);
  const [first, last] = [terminal.requests[0]!, terminal.requests.at(-1)!];
  assert.deepEqual(
    [last.method, last.cancelsObservation, encodeHex(last.payload)],
    [Code.FETCH, true, encodeHex(first.payload)],
  );
});

for (const [what, answer] of [
  ['acknowledges it and says no more', () => new Promise<never>(() => {})],
  ['answers 4.05', { code: Code.MethodNotAllowed }],
  ['answers 5.01', { code: Code.NotImplemented }],
] as const) {
  test(`a terminal that ${what} to a FETCH is read path by path, then and later`, async () => {
    const world = await World.open({ behaviour: { fetchPatience: seconds(10) } });
    const terminal = world.terminal();
    terminal.on('5 /', answer as never);
    terminal.on('GET /3/0/9', { code: Code.Content, payload: encodeUtf8('95') });
    await world.until(terminal.register('ep=terminal&lt=86400&lwm2m=1.1'));
    const paths = [at('/3/0/9'), at('/3303/0/5700')];
    const first = await world.until(world.server.readComposite(reference, paths));
    assert.deepEqual(read(first), { '/3/0/9': 95 });
    assert.equal(first.ok && first.value.oneByOne, true);
    const fetches = () => terminal.heard.filter((name) => name === '5 /').length;
    const asked = fetches();
    const second = await world.until(world.server.readComposite(reference, paths));
    assert.deepEqual(read(second), { '/3/0/9': 95 });
    assert.equal(fetches(), asked, 'it is not asked that way again');
    const observed = await world.until(world.server.observeComposite(reference, paths));
    assert.equal(observed.ok ? 'ok' : formatCode(observed.error.code), '5.01');
  });
}

for (const contentFormat of formats) {
  eachNetwork(
    `LightweightM2M-1.1-int-306 Send Operation, LightweightM2M-1.1-int-311 Send command: ${contentFormat}`,
    async (options) => {
      const pair = await Pair.open(options);
      const sent = await pair.until(pair.client.send(['/3303/0/5700', '/3/0/9'], { contentFormat }));
      assert.deepEqual(
        sent.map(({ result }) => result),
        ['accepted'],
      );
      await pair.world.settle();
      const [event] = pair.world.eventsOf('sent');
      const values = event!.values.flatMap(({ path, values: moments }) =>
        moments.map(({ node }) => valuesIn(formatPath(path), node)),
      );
      assert.deepEqual(values, [{ '/3303/0/5700': 20 }, { '/3/0/9': 100 }]);
      assert.equal(event!.contentFormat, contentFormat);
    },
  );
}

test('a Send carries what was measured earlier, with the times', async () => {
  const pair = await Pair.open();
  const now = pair.world.time.epoch();
  const item = (value: number, ago: number) => ({
    path: at('/3303/0/5700'),
    type: 'float' as const,
    value,
    time: { milliseconds: now - ago, isRelative: false },
  });
  const sent = await pair.until(pair.client.send([item(18, 60_000), item(19, 30_000)]));
  assert.equal(sent[0]!.result, 'accepted');
  await pair.world.settle();
  const [event] = pair.world.eventsOf('sent');
  assert.deepEqual(
    event!.values[0]!.values.map(({ time, node }) => [now - time!.milliseconds, valuesIn('/3303/0', node)]),
    [
      [60_000, { '/3303/0/5700': 18 }],
      [30_000, { '/3303/0/5700': 19 }],
    ],
  );
});

eachNetwork('LightweightM2M-1.1-int-307 Muting Send', async (options) => {
  const pair = await Pair.open(options);
  const mute = (value: boolean) =>
    pair.until(pair.server.write(reference, at('/1/0/23'), singleResource(23, 'boolean', value)));
  assert.equal(code(await mute(true)), '2.04');
  assert.equal((await pair.until(pair.client.send(['/3/0/9'])))[0]!.result, 'muted');
  await pair.world.settle();
  assert.equal(pair.world.eventsOf('sent').length, 0);
  assert.equal(code(await mute(false)), '2.04');
  assert.equal((await pair.until(pair.client.send(['/3/0/9'])))[0]!.result, 'accepted');
});

test('what a Send may report: any resource of a registered object that can be read, whatever its value', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const links = '</>;rt="oma.lwm2m",</0/0>,</1/0>,</3/0>,</5/0>,</21/0>,</42000/0>';
  await world.until(terminal.register('ep=terminal&lt=300&lwm2m=1.1', links));
  const send = async (path: string, value = '"v":1') => {
    const payload = encodeUtf8(`[{"n":"${path}",${value}}]`);
    const request = { method: Code.POST, path: ['dp'], contentFormat: 110, payload };
    const response = await world.until(terminal.endpoint.request(terminal.server, request));
    return `${formatCode(response.code)} ${decodeUtf8(response.payload)}`.trim();
  };
  // A definition that is older than the terminal, an object of a vendor, an instance that is new, a battery at 200 %.
  for (const path of ['/3/0/26000', '/42000/0/1', '/42000/7/65534', '/3/0/9']) {
    assert.equal(await send(path, '"v":200'), '2.04', path);
  }
  assert.equal(await send('/3/0/4'), '4.00 /3/0/4 is executable and has no value');
  assert.equal(await send('/5/0/0', '"vd":"AAAA"'), '4.00 /5/0/0 is not readable');
  // Nothing with a key in it is kept, though the terminal registered the object.
  assert.equal(await send('/0/0/0', '"vs":"coap://x"'), '4.00 /0/0/0 is not readable');
  assert.equal(await send('/21/0/1', '"vs":"x"'), '4.00 /21/0/1 is not readable');
  assert.deepEqual(
    world.eventsOf('sent').map(({ instances }) => instances.map(formatPath).join()),
    ['/3/0', '/42000/0', '/42000/7', '/3/0'],
  );
});

test('a Send that is not right is refused with the code and what is wrong', async () => {
  const world = await World.open({ limits: { maximumSendBytes: 100, maximumSendValues: 3 } });
  const terminal = world.terminal();
  const ask = (request: Omit<OutgoingRequest, 'path'>) =>
    world.until(terminal.endpoint.request(terminal.server, { path: ['dp'], ...request }));
  const send = async (payload: string, contentFormat = 110) => {
    const response = await ask({ method: Code.POST, contentFormat, payload: encodeUtf8(payload) });
    return `${formatCode(response.code)} ${decodeUtf8(response.payload)}`.trim();
  };
  assert.match(await send('[{"n":"/3/0/9","v":1}]'), /^4\.04 nobody is registered from here/);
  await world.until(terminal.register('ep=terminal&lt=300&lwm2m=1.1'));
  assert.equal(await send('[{"n":"/3/0/9","v":1}]'), '2.04');
  for (const [payload, refusal] of [
    ['[{"n":"/3/0/9","v":1}', /^4\.00 "," or "\]" is missing/],
    ['[]', /^4\.00 the Send holds no values/],
    ['[{"n":"/3/0/9","vs":"x"}]', /^4\.00 \/3\/0\/9 is integer, and this text does not fit that/],
    ['[{"n":"/3/0/9","v":1.5}]', /^4\.00 \/3\/0\/9 is integer/],
    ['[{"n":"/3/0/9","v":1},{"n":"/3/0/9","v":2}]', /^4\.00 \/3\/0\/9 is there twice/],
    ['[{"n":"/3/0/6","v":1},{"n":"/3/0/6/0","v":2}]', /^4\.00 \/3\/0\/6\/0 is there twice/],
    ['[{"n":"/3/0/9","v":1,"t":1e300}]', /^4\.00 a time is beyond all calendars/],
    ['[{"n":"/3/0/4294967296","v":1}]', /^4\.00 "\/3\/0\/4294967296" is not the path/],
    ['[{"n":"/3/0","v":1}]', /^4\.00 "\/3\/0" is not the path/],
    ['[{"n":"/3303/0/5700","v":1}]', /^4\.04 object 3303 is not in the registration/],
    [`[{"n":"/3/0/0","vs":"${'x'.repeat(100)}"}]`, /^4\.13 \d+ bytes of content, and 100 is the most/],
    [
      '[{"n":"/3/0/6/0","v":1},{"n":"/3/0/6/1","v":1},{"n":"/3/0/6/2","v":1},{"n":"/3/0/6/3","v":1}]',
      /^4\.13 the content has more than 3 entries/,
    ],
  ] as const) {
    assert.match(await send(payload), refusal);
  }
  assert.match(await send('1', 0), /^4\.15 a Send is SenML JSON/);
  // RFC 8790 §3: SenML-ETCH asks and removes; nothing of it is taken, neither what it says nor what it removes.
  const removal = '[{"n":"/3/0/9","v":1},{"n":"/3/0/6/0","v":null}]';
  assert.match(await send(removal, ContentFormat.SenmlEtchJson), /^4\.15 a Send is SenML JSON/);
  assert.match(await send('[{"n":"/3/0/9","v":1}]', ContentFormat.SenmlEtchJson), /^4\.15 a Send is SenML JSON/);
  // The same in CBOR: [{0: "/3/0/9", 2: 1}, {0: "/3/0/6/0", 2: null}].
  const bytes = decodeHex('82a200662f332f302f390201a200682f332f302f362f3002f6')!;
  const cbor = await ask({ method: Code.POST, contentFormat: ContentFormat.SenmlEtchCbor, payload: bytes });
  assert.match(`${formatCode(cbor.code)} ${decodeUtf8(cbor.payload)}`, /^4\.15 a Send is SenML JSON/);
  assert.match(await send(removal), /^4\.00 /, 'nor is a removal under the name of SenML');
  assert.equal(world.events.filter(({ type }) => type === 'sent').length, 1);
  assert.equal(formatCode((await ask({ method: Code.GET })).code), '4.05');
});
