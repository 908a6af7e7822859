import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCode } from '@yaolian/coap';
import { FirmwareResult, FirmwareState } from '../../client/index.ts';
import { nodeValues, singleResource } from '../../index.ts';
import { at, body, code, FirmwarePair, uri } from '../testing/firmware-pair.ts';
import { reference } from '../testing/pair.ts';

// OMA's test cases on object 5, with our terminal and our server at the two ends.

test('LightweightM2M-1.1-int-751 Firmware Update: Querying the readable resources', async () => {
  const { pair } = await FirmwarePair.open();
  const answer = await pair.until(pair.server.read(reference, at('/5/0')));
  assert.ok(answer.ok);
  const ids = [...nodeValues(at('/5/0'), answer.value.node)].map(({ path, value }) => [path.resourceId, value]);
  assert.deepEqual(
    ids.filter(([id]) => [1, 3, 5, 6, 7, 8, 9].includes(id as number)),
    [
      [1, ''],
      [3, FirmwareState.Idle],
      [5, FirmwareResult.Initial],
      [6, ''],
      [7, ''],
      [8, 0],
      [9, 2],
    ],
  );
  const refused = await pair.until(pair.server.read(reference, at('/5/0/0'), { unchecked: true }));
  assert.equal(refused.ok ? '' : formatCode(refused.error.code), '4.05');
});

test('LightweightM2M-1.1-int-755 Firmware Update: Setting the writable Resource Package', async () => {
  const self = await FirmwarePair.open({ store: { verify: () => ({ name: 'app', version: '2.0' }) } });
  assert.equal(code(await self.push(body(5000))), '2.04');
  assert.deepEqual(await self.look(), [FirmwareState.Downloaded, FirmwareResult.Initial]);
  assert.deepEqual(self.store.bytes, body(5000));
  assert.deepEqual(
    [self.firmware.instance.get('packageName'), self.firmware.instance.get('packageVersion')],
    ['app', '2.0'],
  );
  // In one message, and NUL resets.
  const nul = singleResource(0, 'opaque', Uint8Array.of(0));
  assert.equal(code(await self.pair.until(self.pair.server.write(reference, at('/5/0/0'), nul))), '2.04');
  assert.deepEqual([await self.look(), self.store.length], [[FirmwareState.Idle, FirmwareResult.Initial], 0]);
  const small = singleResource(0, 'opaque', body(100));
  assert.equal(code(await self.pair.until(self.pair.server.write(reference, at('/5/0/0'), small))), '2.04');
  assert.deepEqual([(await self.look())[0], self.store.bytes], [FirmwareState.Downloaded, body(100)]);
});

test('LightweightM2M-1.1-int-756 Firmware Update: Setting the writable Resource Package URI', async () => {
  const self = await FirmwarePair.open();
  self.serveFile(body(3000));
  assert.equal(code(await self.writeUri(uri)), '2.04');
  assert.equal(self.firmware.state, FirmwareState.Downloading);
  await self.pair.pass(5);
  assert.deepEqual(await self.look(), [FirmwareState.Downloaded, FirmwareResult.Initial]);
  assert.deepEqual([self.store.bytes, self.firmware.instance.get('packageUri')], [body(3000), uri]);
  assert.equal(code(await self.writeUri('')), '2.04');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Initial]);
});

test('LightweightM2M-1.1-int-760 Firmware Update: Basic Observation and notification', async () => {
  const self = await FirmwarePair.open();
  for (const path of ['/5/0/3', '/5/0/5']) {
    const answer = await self.pair.until(self.pair.server.observe(reference, at(path)));
    assert.ok(answer.ok && answer.value.observation);
  }
  const notified: string[] = [];
  self.pair.server.events.on('notification', ({ path, node }) => {
    notified.push(`${path.resourceId}=${[...nodeValues(path, node)][0]!.value}`);
  });
  await self.push(body(2000));
  await self.execute('/5/0/2');
  await self.pair.pass(10);
  assert.deepEqual(
    notified.filter((one) => one.startsWith('3')),
    ['3=1', '3=2', '3=3', '3=0'],
  );
  assert.equal(
    notified.findLast((one) => one.startsWith('5')),
    '5=1',
  );
});

test('LightweightM2M-1.1-int-770 Firmware Update: Successful Firmware update (via CoAP, push)', async () => {
  const self = await FirmwarePair.open();
  assert.equal(code(await self.push(body(20_000))), '2.04');
  assert.equal(code(await self.execute('/5/0/2')), '2.04');
  assert.deepEqual(await self.look(), [FirmwareState.Updating, FirmwareResult.Initial]);
  assert.equal(code(await self.execute('/5/0/2')), '4.05');
  await self.pair.pass(10);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Success]);
});

test('LightweightM2M-1.1-int-771 Firmware Update: Successful Firmware update (URI, pull), 10 % lost', async () => {
  const self = await FirmwarePair.open({ pair: { conditions: { loss: 0.1 } } });
  self.serveFile(body(50_000));
  await self.writeUri(uri);
  await self.pair.pass(600);
  assert.deepEqual(
    [await self.look(), self.store.bytes],
    [[FirmwareState.Downloaded, FirmwareResult.Initial], body(50_000)],
  );
  await self.execute('/5/0/2');
  await self.pair.pass(10);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Success]);
});

test('LightweightM2M-1.1-int-772 Firmware Update Error 1: installation without downloaded package', async () => {
  const self = await FirmwarePair.open();
  assert.equal(code(await self.execute('/5/0/2')), '4.05');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Initial]);
});

test('LightweightM2M-1.1-int-773 Firmware Update Error 2: shortage of storage memory', async () => {
  const self = await FirmwarePair.open({ store: { maximumBytes: 4000 } });
  assert.equal(code(await self.push(body(5000))), '4.13');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.NotEnoughStorage]);
  self.serveFile(body(5000));
  await self.writeUri(uri);
  await self.pair.pass(10);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.NotEnoughStorage]);
  assert.deepEqual(self.seen, ['1/0', '0/2', '1/0', '0/2']);
});

test('LightweightM2M-1.1-int-774 Firmware Update Error 3: out of memory', async () => {
  const self = await FirmwarePair.open();
  self.store.append = () => 'out-of-memory';
  assert.equal(code(await self.push(body(5000))), '5.00');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.OutOfMemory]);
});

test('LightweightM2M-1.1-int-775 Firmware Update Error 4: connection lost during download (package URI)', async () => {
  const self = await FirmwarePair.open();
  self.serveFile(body(5000));
  const whole = self.serve;
  self.serve = (path, request) => (self.asked > 3 ? undefined : whole(path, request));
  await self.writeUri(uri);
  await self.pair.pass(1000);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.ConnectionLost]);
  assert.equal(self.store.length, 0);
});

test('LightweightM2M-1.1-int-776 Firmware Update Error 5: package integrity check failure', async () => {
  const self = await FirmwarePair.open({ store: { verify: () => 'integrity' } });
  assert.equal(code(await self.push(body(5000))), '4.00');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.IntegrityCheckFailure]);
});

test('LightweightM2M-1.1-int-777 Firmware Update Error 6: unsupported package type', async () => {
  const self = await FirmwarePair.open({ store: { verify: () => 'unsupported-type' } });
  assert.equal(code(await self.push(body(5000))), '4.00');
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.UnsupportedPackageType]);
});

test('LightweightM2M-1.1-int-778 Firmware Update Error 7: invalid URI (package URI)', async () => {
  const self = await FirmwarePair.open();
  for (const wrong of ['nonsense', 'coap://', 'coap://203.0.113.9/none']) {
    await self.writeUri(wrong);
    await self.pair.pass(5);
    assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.InvalidUri], wrong);
  }
  await self.writeUri('ftp://203.0.113.9/1');
  await self.pair.pass(5);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.UnsupportedProtocol]);
});

test('LightweightM2M-1.1-int-779 Firmware Update Error 8: unsuccessful firmware update', async () => {
  const self = await FirmwarePair.open({ install: 'failed' });
  await self.push(body(5000));
  await self.execute('/5/0/2');
  await self.pair.pass(10);
  assert.deepEqual(await self.look(), [FirmwareState.Downloaded, FirmwareResult.UpdateFailed]);
});
