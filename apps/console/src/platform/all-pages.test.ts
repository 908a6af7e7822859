import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allPages } from './all-pages.ts';

test('all pages of a list are fetched, one after the other', async () => {
  const pages = [{ items: [1, 2], next: 'a' }, { items: [], next: 'b' }, { items: [3] }];
  const asked: object[] = [];
  const load = async (query: object) => {
    asked.push(query);
    return pages[asked.length - 1]!;
  };
  assert.deepEqual(await allPages(load), { items: [1, 2, 3] });
  assert.deepEqual(asked, [{}, { cursor: 'a' }, { cursor: 'b' }]);
});
