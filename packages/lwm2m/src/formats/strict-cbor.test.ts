import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex } from '@yaolian/kernel';
import { decode as decodeOracle, encode as encodeOracle } from 'cborg';
import fc from 'fast-check';
import { CborArray, CborFloat, type CborItem, CborMap, CborTag } from './cbor-item.ts';
import { CborWriter } from './cbor-writer.ts';
import { readStrictCbor } from './strict-cbor.ts';

const limits = { maximumDepth: 16, maximumItems: 10_000 };
const read = (hex: string) => readStrictCbor(decodeHex(hex)!, limits);

/** What the oracle gives for an item. */
function plain(item: CborItem): unknown {
  if (item instanceof CborFloat) return item.value;
  if (item instanceof CborArray) return item.items.map(plain);
  if (item instanceof CborMap) return new Map([...item.entries].map(([key, value]) => [key, plain(value)]));
  return item;
}

/** RFC 8949 appendix A, those that mean something here. */
const vectors: readonly (readonly [string, unknown])[] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
  ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
  ['20', -1],
  ['3903e7', -1000],
  ['f90000', 0],
  ['f98000', -0],
  ['f93c00', 1],
  ['fb3ff199999999999a', 1.1],
  ['f97bff', 65_504],
  ['fa47c35000', 100_000],
  ['f90001', 2 ** -24],
  ['f90400', 2 ** -14],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['f9fc00', Number.NEGATIVE_INFINITY],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', undefined],
  ['40', new Uint8Array()],
  ['4401020304', new Uint8Array([1, 2, 3, 4])],
  ['60', ''],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  ['5f42010243030405ff', new Uint8Array([1, 2, 3, 4, 5])],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9fff', []],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  [
    'bf61610161629f0203ffff',
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
];

for (const [hex, expected] of vectors) {
  test(`RFC 8949 appendix A: ${hex}`, () => {
    const result = read(hex);
    assert.ok(result.ok, result.ok ? '' : result.error.message);
    assert.deepEqual(plain(result.value), expected);
  });
}

test('tags are kept', () => {
  assert.deepEqual(read('c11a514b67b0'), { ok: true, value: new CborTag(1, 1_363_896_240) });
});

const refusals: readonly (readonly [string, RegExp])[] = [
  ['', /missing/],
  ['0000', /nothing comes after/],
  ['1c', /reserved/],
  ['1f', /reserved/],
  ['df', /reserved/],
  ['18', /beyond the end/],
  ['43 0102', /beyond the end/],
  ['5b ffffffffffffffff', /beyond the end/],
  ['9b ffffffffffffffff', /missing/],
  ['bb 0020000000000000', /missing/],
  ['9f', /missing/],
  ['61 ff', /UTF-8/],
  ['7f 61 c3 61 bc ff', /UTF-8/],
  ['7f 41 00 ff', /strings of its kind/],
  ['7f 7f ff ff', /reserved/],
  ['5f 41', /beyond the end/],
  ['5f', /beyond the end/],
  ['ff', /break/],
  ['a2 01 02 01 03', /key 1 is there twice/],
  ['a2 6161 01 6161 02', /key a is there twice/],
  ['a2 01 02 1801 03', /key 1 is there twice/],
  ['a1 80 00', /a key is a whole number or a text/],
  ['bf 01 ff', /break/],
  ['f8 20', /simple values/],
  ['f0', /simple values/],
  ['f9 00', /beyond the end/],
];

for (const [hex, message] of refusals) {
  test(`refuses ${hex}`, () => {
    const result = read(hex);
    assert.ok(!result.ok);
    assert.match(result.error.message, message);
  });
}

test('bounds on depth and number of items', () => {
  const deep = readStrictCbor(new Uint8Array(100_000).fill(0x81), limits);
  assert.equal(!deep.ok && deep.error.reason, 'too-large');
  const tags = readStrictCbor(new Uint8Array(100_000).fill(0xc1), limits);
  assert.equal(!tags.ok && tags.error.reason, 'too-large');
  const many = readStrictCbor(new Uint8Array(20_000).fill(0x9f, 0, 1), limits);
  assert.equal(!many.ok && many.error.reason, 'too-large');
  const chunks = readStrictCbor(new Uint8Array(20_000).fill(0x40).fill(0x5f, 0, 1), limits);
  assert.equal(!chunks.ok && chunks.error.reason, 'too-large');
});

const scalars = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n).filter((value) => !Number.isSafeInteger(Number(value))),
  fc.double().filter((value) => !Number.isInteger(value)),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
);
const items = fc.letrec((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.array(tie('item'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('item'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).item;

test('reads what another library writes', () => {
  fc.assert(
    fc.property(items, (item) => {
      const bytes = Uint8Array.from(encodeOracle(item)); // not a Buffer
      const result = readStrictCbor(bytes, limits);
      assert.ok(result.ok);
      assert.deepEqual(plain(result.value), decodeOracle(bytes, { useMaps: true }));
    }),
  );
});

test('agrees with another library on what is CBOR', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
      const result = readStrictCbor(bytes, { maximumDepth: 100, maximumItems: 1000 });
      let oracle: unknown;
      try {
        oracle = decodeOracle(bytes, { useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: true });
      } catch {
        return; // it is right to accept more: tags that the other library does not know
      }
      // Keys that are no numbers or texts, and strings of indefinite length, are where the two differ on purpose.
      if (result.ok) assert.deepEqual(plain(result.value), oracle);
    }),
    { numRuns: 2000 },
  );
});

test('the other library reads what is written', () => {
  fc.assert(
    fc.property(scalars, (value) => {
      const out = new CborWriter();
      if (value === null) return;
      if (typeof value === 'boolean') out.boolean(value);
      else if (typeof value === 'string') out.text(value);
      else if (value instanceof Uint8Array) out.bytes(value);
      else if (typeof value === 'number' && !Number.isInteger(value)) out.float(value);
      else out.integer(value);
      assert.deepEqual(decodeOracle(out.finish()), value);
    }),
  );
});

test('integers and lengths are as short as they can be', () => {
  for (const [value, hex] of [
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65_536, '1a00010000'],
    [4_294_967_296, '1b0000000100000000'],
    [-1, '20'],
    [-24, '37'],
    [-25, '3818'],
    [-(2n ** 63n), '3b7fffffffffffffff'],
    [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
  ] as const) {
    const out = new CborWriter();
    out.integer(value);
    assert.equal(encodeHex(out.finish()), hex);
  }
  const out = new CborWriter();
  out.array(1);
  out.map(1);
  out.integer(0);
  out.bytes(new Uint8Array(300));
  out.tag(1);
  out.float(1.5);
  assert.equal(encodeHex(out.finish()), `81a10059012c${'00'.repeat(300)}c1fa3fc00000`);
});
