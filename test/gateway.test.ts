/** Devices behind an LwM2M Gateway, from REST to the gateway and back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiClient, routes } from '@yaolian/contract';
import { creatable, device as deviceObject, EndDevice, instance } from '@yaolian/lwm2m/client';
import { Humidity, Temperature } from '@yaolian/lwm2m-objects/references';
import { EventLog, openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const device = 'urn:imei:861234567890123';
const params = { device };
const at = (path: string) => ({ params: { device, path } });
let bench: TestPlatform;
let admin: ApiClient;
let terminal: TestTerminal;
let events: EventLog;
const temperature = instance(Temperature, { sensorValue: 21.5, sensorUnits: 'Cel' });

before(async () => {
  bench = await openPlatform();
  ({ admin } = bench);
  events = await EventLog.open(admin);
  terminal = await openTerminal({ endpointName: device, server: bench.coap });
  const thermometer = new EndDevice({
    deviceId: 'urn:dev:os:32473-101',
    prefix: 'd01',
    objects: [deviceObject({ manufacturer: 'Company A' }), temperature, creatable(Humidity)],
  });
  terminal.client.attach(thermometer);
  terminal.client.start();
  await terminal.client.registered();
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await events.close();
  await bench[Symbol.asyncDispose]();
});

test('the devices behind a gateway are listed with what they have', async () => {
  assert.deepEqual((await admin.call(routes.listEndDevices, { params })).items, [
    {
      instance: 0,
      deviceId: 'urn:dev:os:32473-101',
      prefix: 'd01',
      links: [
        { path: '/d01/3/0', name: 'Device', attributes: { ver: '1.1' } },
        { path: '/d01/3303/0', name: 'Temperature', attributes: { ver: '1.1' } },
        { path: '/d01/3304', name: 'Humidity', attributes: { ver: '1.1' } },
      ],
    },
  ]);
});

test('they are read, written, created, discovered and deleted through their prefix', async () => {
  const read = await admin.call(routes.readResource, at('d01/3303/0/5700'));
  assert.deepEqual(read.node, {
    kind: 'resource',
    path: '/d01/3303/0/5700',
    id: 5700,
    name: 'Sensor Value',
    type: 'float',
    value: 21.5,
  });
  const written = await admin.call(routes.writeResource, { ...at('d01/3303/0/5750'), body: { value: 'cellar' } });
  assert.equal(written.coapCode, '2.04');
  assert.equal(temperature.get('applicationType'), 'cellar');
  const created = await admin.call(routes.createInstance, { ...at('d01/3304'), body: { resources: { '5700': 55 } } });
  assert.equal(created.path, '/d01/3304/0');
  const found = await admin.call(routes.discoverResources, at('d01/3304/0'));
  assert.deepEqual(
    found.links.map(({ path, name }) => [path, name]),
    [
      ['/d01/3304/0', 'Humidity'],
      ['/d01/3304/0/5700', 'Sensor Value'],
    ],
  );
  assert.equal((await admin.call(routes.deleteInstance, at('d01/3304/0'))).coapCode, '2.02');
  const body = { paths: ['/d01/3303/0/5700', '/3/0/0'] };
  const several = await admin.call(routes.readComposite, { params, body });
  assert.deepEqual(
    several.values.map(({ path, node }) => [path, node?.kind === 'resource' && node.value]),
    [
      ['/d01/3303/0/5700', 21.5],
      ['/3/0/0', 'Yaolian'],
    ],
  );
});

test('what they report is told and kept in history, apart from what the gateway itself has', async () => {
  assert.ok((await admin.call(routes.startObservation, at('d01/3303/0/5700'))).observing);
  const since = events.events.length;
  temperature.set('sensorValue', 24);
  const event = await events.next((one) => one.type === 'observation.notified', since);
  assert.ok(event.type === 'observation.notified' && event.data.node.kind === 'resource');
  assert.deepEqual(
    [event.data.path, event.data.node.name, event.data.node.value],
    ['/d01/3303/0/5700', 'Sensor Value', 24],
  );
  const { items } = await admin.call(routes.listSeries, { params });
  assert.ok(items.some(({ path, name }) => path === '/d01/3303/0/5700' && name === 'Sensor Value'));
  const history = await admin.call(routes.showHistory, { params, query: { path: '/d01/3303/0/5700' } });
  assert.equal(history.points?.at(-1)?.value, 24);
  await admin.call(routes.cancelObservation, at('d01/3303/0/5700'));
});

test('a prefix that is not there is refused by the gateway, and by the platform where there is none', async () => {
  await assert.rejects(admin.call(routes.readResource, at('d09/3/0')), withCode('device-refused'));
  await assert.rejects(admin.call(routes.readResource, at('d01')), withCode('invalid-path'));
  const plain = await openTerminal({ endpointName: 'urn:imei:861234567890124', server: bench.coap });
  plain.client.start();
  await plain.client.registered();
  const other = { device: 'urn:imei:861234567890124' };
  await assert.rejects(
    admin.call(routes.readResource, { params: { ...other, path: 'd01/3/0' } }),
    withCode('invalid-path'),
  );
  assert.deepEqual((await admin.call(routes.listEndDevices, { params: other })).items, []);
  await plain[Symbol.asyncDispose]();
});
