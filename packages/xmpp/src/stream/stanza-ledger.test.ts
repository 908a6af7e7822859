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
