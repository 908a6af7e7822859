/** Lists and the overview know the model of every device without anybody asking for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { openPlatform } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

test('object 3 of a terminal that registers is read once, and the overview counts it by model', async () => {
  await using bench = await openPlatform({ 'lwm2m.read-model': true });
  const first = await openTerminal({ endpointName: 'meter', server: bench.coap });
  await first.client.start();
  const device = await until(async () => {
    const { items } = await bench.admin.call(routes.listDevices, {});
    return items.find(({ model }) => model !== undefined);
  }, 'the model of the terminal');
  assert.equal(device.key, 'meter');
  const map = async () => (await bench.admin.call(routes.showModelMap, {})).groups;
  const group = { model: device.model, online: 1, sleeping: 0, offline: 0 };
  assert.deepEqual(await map(), [{ ...group, ...(device.version !== undefined && { version: device.version }) }]);

  // Known: it is not asked when it registers again.
  const { counters: before } = await bench.admin.call(routes.showStatus, {});
  await first[Symbol.asyncDispose]();
  await using second = await openTerminal({ endpointName: 'meter', server: bench.coap });
  await second.client.start();
  const registered = async () => (await bench.admin.call(routes.showStatus, {})).counters['messages.registered'];
  await until(async () => (await registered()) === 2, 'the second Register');
  await bench.admin.call(routes.readResource, { params: { device: 'meter', path: '3/0/0' } });
  const { counters } = await bench.admin.call(routes.showStatus, {});
  assert.equal(counters['operations.done'], before['operations.done']! + 1);
});
