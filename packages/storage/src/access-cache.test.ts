import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessFacts } from '@yaolian/directory';
import { AccessCache } from './access-cache.ts';

const owner: AccessFacts = { relation: 'owner', grants: [] };
const friend: AccessFacts = { relation: 'friend', grants: [] };

test('keeps what was read of a device until something about it changes', () => {
  const cache = new AccessCache();
  cache.keep('ann', 'lamp', owner);
  cache.keep('bob', 'lamp', friend);
  cache.keep('ann', 'fan', owner);
  assert.equal(cache.get('ann', 'lamp'), owner);
  assert.equal(cache.get('bob', 'fan'), undefined);
  cache.forget(['lamp', 'unknown']);
  assert.equal(cache.get('ann', 'lamp'), undefined);
  assert.equal(cache.get('bob', 'lamp'), undefined);
  assert.equal(cache.get('ann', 'fan'), owner);
  cache.clear();
  assert.equal(cache.get('ann', 'fan'), undefined);
});

test('keeps two generations at most, and of those what is asked for', () => {
  assert.throws(() => new AccessCache(0), RangeError);
  const cache = new AccessCache(2);
  const keep = (device: string) => cache.keep('ann', device, owner);
  const kept = (device: string) => cache.get('ann', device) === owner;
  for (const device of ['a', 'b', 'c']) keep(device);
  assert.ok(kept('a'), 'of the older generation');
  for (const device of ['d', 'e']) keep(device);
  assert.deepEqual(['b', 'd', 'e', 'a'].map(kept), [false, true, true, true]);
});

test('what is forgotten is not found in the older generation either, and makes room', () => {
  const cache = new AccessCache(2);
  cache.keep('ann', 'a', owner);
  cache.keep('ann', 'b', owner);
  cache.keep('ann', 'c', owner);
  cache.forget(['a', 'c']);
  assert.equal(cache.get('ann', 'a'), undefined);
  cache.keep('ann', 'd', owner);
  cache.keep('ann', 'e', owner);
  assert.equal(cache.get('ann', 'b'), owner, 'nothing was pushed out');
});
