import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedIn } from './closed-in.ts';

test('marks that turn the direction of text are shown, and turn nothing', () => {
  assert.equal(closedIn('\u202egnp.exe'), '\u2068\ufffdgnp.exe\u2069');
  assert.equal(closedIn('a\u2066b\u2069c'), '\u2068a\ufffdb\ufffdc\u2069');
});

test('names from right to left keep their letters, and stand by themselves', () => {
  assert.equal(closedIn('\u05de\u05d5\u05e0\u05d4'), '\u2068\u05de\u05d5\u05e0\u05d4\u2069');
});

test('other names stay as they are', () => {
  for (const name of ['urn:imei:861234567890123', '设备 一', '<b>']) assert.equal(closedIn(name), name);
});
