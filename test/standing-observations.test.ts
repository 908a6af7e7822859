/** What operators observe goes on when terminals leave and come back: REST, restarts of the platform, and cancellation meanwhile. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiClient, type JsonObservation, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { EventLog, openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const device = 'urn:imei:861234567890199';
const params = { device };
const path = '3303/0/5700';
let bench: TestPlatform;
let admin: ApiClient;
let terminal: TestTerminal;
let events: EventLog;

before(async () => {
  bench = await openPlatform();
  ({ admin } = bench);
  events = await EventLog.open(admin);
  terminal = await openTerminal({ endpointName: device, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await events.close();
  await bench[Symbol.asyncDispose]();
});

const observed = async (client = admin) => (await client.call(routes.listObservations, { params })).items;
const states = (items: readonly JsonObservation[]) => items.map((one) => `${one.path} ${one.state}`).toSorted();
const isActive = (items: readonly JsonObservation[]) =>
  items.length > 0 && items.every(({ state }) => state === 'active') ? items : undefined;

test('an observation waits while its device is de-registered, and begins again with its next registration', async () => {
  await admin.call(routes.startObservation, { params: { device, path } });
  await admin.call(routes.observeComposite, { params, body: { paths: ['/3/0/9', '/3/0/13'] } });
  const since = events.events.length;
  await terminal.client.goOffline();
  const ended = await events.next((one) => one.type === 'observation.ended' && one.data.path === `/${path}`, since);
  assert.deepEqual(ended.data, { path: `/${path}`, reason: 'registration', waiting: true });
  assert.deepEqual(states(await observed()), ['/3/0/9 /3/0/13 waiting', '/3303/0/5700 waiting']);
  terminal.client.goOnline();
  await terminal.client.registered();
  await until(async () => isActive(await observed()), 'the observations to begin again');
  terminal.temperature.set('sensorValue', 31);
  const told = await events.next((one) => one.type === 'observation.notified' && one.data.path === `/${path}`, since);
  assert.ok(told.type === 'observation.notified' && told.data.node.kind === 'resource');
  assert.equal(told.data.node.value, 31);
});

test('it can be cancelled while it waits, and what waits outlives a restart', async () => {
  await terminal.client.goOffline();
  const body = { paths: ['/3/0/9', '/3/0/13'] };
  assert.deepEqual(await admin.call(routes.cancelComposite, { params, body }), {});
  await assert.rejects(admin.call(routes.cancelComposite, { params, body }), withCode('not-found'));
  assert.deepEqual(states(await observed()), ['/3303/0/5700 waiting']);
  await events.close();
  bench = await bench.restart();
  ({ admin } = bench);
  events = await EventLog.open(admin);
  assert.deepEqual(states(await observed()), ['/3303/0/5700 waiting']);
  terminal.client.goOnline();
  await terminal.client.registered();
  await until(async () => isActive(await observed()), 'the observation to begin again');
  await terminal.client.goOffline();
  assert.deepEqual(await admin.call(routes.cancelObservation, { params: { device, path } }), {});
  terminal.client.goOnline();
  await terminal.client.registered();
  assert.deepEqual(await observed(), []);
  assert.equal(terminal.client.registrations[0]!.observations, 0);
});

test('a device that is forgotten and comes back is not observed', async () => {
  await admin.call(routes.startObservation, { params: { device, path } });
  await terminal.client.goOffline();
  await admin.call(routes.removeDevice, { params });
  terminal.client.goOnline();
  await terminal.client.registered();
  assert.deepEqual(await observed(), []);
});
