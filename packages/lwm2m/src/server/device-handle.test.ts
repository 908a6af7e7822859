import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combineModels, defineObject, objectTable, omaObjects } from '@yaolian/lwm2m-objects';
import { Device, Location, Server, Temperature } from '@yaolian/lwm2m-objects/references';
import { instance } from '../client/index.ts';
import { conformanceObjects } from '../client/testing/conformance-terminal.ts';
import type { DeviceHandle } from './device-handle.ts';
import { Pair } from './testing/pair.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when the types are the same. Never called. */
function isSame<_T extends true>(): void {}

const valve = defineObject({
  id: 33_001,
  name: 'Valve',
  multiple: true,
  resources: {
    opening: { id: 0, operations: 'RW', type: 'integer', units: '%', range: '0..100', mandatory: true },
    flow: { id: 1, operations: 'R', type: 'float' },
    zones: { id: 2, operations: 'RW', type: 'string', multiple: true },
    flush: { id: 3, operations: 'E' },
  },
});

export async function _types(device: DeviceHandle): Promise<void> {
  const temperature = await device.resource(Temperature.SensorValue).read();
  if (temperature.ok) isSame<Equal<typeof temperature.value.value, number>>();
  const sources = await device.resource(Device.AvailablePowerSources).read();
  if (sources.ok) isSame<Equal<typeof sources.value.value, ReadonlyMap<number, number | bigint>>>();
  const time = await device.resource(Device.CurrentTime).read();
  if (time.ok) isSame<Equal<typeof time.value.value, Date>>();
  await device.resource(Device.Timezone).write('Asia/Shanghai');
  await device.resource(Device.Reboot).execute();
  // @ts-expect-error a text is no time
  await device.resource(Device.CurrentTime).write('now');
  // @ts-expect-error what is only read is not written
  await device.resource(Temperature.SensorValue).write(21);
  // @ts-expect-error what is executed has no value
  await device.resource(Device.Reboot).read();
  // @ts-expect-error what has a value is not executed
  await device.resource(Device.Timezone).execute();
  const zones = await device.resource(valve.named.zones).read();
  if (zones.ok) isSame<Equal<typeof zones.value.value, ReadonlyMap<number, string>>>();
  // @ts-expect-error what is only read is not written
  await device.resource(valve.named.flow).write(1);
  // @ts-expect-error what is executed has no value
  await device.resource(valve.named.flush).read();
}

async function open() {
  const temperature = instance(Temperature, { sensorValue: 21.5, sensorUnits: 'Cel' }, { id: 3 });
  const executed: string[] = [];
  const objects = conformanceObjects(executed);
  const pair = await Pair.open({ client: { objects: [objects.device, temperature] } });
  return { pair, temperature, executed, terminal: objects.device, device: pair.server.device('terminal') };
}

test('reads, writes and executes resources of an object of one’s own', async () => {
  const flushed: string[] = [];
  const first = instance(
    valve,
    { opening: 3, zones: ['north', 'south'] },
    { onExecute: { flush: () => void flushed.push('flushed') } },
  );
  const client = { objects: [conformanceObjects([]).device, first] };
  const pair = await Pair.open({ model: combineModels(objectTable([valve]), omaObjects), client });
  const device = pair.server.device('terminal');
  const opening = await pair.until(device.resource(valve.named.opening).read());
  assert.equal(opening.ok && opening.value.value, 3);
  const zones = await pair.until(device.resource(valve.named.zones).read());
  assert.deepEqual(zones.ok && [...zones.value.value.values()], ['north', 'south']);
  assert.ok((await pair.until(device.resource(valve.named.opening).write(40))).ok);
  assert.equal(first.get('opening'), 40);
  assert.ok((await pair.until(device.resource(valve.named.flush).execute())).ok);
  assert.deepEqual(flushed, ['flushed']);
  pair.client.resource(valve.named.opening).set(41);
  assert.equal(first.get('opening'), 41);
  await pair.close();
});

test('says that the model of the server lacks the object where a value cannot be told', async () => {
  const client = { objects: [conformanceObjects([]).device, instance(valve, { opening: 3 })] };
  const pair = await Pair.open({ client });
  await assert.rejects(pair.until(pair.server.device('terminal').resource(valve.named.opening).read()), {
    code: 'LWM2M_ANSWER_MALFORMED',
    message: /its model has no object 33001$/,
  });
  await pair.close();
});

test('reads, writes and executes with the types of the registry', async () => {
  const { pair, device, terminal, executed } = await open();
  assert.equal(device.registered, true);
  assert.equal(pair.server.device('nobody').registered, false);
  const read = await pair.until(device.resource(Temperature.SensorValue, 3).read());
  assert.ok(read.ok);
  assert.equal(read.value.value.toFixed(2), '21.50');
  const voltages = await pair.until(device.resource(Device.PowerSourceVoltage).read());
  assert.ok(voltages.ok);
  assert.deepEqual(
    [...voltages.value.value],
    [
      [0, 3800],
      [1, 5000],
    ],
  );
  assert.ok((await pair.until(device.resource(Device.Timezone).write('Asia/Shanghai'))).ok);
  assert.equal(terminal.get('timezone'), 'Asia/Shanghai');
  assert.ok((await pair.until(device.resource(Device.Reboot).execute("0='now'"))).ok);
  assert.deepEqual(executed, ['reboot [[0,"now"]]']);
  const nothing = await pair.until(device.resource(Location.Latitude).read());
  assert.equal(nothing.ok ? undefined : nothing.error.code, 0x84);
  await assert.rejects(
    device.resource(Server.Lifetime).write('long' as never),
    /Lifetime: integer takes a whole number/,
  );
  assert.throws(() => device.resource(Device.Reboot, 65_535), RangeError);
});

test('observes with typed values, until it is stopped', async () => {
  const { pair, device, temperature } = await open();
  const seen: number[] = [];
  const answer = await pair.until(device.resource(Temperature.SensorValue, 3).observe((value) => seen.push(value)));
  assert.ok(answer.ok);
  assert.equal(answer.value.value, 21.5);
  temperature.set('sensorValue', 22);
  await pair.pass(1);
  assert.deepEqual(seen, [22]);
  assert.ok((await pair.until(answer.value.stop()))?.ok);
  temperature.set('sensorValue', 23);
  await pair.pass(1);
  assert.deepEqual(seen, [22]);
});

test('an answer of another type than the registry says is malformed', async () => {
  const { pair, device } = await open();
  const resource = pair.server
    .device('terminal')
    .resource({ ...wrong(Device.Manufacturer), type: 'integer' } as never) as never;
  await assert.rejects(
    pair.until((resource as ReturnType<typeof device.resource<typeof Device.BatteryLevel>>).read()),
    {
      code: 'LWM2M_ANSWER_MALFORMED',
    },
  );
});

/** The reference as a plain object. */
function wrong({ objectId, id, name, multiple }: typeof Device.Manufacturer) {
  return { objectId, id, name, multiple };
}

test('the terminal sets its own values by the same references', async () => {
  const { pair } = await open();
  const value = pair.client.resource(Temperature.SensorValue, 3);
  isSame<Equal<Parameters<typeof value.set>[0], number | undefined>>();
  value.set(19);
  assert.equal(value.get(), 19);
  pair.client.resource(Device.AvailablePowerSources).set([0]);
  assert.deepEqual(pair.client.resource(Device.AvailablePowerSources).get(), new Map([[0, 0]]));
  assert.throws(() => value.set('warm' as never), /Sensor Value: float takes a number/);
  assert.throws(() => pair.client.resource(Temperature.SensorValue), /no \/3303\/0|version/);
  assert.throws(() => pair.client.resource(Location.Latitude), /the terminal has no \/6\/0/);
});
