import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeCache } from './node-cache.ts';
import { newNode } from './pep-node.ts';

const nodes = (text: number) => new Map([['n', newNode('n', { title: 't'.repeat(text) })]]);

test('forgets who was not asked for longest, by characters, and what is replaced counts no more', () => {
  const cache = new NodeCache(10_000);
  for (const account of ['a', 'b', 'c']) cache.set(account, nodes(2000));
  assert.ok(cache.get('a'));
  for (let turn = 0; turn < 10; turn++) cache.set('d', nodes(3000));
  assert.equal(cache.get('b'), undefined);
  assert.ok(cache.get('a') && cache.get('c') && cache.get('d'));
});

test('remembers the last one, however large it is', () => {
  const cache = new NodeCache(1000);
  cache.set('a', nodes(10));
  cache.set('b', nodes(5000));
  assert.equal(cache.get('a'), undefined);
  assert.ok(cache.get('b'));
  cache.delete('b');
  cache.set('a', nodes(10));
  assert.ok(cache.get('a'));
});
