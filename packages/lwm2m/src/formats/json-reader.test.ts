import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import fc from 'fast-check';
import { JsonReader, jsonOffset, notText } from './json-reader.ts';
import type { StrictJson, StrictJsonError, StrictJsonLimits } from './json-value.ts';

const limits = { maximumDepth: 20, maximumValues: 10_000 };

/** A JSON text that is all of `bytes`, as a tree. */
function readStrictJson(bytes: Uint8Array, bounds: StrictJsonLimits): Result<StrictJson, StrictJsonError> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return failure(notText);
  const reader = new JsonReader(text, bounds);
  const value = reader.value();
  return value !== undefined && reader.atEnd() ? success(value) : failure(jsonOffset(text, reader.error!));
}

const read = (text: string, bounds = limits) => readStrictJson(encodeUtf8(text), bounds);

/** What JSON.parse would have given. */
function plain(json: StrictJson): unknown {
  if (json instanceof Map) return Object.fromEntries([...json].map(([name, value]) => [name, plain(value)]));
  if (typeof json === 'bigint') return Number(json);
  return Array.isArray(json) ? json.map(plain) : json;
}

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5, stringUnit: 'grapheme' }), fc.constantFrom(0, 1, 3), (text, indent) => {
      const expected = JSON.parse(text);
      const result = read(JSON.stringify(expected, undefined, indent));
      assert.ok(result.ok);
      assert.deepEqual(plain(result.value), expected);
    }),
  );
});

test('agrees with JSON.parse on what is JSON, for any text', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-0.5e3',
    '01',
    'true',
    'nul',
    ' ',
    '"',
    '\\',
    '"\\u00e9"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const result = read(text);
      const repeated = !result.ok && result.error.message.includes('twice');
      assert.equal(result.ok || repeated, isJson(text), text);
    }),
    { numRuns: 1000, examples: [[['-0.5e3', '1', '1']]] },
  );
});

/** Numbers beyond what a float holds are JSON, but not for us. */
function isJson(text: string): boolean {
  try {
    let finite = true;
    JSON.parse(text, (_key, value: unknown) => {
      finite &&= typeof value !== 'number' || Number.isFinite(value);
      return value;
    });
    return finite;
  } catch {
    return false;
  }
}

test('whole numbers are exact', () => {
  assert.deepEqual(read('[9007199254740991,9007199254740993,-9223372036854775808,18446744073709551615,1e3,1.0]'), {
    ok: true,
    value: [9_007_199_254_740_991, 9_007_199_254_740_993n, -(2n ** 63n), 2n ** 64n - 1n, 1000, 1],
  });
});

const refusals: readonly (readonly [string, RegExp, number])[] = [
  ['{"n":1,"n":2}', /"n" is there twice/, 7],
  ['{"\\u006e":1,"n":2}', /"n" is there twice/, 12],
  ['{"é":1 "a":2}', /"," or "}" is missing/, 8],
  ['1e999', /too large/, 0],
  [`${'9'.repeat(41)}`, /more than 40 digits/, 0],
  ['"\\ud800"', /surrogate/, 8],
  ['"\\x"', /no escape/, 1],
  ['"\\u12g4"', /four hexadecimal/, 1],
  ['"a\nb"', /control characters/, 2],
  ['"abc', /quotation mark/, 4],
  ['[1,]', /a value is missing/, 3],
  ['[1', /"," or "\]" is missing/, 2],
  ['{"a"}', /":" is missing/, 4],
  ['{a:1}', /a name in quotes is missing/, 1],
  ['01', /nothing comes after/, 1],
  ['', /a value is missing/, 0],
  ['nul', /a value is missing/, 0],
  ['NaN', /a value is missing/, 0],
];

for (const [text, message, offset] of refusals) {
  test(`refuses ${text.slice(0, 20)}`, () => {
    const result = read(text);
    assert.ok(!result.ok);
    assert.match(result.error.message, message);
    assert.equal(result.error.offset, offset);
  });
}

test('bounds on depth and number of values', () => {
  const deep = read('['.repeat(100_000));
  assert.equal(!deep.ok && deep.error.reason, 'too-large');
  const many = read(`[${'1,'.repeat(10_000)}1]`);
  assert.equal(!many.ok && many.error.reason, 'too-large');
});

test('any bytes are read or refused, never thrown', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => void readStrictJson(bytes, limits)));
});
