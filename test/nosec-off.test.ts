/** With coap.nosec off everything goes on, over coaps: simulated devices, firmware that they pull. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { packFirmware } from '@yaolian/simulator';
import { EventLog, openPlatform } from './support/platform.ts';

test('a simulated device registers with a key of its own, and pulls firmware over coaps', async () => {
  await using bench = await openPlatform({ 'coap.nosec': false });
  const { admin } = bench;
  const { endpoint } = await admin.call(routes.startTrialDevice, {});
  const keys = () => admin.call(routes.listCredentials, { query: { endpoint } });
  assert.deepEqual(
    (await keys()).items.map(({ kind, state, issued }) => [kind, state, issued]),
    [['psk', 'used', true]],
  );
  const body = packFirmware(new Uint8Array(randomBytes(5000)), { name: 'app', version: '2.0' });
  const sha256 = createHash('sha256').update(body).digest('hex');
  const file = await admin.call(routes.uploadFirmware, { query: { name: 'fw.bin', version: '2.0', sha256 }, body });
  const events = await EventLog.open(admin);
  const asked = { file: file.id, delivery: 'pull' } as const;
  const begun = await admin.call(routes.startFirmwareUpdate, { params: { device: endpoint }, body: asked });
  await events.next((event) => event.type === 'firmware.changed' && event.data.phase === 'succeeded');
  const shown = await admin.call(routes.showFirmwareUpdate, { params: { id: begun.id } });
  assert.equal(shown.delivery, 'coaps');
  await events.close();
  await admin.call(routes.stopTrialDevice, { params: { endpoint } });
  assert.deepEqual((await keys()).items, []);
});
