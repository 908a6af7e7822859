import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { TokenTable } from './token-table.ts';

test('tokens that last are as different as others, and share buffers', () => {
  const table = new TokenTable(new SeededRandom(1));
  const tokens = Array.from({ length: 1_000 }, () => table.newLastingToken());
  assert.equal(new Set([...tokens, table.newToken()].map(encodeHex)).size, 1_001);
  assert.ok(tokens.every(({ length }) => length === 8));
  const buffers = new Set(tokens.map(({ buffer }) => buffer));
  assert.ok(buffers.size < 10, `${buffers.size}`);
});
