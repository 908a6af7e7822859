import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StanzaLedger } from './stanza-ledger.ts';

it('XEP-0198 §4: what came before counting began is not counted, though it is taken over later', async () => {
  const ledger = new StanzaLedger<string>();
  const early = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  ledger.received(early.promise, () => {});
  ledger.reset();
  ledger.received(late.promise, () => {});
  early.resolve();
  late.resolve();
  await late.promise;
  await Promise.resolve();
  assert.deepEqual([ledger.handled, ledger.pending], [1, 0]);
});

it('counts the size of what is not acknowledged', () => {
  const ledger = new StanzaLedger<string>((stanza) => stanza.length);
  for (const stanza of ['a', 'bb', 'ccc']) ledger.sent(stanza);
  assert.equal(ledger.unacknowledgedSize, 6);
  assert.equal(ledger.acknowledge(2), true);
  assert.deepEqual([ledger.unacknowledgedSize, ledger.rest()], [3, ['ccc']]);
  assert.equal(ledger.acknowledge(4), false);
  assert.equal(ledger.acknowledge(3), true);
  assert.equal(ledger.unacknowledgedSize, 0);
  ledger.sent('dddd');
  ledger.reset();
  assert.equal(ledger.unacknowledgedSize, 0);
});

it('one question does for several stanzas that are patient, and for whatever came before one that is not', () => {
  const ledger = new StanzaLedger<number>();
  for (let i = 1; i < 16; i++) ledger.sent(i, true);
  assert.equal(ledger.isQuestionDue, false);
  ledger.sent(16, true);
  assert.equal(ledger.isQuestionDue, true);
  ledger.acknowledge(15);
  assert.equal(ledger.isQuestionDue, false);
  ledger.sent(17);
  ledger.sent(18, true);
  assert.equal(ledger.isQuestionDue, true);
  ledger.acknowledge(16);
  assert.equal(ledger.isQuestionDue, true);
  ledger.acknowledge(17);
  assert.equal(ledger.isQuestionDue, false);
  ledger.sent(19);
  ledger.reset();
  assert.equal(ledger.isQuestionDue, false);
});

it('XEP-0198 §4: counters go round at 2^32', () => {
  const ledger = new StanzaLedger<string>();
  // Nobody sends so many in a test: an acknowledgement of what was never sent is refused, whichever way it is off.
  for (const h of [1, 2 ** 31, 2 ** 32 - 1]) assert.equal(ledger.acknowledge(h), false);
  const near = new StanzaLedger<string>(undefined, 2 ** 32 - 2);
  for (const stanza of ['a', 'b', 'c', 'd']) {
    near.sent(stanza);
    near.received(undefined, () => {});
  }
  assert.deepEqual([near.sentCount, near.handled], [2, 2]);
  assert.equal(near.acknowledge(2 ** 32 - 1), true);
  assert.deepEqual(near.rest(), ['b', 'c', 'd']);
  assert.equal(near.acknowledge(3), false, 'more than was sent');
  assert.equal(near.acknowledge(1), true);
  assert.deepEqual(near.rest(), ['d']);
  assert.equal(near.acknowledge(0), false, 'less than was acknowledged');
});
