import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '@yaolian/kernel';
import { nodeRandom } from './random.ts';

test('bytes come in the number asked for, in memory of their own', () => {
  for (const count of [0, 1, 8, 255, 256, 257, 5000]) {
    const bytes = nodeRandom.bytes(count);
    assert.equal(bytes.length, count);
    assert.equal(bytes.buffer.byteLength, count);
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype);
  }
});

test('no piece of randomness comes twice or empty over many refills of the pool', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 2000; i++) seen.add(encodeHex(nodeRandom.bytes(16)));
  assert.equal(seen.size, 2000);
  assert.ok(!seen.has('00'.repeat(16)));
});

test('numbers stay in range and fill it', () => {
  const words = Array.from({ length: 5000 }, () => nodeRandom.uint32());
  assert.ok(words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32));
  assert.ok(new Set(words).size > 4990);
  assert.ok(words.some((word) => word > 2 ** 31) && words.some((word) => word < 2 ** 31));
  const fractions = Array.from({ length: 5000 }, () => nodeRandom.fraction());
  assert.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1));
  const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
  assert.ok(mean > 0.45 && mean < 0.55, `mean ${mean}`); // 12 standard deviations
});

test('a count that is none is the caller’s mistake', () => {
  for (const count of [-1, 1.5, Number.NaN]) assert.throws(() => nodeRandom.bytes(count), RangeError);
});
