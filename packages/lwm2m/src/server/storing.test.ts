import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type OutgoingResponse } from '@yaolian/coap';
import { decodeHex, minutes } from '@yaolian/kernel';
import { lwm2mPath } from '../path.ts';
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

test('observations and values are told of before their store is asked, and by the same events', async () => {
  const storing: Lwm2mServerEvent[] = [];
  const asked: string[] = [];
  const world: World = await World.open({
    onStoring: (event) => void storing.push(event),
    takeValues: async ({ source }) => void asked.push(`${source} after ${storing.at(-1)?.type}`),
  });
  const client = { endpoint: 'a' };
  const level = lwm2mPath(3, 0, 9);
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=3600&lwm2m=1.1', '</3/0>'));
  const battery = (hex: string): OutgoingResponse => ({
    code: Code.Content,
    contentFormat: ContentFormat.Lwm2mTlv,
    payload: decodeHex(hex)!,
  });
  terminal.observable('GET /3/0/9', battery('c1095f'));
  const stored = () => storing.map(({ type }) => type).filter((type) => type !== 'registered');
  await world.until(world.server.observe(client, level));
  assert.deepEqual(stored(), ['observation-started']);
  terminal.notify(battery('c1095e'));
  await world.settle();
  await world.until(terminal.post(['dp'], '', '[{"n":"/3/0/9","v":93}]', ContentFormat.SenmlJson));
  await world.until(world.server.cancelObservation(client, level, { by: 'reset' }));
  await world.until(world.server.observe(client, level));
  await world.until(terminal.deregister());
  await world.settle();
  assert.deepEqual(asked.slice(1, 3), ['notified after notification', 'sent after sent']);
  const types = ['observation-started', 'notification', 'sent', 'observation-ended', 'observation-started'];
  assert.deepEqual(stored(), [...types, 'observation-ended', 'deregistered']);
  const told = world.events.filter(({ type }) => storing.some((one) => one.type === type));
  assert.ok(told.length === storing.length && told.every((event, index) => event === storing[index]));
});
