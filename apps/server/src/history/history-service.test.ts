import assert from 'node:assert/strict';
import { test } from 'node:test';
import { days, hours, silentLog } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { HistoryService, type HistoryServiceOptions } from './history-service.ts';

test('a clock that is years ahead for an hour makes no history older', async () => {
  const time = new VirtualTime();
  const beyond: number[] = [];
  const history = { record: async () => {}, prune: async (now: number) => void beyond.push(now - time.epoch()) };
  const deaf = { listen: () => () => {}, events: { onAny: () => () => {} } };
  const counts = async () => ({ total: 0, online: 0, sleeping: 0, offline: 0 });
  const parts = { history, hub: deaf, server: deaf, fleet: { counts }, clock: time, timers: time, log: silentLog };
  const service = new HistoryService(parts as unknown as HistoryServiceOptions);
  service.start();
  time.setClock(days(3650));
  await time.advance(hours(1));
  time.setClock(-days(3650));
  await time.advance(hours(1));
  assert.equal(beyond.length, 12);
  assert.deepEqual(new Set(beyond), new Set([-days(3650), 0]));
  service.close();
});
