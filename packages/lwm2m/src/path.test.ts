import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  behindGateway,
  childPath,
  comparePaths,
  coversPath,
  equalPaths,
  formatPath,
  isPrefix,
  type Lwm2mPath,
  lwm2mPath,
  parentPath,
  parsePath,
  parsePathSegments,
  pathIds,
  pathLevel,
  pathSegments,
  rootPath,
  truncatePath,
} from './path.ts';

const ownPaths: fc.Arbitrary<Lwm2mPath> = fc
  .array(fc.nat(65_534), { maxLength: 4 })
  .map((ids) => lwm2mPath(...(ids as [number?, number?, number?, number?])));
const prefixes = fc.option(fc.stringMatching(/^\w[\w-]{0,31}$/).filter(isPrefix), { nil: undefined, freq: 2 });
const paths = fc.tuple(prefixes, ownPaths).map(([prefix, path]) => behindGateway(prefix, path));

test('a path reads back from its text and its segments', () => {
  fc.assert(
    fc.property(paths, (path) => {
      assert.deepEqual(parsePath(formatPath(path)), { ok: true, value: path });
      assert.deepEqual(parsePathSegments(pathSegments(path)), { ok: true, value: path });
      assert.equal(pathLevel(path), pathIds(path).length);
    }),
  );
});

test('the texts of paths', () => {
  assert.equal(formatPath(rootPath), '/');
  assert.equal(formatPath(lwm2mPath(3)), '/3');
  assert.equal(formatPath(lwm2mPath(65_534, 0, 5, 1)), '/65534/0/5/1');
  assert.deepEqual(parsePath('3/0'), { ok: true, value: lwm2mPath(3, 0) });
  assert.deepEqual(parsePath(''), { ok: true, value: rootPath });
  assert.deepEqual(parsePath('/'), { ok: true, value: rootPath });
  assert.deepEqual(parsePathSegments([]), { ok: true, value: rootPath });
  assert.deepEqual(parsePathSegments(['']), { ok: true, value: rootPath });
  assert.deepEqual(parsePathSegments(['lwm2m', '3', '0'], 1), { ok: true, value: lwm2mPath(3, 0) });
  assert.deepEqual(parsePathSegments(['lwm2m'], 1), { ok: true, value: rootPath });
});

test('the paths of devices behind a gateway', () => {
  const path: Lwm2mPath = { prefix: 'd01', objectId: 3303, objectInstanceId: 0, resourceId: 5700 };
  assert.deepEqual(parsePath('/d01/3303/0/5700'), { ok: true, value: path });
  assert.deepEqual(parsePath('d01/3303/0/5700'), { ok: true, value: path });
  assert.deepEqual(parsePathSegments(['lwm2m', 'd01', '3303'], 1), {
    ok: true,
    value: { prefix: 'd01', objectId: 3303 },
  });
  assert.deepEqual(parsePath('/d01'), { ok: true, value: { prefix: 'd01' } });
  assert.equal(formatPath({ prefix: 'd01' }), '/d01');
  assert.equal(formatPath(parentPath(path)), '/d01/3303/0');
  assert.equal(formatPath(childPath(parentPath(path), 5701)), '/d01/3303/0/5701');
  assert.equal(pathLevel(path), 3);
  assert.ok(coversPath({ prefix: 'd01' }, path));
  assert.ok(!coversPath({ prefix: 'd02' }, path) && !coversPath(rootPath, path) && !coversPath(path, rootPath));
  assert.ok(!equalPaths(path, lwm2mPath(3303, 0, 5700)));
  assert.ok(comparePaths(path, lwm2mPath(65_534)) > 0 && comparePaths({ prefix: 'd00' }, path) < 0);
});

test('a device behind a gateway has a prefix that is no number, of 32 characters at most', () => {
  for (const text of ['d01', 'D_1', '0a', '00-1', 'x'.repeat(32)]) assert.ok(isPrefix(text), text);
  for (const text of ['', '1', '65535', '-1', 'a.b', 'a b', 'ä', 'x'.repeat(33)]) assert.ok(!isPrefix(text), text);
});

const wrong: readonly (readonly [string, number])[] = [
  ['//', 1],
  ['/3/', 3],
  ['/3//0', 3],
  ['/03', 1],
  ['/00', 1],
  ['/65535', 1],
  ['/99999', 1],
  ['/100000', 1],
  ['/3/0/x', 5],
  ['/3/-1', 3],
  ['/3/+1', 3],
  ['/3/1.5', 3],
  ['/3/٣', 3],
  ['/ 3', 1],
  ['/3/0/5/1/7', 9],
  ['/3/0/5/1/', 9],
  ['/3?', 1],
  ['/d01/x', 5],
  ['/d01/3/0/x', 9],
  ['/d01/3/0/5/1/7', 13],
  [`/${'x'.repeat(33)}/3`, 1],
];

for (const [text, offset] of wrong) {
  test(`"${text}" is no path`, () => {
    const result = parsePath(text);
    assert.ok(!result.ok);
    assert.equal(result.error.offset, offset);
    assert.match(result.error.message, /^".*" (is not a path; write up to four ids|has more than the four ids)/);
  });
}

test('segments that are no path', () => {
  for (const [segments, offset] of [
    [['3', 'x'], 1],
    [['3', ''], 1],
    [['', '3'], 0],
    [['3', '0', '1', '2', '3'], 4],
    [['3/0'], 0],
  ] as const) {
    const result = parsePathSegments(segments);
    assert.equal(!result.ok && result.error.offset, offset);
  }
  fc.assert(fc.property(fc.array(fc.string(), { maxLength: 6 }), (segments) => void parsePathSegments(segments)));
  fc.assert(fc.property(fc.string(), (text) => void parsePath(text)));
});

test('up, down and across', () => {
  assert.equal(parentPath(rootPath), rootPath);
  fc.assert(
    fc.property(paths, fc.nat(65_534), (path, id) => {
      if (pathLevel(path) === 4) {
        assert.throws(() => childPath(path, id), RangeError);
        return;
      }
      const child = childPath(path, id);
      assert.deepEqual(parentPath(child), path);
      assert.deepEqual(truncatePath(child, pathLevel(path)), path);
      assert.ok(coversPath(path, child));
      assert.ok(!coversPath(child, path));
      assert.ok(comparePaths(path, child) < 0);
      assert.ok(!equalPaths(path, child));
    }),
  );
});

test('covering and order agree with the ids', () => {
  fc.assert(
    fc.property(paths, paths, (a, b) => {
      assert.equal(equalPaths(a, b), formatPath(a) === formatPath(b));
      assert.equal(
        coversPath(a, b),
        a.prefix === b.prefix && pathIds(a).every((id, level) => pathIds(b)[level] === id),
      );
      assert.equal(comparePaths(a, b) < 0, comparePaths(b, a) > 0);
      assert.equal(comparePaths(a, b) === 0, equalPaths(a, b));
    }),
  );
  assert.deepEqual(
    ['/10', '/3/0', '/3', '/']
      .map((text) => parsePath(text))
      .map((path) => path.ok && path.value)
      .toSorted((a, b) => comparePaths(a as Lwm2mPath, b as Lwm2mPath))
      .map((path) => formatPath(path as Lwm2mPath)),
    ['/', '/3', '/3/0', '/10'],
  );
});

test('ids that are none are refused at once', () => {
  for (const id of [-1, 65_535, 1.5, Number.NaN]) {
    assert.throws(() => lwm2mPath(3, id), RangeError);
    assert.throws(() => childPath(lwm2mPath(3), id), RangeError);
  }
});
