import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestedBlock } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import {
  coapFetcher,
  type FirmwareRecord,
  FirmwareResult,
  FirmwareState,
  FirmwareUpdate,
  MemoryPackageStore,
  plainConnector,
  volatileJournal,
} from '../../client/index.ts';
import { singleResource } from '../../index.ts';
import { at, body, code, FirmwarePair, uri } from '../testing/firmware-pair.ts';
import { reference } from '../testing/pair.ts';

// The state machine of object 5 where the test specification is silent.

test('a download goes on at its last block after a loss and after a restart, and from the start when the file changed', async () => {
  const self = await FirmwarePair.open();
  const { time } = self.pair.world;
  self.serveFile(body(10_000));
  const whole = self.serve;
  const offsets: number[] = [];
  self.serve = (path, request) => {
    offsets.push(requestedBlock(request)!.number);
    return offsets.length === 4 ? undefined : whole(path, request);
  };
  await self.writeUri(uri);
  await self.pair.pass(150);
  assert.deepEqual(await self.look(), [FirmwareState.Downloaded, FirmwareResult.Initial]);
  assert.deepEqual(offsets.slice(0, 6), [0, 1, 2, 3, 3, 4]);
  // Another process finds the journal and the beginning of the package.
  for (const etag of [1, 2]) {
    const store = new MemoryPackageStore();
    store.append(body(2500));
    const record = { state: FirmwareState.Downloading, result: 0, packageUri: uri, pull: { uri, etag: '01' } } as const;
    offsets.length = 0;
    offsets.push(9, 9, 9, 9);
    self.serveFile(body(10_000), Uint8Array.of(etag));
    const served = self.serve;
    self.serve = (path, request) => {
      offsets.push(requestedBlock(request)!.number);
      return served(path, request);
    };
    const next = new FirmwareUpdate({
      store,
      fetchers: { coap: coapFetcher(plainConnector(self.pair.terminalEndpoint)) },
      clock: time,
      timers: time,
      installer: { install: async () => 'installed' },
      journal: volatileJournal<FirmwareRecord>(record),
    });
    await next.start();
    await self.pair.pass(10);
    assert.deepEqual([next.state, store.bytes], [FirmwareState.Downloaded, body(10_000)]);
    assert.deepEqual(offsets.slice(4, 7), etag === 1 ? [2, 3, 4] : [2, 0, 1]);
  }
});

test('an update goes on after a restart; a broken push does not', async () => {
  const { pair } = await FirmwarePair.open();
  const { time } = pair.world;
  for (const [state, expected] of [
    [FirmwareState.Updating, '0/1'],
    [FirmwareState.Downloading, '0/4'],
  ] as const) {
    const next = new FirmwareUpdate({
      store: new MemoryPackageStore(),
      fetchers: {},
      clock: time,
      timers: time,
      installer: { install: async (resumed) => (resumed ? 'installed' : 'failed') },
      journal: { load: () => ({ state, result: 0, packageUri: '' }), save: () => {} },
    });
    await next.start();
    await pair.pass(1);
    assert.equal(`${next.state}/${next.result}`, expected);
  }
});

test('Cancel drops a package until the update has begun (1.1)', async () => {
  const self = await FirmwarePair.open();
  assert.equal(code(await self.execute('/5/0/10')), '4.05');
  await self.push(body(3000));
  assert.equal(code(await self.execute('/5/0/10')), '2.04');
  assert.deepEqual([await self.look(), self.store.length], [[FirmwareState.Idle, FirmwareResult.Cancelled], 0]);
  self.serveFile(body(10_000));
  const whole = self.serve;
  self.serve = (path, request) => (self.asked > 3 ? undefined : whole(path, request));
  await self.writeUri(uri);
  await self.pair.pass(2);
  assert.equal(code(await self.push(body(3000))), '4.05');
  assert.equal(code(await self.execute('/5/0/10')), '2.04');
  await self.pair.pass(300);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Cancelled]);
  self.serve = whole;
  await self.push(body(3000));
  await self.execute('/5/0/2');
  assert.equal(code(await self.execute('/5/0/10')), '4.05');
});

test('the user puts an update off, no longer than the Maximum Defer Period (1.1)', async () => {
  const self = await FirmwarePair.open({ firmware: { defer: () => seconds(3600) } });
  await self.push(body(3000));
  const period = singleResource(13, 'unsigned', 60);
  assert.equal(code(await self.pair.until(self.pair.server.write(reference, at('/5/0/13'), period))), '2.04');
  await self.execute('/5/0/2');
  await self.pair.pass(30);
  assert.deepEqual(await self.look(), [FirmwareState.Downloaded, FirmwareResult.Deferred]);
  await self.pair.pass(31);
  assert.deepEqual(await self.look(), [FirmwareState.Updating, FirmwareResult.Initial]);
  await self.pair.pass(10);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.Success]);
  const changed = self.firmware.instance.get('lastStateChangeTime')!;
  assert.ok(self.pair.world.time.epoch() - changed.getTime() < 12_000);
});

test('with Automatic Upgrade the update begins by itself (1.2)', async () => {
  const self = await FirmwarePair.open({ firmware: { version: '1.2' } });
  const automatic = singleResource(14, 'boolean', true);
  assert.equal(code(await self.pair.until(self.pair.server.write(reference, at('/5/0/14'), automatic))), '2.04');
  await self.push(body(3000));
  await self.pair.pass(10);
  assert.deepEqual(self.seen, ['1/0', '2/0', '3/0', '0/1']);
});

test('a push that stops is a lost connection, and a terminal may take one kind of delivery only', async () => {
  const self = await FirmwarePair.open({ firmware: { version: '1.0', delivery: 1, fetchers: {} } });
  const abort = new AbortController();
  const slow = {
    length: 5000,
    read: (offset: number, length: number) => {
      if (offset > 2000) abort.abort();
      return body(5000).subarray(offset, offset + length);
    },
  };
  const pushing = self.pair.server.writeBody(reference, at('/5/0/0'), slow, { signal: abort.signal });
  await assert.rejects(self.pair.until(pushing), { code: 'LWM2M_ABORTED' });
  await self.pair.pass(300);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.ConnectionLost]);
  await self.writeUri(uri);
  await self.pair.pass(1);
  assert.deepEqual(await self.look(), [FirmwareState.Idle, FirmwareResult.UnsupportedProtocol]);
  assert.equal(
    code(await self.pair.until(self.pair.server.execute(reference, at('/5/0/10'), '', { unchecked: true }))),
    '4.04',
  );
});
