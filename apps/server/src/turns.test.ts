import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

test('turns: one at a time for a name, in order; a failure is the business of its own', async () => {
  const turns = new Turns();
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take('a', async () => {
    await gate.promise;
    told.push('first');
    throw new Error('its own');
  });
  const second = turns.take('a', async () => void told.push('second'));
  await turns.take('b', async () => void told.push('other'));
  gate.resolve();
  await assert.rejects(first, /its own/);
  await second;
  assert.deepEqual(told, ['other', 'first', 'second']);
});
