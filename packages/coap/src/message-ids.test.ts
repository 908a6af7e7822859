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

test('a busy peer gets a sequence of its own, and those who shared with it go on', () => {
  const ids = new MessageIds(new SeededRandom(1), lifetime, 1);
  const quiet = socketAddress('192.0.2.2', 5683);
  const seen = new Set<number>();
  for (let id = ids.next(peer, 0); id >= 0; id = ids.next(peer, 0)) seen.add(id);
  assert.ok(ids.delay(peer, 1) > 0);
  assert.equal(ids.delay(quiet, 1), 0);
  // What a peer had of the shared sequence does not come again in its own.
  assert.ok(seen.size >= 15 * 4096);
  for (let i = 0; i < 1000; i++) assert.ok(ids.next(quiet, 1) >= 0);
});

test('however many peers are busy at once, own sequences are as few as the shared ones', () => {
  const ids = new MessageIds(new SeededRandom(1), lifetime, 2);
  const peers = Array.from({ length: 5 }, (_, i) => socketAddress('192.0.2.1', 1000 + i));
  let given = 0;
  for (const one of peers) while (ids.next(one, 0) >= 0) given++;
  assert.ok(given <= 4 * 65_536, `${given} were given`);
  // Later they are free again, for others too.
  for (const one of peers.toReversed()) assert.equal(ids.delay(one, lifetime), 0);
  assert.ok(ids.next(peers[4]!, lifetime) >= 0);
});
