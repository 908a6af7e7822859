import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, formatCode } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import type { NetworkConditions } from '@yaolian/testkit';
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
import type { Answer, Done, ReadAnswer } from '../operation-types.ts';
import { Pair, type PairOptions, reference, serverUri } from '../testing/pair.ts';

/*
 * OMA's test cases with our terminal and our server at the two ends (OMA-ETS-LightweightM2M 1.1, 1.2), over a network that works and over
 * one that loses a fifth of the datagrams both ways, doubles and reorders.
 */

const networks: readonly (readonly [string, NetworkConditions])[] = [
  ['', {}],
  [' over a bad network', { loss: 0.2, duplication: 0.1, reordering: 0.2 }],
];

function eachNetwork(title: string, run: (options: PairOptions) => Promise<void>): void {
  for (const [suffix, conditions] of networks) test(`${title}${suffix}`, () => run({ conditions, seed: 5 }));
}

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function values(answer: Answer<ReadAnswer>, path: string): Record<string, ResourceValue> {
  assert.ok(answer.ok, JSON.stringify(answer));
  return valuesIn(answer.value.node, path);
}

function valuesIn(node: Lwm2mNode, path: string): Record<string, ResourceValue> {
  return Object.fromEntries([...nodeValues(at(path), node)].map((one) => [formatPath(one.path), one.value]));
}

function code(answer: Answer<Done>): string {
  return formatCode(answer.ok ? answer.value.code : answer.error.code);
}

const bootstrap = {
  security: [{ instanceId: 1, uri: serverUri, shortServerId: 1 }],
  servers: [{ instanceId: 0, shortServerId: 1, lifetime: 300 }],
};

eachNetwork('LightweightM2M-1.1-int-0 Client Initiated Bootstrap', async (options) => {
  const pair = await Pair.open({ ...options, bootstrap });
  assert.deepEqual(
    pair.bootstraps.map(({ endpoint, outcome }) => [endpoint, outcome]),
    [['terminal', 'succeeded']],
  );
  assert.equal(pair.server.registration(reference)!.lifetime, 300);
  assert.ok(pair.clientEvents.some(({ type }) => type === 'bootstrap-finished'));
});

test('LightweightM2M-1.1-int-4 Bootstrap Delete, LightweightM2M-1.1-int-8 Bootstrap Read', async () => {
  const pair = await Pair.open({ bootstrap: { ...bootstrap, deletes: ['/1', '/'], discovers: ['/'], reads: ['/1'] } });
  const [session] = pair.bootstraps;
  assert.deepEqual(
    session!.steps.map(({ operation, code: said }) => `${operation} ${formatCode(said!)}`),
    ['delete 2.02', 'delete 2.02', 'discover 2.05', 'read 2.05', 'write 2.04', 'write 2.04', 'finish 2.04'],
  );
  assert.ok(session!.steps[2]!.links!.some(({ path }) => formatPath(path) === '/3/0'));
});

test('LightweightM2M-1.1-int-9 Bootstrap and Configuration Consistency', async () => {
  // An account of object 1 without its instance of object 0: the terminal answers Finish with 4.06.
  const pair = await Pair.begin({ bootstrap: { ...bootstrap, servers: [{ instanceId: 0, shortServerId: 77 }] } });
  await pair.pass(5);
  assert.deepEqual(
    pair.bootstraps.map(({ outcome, steps }) => [outcome, formatCode(steps.at(-1)!.code!)]),
    [['inconsistent', '4.06']],
  );
  assert.equal(pair.server.size, 0, 'it does not register');
});

eachNetwork('LightweightM2M-1.1-int-101 Initial Registration', async (options) => {
  const pair = await Pair.open(options);
  const { lifetime, binding, lwm2mVersion } = pair.server.registration(reference)!;
  assert.deepEqual([lifetime, binding, lwm2mVersion], [300, 'U', '1.1']);
  assert.deepEqual([...pair.server.objectLinks(reference)!.objects.keys()], [1, 3, 4, 16, 3303]);
  const [status] = pair.client.registrations;
  assert.deepEqual(status!.location, pair.server.locationOf(pair.server.registration(reference)!));
});

eachNetwork('LightweightM2M-1.1-int-102 Registration Update', async (options) => {
  const pair = await Pair.open(options);
  const { id } = pair.server.registration(reference)!;
  const update = await pair.until(pair.server.write(reference, at('/1/0/1'), singleResource(1, 'integer', 120)));
  assert.equal(code(update), '2.04');
  await pair.pass(60);
  assert.equal(pair.server.registration(reference)!.lifetime, 120);
  await pair.pass(600);
  const registration = pair.server.registration(reference)!;
  if (Object.keys(options.conditions ?? {}).length === 0) assert.equal(registration.id, id, 'Updates kept it alive');
});

eachNetwork('LightweightM2M-1.1-int-103 Deregistration', async (options) => {
  const pair = await Pair.open(options);
  await pair.until(pair.client.close());
  await pair.world.settle();
  assert.equal(pair.server.registration(reference), undefined);
  assert.equal(pair.world.store.registrations.size, 0);
});

eachNetwork('LightweightM2M-1.1-int-104 Registration Update Trigger', async (options) => {
  const pair = await Pair.open(options);
  const before = pair.server.registration(reference)!.updatedAt;
  assert.equal(code(await pair.until(pair.server.execute(reference, at('/1/0/8')))), '2.04');
  await pair.pass(60);
  assert.ok(pair.server.registration(reference)!.updatedAt > before);
});

test('LightweightM2M-1.1-int-105 Discarded Register Update', async () => {
  const pair = await Pair.open();
  const { id } = pair.server.registration(reference)!;
  await pair.until(pair.server.endRegistration(reference));
  // The next Update is answered 4.04, and the client registers again.
  pair.client.update();
  await pair.pass(5);
  assert.notEqual(pair.server.registration(reference)!.id, id);
  assert.deepEqual(
    pair.world.eventsOf('refused').map(({ request, code: said }) => [request, formatCode(said)]),
    [['update', '4.04']],
  );
});

test('LightweightM2M-1.1-int-107 Extending the lifetime of a registration', async () => {
  const pair = await Pair.open();
  const { id } = pair.server.registration(reference)!;
  await pair.pass(3_600);
  assert.equal(pair.server.registration(reference)!.id, id);
  assert.ok(pair.world.eventsOf('updated').length >= 12);
});

const manufacturer = { '/3/0/0': 'Open Mobile Alliance' };

eachNetwork('LightweightM2M-1.1-int-201 Querying basic information in Plain Text format', async (options) => {
  const pair = await Pair.open(options);
  const { server } = pair;
  const read = async (path: string) => values(await pair.until(server.read(reference, at(path), { accept: 0 })), path);
  assert.deepEqual(await read('/3/0/0'), manufacturer);
  assert.deepEqual(await read('/3/0/1'), { '/3/0/1': 'Lightweight M2M Client' });
  assert.deepEqual(await read('/3/0/2'), { '/3/0/2': '345000123' });
});

for (const [id, name, accept] of [
  [203, 'TLV', 11_542],
  [204, 'JSON', 11_543],
] as const) {
  eachNetwork(`LightweightM2M-1.1-int-${id} Querying basic information in ${name} format`, async (options) => {
    const pair = await Pair.open(options);
    const answer = await pair.until(pair.server.read(reference, at('/3/0'), { accept }));
    assert.ok(answer.ok && answer.value.contentFormat === accept);
    const read = values(answer, '/3/0');
    assert.deepEqual(
      ['/3/0/0', '/3/0/6/1', '/3/0/7/0', '/3/0/9', '/3/0/13', '/3/0/16'].map((path) => read[path]),
      ['Open Mobile Alliance', 5, 3800, 100, new Date('2013-05-02T19:25:42Z'), 'U'],
    );
  });
}

eachNetwork('LightweightM2M-1.1-int-205 Setting basic information in Plain Text format', async (options) => {
  const pair = await Pair.open(options);
  const write = (id: number, value: number) =>
    pair.until(
      pair.server.write(reference, at(`/1/0/${id}`), singleResource(id, 'integer', value), { contentFormat: 0 }),
    );
  for (const [id, value] of [
    [2, 101],
    [3, 1010],
    [5, 2000],
  ] as const) {
    assert.equal(code(await write(id, value)), '2.04');
    assert.deepEqual(values(await pair.until(pair.server.read(reference, at(`/1/0/${id}`))), `/1/0/${id}`), {
      [`/1/0/${id}`]: value,
    });
  }
});

for (const [id, name, contentFormat] of [
  [215, 'TLV', 11_542],
  [220, 'JSON', 11_543],
] as const) {
  eachNetwork(`LightweightM2M-1.1-int-${id} Setting basic information in ${name} format`, async (options) => {
    const pair = await Pair.open(options);
    const node = objectInstance(0, [singleResource(2, 'integer', 101), singleResource(3, 'integer', 1010)]);
    const written = await pair.until(pair.server.update(reference, at('/1/0'), node, { contentFormat }));
    assert.equal(code(written), '2.04');
    const read = values(await pair.until(pair.server.read(reference, at('/1/0'))), '/1/0');
    assert.deepEqual([read['/1/0/0'], read['/1/0/2'], read['/1/0/3']], [1, 101, 1010]);
  });
}

test('LightweightM2M-1.1-int-221 Attempt to perform operations on Security object', async () => {
  const pair = await Pair.open();
  const { server } = pair;
  const unchecked = { unchecked: true } as const;
  const uri = singleResource(0, 'string', 'coap://192.0.2.66');
  assert.equal(code(await pair.until(server.read(reference, at('/0/0/0'), unchecked))), '4.01');
  assert.equal(code(await pair.until(server.write(reference, at('/0/0/0'), uri, unchecked))), '4.01');
  assert.equal(code(await pair.until(server.delete(reference, at('/0/0'), unchecked))), '4.01');
});

test('LightweightM2M-1.1-int-222 to 225 Read on Object, Object Instance, Resource and Resource Instance', async () => {
  const pair = await Pair.open();
  const read = async (path: string) => values(await pair.until(pair.server.read(reference, at(path))), path);
  assert.equal((await read('/1'))['/1/0/1'], 300);
  assert.equal((await read('/1/0'))['/1/0/1'], 300);
  assert.deepEqual(await read('/3/0/6'), { '/3/0/6/0': 1, '/3/0/6/1': 5 });
  assert.deepEqual(await read('/3/0/6/1'), { '/3/0/6/1': 5 });
  assert.equal(code(await pair.until(pair.server.read(reference, at('/3/0/6/9')))), '4.04');
});

test('LightweightM2M-1.1-int-226, 227, 228 Write on Object Instance, Resource and Resource Instance', async () => {
  const pair = await Pair.open();
  const { server } = pair;
  const zone = singleResource(15, 'string', 'Asia/Shanghai');
  assert.equal(code(await pair.until(server.write(reference, at('/3/0/15'), zone))), '2.04');
  assert.equal(pair.objects.device.get('timezone'), 'Asia/Shanghai');
  const identity = multipleResource(0, 'string', [
    [0, 'a'],
    [1, 'b'],
  ]);
  const created = await pair.until(server.create(reference, at('/16/2'), objectInstance(2, [identity])));
  assert.equal(code(created), '2.01');
  const one = resourceInstance(1, 'string', 'c');
  assert.equal(code(await pair.until(server.write(reference, at('/16/2/0/1'), one))), '2.04');
  // A partial update keeps what it leaves out; a replacement does not.
  const added = multipleResource(0, 'string', [[2, 'd']]);
  const identities = async () => values(await pair.until(server.read(reference, at('/16/2/0'))), '/16/2/0');
  assert.equal(code(await pair.until(server.update(reference, at('/16/2/0'), added))), '2.04');
  assert.deepEqual(await identities(), { '/16/2/0/0': 'a', '/16/2/0/1': 'c', '/16/2/0/2': 'd' });
  assert.equal(code(await pair.until(server.write(reference, at('/16/2/0'), added))), '2.04');
  assert.deepEqual(await identities(), { '/16/2/0/2': 'd' });
});

test('LightweightM2M-1.1-int-237 Read on Object without specifying Content-Type', async () => {
  for (const lwm2mVersion of ['1.0', '1.1'] as const) {
    const pair = await Pair.open({ client: { lwm2mVersion } });
    const read = await pair.until(pair.server.read(reference, at('/3/0/0'), { accept: 'any' }));
    assert.deepEqual(values(read, '/3/0/0'), manufacturer);
    const object = await pair.until(pair.server.read(reference, at('/3'), { accept: 'any' }));
    assert.equal(values(object, '/3')['/3/0/0'], 'Open Mobile Alliance');
  }
});

eachNetwork('LightweightM2M-1.1-int-241 Executable Resource: Rebooting the device', async (options) => {
  const pair = await Pair.open(options);
  assert.equal(code(await pair.until(pair.server.execute(reference, at('/3/0/4'), "0='now'"))), '2.04');
  assert.deepEqual(pair.executed, ['reboot [[0,"now"]]']);
});

test('LightweightM2M-1.1-int-256 Write Operation Failure', async () => {
  const pair = await Pair.open();
  const node = singleResource(0, 'string', 'somebody');
  await assert.rejects(pair.server.write(reference, at('/3/0/0'), node), { code: 'LWM2M_NOT_WRITABLE' });
  const answer = await pair.until(pair.server.write(reference, at('/3/0/0'), node, { unchecked: true }));
  assert.equal(code(answer), '4.05');
});

eachNetwork('LightweightM2M-1.1-int-260 Discover Command', async (options) => {
  const pair = await Pair.open(options);
  const { server } = pair;
  await pair.until(server.writeAttributes(reference, at('/3'), { pmin: 10 }));
  await pair.until(server.writeAttributes(reference, at('/3/0/7'), { gt: 5000, lt: 4000 }));
  const discovered = await pair.until(server.discover(reference, at('/3/0')));
  assert.ok(discovered.ok);
  const voltage = discovered.value.links.find(({ path }) => formatPath(path) === '/3/0/7');
  assert.deepEqual([voltage!.dim, voltage!.attributes.gt, voltage!.attributes.lt], [2, 5000, 4000]);
  const resource = await pair.until(server.discover(reference, at('/3/0/4')));
  assert.ok(resource.ok && resource.value.links.length === 1);
});

test('LightweightM2M-1.1-int-261 Write-Attribute Operation on a multiple resource', async () => {
  const pair = await Pair.open();
  const { server } = pair;
  const attributesOf = async (path: string) => {
    const answer = await pair.until(server.discover(reference, at(path)));
    assert.ok(answer.ok);
    return answer.value.links.find((link) => formatPath(link.path) === path)!.attributes;
  };
  await pair.until(server.writeAttributes(reference, at('/3/0/7'), { pmin: 10, pmax: 200 }));
  assert.deepEqual(await attributesOf('/3/0/7'), { pmin: 10, pmax: 200 });
  await pair.until(server.writeAttributes(reference, at('/3/0/7'), { pmax: null, gt: 1 }));
  assert.deepEqual(await attributesOf('/3/0/7'), { pmin: 10, gt: 1 });
});

eachNetwork('LightweightM2M-1.1-int-301 Observation and Notification of parameter values', async (options) => {
  const pair = await Pair.open({ ...options, client: { confirmableNotifications: true } });
  const answer = await pair.until(pair.server.observe(reference, at('/3303/0/5700')));
  assert.ok(answer.ok && answer.value.observation);
  for (const temperature of [21, 22.5, -3]) {
    pair.objects.thermometer.set('sensorValue', temperature);
    await pair.pass(90);
  }
  const seen = pair.world.eventsOf('notification').map(({ node }) => valuesIn(node, '/3303/0/5700')['/3303/0/5700']);
  assert.equal(seen.at(-1), -3);
  if (Object.keys(options.conditions ?? {}).length === 0) assert.deepEqual(seen, [21, 22.5, -3]);
});

test('LightweightM2M-1.1-int-302 Cancel Observations using Reset Operation', async () => {
  const pair = await Pair.open();
  await pair.until(pair.server.observe(reference, at('/3303/0/5700')));
  await pair.until(pair.server.cancelObservation(reference, at('/3303/0/5700'), { by: 'reset' }));
  assert.equal(pair.client.registrations[0]!.observations, 1);
  pair.objects.thermometer.set('sensorValue', 21);
  await pair.pass(5);
  assert.equal(pair.client.registrations[0]!.observations, 0);
  assert.deepEqual(pair.world.eventsOf('notification'), []);
});

eachNetwork('LightweightM2M-1.1-int-303 Cancel observations using Observe with Cancel parameter', async (options) => {
  const pair = await Pair.open(options);
  await pair.until(pair.server.observe(reference, at('/3303/0/5700')));
  const cancelled = await pair.until(pair.server.cancelObservation(reference, at('/3303/0/5700')));
  assert.ok(cancelled?.ok);
  assert.equal(pair.client.registrations[0]!.observations, 0);
  pair.objects.thermometer.set('sensorValue', 21);
  await pair.pass(5);
  assert.deepEqual(pair.world.eventsOf('notification'), []);
});

test('LightweightM2M-1.1-int-680 Create and LightweightM2M-1.1-int-685 Delete of Device fail with 4.05', async () => {
  const pair = await Pair.open();
  const { server } = pair;
  const instance = objectInstance(1, [singleResource(0, 'string', 'x')]);
  assert.equal(code(await pair.until(server.create(reference, at('/3'), instance, { unchecked: true }))), '4.05');
  assert.equal(code(await pair.until(server.delete(reference, at('/3/0'), { unchecked: true }))), '4.05');
});

test('LightweightM2M-1.1-int-1250 Update with a new object list', async () => {
  const pair = await Pair.open();
  pair.client.remove(3303, 0);
  await pair.pass(5);
  assert.deepEqual(pair.server.objectLinks(reference)!.objects.get(3303)?.instances ?? [], []);
});

eachNetwork('LightweightM2M-1.1-int-1630 Create and LightweightM2M-1.1-int-1635 Delete Portfolio', async (options) => {
  const pair = await Pair.open(options);
  const { server } = pair;
  const identity = multipleResource(0, 'string', [[0, 'Host Device ID #1']]);
  const created = await pair.until(server.create(reference, at('/16'), objectInstance(0, [identity])));
  assert.ok(created.ok);
  const path = formatPath(created.value.path!);
  assert.deepEqual(values(await pair.until(server.read(reference, at(`${path}/0`))), `${path}/0`), {
    [`${path}/0/0`]: 'Host Device ID #1',
  });
  await pair.pass(60);
  assert.deepEqual(server.objectLinks(reference)!.objects.get(16)!.instances, [created.value.path!.objectInstanceId]);
  const deleted = await pair.until(server.delete(reference, at(path)));
  assert.ok(deleted.ok && deleted.value.code === Code.Deleted);
});

test('after kill -9 and restart the terminal is still observed, and goes on as if nothing had been', async () => {
  const pair = await Pair.open();
  await pair.until(pair.server.observe(reference, at('/3303/0/5700')));
  const { id } = pair.server.registration(reference)!;
  await pair.world.kill();
  await pair.pass(10);
  await pair.world.startServer();
  pair.objects.thermometer.set('sensorValue', 33);
  await pair.pass(5);
  const [notification] = pair.world.eventsOf('notification');
  assert.deepEqual(valuesIn(notification!.node, '/3303/0/5700'), { '/3303/0/5700': 33 });
  await pair.pass(600);
  assert.equal(pair.server.registration(reference)!.id, id);
  assert.equal(await pair.close(), 0, 'no timer is left');
});

test('a day of a terminal’s life over a bad network', async () => {
  const pair = await Pair.open({ conditions: { loss: 0.3, duplication: 0.1, reordering: 0.2 }, seed: 3 });
  const answer = await pair.until(pair.server.observe(reference, at('/3303/0/5700'), { timeout: seconds(3_000) }));
  assert.ok(answer.ok);
  for (let hour = 0; hour < 24; hour++) {
    pair.objects.thermometer.set('sensorValue', hour);
    await pair.pass(3_600);
  }
  assert.ok(pair.server.registration(reference), 'it is registered at the end');
  assert.equal(pair.server.size, 1);
});
