import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from './emitter.ts';

type Event = { readonly type: 'came'; readonly name: string } | { readonly type: 'left'; readonly after: number };

function emitter() {
  const errors: [string, unknown][] = [];
  return { events: new Emitter<Event>((type, error) => errors.push([type, error])), errors };
}

test('listeners hear their type, onAny hears everything, in order of arrival', () => {
  const { events } = emitter();
  const heard: string[] = [];
  events.onAny((event) => heard.push(`any ${event.type}`));
  events.on('came', (event) => heard.push(`first ${event.name}`));
  events.on('came', (event) => heard.push(`second ${event.name}`));
  events.emit({ type: 'came', name: 'a' });
  events.emit({ type: 'left', after: 1 });
  assert.deepEqual(heard, ['first a', 'second a', 'any came', 'any left']);
});

test('a listener that throws or rejects is reported and disturbs nobody', async () => {
  const { events, errors } = emitter();
  const heard: string[] = [];
  events.on('came', () => {
    throw new Error('sync');
  });
  events.on('came', async () => {
    throw new Error('async');
  });
  events.on('came', (event) => heard.push(event.name));
  events.emit({ type: 'came', name: 'a' });
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(heard, ['a']);
  assert.deepEqual(
    errors.map(([type, error]) => [type, (error as Error).message]),
    [
      ['came', 'sync'],
      ['came', 'async'],
    ],
  );
});

test('adding and removing listeners during an emit leaves that emit alone', () => {
  const { events } = emitter();
  const heard: string[] = [];
  const off = events.on('came', () => {
    heard.push('first');
    off();
    events.on('came', () => heard.push('late'));
  });
  events.on('came', () => heard.push('second'));
  events.emit({ type: 'came', name: 'a' });
  assert.deepEqual(heard.splice(0), ['first', 'second']);
  events.emit({ type: 'came', name: 'a' });
  assert.deepEqual(heard, ['second', 'late']);
});

test('hasListeners follows additions and removals', () => {
  const { events } = emitter();
  assert.equal(events.hasListeners('came'), false);
  const off = events.on('came', () => {});
  assert.equal(events.hasListeners('came'), true);
  assert.equal(events.hasListeners('left'), false);
  off();
  assert.equal(events.hasListeners('came'), false);
  const offAny = events.onAny(() => {});
  assert.equal(events.hasListeners('left'), true);
  offAny();
  assert.equal(events.hasListeners('left'), false);
});
