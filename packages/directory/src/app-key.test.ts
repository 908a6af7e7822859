import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@yaolian/testkit';
import { issueAppKey } from './app-key.ts';
import { MemoryAppKeyStore } from './testing/memory-app-key-store.ts';

test('issues M and nine digits with a password of 32 characters, another one each time', async () => {
  const store = new MemoryAppKeyStore();
  const random = new SeededRandom(1);
  const issued = [];
  for (let i = 0; i < 50; i++) issued.push(await issueAppKey(store, { vendor: 'v', time: 5, random }));
  for (const { appKey, password } of issued) {
    assert.match(appKey, /^M\d{9}$/);
    assert.match(password, /^[0-9a-f]{32}$/);
    assert.equal(store.passwordOf(appKey), password);
  }
  assert.equal(new Set(issued.map(({ appKey }) => appKey)).size, 50);
  assert.equal(new Set(issued.map(({ password }) => password)).size, 50);
});

test('a number that is taken is not given twice', async () => {
  const store = new MemoryAppKeyStore();
  const bytes = [new Uint8Array(9).fill(3), new Uint8Array(16), new Uint8Array(9).fill(3), new Uint8Array(16)];
  bytes.push(new Uint8Array(9).fill(4), new Uint8Array(16));
  const random = { bytes: () => bytes.shift()!, uint32: () => 0, fraction: () => 0 };
  assert.equal((await issueAppKey(store, { vendor: 'v', time: 5, random })).appKey, 'M333333333');
  assert.equal((await issueAppKey(store, { vendor: 'v', time: 5, random })).appKey, 'M444444444');
});
