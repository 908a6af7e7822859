import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decryptProfileBIdentity,
  encryptProfileBIdentity,
  formatProfileBName,
  type ProfileBIdentity,
  parseProfileBName,
  profileBDeviceKey,
} from './profile-b-name.ts';
import { nodePrimitives } from './testing/node-primitives.ts';
import { ValueCipher } from './value-cipher.ts';

const cipher = new ValueCipher(nodePrimitives, '0123456789abcdef0123456789abcdef');
const encrypted = 'H8yt9d051Al/WtE8IrlzRpA+26sI+gSCsoLwD/CGQIeLlmBxaa8/9+cuvmBTHY7g';

describe('endpoint names of profile B', () => {
  const short = { terminal: 'A', encryptedIdentity: encrypted, appKey: 'M100000001' } as const;

  it('are read before 2.0', () => {
    const name = `A@#@${encrypted}@#@M100000001`;
    const value = { ...short, imei: undefined, dmVersion: undefined };
    assert.deepEqual(parseProfileBName(name), { ok: true, value });
    assert.equal(formatProfileBName(value), name);
  });

  it('are read from 2.0 on, with empty fields as ****', () => {
    const full = `A@#@${encrypted}@#@M100000001@#@861111003929110@#@v2.0`;
    const value = { ...short, imei: '861111003929110', dmVersion: 'v2.0' };
    assert.deepEqual(parseProfileBName(full), { ok: true, value });
    assert.equal(formatProfileBName(value), full);
    const partly = `A@#@${encrypted}@#@M100000001@#@****@#@v2.0`;
    assert.deepEqual(parseProfileBName(partly), { ok: true, value: { ...value, imei: undefined } });
    assert.equal(formatProfileBName({ ...value, imei: undefined }), partly);
  });

  const wrong: readonly (readonly [name: string, what: RegExp])[] = [
    ['', /three or five parts/],
    ['861111003929110;;;1.0', /three or five parts/],
    [`A@#@${encrypted}@#@M100000001@#@861111003929110`, /three or five parts/],
    [`A@#@${encrypted}@#@M100000001@#@1@#@v2.0@#@more`, /three or five parts/],
    [`X@#@${encrypted}@#@M100000001`, /part 1 \(terminal\) is A, L or I/],
    [`toString@#@${encrypted}@#@M100000001`, /part 1/],
    ['A@#@@#@M100000001', /part 2 \(identity\) is Base64/],
    ['A@#@a b@#@M100000001', /part 2/],
    [`A@#@${encrypted}@#@100000001`, /part 3 \(appKey\) is M and 9 digits/],
    [`A@#@${encrypted}@#@M100000001@#@imei@#@v2.0`, /part 4 \(IMEI\)/],
  ];
  for (const [name, what] of wrong) {
    it(`are refused with what is right: ${name || '(nothing)'}`, () => {
      const parsed = parseProfileBName(name);
      assert.ok(!parsed.ok);
      assert.match(parsed.error, what);
    });
  }

  it('are read without throwing, whatever they are', () => {
    const pieces = fc.array(fc.constantFrom('@#@', 'A', encrypted, 'M100000001', '****', '@', '#'), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((parts) => parts.join('')),
        ),
        (name) => {
          const parsed = parseProfileBName(name);
          if (parsed.ok && (parsed.value.imei ?? parsed.value.dmVersion) !== undefined) {
            assert.equal(formatProfileBName(parsed.value), name);
          }
        },
      ),
    );
  });
});

describe('the identity in a name of profile B', () => {
  it('is that of the vector', () => {
    const identity = { imei1: '861111003929110', imei2: undefined, imsi: '460041850403690', dmVersion: 'v2.0' };
    assert.deepEqual(decryptProfileBIdentity(encrypted, cipher), { ok: true, value: identity });
    assert.equal(encryptProfileBIdentity(identity, cipher), encrypted);
    assert.equal(profileBDeviceKey(identity), '861111003929110');
    assert.equal(profileBDeviceKey({ ...identity, imei1: undefined, imei2: '1' }), '1');
    assert.equal(profileBDeviceKey({ ...identity, imei1: undefined }), undefined);
  });

  it('is read as it was written', () => {
    const digits = fc.option(fc.stringMatching(/^[0-9]{1,17}$/), { nil: undefined });
    const version = fc.option(fc.stringMatching(/^[a-z0-9.-]{1,8}$/), { nil: undefined });
    const identities: fc.Arbitrary<ProfileBIdentity> = fc.record(
      { imei1: digits, imei2: digits, imsi: digits, dmVersion: version },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(identities, (value) => {
        assert.deepEqual(decryptProfileBIdentity(encryptProfileBIdentity(value, cipher), cipher), { ok: true, value });
      }),
    );
  });

  it('is refused when it is something else, or of another vendor', () => {
    const errorOf = (text: string) => {
      const result = decryptProfileBIdentity(text, cipher);
      return result.ok ? undefined : result.error;
    };
    assert.equal(errorOf(cipher.encrypt('123456')), 'the identity is imei1-imei2-imsi-dmVersion');
    assert.equal(errorOf(cipher.encrypt('a-b-c-d')), 'imei1 of the identity is at most 17 digits or ****');
    const other = new ValueCipher(nodePrimitives, 'another').encrypt('1-2-3-4');
    assert.equal(errorOf(other), 'part 2 (identity): it was not encrypted with this password');
    assert.equal(errorOf('AAAA'), 'part 2 (identity): it has 3 bytes, not a multiple of 16');
  });
});
