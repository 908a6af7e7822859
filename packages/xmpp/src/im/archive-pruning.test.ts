import assert from 'node:assert/strict';
import { test } from 'node:test';
import { days, hours, minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { MemoryArchiveStore } from '../memory/memory-im-stores.ts';
import { ArchivePruning, type ArchivePruningOptions, type ArchiveRetention } from './archive-pruning.ts';

/** An archive that tells how many messages went at each call. */
class CountingArchive extends MemoryArchiveStore {
  readonly removals: number[] = [];

  override async removeBefore(at: number, limit: number): Promise<number> {
    return this.#count(await super.removeBefore(at, limit));
  }

  override async removeBeyond(kept: number, limit: number): Promise<number> {
    return this.#count(await super.removeBeyond(kept, limit));
  }

  #count(removed: number): number {
    this.removals.push(removed);
    return removed;
  }
}

function open(retention: ArchiveRetention, options: Partial<ArchivePruningOptions> = {}) {
  const time = new VirtualTime();
  const archive = new CountingArchive();
  const pruning = new ArchivePruning({ archive, clock: time, timers: time, retention, ...options });
  let lastId = 0;
  const add = async (account: string, count: number) => {
    for (let n = 0; n < count; n++) {
      const id = String(++lastId).padStart(6, '0');
      await archive.add(account, { id, with: 'romeo@example.com', at: time.epoch(), stanza: '<message/>' });
    }
  };
  const kept = async (account: string) => (await archive.page(account, { limit: 100 })).messages.length;
  return { time, archive, pruning, add, kept };
}

test('messages go when they are too old, a slice at a time', async () => {
  const { time, archive, pruning, add, kept } = open({ slice: 4 });
  await add('juliet', 10);
  await time.advance(days(60));
  await add('juliet', 3);
  pruning.start();
  await time.advance(minutes(10));
  assert.equal(await kept('juliet'), 13, 'within 90 days');
  await time.advance(days(30));
  assert.equal(await kept('juliet'), 3);
  assert.deepEqual(
    archive.removals.filter((removed) => removed > 0),
    [4, 4, 2],
  );
  pruning.close();
});

test('a clock that is years ahead for an hour costs no messages', async () => {
  const { time, pruning, add, kept } = open({});
  await add('juliet', 3);
  pruning.start();
  time.setClock(days(3650));
  await time.advance(hours(1));
  time.setClock(-days(3650));
  await time.advance(hours(48));
  assert.equal(await kept('juliet'), 3);
  pruning.close();
});

test('the oldest messages go where an account has too many, and others keep theirs', async () => {
  const { time, archive, pruning, add, kept } = open({ messagesPerAccount: 5, slice: 3 });
  await add('juliet', 12);
  await add('nurse', 5);
  pruning.start();
  await time.advance(minutes(10));
  assert.deepEqual([await kept('juliet'), await kept('nurse')], [5, 5]);
  assert.deepEqual(archive.removals, [0, 3, 3, 1]);
  assert.equal((await archive.page('juliet', { limit: 1 })).messages[0]?.id, '000008');
  pruning.close();
});

test('a pass that fails is told, and the next one comes', async () => {
  const archive = new CountingArchive();
  const told: string[] = [];
  let isBroken = true;
  archive.removeBefore = async () => {
    if (isBroken) throw new Error('the disk is full');
    return 0;
  };
  const log = { debug() {}, info() {}, error() {}, warn: (message: string) => void told.push(message) };
  const { time, pruning } = open({}, { archive, log: log as never });
  pruning.start();
  await time.advance(minutes(10));
  assert.deepEqual(told, ['archives of messages could not be pruned']);
  isBroken = false;
  await time.advance(minutes(10));
  assert.deepEqual([told.length, archive.removals], [1, [0]]);
  pruning.close();
});

test('nothing goes after it was closed', async () => {
  const { time, archive, pruning, add } = open({ messagesPerAccount: 0 });
  await add('juliet', 1);
  pruning.start();
  pruning.close();
  await time.advance(days(1));
  assert.deepEqual(archive.removals, []);
});
