import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePlace, encodeCursor, pageOfAll, placeKey } from './cursor.ts';
import { Refusal } from './refusal.ts';

const page = (names: readonly string[], cursor?: string, limit = 2) =>
  pageOfAll(
    names,
    { limit, ...(cursor !== undefined && { cursor }) },
    (name) => name,
    (name) => name,
  );

test('a list that is there as a whole comes in pages, which what goes and comes meanwhile does not shift', () => {
  const first = page(['d', 'b', 'a', 'c']);
  assert.deepEqual(first.items, ['a', 'b']);
  const second = page(['aa', 'c', 'd', 'e'], first.next);
  assert.deepEqual(second.items, ['c', 'd']);
  assert.deepEqual(page(['c', 'd', 'e'], second.next), { items: ['e'] });
  assert.deepEqual(page([]), { items: [] });
  assert.deepEqual(page(['a', 'b']), { items: ['a', 'b'] }, 'a page that is just full is the last one');
});

test('a place is a time and an id, and nothing else', () => {
  const place = { createdAt: 17, id: 'x y' };
  assert.deepEqual(decodePlace(encodeCursor(placeKey(place))), place);
  assert.equal(decodePlace(undefined), undefined);
  for (const wrong of ['x', '17', ' x', '17-x']) {
    const refused = (error: unknown) => error instanceof Refusal && error.problem.code === 'invalid-cursor';
    assert.throws(() => decodePlace(encodeCursor(wrong)), refused, wrong);
  }
});
