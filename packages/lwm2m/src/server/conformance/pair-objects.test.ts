import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCode } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import {
  formatPath,
  type Lwm2mNode,
  nodeValues,
  objectInstance,
  parsePath,
  type ResourceValue,
  singleResource,
} from '../../index.ts';
import type { Answer, Done, ReadAnswer } from '../operation-types.ts';
import { Pair, type PairOptions, reference, serverUri } from '../testing/pair.ts';

// OMA's test cases on objects and on the formats of 1.1, with our terminal and our server at the two ends.

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function valuesIn(node: Lwm2mNode, path: string): Record<string, ResourceValue> {
  return Object.fromEntries([...nodeValues(at(path), node)].map((one) => [formatPath(one.path), one.value]));
}

async function read(pair: Pair, path: string, accept?: number): Promise<Record<string, ResourceValue>> {
  const options = accept === undefined ? {} : { accept };
  const answer: Answer<ReadAnswer> = await pair.until(pair.server.read(reference, at(path), options));
  assert.ok(answer.ok, JSON.stringify(answer));
  if (accept !== undefined) assert.equal(answer.value.contentFormat, accept);
  return valuesIn(answer.value.node, path);
}

function code(answer: Answer<Done>): string {
  return formatCode(answer.ok ? answer.value.code : answer.error.code);
}

for (const [id, name, accept] of [
  [211, 'CBOR', 60],
  [231, 'SenML JSON', 110],
  [232, 'SenML CBOR', 112],
] as const) {
  test(`LightweightM2M-1.1-int-${id} Querying basic information in ${name} format`, async () => {
    const pair = await Pair.open();
    assert.deepEqual(await read(pair, '/3/0/0', accept), { '/3/0/0': 'Open Mobile Alliance' });
    assert.deepEqual(await read(pair, '/3/0/9', accept), { '/3/0/9': 100 });
    assert.deepEqual(await read(pair, '/3/0/13', accept), { '/3/0/13': new Date('2013-05-02T19:25:42Z') });
    // CBOR holds one value.
    if (accept !== 60) {
      const device = await read(pair, '/3/0', accept);
      assert.deepEqual([device['/3/0/2'], device['/3/0/7/1'], device['/3/0/21']], ['345000123', 5000, 64]);
    }
  });
}

for (const [id, name, contentFormat] of [
  [212, 'CBOR', 60],
  [233, 'SenML CBOR', 112],
  [234, 'SenML JSON', 110],
] as const) {
  test(`LightweightM2M-1.1-int-${id} Setting basic information in ${name} format`, async () => {
    const pair = await Pair.open();
    const { server } = pair;
    for (const [resource, value] of [
      [2, 101],
      [3, 1010],
      [5, 2000],
    ] as const) {
      const node = singleResource(resource, 'integer', value);
      const written = await pair.until(server.write(reference, at(`/1/0/${resource}`), node, { contentFormat }));
      assert.equal(code(written), '2.04');
    }
    if (contentFormat !== 60) {
      const node = objectInstance(0, [singleResource(2, 'integer', 102), singleResource(3, 'integer', 1011)]);
      assert.equal(code(await pair.until(server.update(reference, at('/1/0'), node, { contentFormat }))), '2.04');
    }
    const values = await read(pair, '/1/0');
    const [minimum, maximum] = contentFormat === 60 ? [101, 1010] : [102, 1011];
    assert.deepEqual([values['/1/0/2'], values['/1/0/3'], values['/1/0/5']], [minimum, maximum, 2000]);
  });
}

test('LightweightM2M-1.1-int-7 Fallback to bootstrap', async () => {
  const told = {
    security: [{ instanceId: 1, uri: serverUri, shortServerId: 1 }],
    servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300 }],
  };
  const options: PairOptions = {
    bootstrap: told,
    client: {
      // 1. Nobody answers at the address that the terminal knows.
      servers: [{ uri: 'coap://192.0.2.77', lifetime: seconds(300) }],
      retry: { jitter: 0, initialDelay: seconds(10), attemptsBeforeBootstrap: 2 },
    },
  };
  const pair = await Pair.begin(options);
  // 2. It falls back to the Bootstrap-Server, 3. is told another server, and 4. registers there.
  await pair.pass(400);
  assert.deepEqual(
    pair.bootstraps.map(({ outcome }) => outcome),
    ['succeeded'],
  );
  assert.equal(pair.server.registration(reference)!.lifetime, 300);
});

test('LightweightM2M-1.1-int-108 Turn on Queue Mode', async () => {
  const pair = await Pair.open();
  assert.equal(pair.server.registration(reference)!.queueMode, false);
  // In 1.0 terms: binding UQ, written by the server and told in the Update that follows.
  const written = await pair.until(
    pair.server.write(reference, at('/1/0/7'), singleResource(7, 'string', 'UQ'), {
      contentFormat: 0,
      unchecked: true,
    }),
  );
  assert.equal(code(written), '2.04');
  await pair.pass(5);
  assert.equal(pair.server.registration(reference)!.queueMode, true);
});

test('LightweightM2M-1.1-int-651 Device: Check Access to the Resources', async () => {
  const pair = await Pair.open();
  const { server } = pair;
  for (const id of [0, 1, 2, 3, 9, 10, 16, 17, 18, 19, 20, 21]) await read(pair, `/3/0/${id}`);
  const refused = singleResource(0, 'string', 'x');
  // Our own check says so first; without it the terminal does.
  await assert.rejects(server.write(reference, at('/3/0/0'), refused), { code: 'LWM2M_NOT_WRITABLE' });
  assert.equal(code(await pair.until(server.write(reference, at('/3/0/0'), refused, { unchecked: true }))), '4.05');
  const zone = singleResource(15, 'string', 'Asia/Shanghai');
  assert.equal(code(await pair.until(server.write(reference, at('/3/0/15'), zone))), '2.04');
  assert.deepEqual(await read(pair, '/3/0/15'), { '/3/0/15': 'Asia/Shanghai' });
  await assert.rejects(server.read(reference, at('/3/0/4')), { code: 'LWM2M_EXECUTABLE' });
  assert.equal(code(await pair.until(server.execute(reference, at('/3/0/4')))), '2.04');
});

test('LightweightM2M-1.1-int-652 Device: Querying the firmware version from the client', async () => {
  assert.deepEqual(await read(await Pair.open(), '/3/0/3'), { '/3/0/3': '1.0' });
});

test('LightweightM2M-1.1-int-701 Connectivity Monitoring: Querying the readable resources', async () => {
  assert.deepEqual(await read(await Pair.open(), '/4/0', 11_542), {
    '/4/0/0': 21,
    '/4/0/1/0': 21,
    '/4/0/1/1': 41,
    '/4/0/2': -60,
    '/4/0/3': 80,
    '/4/0/4/0': '192.0.2.9',
    '/4/0/5/0': '192.0.2.254',
    '/4/0/6': 5,
    '/4/0/7/0': 'internet',
  });
});

test('LightweightM2M-1.1-int-710 Connectivity Monitoring: Basic Observation and notification', async () => {
  const pair = await Pair.open();
  const { server, objects } = pair;
  // 1. Attributes, 2. Observe, 3. values that change: a notification no sooner than pmin, and one at pmax without a change.
  const attributes = { pmin: 5, pmax: 15 };
  assert.equal(code(await pair.until(server.writeAttributes(reference, at('/4/0/2'), attributes))), '2.04');
  assert.ok((await pair.until(server.observe(reference, at('/4/0/2')))).ok);
  const seen = () => pair.world.eventsOf('notification').map(({ node }) => valuesIn(node, '/4/0/2')['/4/0/2']);
  objects.monitoring.set('radioSignalStrength', -70);
  await pair.pass(3);
  assert.deepEqual(seen(), []);
  await pair.pass(3);
  assert.deepEqual(seen(), [-70]);
  await pair.pass(15);
  assert.deepEqual(seen(), [-70, -70]);
});
