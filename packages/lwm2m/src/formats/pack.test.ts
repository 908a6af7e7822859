import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import { multipleResource, objectInstance, singleResource } from '../node.ts';
import { formatPath, type Lwm2mPath, lwm2mPath, parsePath } from '../path.ts';
import {
  decodePack,
  decodePackPaths,
  decodePackValues,
  encodePack,
  encodePackOfNodes,
  encodePackPaths,
  type PackValue,
  packContentFormats,
  packNode,
  packTimeline,
  type TimedValue,
  timedValues,
} from './pack.ts';

const paths = ['/3/0/9', '/3/0/6', '/1/0', '/3303']
  .map((text) => parsePath(text))
  .map((path) => (path.ok ? path.value : {}));

describe('packs that ask', () => {
  for (const format of packContentFormats) {
    it(`name paths of any level: ${format}`, () => {
      const encoded = encodePackPaths(format, paths);
      assert.ok(encoded.ok);
      const decoded = decodePackPaths(format, encoded.value);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.map(formatPath).sort(), paths.map(formatPath).sort());
    });
  }

  it('are names without values in SenML', () => {
    const encoded = encodePackPaths(110, paths);
    assert.equal(encoded.ok && decodeUtf8(encoded.value), '[{"n":"/3/0/9"},{"n":"/3/0/6"},{"n":"/1/0"},{"n":"/3303"}]');
    const based = decodePackPaths(110, encodeUtf8('[{"bn":"/3/0/","n":"9"},{"n":"6"},{"bn":"/1/0"}]'));
    assert.deepEqual(based.ok && based.value.map(formatPath), ['/3/0/9', '/3/0/6', '/1/0']);
    const root = decodePackPaths(110, encodeUtf8('[{"n":"/"}]'));
    assert.deepEqual(root.ok && root.value.map(formatPath), ['/']);
  });

  it('are null in place of values in LwM2M CBOR', () => {
    const encoded = encodePackPaths(11544, [lwm2mPath(3, 0, 9), lwm2mPath(1, 0)]);
    assert.equal(encoded.ok && encodeHex(encoded.value), 'a203a100a109f601a100f6');
  });

  it('are refused with values, and with what is no path', () => {
    for (const text of ['[{"n":"/3/0/9","v":1}]', '[{"n":"/3/0/9/0/0"}]', '[{"n":"/3/a"}]', '{}']) {
      const decoded = decodePackPaths(110, encodeUtf8(text));
      assert.equal(decoded.ok ? 'ok' : decoded.error.code, 'malformed', text);
    }
    assert.equal(decodePackPaths(11544, decodeHex('a1830300 0901'.replaceAll(' ', ''))!).ok, false);
    assert.equal(decodePackPaths(0, encodeUtf8('x')).ok, false);
  });
});

describe('packs of values', () => {
  const nodes = [
    { path: lwm2mPath(3, 0), node: objectInstance(0, [singleResource(0, 'string', 'OMA')]), time: undefined },
    { path: lwm2mPath(3303, 0, 5700), node: singleResource(5700, 'float', 21.5), time: undefined },
    {
      path: lwm2mPath(3, 0, 6),
      node: multipleResource(6, 'integer', [
        [0, 1],
        [1, 5],
      ]),
      time: undefined,
    },
  ];

  for (const format of packContentFormats) {
    it(`hold the values of several paths: ${format}`, () => {
      const encoded = encodePackOfNodes(format, nodes);
      assert.ok(encoded.ok);
      const pack = decodePack(format, encoded.value, omaObjects);
      assert.ok(pack.ok);
      assert.deepEqual(packNode(pack.value, lwm2mPath(3303, 0, 5700), omaObjects), { ok: true, value: nodes[1]!.node });
      assert.deepEqual(packNode(pack.value, lwm2mPath(3, 0, 6), omaObjects), { ok: true, value: nodes[2]!.node });
      assert.deepEqual(packNode(pack.value, lwm2mPath(5), omaObjects), { ok: true, value: undefined });
    });
  }

  it('are told apart by time in SenML, from now or since 1970', () => {
    const values: PackValue[] = [20, 21, 22].map((value, index) => ({
      path: lwm2mPath(3303, 0, 5700),
      type: 'float',
      value,
      time: { milliseconds: 1_700_000_000_000 + index * 1_500, isRelative: false },
    }));
    for (const format of [110, 112]) {
      const encoded = encodePack(format, values);
      assert.ok(encoded.ok);
      const pack = decodePack(format, encoded.value, omaObjects);
      assert.ok(pack.ok);
      const line = packTimeline(pack.value, lwm2mPath(3303, 0, 5700), omaObjects);
      assert.ok(line.ok);
      assert.deepEqual(
        line.value.map(({ time, node }) => [time?.milliseconds, node.kind === 'resource' && node.value]),
        [
          [1_700_000_000_000, 20],
          [1_700_000_001_500, 21],
          [1_700_000_003_000, 22],
        ],
      );
    }
    const timed = encodePack(11544, values);
    assert.equal(timed.ok ? 'ok' : timed.error.code, 'unsupported-format');
  });

  it('remove with null in SenML-ETCH alone (RFC 8790 §3.2)', () => {
    const text = encodeUtf8('[{"n":"/3/0/15","vs":"Asia/Shanghai"},{"n":"/1/0/7/2","v":null}]');
    const etch = decodePack(320, text, omaObjects);
    assert.ok(etch.ok);
    assert.deepEqual(etch.value.removals.map(formatPath), ['/1/0/7/2']);
    assert.equal(etch.value.records.length, 1);
    assert.equal(decodePack(110, text, omaObjects).ok, false);
    const cbor = decodePack(322, decodeHex('81a2006835 2f302f372f3202f6'.replaceAll(' ', ''))!, omaObjects);
    assert.equal(cbor.ok, false, 'the name does not start with a slash, and has one id too few');
  });

  it('are bounded', () => {
    const big = encodePack(
      112,
      Array.from({ length: 20 }, (_, id) => ({ path: lwm2mPath(3303, id, 5700), type: 'float', value: 1 })),
    );
    assert.ok(big.ok);
    const many = decodePack(112, big.value, omaObjects, { maximumEntries: 19 });
    assert.equal(many.ok ? 'ok' : many.error.code, 'too-large');
    const long = decodePack(112, big.value, omaObjects, { maximumBytes: 50 });
    assert.equal(long.ok ? 'ok' : long.error.code, 'too-large');
  });
});

test('any bytes are read or refused as a pack, never thrown', () => {
  fc.assert(
    fc.property(fc.constantFrom(...packContentFormats), fc.uint8Array({ maxLength: 80 }), (format, bytes) => {
      const pack = decodePack(format, bytes, omaObjects);
      if (pack.ok)
        for (const path of [{}, { objectId: 3 }] as Lwm2mPath[])
          if (path.objectId) packNode(pack.value, path, omaObjects);
      decodePackPaths(format, bytes);
    }),
    { numRuns: 2_000 },
  );
});

test('the values of a pack are those of its nodes, and refused when those are', () => {
  const name = fc.constantFrom('/3/0/0', '/3/0/9', '/3/0/6', '/3/0/6/0', '/3/0/6/1', '/3303/0/5700', '/59999/0/1');
  const value = fc.constantFrom<object>({ v: 1 }, { v: 1.5 }, { vs: 'a' }, { vb: true });
  const record = fc.tuple(name, value, fc.constantFrom(0, -1, -2)).map(([n, v, t]) => ({ n, ...v, t }));
  const instances = ['/3/0', '/3303/0', '/59999/0']
    .map((text) => parsePath(text))
    .flatMap((path) => (path.ok ? path.value : []));
  let read = 0;
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
      const bytes = encodeUtf8(JSON.stringify(records));
      const pack = decodePack(110, bytes, omaObjects);
      assert.ok(pack.ok);
      const values = decodePackValues(110, bytes, omaObjects);
      const timelines = instances.map((path) => ({ path, timeline: packTimeline(pack.value, path, omaObjects) }));
      assert.equal(
        values.ok,
        timelines.every(({ timeline }) => timeline.ok),
      );
      if (!values.ok) return;
      read++;
      const ofNodes = timelines.flatMap(({ path, timeline }) => {
        assert.ok(timeline.ok);
        return [...timedValues(path, timeline.value)];
      });
      const told = (all: readonly TimedValue[]) =>
        all
          .map(({ path, type, time, value: is }) => `${formatPath(path)} ${type} ${time?.milliseconds} ${is}`)
          .toSorted();
      assert.deepEqual(told(values.value), told(ofNodes));
    }),
    { numRuns: 2_000 },
  );
  assert.ok(read > 50);
});
