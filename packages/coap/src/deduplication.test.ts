import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8, type Peer, socketAddress } from '@yaolian/kernel';
import fc from 'fast-check';
import { Code } from './codes.ts';
import { Deduplication, Outcome } from './deduplication.ts';
import { decodeMessage, type Message, MessageType } from './message.ts';
import { encodeMessage } from './message-encoder.ts';

const lifetimes = { exchangeLifetime: 247_000, nonLifetime: 145_000 };
const alice = socketAddress('192.0.2.1', 5683);
const bob = socketAddress('192.0.2.2', 5683);

function table(maximumBytes = 64 * 1024 * 1024): { duplicates: Deduplication; evicted: () => number } {
  let evicted = 0;
  const duplicates = new Deduplication({
    ...lifetimes,
    maximumBytes,
    seed: 7,
    onEvicted: (count) => {
      evicted += count;
    },
  });
  return { duplicates, evicted: () => evicted };
}

function request(messageId: number, type: MessageType = MessageType.CON, token = Uint8Array.of(1, 2)): Message {
  const fields = { type, code: Code.GET, messageId, token, options: [], payload: new Uint8Array(0) };
  const decoded = decodeMessage(encodeMessage(fields));
  assert.ok(decoded.ok);
  return decoded.value;
}

function find(duplicates: Deduplication, peer: Peer, messageId: number, now: number, type?: MessageType): number {
  return duplicates.find(peer, request(messageId, type), now);
}

function answer(
  duplicates: Deduplication,
  peer: Peer,
  messageId: number,
  payload: Uint8Array,
  now: number,
): Uint8Array {
  duplicates.reserve(peer, request(messageId), Outcome.Answered, payload.length + 5, now);
  duplicates.target.set(payload, duplicates.offset);
  return duplicates.commit(duplicates.offset + payload.length);
}

test('an entry is found by peer and message ID, with its answer', () => {
  const { duplicates } = table();
  assert.equal(find(duplicates, alice, 1, 0), -1);
  assert.deepEqual(answer(duplicates, alice, 1, encodeUtf8('hello'), 0), encodeUtf8('hello'));
  duplicates.add(alice, request(2), Outcome.Rejected, 0);
  const found = find(duplicates, socketAddress('192.0.2.1', 5683), 1, 5);
  assert.equal(duplicates.outcomeOf(found), Outcome.Answered);
  assert.deepEqual(duplicates.answerOf(found), encodeUtf8('hello'));
  assert.equal(duplicates.outcomeOf(find(duplicates, alice, 2, 5)), Outcome.Rejected);
  assert.equal(find(duplicates, bob, 1, 5), -1);
  assert.equal(find(duplicates, alice, 3, 5), -1);
});

test('the same message ID with another token is another message', () => {
  const { duplicates } = table();
  answer(duplicates, alice, 1, encodeUtf8('before the restart'), 0);
  const restarted = request(1, MessageType.CON, Uint8Array.of(9));
  assert.equal(duplicates.find(alice, restarted, 1), -1);
  duplicates.add(alice, restarted, Outcome.Acknowledged, 1);
  assert.equal(duplicates.outcomeOf(duplicates.find(alice, restarted, 2)), Outcome.Acknowledged);
  assert.equal(duplicates.outcomeOf(find(duplicates, alice, 1, 2)), Outcome.Answered);
});

test('peers with equal hashes are told apart by their keys, of any characters', () => {
  const { duplicates } = table();
  const peer = (key: string): Peer => ({ key, hash: 1, address: alice });
  for (const [i, key] of ['a', 'b', 'ab', 'ä', '遥', '联', `long ${'x'.repeat(300)}`].entries()) {
    answer(duplicates, peer(key), 9, Uint8Array.of(i), 0);
  }
  assert.deepEqual(duplicates.answerOf(find(duplicates, peer('遥'), 9, 1)), Uint8Array.of(4));
  assert.deepEqual(duplicates.answerOf(find(duplicates, peer('联'), 9, 1)), Uint8Array.of(5));
  assert.deepEqual(duplicates.answerOf(find(duplicates, peer(`long ${'x'.repeat(300)}`), 9, 1)), Uint8Array.of(6));
  assert.equal(find(duplicates, peer('c'), 9, 1), -1);
});

test('a CON is remembered for EXCHANGE_LIFETIME, a NON for NON_LIFETIME', () => {
  const { duplicates } = table();
  duplicates.add(alice, request(1), Outcome.Acknowledged, 0);
  duplicates.add(alice, request(2, MessageType.NON), Outcome.Silent, 0);
  assert.notEqual(find(duplicates, alice, 2, 144_999, MessageType.NON), -1);
  assert.equal(find(duplicates, alice, 2, 145_000, MessageType.NON), -1);
  assert.notEqual(find(duplicates, alice, 1, 246_999), -1);
  assert.equal(find(duplicates, alice, 1, 247_000), -1);
  duplicates.expire(247_000);
  assert.equal(duplicates.entries, 0);
});

test('a message ID that is used again after its lifetime finds the new entry', () => {
  const { duplicates } = table();
  answer(duplicates, alice, 1, encodeUtf8('old'), 0);
  // Not expired yet: later entries keep the chunk.
  answer(duplicates, alice, 2, encodeUtf8('other'), 50_000);
  answer(duplicates, alice, 1, encodeUtf8('new'), 250_000);
  assert.deepEqual(duplicates.answerOf(find(duplicates, alice, 1, 250_001)), encodeUtf8('new'));
});

test('at the bound the oldest give way and are counted', () => {
  const { duplicates, evicted } = table(64 * 1024);
  for (let id = 0; id < 5000; id++) answer(duplicates, alice, id, encodeUtf8('0123456789'), id);
  assert.ok(duplicates.memory <= 64 * 1024, `${duplicates.memory} bytes`);
  assert.equal(evicted() + duplicates.entries, 5000);
  assert.equal(find(duplicates, alice, 0, 5000), -1);
  assert.notEqual(find(duplicates, alice, 4999, 5000), -1);
});

test('an answer larger than a chunk has one of its own', () => {
  const { duplicates } = table();
  const large = new Uint8Array(65_500).fill(7);
  answer(duplicates, alice, 1, large, 0);
  answer(duplicates, alice, 2, encodeUtf8('small'), 0);
  assert.deepEqual(duplicates.answerOf(find(duplicates, alice, 1, 1)), large);
  assert.deepEqual(duplicates.answerOf(find(duplicates, alice, 2, 1)), encodeUtf8('small'));
});

test('memory goes back when the time is over', () => {
  const { duplicates } = table();
  for (let id = 0; id < 50_000; id++) answer(duplicates, alice, id, encodeUtf8('0123456789'), id / 100);
  assert.ok(duplicates.memory > 2_000_000);
  duplicates.expire(300_000);
  for (let i = 0; i < 20; i++) duplicates.expire(300_000);
  assert.ok(duplicates.memory < 10_000, `${duplicates.memory} bytes`);
});

test('an entry with a typical answer to Register takes at most 250 bytes', () => {
  const { duplicates } = table(256 * 1024 * 1024);
  const count = 100_000;
  // Header, 8 bytes of token, Location-Path rd and eight characters.
  const created = new Uint8Array(4 + 8 + 3 + 9);
  for (let i = 0; i < count; i++) {
    answer(
      duplicates,
      socketAddress(`2001:db8:1234:5678:9abc:def0:${(i >> 8).toString(16)}:${i & 255}`, 56_830),
      i & 0xffff,
      created,
      i / 10,
    );
  }
  assert.equal(duplicates.entries, count);
  assert.ok(duplicates.memory / count <= 250, `${duplicates.memory / count} bytes`);
});

test('it behaves like a map with time', () => {
  const step = fc.record({
    peer: fc.integer({ min: 0, max: 3 }),
    id: fc.integer({ min: 0, max: 20 }),
    pause: fc.nat(40_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const { duplicates } = table();
      const model = new Map<string, { at: number; payload: number }>();
      let now = 0;
      for (const [i, { peer, id, pause }] of steps.entries()) {
        now += pause;
        const who: Peer = { key: `peer ${peer}`, hash: peer & 1, address: alice };
        const known = model.get(`${peer} ${id}`);
        const expected = known !== undefined && now - known.at < lifetimes.exchangeLifetime ? known.payload : undefined;
        const found = find(duplicates, who, id, now);
        assert.equal(found < 0 ? undefined : duplicates.answerOf(found)[0], expected);
        if (expected !== undefined) continue;
        answer(duplicates, who, id, Uint8Array.of(i & 255), now);
        model.set(`${peer} ${id}`, { at: now, payload: i & 255 });
      }
    }),
  );
});

test('one message of two peers is two messages', () => {
  const { duplicates } = table();
  const message = request(1);
  duplicates.add(alice, message, Outcome.Rejected, 0);
  assert.equal(duplicates.find(bob, message, 0), -1);
  duplicates.add(bob, message, Outcome.Acknowledged, 0);
  assert.equal(duplicates.find(alice, request(2), 0), -1);
  assert.equal(duplicates.outcomeOf(duplicates.find(bob, message, 0)), Outcome.Acknowledged);
  assert.equal(duplicates.outcomeOf(duplicates.find(alice, message, 0)), Outcome.Rejected);
});
