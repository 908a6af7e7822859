import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { SeededRandom } from '@yaolian/testkit';
import {
  createVerificationCode,
  decoyCode,
  digestCode,
  isFitCode,
  matchesCode,
  normalizeCode,
} from './verification-code.ts';

const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };

test('a code is ten characters that cannot be mistaken, and is found however it is typed', () => {
  const code = createVerificationCode(new SeededRandom(1));
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  assert.equal(normalizeCode(' 7kq2m o-il9d'), '7KQ2M0119D');
  assert.equal(normalizeCode(code.toLowerCase().replace('-', ' ')), normalizeCode(code));
});

test('salted: the same code has another digest for every salt, and matches its own only', () => {
  const stored = { ...decoyCode, salt: Uint8Array.of(1), digest: digestCode('7KQ2M-0WX9D', Uint8Array.of(1), digest) };
  assert.ok(matchesCode('7kq2mowx9d', stored, digest));
  assert.ok(!matchesCode('7KQ2M-0WX9E', stored, digest));
  assert.ok(!matchesCode('7KQ2M-0WX9D', { ...stored, salt: Uint8Array.of(2) }, digest));
  assert.ok(!matchesCode('', decoyCode, digest));
});

test('a code that a device brings has 6 to 64 characters', () => {
  assert.ok(isFitCode('123456'));
  assert.ok(!isFitCode('12-3 45'));
  assert.ok(!isFitCode('1'.repeat(65)));
});
