import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import type { Lwm2mServerEvent } from './events.ts';
import { World } from './testing/world.ts';

test('what is given to the store is told of in that turn, and by the same event once it is there', async () => {
  const storing: Lwm2mServerEvent[] = [];
  const calls: number[] = [];
  const world: World = await World.open({
    onStoring: (event) => {
      storing.push(event);
      calls.push(world.store.calls.length);
    },
  });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=60&lwm2m=1.1&b=U'));
  await world.until(terminal.update('lt=120'));
  await world.until(terminal.register('ep=a&lt=60&lwm2m=1.1&b=U'));
  await world.until(terminal.deregister());
  await world.until(terminal.register('ep=a&lt=60&lwm2m=1.1&b=U'));
  await world.time.advance(minutes(3));
  const types = ['registered', 'updated', 'registered', 'deregistered', 'registered', 'expired'];
  assert.deepEqual(
    storing.map(({ type }) => type),
    types,
  );
  for (const [index, event] of storing.entries()) {
    const next = world.store.calls[calls[index]!]!;
    const change =
      { registered: 'register a', updated: 'update a' }[event.type as 'registered' | 'updated'] ?? 'remove';
    assert.equal(next, change, 'told of before the store was asked');
  }
  const told = world.events.filter(({ type }) => types.includes(type));
  assert.ok(told.every((event, index) => event === storing[index]) && told.length === types.length);
});

test('what the store did not take is told of by no event', async () => {
  const storing: string[] = [];
  const world = await World.open({ onStoring: ({ type }) => void storing.push(type) });
  world.store.failures = 1;
  const response = await world.until(world.terminal().register('ep=a&lt=60&lwm2m=1.1&b=U'));
  assert.equal(response.code >> 5, 5);
  await world.settle();
  assert.deepEqual(storing, ['registered']);
  assert.ok(!world.events.some(({ type }) => type === 'registered'));
});
