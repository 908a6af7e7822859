import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeviceStore, defaultDeviceStateThresholds } from '@yaolian/directory';
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
