/**
 * What it costs to keep DTLS sessions over restarts: storing them, their progress, and taking them up again, with the whole of
 * the platform's storage. `node bench/dtls-restart.ts [sessions]`
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { milliseconds, silentLog, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeTimers, openCrypto } from '@yaolian/node-runtime';
import { Storage } from '@yaolian/storage';
import { SessionKeeper } from '../apps/server/src/security/session-keeper.ts';
import { joinedByWire, key, serverAddress } from './support/dtls-wire.ts';
import { rounded, table } from './support/figures.ts';

const count = Number(process.argv[2] ?? 100_000);
const crypto = await openCrypto();
const folder = mkdtempSync(join(tmpdir(), 'yaolian-bench-'));
const addressOf = (n: number) => socketAddress(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 5684);

/** One run of the platform's part of it. */
function open() {
  const storage = Storage.open({ folder });
  const keeper = new SessionKeeper({
    store: storage.secureSessions,
    isStillGood: async () => true,
    interval: milliseconds(1e9), // we say when
    clock: nodeClock,
    timers: nodeTimers,
    log: silentLog,
  });
  const parts = joinedByWire(crypto, 'TLS_PSK_WITH_AES_128_CCM_8', false, {
    sessions: keeper.listener,
    onProgressDue: keeper.onProgressDue,
  });
  return { storage, keeper, ...parts };
}

async function cpuMilliseconds(work: () => Promise<void>): Promise<readonly [cpu: number, wall: number]> {
  const [before, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, performance.now() - start];
}

const first = open();
await first.keeper.restore(first.server);
const exports: Uint8Array[] = [];
for (let n = 0; n < count; n++) {
  first.plugs.client!.from = addressOf(n);
  first.client.send(key, serverAddress);
  first.wire.run();
  if (n === 0) exports.push(first.client.exportSession(first.client.session(serverAddress)!).state);
  const heard = first.plugs.server!.listener;
  first.plugs.server!.listener = undefined; // the client forgets, the server does not hear of it
  first.client.disconnect(serverAddress);
  first.wire.run();
  first.plugs.server!.listener = heard;
  if (n % 256 === 255) await new Promise(setImmediate);
}
await first.storage.flush();
assert.equal(first.server.size, count);

const sessions = [...first.server.sessions()];
const [exportCpu] = await cpuMilliseconds(async () => {
  for (const session of sessions) first.server.exportSession(session).stored();
});
const [putCpu] = await cpuMilliseconds(async () => {
  for (const session of sessions) {
    const { state } = first.server.exportSession(session);
    void first.storage.secureSessions.put({ key: session.key, run: 1, state });
  }
  await first.storage.flush();
});
const bytes = first.server.exportSession(sessions[0]!).state.length;
const progressOfAll = () => first.server.exportProgress(sessions).bytes;
const [progressCpu] = await cpuMilliseconds(async () => {
  await first.storage.secureSessions.addProgress(progressOfAll());
  await first.storage.flush();
});
const [, stopWall] = await cpuMilliseconds(() => first.keeper.stop());
await first.storage.close();
const database = statSync(join(folder, 'yaolian.db')).size;

const second = open();
const [restoreCpu, restoreWall] = await cpuMilliseconds(() => second.keeper.restore(second.server));
assert.equal(second.server.size, count);
second.plugs.client!.from = addressOf(0);
second.client.importSession(exports[0]!);
second.client.send(key, serverAddress);
second.wire.run();
await second.storage.flush(); // what came is taken once a restart would refuse it
await new Promise(setImmediate);
second.wire.run();
assert.equal(second.answers(), 1, 'an old session is answered without a handshake');
await second.keeper.stop();
await second.storage.close();
rmSync(folder, { recursive: true });

const each = (cpu: number) => rounded((cpu * 1000) / count, 2);
console.log(
  table(
    [`${count} sessions`, 'value'],
    [
      ['export alone (the yardstick), us each', each(exportCpu)],
      ['export, sealed, on disk, us each', each(putCpu)],
      ['progress of a session that was heard of, us each', each(progressCpu)],
      ['bytes of an export', bytes],
      ['bytes of the database a session', Math.round(database / count)],
      ['stop in peace, s', rounded(stopWall / 1000, 2)],
      ['taken up at start, us of CPU each', each(restoreCpu)],
      ['taken up at start, s', rounded(restoreWall / 1000, 2)],
    ],
  ),
);
