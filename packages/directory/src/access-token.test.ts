import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Random } from '@yaolian/kernel';
import fc from 'fast-check';
import {
  createAccessToken,
  createPassword,
  formatAccessToken,
  matchesDigest,
  parseAccessToken,
} from './access-token.ts';

const random: Random = { bytes: (count) => new Uint8Array(randomBytes(count)), uint32: () => 0, fraction: () => 0 };
const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };

describe('access tokens', () => {
  it('are read back from their text', () => {
    const token = createAccessToken(random);
    const text = formatAccessToken(token);
    assert.match(text, /^yl_[0-9a-f]{16}_[0-9a-f]{48}$/);
    assert.deepEqual(parseAccessToken(text), token);
  });

  it('match the digest of their own secret alone', () => {
    const token = createAccessToken(random);
    const stored = digest.sha256(token.secret);
    assert.equal(matchesDigest(token, stored, digest), true);
    assert.equal(matchesDigest(createAccessToken(random), stored, digest), false);
    const flipped = token.secret.slice();
    flipped[23]! ^= 1;
    assert.equal(matchesDigest({ ...token, secret: flipped }, stored, digest), false);
  });

  it('are never read from other text', () => {
    const token = formatAccessToken(createAccessToken(random));
    for (const text of ['', 'yl_', token.toUpperCase(), `${token}0`, ` ${token}`, token.slice(0, -1), `${token}\n`]) {
      assert.equal(parseAccessToken(text), undefined, text);
    }
    fc.assert(fc.property(fc.string(), (text) => parseAccessToken(text) === undefined));
  });
});

describe('made passwords', () => {
  it('have 20 characters that cannot be mistaken, in groups', () => {
    const password = createPassword(random);
    assert.match(password, /^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){3}$/);
    assert.notEqual(createPassword(random), password);
  });
});
