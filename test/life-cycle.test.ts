/** A terminal of ours and the platform over loopback: everything that a device goes through, by REST. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblemError, type JsonEvent, type ProblemCode, routes } from '@yaolian/contract';
import { EventLog, openPlatform, type TestPlatform } from './support/platform.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

let bench: TestPlatform;
let terminal: TestTerminal;
let events: EventLog;
const device = 'urn:dev:os:0023C7-000001;lab/1';

before(async () => {
  bench = await openPlatform();
  events = await EventLog.open(bench.admin);
  terminal = await openTerminal({ endpointName: device, server: bench.coap });
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await events.close();
  await bench[Symbol.asyncDispose]();
});

function at(path: string) {
  return { params: { device, path } };
}

async function refused(call: Promise<unknown>, code: ProblemCode) {
  const error = await call.then(
    () => assert.fail(`not refused with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiProblemError, String(error));
  assert.equal(error.problem.code, code, error.problem.detail);
  return error.problem;
}

function ofType<T extends JsonEvent['type']>(type: T) {
  return (event: JsonEvent): event is Extract<JsonEvent, { type: T }> => event.type === type;
}

test('it registers, is activated and shown', async () => {
  const { admin } = bench;
  await refused(admin.call(routes.showDevice, { params: { device } }), 'device-unknown');
  terminal.client.start();
  const event = await events.next(ofType('device.registered'));
  assert.deepEqual(
    [event.device, event.endpoint, event.data.lifetime, event.data.replaced],
    [device, device, 86400, false],
  );
  const shown = await admin.call(routes.showDevice, { params: { device } });
  assert.equal(shown.state, 'ONLINE');
  assert.equal(shown.registration?.lwm2mVersion, '1.1');
  assert.equal(shown.registration?.registeredAt, shown.activatedAt);
  assert.equal(shown.activationAddress, shown.registration?.address);
  const links = shown.links.map(({ path, name }) => `${path} ${name}`);
  assert.ok(links.includes('/3/0 Device') && links.includes('/3303/0 Temperature'), links.join());
});

test('it is listed, found and filtered', async () => {
  const { admin } = bench;
  for (const query of [
    {},
    { search: '0023c7' },
    { state: 'ONLINE' as const },
    { search: device, state: 'ONLINE' as const },
  ]) {
    const list = await admin.call(routes.listDevices, { query });
    assert.deepEqual(
      list.items.map((one) => one.key),
      [device],
    );
  }
  assert.deepEqual((await admin.call(routes.listDevices, { query: { state: 'OFFLINE' } })).items, []);
  assert.deepEqual((await admin.call(routes.listDevices, { query: { search: 'nobody' } })).items, []);
  const status = await admin.call(routes.showStatus, {});
  assert.deepEqual(status.devices, { total: 1, online: 1, sleeping: 0, offline: 0 });
});

test('read: object, instance, resource and resource instance', async () => {
  const { admin } = bench;
  const resource = await admin.call(routes.readResource, at('3/0/0'));
  assert.deepEqual(resource.node, {
    kind: 'resource',
    path: '/3/0/0',
    id: 0,
    name: 'Manufacturer',
    type: 'string',
    value: 'Yaolian',
  });
  assert.equal(resource.coapCode, '2.05');
  const value = await admin.call(routes.readResource, at('3303/0/5700'));
  assert.deepEqual([value.node.kind === 'resource' && value.node.value, value.node.name], [20, 'Sensor Value']);
  const instance = await admin.call(routes.readResource, at('3303/0'));
  assert.ok(instance.node.kind === 'object-instance');
  assert.deepEqual(
    instance.node.resources.map((one) => one.id),
    [5700, 5701, 5750],
  );
  const object = await admin.call(routes.readResource, at('3'));
  assert.ok(object.node.kind === 'object' && object.node.instances.length === 1);
  const multiple = await admin.call(routes.readResource, at('3/0/11'));
  assert.ok(multiple.node.kind === 'multiple-resource');
  assert.deepEqual(multiple.node.values, { '0': 0 });
  const one = await admin.call(routes.readResource, at('3/0/11/0'));
  assert.ok(one.node.kind === 'resource-instance');
});

test('every format that the device speaks gives the same value', async () => {
  for (const format of ['tlv', 'json', 'text'] as const) {
    const read = await bench.admin.call(routes.readResource, { ...at('3/0/9'), query: { format } });
    assert.ok(read.node.kind === 'resource' && read.node.value === 80, format);
  }
});

test('write, partial update, and what the device refuses', async () => {
  const { admin } = bench;
  const written = await admin.call(routes.writeResource, { ...at('3303/0/5750'), body: { value: 'cellar' } });
  assert.deepEqual(written, { coapCode: '2.04' });
  assert.equal(terminal.temperature.get('applicationType'), 'cellar');
  await admin.call(routes.updateResource, { ...at('3303/0'), body: { resources: { '5750': 'attic' } } });
  assert.equal(terminal.temperature.get('applicationType'), 'attic');
  const forbidden = await refused(
    admin.call(routes.writeResource, { ...at('3/0/0'), body: { value: 'x' } }),
    'model-forbids',
  );
  assert.match(forbidden.detail, /not writable/);
  const told = await refused(
    admin.call(routes.writeResource, { ...at('3/0/0'), query: { unchecked: true }, body: { value: 'x' } }),
    'device-refused',
  );
  assert.equal(told.coapCode, '4.05');
  assert.equal(told.status, 424);
  await refused(admin.call(routes.writeResource, { ...at('3303/0/5750'), body: { value: 5 } }), 'invalid-value');
  await refused(admin.call(routes.writeResource, { ...at('3303/0/5750'), body: {} }), 'invalid-value');
});

test('execute, with and without arguments', async () => {
  const { admin } = bench;
  assert.deepEqual(await admin.call(routes.executeResource, at('3303/0/5605')), { coapCode: '2.04' });
  await admin.call(routes.executeResource, { ...at('3303/0/5605'), body: { arguments: "0='now'" } });
  assert.equal(terminal.executed.length, 2);
  assert.match(terminal.executed[1]!, /now/);
  await refused(
    admin.call(routes.executeResource, { ...at('3303/0/5605'), body: { arguments: "0='" } }),
    'invalid-value',
  );
  await refused(admin.call(routes.executeResource, at('3/0/0')), 'model-forbids');
  await refused(admin.call(routes.executeResource, at('3/0')), 'invalid-path');
});

test('create and delete an instance', async () => {
  const { admin } = bench;
  const body = { instanceId: 1, resources: { '5700': 1.5 } };
  const created = await admin.call(routes.createInstance, { ...at('3303'), body });
  assert.deepEqual([created.coapCode, created.path], ['2.01', '/3303/1']);
  const update = await events.next(ofType('device.updated'));
  assert.equal(update.data.linksChanged, true);
  const shown = await admin.call(routes.showDevice, { params: { device } });
  assert.ok(shown.links.some((link) => link.path === '/3303/1'));
  assert.deepEqual(await admin.call(routes.deleteInstance, at('3303/1')), { coapCode: '2.02' });
  const gone = await refused(admin.call(routes.readResource, at('3303/1/5700')), 'device-refused');
  assert.equal(gone.coapCode, '4.04');
  await refused(admin.call(routes.createInstance, { ...at('3303/5'), body: { resources: {} } }), 'invalid-path');
});

test('discover and attributes', async () => {
  const { admin } = bench;
  assert.deepEqual(
    await admin.call(routes.writeAttributes, { ...at('3303/0/5700'), body: { pmin: 0, gt: 30, lt: 5 } }),
    {
      coapCode: '2.04',
    },
  );
  const found = await admin.call(routes.discoverResources, at('3303/0'));
  const value = found.links.find((link) => link.path === '/3303/0/5700');
  assert.deepEqual([value?.name, value?.attributes['gt'], value?.attributes['lt']], ['Sensor Value', '30', '5']);
  await admin.call(routes.writeAttributes, { ...at('3303/0/5700'), body: { gt: null, lt: null } });
  const again = await admin.call(routes.discoverResources, at('3303/0/5700'));
  assert.equal(again.links.find((link) => link.path === '/3303/0/5700')?.attributes['gt'], undefined);
  await refused(admin.call(routes.writeAttributes, { ...at('3303/0/5700'), body: { gt: 1, lt: 2 } }), 'invalid-value');
});

test('observe: the first value at once, notifications as events, cancelled both ways', async () => {
  const { admin } = bench;
  const begun = await admin.call(routes.startObservation, at('3303/0/5700'));
  assert.deepEqual([begun.observing, begun.coapCode], [true, '2.05']);
  const listed = await admin.call(routes.listObservations, { params: { device } });
  assert.deepEqual(
    listed.items.map((one) => [one.path, one.name]),
    [['/3303/0/5700', 'Sensor Value']],
  );
  terminal.temperature.set('sensorValue', 21.5);
  const notified = await events.next(ofType('observation.notified'));
  assert.equal(notified.device, device);
  assert.ok(notified.data.node.kind === 'resource' && notified.data.node.value === 21.5);
  assert.deepEqual(await admin.call(routes.cancelObservation, at('3303/0/5700')), { coapCode: '2.05' });
  assert.deepEqual((await admin.call(routes.listObservations, { params: { device } })).items, []);
  await refused(admin.call(routes.cancelObservation, at('3303/0/5700')), 'not-found');
  await admin.call(routes.startObservation, at('3/0/9'));
  assert.deepEqual(await admin.call(routes.cancelObservation, { ...at('3/0/9'), query: { mode: 'passive' } }), {});
  const ended = await events.next((event) => event.type === 'observation.ended' && event.data.path === '/3/0/9');
  assert.deepEqual(ended.data, { path: '/3/0/9', reason: 'cancelled' });
});

test('paths and devices that are none', async () => {
  const { admin } = bench;
  for (const path of ['a', '3/0/0/0/0', '3//0', '70000', '03']) {
    await refused(admin.call(routes.readResource, at(path)), 'invalid-path');
  }
  await refused(admin.call(routes.readResource, { params: { device: 'nobody', path: '3' } }), 'device-unknown');
  await refused(admin.call(routes.listObservations, { params: { device: 'nobody' } }), 'device-unknown');
});

test('operations are events too', async () => {
  const told = await events.next((event) => event.type === 'operation.completed' && event.data.operation === 'execute');
  assert.ok(told.type === 'operation.completed' && told.data.coapCode === '2.04' && told.data.path === '/3303/0/5605');
});

test('it de-registers and is offline, comes back and keeps its activation', async () => {
  const { admin } = bench;
  const before = await admin.call(routes.showDevice, { params: { device } });
  await terminal.client.goOffline();
  await events.next(ofType('device.deregistered'));
  const offline = await admin.call(routes.showDevice, { params: { device } });
  assert.deepEqual([offline.state, offline.registration, offline.links], ['OFFLINE', undefined, []]);
  const told = await refused(admin.call(routes.readResource, at('3/0/0')), 'device-not-registered');
  assert.equal(told.status, 409);
  assert.deepEqual((await admin.call(routes.listObservations, { params: { device } })).items, []);
  terminal.client.goOnline();
  await terminal.client.registered();
  const online = await admin.call(routes.showDevice, { params: { device } });
  assert.equal(online.state, 'ONLINE');
  assert.equal(online.activatedAt, before.activatedAt);
  assert.notEqual(online.registration?.id, before.registration?.id);
});

test('removed, it is gone until it registers anew', async () => {
  const { admin } = bench;
  await admin.call(routes.removeDevice, { params: { device } });
  await events.next(ofType('device.removed'));
  await refused(admin.call(routes.showDevice, { params: { device } }), 'device-unknown');
  await refused(admin.call(routes.removeDevice, { params: { device } }), 'device-unknown');
  const since = events.events.length;
  terminal.client.update(); // answered 4.04, whereupon it registers
  await events.next(ofType('device.registered'), since);
  assert.equal((await admin.call(routes.showDevice, { params: { device } })).state, 'ONLINE');
});
