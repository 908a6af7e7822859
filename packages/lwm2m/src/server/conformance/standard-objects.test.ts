import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCode } from '@yaolian/coap';
import { encodeUtf8 } from '@yaolian/kernel';
import {
  apnConnectionProfile,
  bearerSelection,
  binaryAppDataContainer,
  type CreatableObject,
  cellularConnectivity,
  connectivityStatistics,
  countedPort,
  EventLogger,
  location,
  type ObjectInstance,
  relocate,
  Traffic,
} from '../../client/index.ts';
import {
  formatPath,
  type Lwm2mNode,
  multipleResource,
  nodeValues,
  objectInstance,
  parsePath,
  type ResourceValue,
  singleResource,
} from '../../index.ts';
import type { Answer, Done } from '../operation-types.ts';
import { Pair, reference } from '../testing/pair.ts';

// OMA's test cases on location, statistics, cellular, APN, bearer, data and log objects, with our terminal and our server.

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

type Objects = (pair: Pair['world']['time'], traffic: Traffic) => readonly (ObjectInstance | CreatableObject)[];

function open(objects: Objects): Promise<Pair> {
  const traffic = new Traffic();
  return Pair.open({
    terminalPort: (port) => countedPort(port, traffic),
    client: { objects: (time) => objects(time, traffic) },
  });
}

async function read(pair: Pair, path: string): Promise<Record<string, ResourceValue>> {
  const answer = await pair.until(pair.server.read(reference, at(path)));
  assert.ok(answer.ok, JSON.stringify(answer));
  return valuesIn(answer.value.node, path);
}

function valuesIn(node: Lwm2mNode, path: string): Record<string, ResourceValue> {
  return Object.fromEntries([...nodeValues(at(path), node)].map((one) => [formatPath(one.path), one.value]));
}

function code(answer: Answer<Done>): string {
  return formatCode(answer.ok ? answer.value.code : answer.error.code);
}

async function write(pair: Pair, path: string, node: Lwm2mNode, unchecked = false): Promise<string> {
  return code(await pair.until(pair.server.write(reference, at(path), node, { unchecked })));
}

async function execute(pair: Pair, path: string, args = ''): Promise<string> {
  return code(await pair.until(pair.server.execute(reference, at(path), args)));
}

/** Observes with a minimum and a maximum period. @returns what notifications bring, as they come */
async function observe(pair: Pair, path: string, pmin: number, pmax: number) {
  assert.equal(code(await pair.until(pair.server.writeAttributes(reference, at(path), { pmin, pmax }))), '2.04');
  assert.ok((await pair.until(pair.server.observe(reference, at(path)))).ok);
  return () => pair.world.eventsOf('notification').map(({ node }) => valuesIn(node, path));
}

const fix = { latitude: 39.9, longitude: 116.4, altitude: 44, speed: 0, timestamp: new Date('2026-01-01T00:00:00Z') };

test('LightweightM2M-1.1-int-801 Location: Querying the readable resources', async () => {
  const pair = await open(() => [location(fix)]);
  assert.deepEqual(await read(pair, '/6/0'), {
    '/6/0/0': 39.9,
    '/6/0/1': 116.4,
    '/6/0/2': 44,
    '/6/0/5': fix.timestamp,
    '/6/0/6': 0,
  });
});

test('LightweightM2M-1.1-int-810 Location: Basic Observation and notification', async () => {
  const place = location(fix);
  const pair = await open(() => [place]);
  const seen = await observe(pair, '/6/0', 5, 20);
  relocate(place, { latitude: 40, longitude: 117, radius: 12, timestamp: new Date('2026-01-01T00:00:03Z') });
  await pair.pass(6);
  assert.deepEqual(seen(), [{ '/6/0/0': 40, '/6/0/1': 117, '/6/0/3': 12, '/6/0/5': new Date('2026-01-01T00:00:03Z') }]);
  await pair.pass(20);
  assert.equal(seen().length, 2);
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-901 Connectivity Statistics: Querying a data collection', async () => {
  const pair = await open((timers, traffic) => [connectivityStatistics({ timers, traffic }), location(fix)]);
  // 1. Start, 2. traffic, 3. Stop, 4. the counters.
  assert.equal(await execute(pair, '/7/0/6'), '2.04');
  for (let count = 0; count < 40; count++) await read(pair, '/6/0');
  assert.equal(await execute(pair, '/7/0/7'), '2.04');
  const counted = await read(pair, '/7/0');
  assert.deepEqual([counted['/7/0/0'], counted['/7/0/1'], counted['/7/0/8']], [0, 0, 0]);
  assert.ok(Number(counted['/7/0/2']) >= 2 && Number(counted['/7/0/3']) >= 1, JSON.stringify(counted));
  assert.ok(Number(counted['/7/0/4']) > 28 && Number(counted['/7/0/5']) > 28);
  assert.ok(Number(counted['/7/0/4']) >= Number(counted['/7/0/5']));
  // Nothing is counted after Stop, and Start begins anew.
  await read(pair, '/6/0');
  await pair.pass(2);
  assert.deepEqual(await read(pair, '/7/0'), counted);
  assert.equal(await execute(pair, '/7/0/6'), '2.04');
  assert.equal((await read(pair, '/7/0'))['/7/0/2'], 0);
  assert.equal(await execute(pair, '/7/0/7'), '2.04');
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-905 Connectivity Statistics: Setting the writable resources', async () => {
  const pair = await open((timers, traffic) => [connectivityStatistics({ timers, traffic })]);
  assert.equal(await write(pair, '/7/0/8', singleResource(8, 'integer', 30)), '2.04');
  assert.deepEqual(await read(pair, '/7/0/8'), { '/7/0/8': 30 });
  assert.equal(await write(pair, '/7/0/8', singleResource(8, 'integer', -1)), '4.00');
  // The period ends the collection.
  assert.equal(await execute(pair, '/7/0/6'), '2.04');
  await pair.pass(31);
  const ended = await read(pair, '/7/0');
  for (let count = 0; count < 40; count++) await read(pair, '/7/0');
  assert.deepEqual(await read(pair, '/7/0'), ended);
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-910 Connectivity Statistics: Basic Observation and notification', async () => {
  const pair = await open((timers, traffic) => [connectivityStatistics({ timers, traffic })]);
  const seen = await observe(pair, '/7/0/3', 5, 30);
  assert.equal(await execute(pair, '/7/0/6'), '2.04');
  for (let count = 0; count < 60; count++) await read(pair, '/7/0/3');
  await pair.pass(7);
  assert.equal(seen().length, 1);
  assert.ok(Number(seen()[0]!['/7/0/3']) >= 1);
  await pair.pass(31);
  assert.ok(seen().length >= 2);
  assert.equal(await execute(pair, '/7/0/7'), '2.04');
  assert.equal(await pair.close(), 0);
});

const cellular = {
  smscAddress: '+8613800100500',
  disableRadioPeriod: 0,
  psmTimer: 3_600,
  activeTimer: 20,
  edrxParametersForNbS1Mode: Uint8Array.of(0x5d),
  activatedProfileNames: [{ objectId: 11, instanceId: 0 }],
};

const modes = { supportedPowerSavingModes: 3, activePowerSavingModes: 1, releaseAssistanceIndicationUsage: 1 };

for (const [id, version, more] of [
  [1200, '1.0', {}],
  [1201, '1.1', modes],
] as const) {
  test(`LightweightM2M-1.1-int-${id} Cellular Connectivity ${version}: Querying the readable resources`, async () => {
    const pair = await open(() => [cellularConnectivity({ ...cellular, ...more }, {}, version)]);
    const values = await read(pair, '/10/0');
    assert.deepEqual([values['/10/0/4'], values['/10/0/5']], [3_600, 20]);
    assert.deepEqual(values['/10/0/9'], Uint8Array.of(0x5d));
    assert.deepEqual(values['/10/0/11/0'], { objectId: 11, instanceId: 0 });
    assert.equal(values['/10/0/13'], version === '1.1' ? 1 : undefined);
  });
}

const power = { supportedPowerSavingModes: 1, activePowerSavingModes: 0, releaseAssistanceIndicationUsage: 1 };

test('LightweightM2M-1.1-int-1202 Cellular Connectivity 1.1: Setting Power Saving Mode', async () => {
  const pair = await open(() => [cellularConnectivity({ ...cellular, ...power })]);
  assert.equal(await write(pair, '/10/0/4', singleResource(4, 'integer', 36_000)), '2.04');
  assert.equal(await write(pair, '/10/0/5', singleResource(5, 'integer', 16)), '2.04');
  assert.equal(await write(pair, '/10/0/13', singleResource(13, 'unsigned', 1)), '2.04');
  assert.equal(await write(pair, '/10/0/14', singleResource(14, 'unsigned', 2)), '2.04');
  const values = await read(pair, '/10/0');
  assert.deepEqual(
    [4, 5, 13, 14].map((id) => values[`/10/0/${id}`]),
    [36_000, 16, 1, 2],
  );
  // eDRX is not supported, release assistance has its rules, eDRX parameters are one byte, timers have ends.
  assert.equal(await write(pair, '/10/0/13', singleResource(13, 'unsigned', 3)), '4.00');
  assert.equal(await write(pair, '/10/0/14', singleResource(14, 'unsigned', 4)), '4.00');
  assert.equal(await write(pair, '/10/0/9', singleResource(9, 'opaque', new Uint8Array(2)), true), '4.00');
  assert.equal(await write(pair, '/10/0/5', singleResource(5, 'integer', 100_000)), '4.00');
  assert.deepEqual(await read(pair, '/10/0'), values);
});

test('LightweightM2M-1.1-int-1203 Cellular Connectivity 1.1: Observe Power Saving Mode', async () => {
  const object = cellularConnectivity({ ...cellular, ...power });
  const pair = await open(() => [object]);
  const seen = await observe(pair, '/10/0/13', 1, 60);
  object.set('activePowerSavingModes', 1);
  await pair.pass(2);
  assert.deepEqual(seen(), [{ '/10/0/13': 1 }]);
});

test('LightweightM2M-1.1-int-1204 Cellular Connectivity: Observe timers', async () => {
  const object = cellularConnectivity(cellular);
  const pair = await open(() => [object]);
  await observe(pair, '/10/0/4', 1, 60);
  await observe(pair, '/10/0/5', 1, 60);
  object.update({ psmTimer: 7_200, activeTimer: 30 });
  await pair.pass(2);
  const seen = pair.world.eventsOf('notification').map(({ path, node }) => valuesIn(node, formatPath(path)));
  assert.deepEqual(seen, [{ '/10/0/4': 7_200 }, { '/10/0/5': 30 }]);
});

test('LightweightM2M-1.1-int-1350 Bearer Selection', async () => {
  const pair = await open(() => [bearerSelection({ acceptableRsrpLte: -110, operatorListMode: true })]);
  const bearers = multipleResource(0, 'integer', [
    [0, 6],
    [1, 7],
  ]);
  assert.equal(await write(pair, '/13/0/0', bearers), '2.04');
  assert.equal(await write(pair, '/13/0/3', singleResource(3, 'integer', -100)), '2.04');
  assert.equal(await write(pair, '/13/0/6', singleResource(6, 'string', '46000;46001')), '2.04');
  assert.deepEqual(await read(pair, '/13/0'), {
    '/13/0/0/0': 6,
    '/13/0/0/1': 7,
    '/13/0/3': -100,
    '/13/0/6': '46000;46001',
    '/13/0/7': true,
  });
  // -30 dBm is no RSRP: our server says so first, the terminal without it.
  const wrong = singleResource(3, 'integer', -30);
  await assert.rejects(pair.server.write(reference, at('/13/0/3'), wrong), { code: 'LWM2M_OUT_OF_RANGE' });
  assert.equal(await write(pair, '/13/0/3', wrong, true), '4.00');
});

test('LightweightM2M-1.1-int-1900 BinaryAppDataContainer: Discover and Observe', async () => {
  const object = binaryAppDataContainer({ data: [encodeUtf8('reading 1')], dataPriority: 1, appId: 7 });
  const pair = await open(() => [object]);
  const found = await pair.until(pair.server.discover(reference, at('/19/0')));
  assert.ok(found.ok);
  assert.deepEqual(
    found.value.links.map(({ path }) => formatPath(path)),
    ['/19/0', '/19/0/0', '/19/0/1', '/19/0/5'],
  );
  const seen = await observe(pair, '/19/0/0', 0, 60);
  object.set('data', [encodeUtf8('reading 1'), encodeUtf8('reading 2')]);
  await pair.pass(1);
  assert.deepEqual(seen(), [{ '/19/0/0/0': encodeUtf8('reading 1'), '/19/0/0/1': encodeUtf8('reading 2') }]);
});

test('LightweightM2M-1.1-int-1901 BinaryAppDataContainer: Write Data', async () => {
  const taken: string[] = [];
  const takeData = (data: ReadonlyMap<number, Uint8Array>) => {
    taken.push([...data].map(([id, bytes]) => `${id}: ${Buffer.from(bytes).toString()}`).join(', '));
  };
  const pair = await open(() => [binaryAppDataContainer({}, { takeData })]);
  const data = multipleResource(0, 'opaque', [
    [0, encodeUtf8('open valve')],
    [3, encodeUtf8('close valve')],
  ]);
  assert.equal(await write(pair, '/19/0/0', data), '2.04');
  assert.deepEqual(taken, ['0: open valve, 3: close valve']);
  assert.equal((await read(pair, '/19/0'))['/19/0/0/3']?.toString(), encodeUtf8('close valve').toString());
});

test('LightweightM2M-1.1-int-2000 Event Log: set LogStart', async () => {
  let logger: EventLogger | undefined;
  const pair = await open((time) => {
    logger = new EventLogger({ clock: time, timers: time });
    return [logger.instance];
  });
  logger!.log('before');
  assert.deepEqual(await read(pair, '/20/0/4013'), { '/20/0/4013': 1 });
  // 1. LogStart for 60 s, 2. running, without data; 3. with data; 4. stopped by itself.
  assert.equal(await execute(pair, '/20/0/4011', "0='0',1='60'"), '2.04');
  assert.deepEqual(await read(pair, '/20/0/4013'), { '/20/0/4013': 0 });
  logger!.log('door opened');
  assert.deepEqual(await read(pair, '/20/0/4013'), { '/20/0/4013': 2 });
  await pair.pass(61);
  assert.deepEqual(await read(pair, '/20/0/4013'), { '/20/0/4013': 3 });
  logger!.log('after');
  assert.match(
    Buffer.from((await read(pair, '/20/0/4014'))['/20/0/4014'] as Uint8Array).toString(),
    /Z door opened\n$/,
  );
  // Extended, then emptied.
  assert.equal(await execute(pair, '/20/0/4011', "0='1'"), '2.04');
  logger!.log('door closed');
  assert.equal(await execute(pair, '/20/0/4012'), '2.04');
  assert.match(
    Buffer.from((await read(pair, '/20/0/4014'))['/20/0/4014'] as Uint8Array).toString(),
    /Z door opened\n.*Z door closed\n$/,
  );
  assert.equal(await execute(pair, '/20/0/4012', "0='1'"), '2.04');
  assert.deepEqual(await read(pair, '/20/0/4013'), { '/20/0/4013': 1 });
  assert.equal(await execute(pair, '/20/0/4011', "1='soon'"), '4.00');
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-2001 Event Log: Querying the readable resources', async () => {
  let logger: EventLogger | undefined;
  const pair = await open((time) => {
    logger = new EventLogger({ clock: time, timers: time, logClass: 2 });
    return [logger.instance];
  });
  assert.equal(await execute(pair, '/20/0/4011'), '2.04');
  logger!.log('wrong key', 2);
  logger!.log('tick', 4);
  assert.equal(await write(pair, '/20/0/4015', singleResource(4015, 'integer', 2)), '2.04');
  const values = await read(pair, '/20/0');
  assert.deepEqual([values['/20/0/4010'], values['/20/0/4013'], values['/20/0/4015']], [2, 2, 2]);
  const json = JSON.parse(Buffer.from(values['/20/0/4014'] as Uint8Array).toString()) as { e: { sv: string }[] };
  assert.equal(json.e.length, 1);
  assert.match(json.e[0]!.sv, /wrong key$/);
  assert.equal(await write(pair, '/20/0/4015', singleResource(4015, 'integer', 9)), '4.00');
});

test('LightweightM2M-1.1-int-1250 APN connection profile: APN configuration', async () => {
  const pair = await open(() => [apnConnectionProfile({ profileName: 'factory', apn: 'cmiot' })]);
  assert.equal(await write(pair, '/11/0/1', singleResource(1, 'string', 'cmnbiot')), '2.04');
  const node = objectInstance(0, [singleResource(3, 'boolean', true), singleResource(4, 'integer', 1)]);
  assert.equal(code(await pair.until(pair.server.update(reference, at('/11/0'), node))), '2.04');
  const values = await read(pair, '/11/0');
  assert.deepEqual(
    [values['/11/0/0'], values['/11/0/1'], values['/11/0/3'], values['/11/0/4']],
    ['factory', 'cmnbiot', true, 1],
  );
  assert.equal(await write(pair, '/11/0/4', singleResource(4, 'integer', 9)), '4.00');
});
