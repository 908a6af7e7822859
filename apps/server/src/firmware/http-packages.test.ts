import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRange } from './http-packages.ts';

test('ranges of bytes', () => {
  assert.deepEqual(byteRange('bytes=0-', 10), { start: 0, end: 9 });
  assert.deepEqual(byteRange('bytes=3-4', 10), { start: 3, end: 4 });
  assert.deepEqual(byteRange('bytes=3-99', 10), { start: 3, end: 9 });
  assert.deepEqual(byteRange('bytes=-4', 10), { start: 6, end: 9 });
  assert.equal(byteRange('bytes=10-', 10), 'unsatisfiable');
  assert.equal(byteRange('bytes=-0', 10), 'unsatisfiable');
  for (const odd of ['bytes=-', 'bytes=4-3', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b']) {
    assert.equal(byteRange(odd, 10), undefined, odd);
  }
});
