import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nodePrimitives } from './testing/node-primitives.ts';
import { ValueCipher } from './value-cipher.ts';

const cipherWith = (password: string) => new ValueCipher(nodePrimitives, password);

describe('ENC of profiles B and C', () => {
  const vectors = [
    ['a1adfef9ed014286b7f7a314ee978f15', '123456', 'maC2/b2Vi517QalT6Ebeyg=='],
    [
      '0123456789abcdef0123456789abcdef',
      '861111003929110-****-460041850403690-v2.0',
      'H8yt9d051Al/WtE8IrlzRpA+26sI+gSCsoLwD/CGQIeLlmBxaa8/9+cuvmBTHY7g',
    ],
  ] as const;

  for (const [password, text, encrypted] of vectors) {
    it(`agrees with the vector of "${text}"`, () => {
      const cipher = cipherWith(password);
      assert.equal(cipher.encrypt(text), encrypted);
      assert.deepEqual(cipher.decrypt(encrypted), { ok: true, value: text });
    });
  }

  it('takes no password as 32 zeros', () => {
    assert.equal(cipherWith('').encrypt('x'), cipherWith('0'.repeat(32)).encrypt('x'));
  });

  it('gives back every text', () => {
    const cipher = cipherWith('secret');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        assert.deepEqual(cipher.decrypt(cipher.encrypt(text)), { ok: true, value: text }),
      ),
    );
  });

  it('refuses what it did not encrypt', () => {
    const cipher = cipherWith('secret');
    assert.deepEqual(cipher.decrypt('***'), { ok: false, error: 'it is not Base64' });
    assert.deepEqual(cipher.decrypt(''), { ok: false, error: 'it has 0 bytes, not a multiple of 16' });
    assert.deepEqual(cipher.decrypt('AAAA'), { ok: false, error: 'it has 3 bytes, not a multiple of 16' });
    assert.deepEqual(cipher.decrypt(vectors[0][2]), { ok: false, error: 'it was not encrypted with this password' });
    fc.assert(fc.property(fc.string(), (text) => cipher.decrypt(text).ok === false || text.length > 0));
  });
});
