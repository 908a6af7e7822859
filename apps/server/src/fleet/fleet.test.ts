import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeviceStore, defaultDeviceStateThresholds } from '@yaolian/directory';
import { MemoryDeviceStore } from '@yaolian/directory/testing';
import { days, seconds } from '@yaolian/kernel';
import type { Lwm2mServer, Registration } from '@yaolian/lwm2m/server';
import { VirtualTime } from '@yaolian/testkit';
import { Fleet } from './fleet.ts';

/** A fleet of a terminal that listens and one in queue mode, heard at the start. */
function fleetOfTwo() {
  const time = new VirtualTime();
  const updatedAt = time.epoch();
  const registrations = [false, true].map(
    (queueMode) => ({ deviceKey: queueMode ? 'q' : 'u', lifetime: 300, updatedAt, queueMode }) as Registration,
  );
  const heard = () => time.epoch() - time.monotonic();
  const server: Partial<Lwm2mServer> = {
    registration: (reference) =>
      registrations.find((one) => 'deviceKey' in reference && one.deviceKey === reference.deviceKey),
    *registrations() {
      yield* registrations;
    },
    lastHeardAt: heard,
    lastUpdatedAt: heard,
  };
  const store: Partial<DeviceStore> = { countDevices: async () => 2 };
  const fleet = new Fleet({
    store: store as DeviceStore,
    server: server as Lwm2mServer,
    clock: time,
    thresholds: defaultDeviceStateThresholds,
  });
  return { time, fleet, states: () => [fleet.stateOf('u'), fleet.stateOf('q')] };
}

test('a leap of the clock, ahead or back, changes no state', async () => {
  const { time, fleet, states } = fleetOfTwo();
  time.setClock(days(365));
  assert.deepEqual(states(), ['ONLINE', 'ONLINE']);
  assert.deepEqual(await fleet.counts(), { total: 2, online: 2, sleeping: 0, offline: 0 });
  time.setClock(-days(730));
  await time.advance(seconds(100));
  assert.deepEqual(states(), ['ONLINE', 'SLEEPING']);
  await time.advance(seconds(200));
  assert.deepEqual(states(), ['OFFLINE', 'OFFLINE']);
});

/** Devices of which every `nth` is registered, and the last one. */
async function fleetOfMany(count: number, nth: number) {
  const store = new MemoryDeviceStore();
  const keys = Array.from({ length: count }, (_, i) => `d${String(i).padStart(6, '0')}`);
  for (const key of keys) {
    await store.recordRegistration({ key, endpoint: key, address: '192.0.2.1:5683', time: 0, identity: {} });
  }
  const here = new Set(keys.filter((key, i) => i % nth === 0 || key === keys.at(-1)));
  const time = new VirtualTime();
  const server: Partial<Lwm2mServer> = {
    peerOf: () => undefined,
    registration: (reference) =>
      'deviceKey' in reference && here.has(reference.deviceKey as string)
        ? ({ deviceKey: reference.deviceKey, lifetime: 300, queueMode: false } as Registration)
        : undefined,
    lastUpdatedAt: () => time.epoch(),
    expiryOf: () => time.epoch(),
  };
  const options = { store, server: server as Lwm2mServer, clock: time, thresholds: defaultDeviceStateThresholds };
  return { fleet: new Fleet(options), here: [...here] };
}

test('the only device of thousands that is in a state is on the first page', async () => {
  const { fleet, here } = await fleetOfMany(9000, 9000);
  const page = await fleet.page({ state: 'ONLINE', limit: 2 });
  assert.deepEqual(
    page.devices.map(({ device, state }) => [device.key, state]),
    here.map((key) => [key, 'ONLINE']),
  );
  assert.equal(page.next, undefined);
});

test('pages of a state hold every device of it once, in the order of keys', async () => {
  const { fleet, here } = await fleetOfMany(4100, 20);
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = await fleet.page({ state: 'ONLINE', limit: 50, ...(after === undefined ? {} : { after }) });
    assert.ok(page.devices.length <= 50);
    found.push(...page.devices.map(({ device }) => device.key));
    after = page.next;
  } while (after !== undefined);
  assert.deepEqual(found, here);
});
