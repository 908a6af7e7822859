import assert from 'node:assert/strict';
import { test } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { MessageIds } from './message-ids.ts';

const lifetime = 247_000;
const peer = socketAddress('192.0.2.1', 5683);

test('no message ID is given twice within EXCHANGE_LIFETIME', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const ids = new MessageIds(new SeededRandom(seed), lifetime, 1);
    const seen = new Set<number>();
    let id = ids.next(peer, 0);
    for (; id >= 0; id = ids.next(peer, 1)) {
      assert.ok(!seen.has(id));
      seen.add(id);
    }
    assert.ok(seen.size >= 15 * 4096, `${seen.size} were given`);
  }
});

test('after the lifetime they come again', () => {
  const ids = new MessageIds(new SeededRandom(1), lifetime, 1);
  while (ids.next(peer, 1000) >= 0);
  assert.equal(ids.next(peer, 1000 + lifetime - 1), -1);
  assert.ok(ids.next(peer, 1000 + lifetime) >= 0);
});

test('at a steady rate of 240 a second they never run out, and never come again too early', () => {
  const ids = new MessageIds(new SeededRandom(3), lifetime, 1);
  const usedAt = new Map<number, number>();
  for (let i = 0; i < 200_000; i++) {
    const now = (i * 1000) / 240;
    const id = ids.next(peer, now);
    assert.ok(id >= 0);
    assert.ok(now - (usedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= lifetime);
    usedAt.set(id, now);
  }
});

test('peers of different sequences do not use up each other', () => {
  const ids = new MessageIds(new SeededRandom(1), lifetime, 1024);
  while (ids.next(peer, 0) >= 0);
  const others = Array.from({ length: 50 }, (_, i) => socketAddress('192.0.2.1', 1000 + i));
  assert.ok(others.filter((other) => ids.next(other, 0) >= 0).length >= 48);
});

test('the number of sequences is a power of two', () => {
  assert.throws(() => new MessageIds(new SeededRandom(1), lifetime, 100), RangeError);
});
