import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Device, DeviceFacts, DeviceState } from '@yaolian/directory';
import { seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { FleetMap } from './fleet-map.ts';

function device(key: string, facts?: DeviceFacts): Device {
  return {
    key,
    endpoint: key,
    activatedAt: 0,
    activationAddress: undefined,
    lastAddress: undefined,
    lastRegisteredAt: 0,
    identity: {},
    ...(facts && { facts }),
  };
}

function setUp(devices: readonly Device[], states: Readonly<Record<string, DeviceState>> = {}) {
  const time = new VirtualTime();
  let pages = 0;
  const store = {
    async devices({ after = '', limit }: { readonly after?: string; readonly limit: number }) {
      pages++;
      return devices.filter(({ key }) => key > after).slice(0, limit);
    },
  };
  const stateOf = (key: string): DeviceState => states[key] ?? 'ONLINE';
  return { time, pages: () => pages, map: new FleetMap({ store, fleet: { stateOf }, clock: time }) };
}

test('devices are counted by model, version and state, the largest group first', async () => {
  const lamp = { vendor: 'v', model: 'Lamp', version: '1' };
  const devices = [device('a', lamp), device('b', lamp), device('c', { ...lamp, version: '2' }), device('d')];
  const { map } = setUp([...devices, device('e'), device('f')], { b: 'SLEEPING', d: 'OFFLINE' });
  const { groups } = await map.byModel();
  assert.deepEqual(groups, [
    { model: undefined, version: undefined, online: 2, sleeping: 0, offline: 1 },
    { model: 'Lamp', version: '1', online: 1, sleeping: 1, offline: 0 },
    { model: 'Lamp', version: '2', online: 1, sleeping: 0, offline: 0 },
  ]);
});

test('a fleet of many pages is walked to its end, once for all who ask together, and again when the count is old', async () => {
  const many = Array.from({ length: 2500 }, (_, i) => device(String(i).padStart(5, '0'), { model: 'M' }));
  const { map, pages, time } = setUp(many);
  const [first, second] = await Promise.all([map.byModel(), map.byModel()]);
  assert.equal(first.groups[0]?.online, 2500);
  assert.equal(second, first);
  assert.equal(pages(), 3);
  assert.equal(await map.byModel(), first);
  await time.advance(seconds(6));
  await map.byModel();
  assert.equal(pages(), 6);
});
