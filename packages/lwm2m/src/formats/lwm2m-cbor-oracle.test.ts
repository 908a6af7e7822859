/** LwM2M CBOR and SenML CBOR against another CBOR library, and packs of anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decode as decodeOracle, encode as encodeOracle } from 'cborg';
import fc from 'fast-check';
import { formatPath, lwm2mPath } from '../path.ts';
import { decodePack, decodePackPaths, encodePack, type PackValue } from './pack.ts';

const lwm2mCbor = 11544;
const senmlCbor = 112;
const useMaps = { useMaps: true, rejectDuplicateMapKeys: true };

/** Values at paths of objects that nobody registered, so that the types are those on the wire. */
const values: fc.Arbitrary<PackValue[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 40_000, max: 40_002 }),
      fc.nat(2),
      fc.nat(400),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
    )
    .map(([object, instance, resource, value]) => ({
      path: lwm2mPath(object, instance, resource),
      type: 'integer' as const,
      value,
    })),
  { selector: ({ path }) => formatPath(path), minLength: 1, maxLength: 12 },
);

/** `{3: {0: {9: 100}}}` by path. */
function flatten(map: ReadonlyMap<unknown, unknown>, at = ''): [string, unknown][] {
  return [...map].flatMap(([key, value]) => {
    const path = `${at}/${Array.isArray(key) ? key.join('/') : String(key)}`;
    return value instanceof Map ? flatten(value, path) : [[path, value] as [string, unknown]];
  });
}

const sorted = (entries: readonly (readonly [string, unknown])[]) =>
  entries.map(([path, value]) => `${path} ${String(value)}`).toSorted();

test('another library reads the LwM2M CBOR that we write as the same values', () => {
  fc.assert(
    fc.property(values, (pack) => {
      const encoded = encodePack(lwm2mCbor, pack);
      assert.ok(encoded.ok);
      const read = decodeOracle(encoded.value, useMaps) as ReadonlyMap<unknown, unknown>;
      assert.deepEqual(sorted(flatten(read)), sorted(pack.map(({ path, value }) => [formatPath(path), value])));
    }),
  );
});

test('we read the LwM2M CBOR that another library writes, nested and by arrays of ids', () => {
  fc.assert(
    fc.property(values, fc.boolean(), (pack, arrays) => {
      const tree = new Map<unknown, unknown>();
      for (const { path, value } of pack) {
        const ids = [path.objectId!, path.objectInstanceId!, path.resourceId!];
        if (arrays) tree.set(ids, value);
        else {
          const [object, instance, resource] = ids as [number, number, number];
          const instances = (tree.get(object) as Map<number, Map<number, unknown>>) ?? new Map();
          tree.set(object, instances);
          instances.set(instance, (instances.get(instance) ?? new Map()).set(resource, value));
        }
      }
      const decoded = decodePack(lwm2mCbor, encodeOracle(tree, { mapSorter: () => 0 }), omaObjects);
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
      assert.equal(decoded.value.records.length, pack.length);
      const paths = decoded.value.records.map(({ path }) => formatPath(path)).toSorted();
      assert.deepEqual(paths, pack.map(({ path }) => formatPath(path)).toSorted());
    }),
  );
});

test('another library reads the SenML CBOR packs that we write, and we those of it', () => {
  fc.assert(
    fc.property(values, (pack) => {
      const encoded = encodePack(senmlCbor, pack);
      assert.ok(encoded.ok);
      const records = decodeOracle(encoded.value, useMaps) as ReadonlyMap<number, unknown>[];
      let base = '';
      const read = records.map((record) => {
        base = (record.get(-2) as string | undefined) ?? base;
        return [`${base}${(record.get(0) as string | undefined) ?? ''}`, record.get(2)] as const;
      });
      assert.deepEqual(sorted(read), sorted(pack.map(({ path, value }) => [formatPath(path), value])));
      const again = encodeOracle(
        pack.map(
          ({ path, value }) =>
            new Map<number, unknown>([
              [0, formatPath(path)],
              [2, value],
            ]),
        ),
      );
      const decoded = decodePack(senmlCbor, again, omaObjects);
      assert.ok(decoded.ok);
      assert.equal(decoded.value.records.length, pack.length);
    }),
  );
});

test('packs of anything are read or refused, in every format', () => {
  const near = values.map((pack) => {
    const encoded = encodePack(lwm2mCbor, pack);
    return encoded.ok ? encoded.value : new Uint8Array();
  });
  const damaged = fc.tuple(near, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
    const copy = Uint8Array.from(bytes);
    copy[at % copy.length] = byte;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damaged), (bytes) => {
      for (const format of [110, 112, 320, 322, 11544]) {
        const pack = decodePack(format, bytes, omaObjects);
        if (pack.ok) assert.ok(pack.value.records.length <= bytes.length);
        const paths = decodePackPaths(format, bytes);
        if (paths.ok) assert.ok(paths.value.length <= bytes.length);
      }
    }),
    { numRuns: 500 },
  );
});
