import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

test('a key is free, then its turns go round in order of arrival', async () => {
  const turns = new Turns(2);
  const order: string[] = [];
  assert.equal(turns.enter('a'), true);
  const second = turns.enter('a');
  const third = turns.enter('a');
  assert.ok(second instanceof Promise && third instanceof Promise);
  second.then(() => order.push('second'));
  third.then(() => order.push('third'));
  assert.equal(turns.enter('b'), true, 'another key is not concerned');
  await Promise.resolve();
  assert.deepEqual(order, []);
  turns.leave('a');
  await second;
  assert.deepEqual(order, ['second']);
  turns.leave('a');
  await third;
  assert.deepEqual(order, ['second', 'third']);
  turns.leave('a');
  turns.leave('b');
  assert.equal(turns.size, 0);
});

test('a bounded number waits', () => {
  const turns = new Turns(1);
  assert.equal(turns.enter('a'), true);
  assert.ok(turns.enter('a') instanceof Promise);
  assert.equal(turns.enter('a'), false);
  assert.ok(turns.enter('a', 'unbounded') instanceof Promise);
});
