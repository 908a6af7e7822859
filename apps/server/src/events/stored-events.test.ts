import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTime } from '@yaolian/testkit';
import { EventHub, type PlatformEvent } from './event-hub.ts';
import { StoredEvents } from './stored-events.ts';

interface Reading {
  readonly device: string;
}

function bench() {
  const time = new VirtualTime();
  const hub = new EventHub({ clock: time, timers: time, history: 10, maxReaders: 1 });
  const made: string[] = [];
  const told: string[] = [];
  const events = new StoredEvents<Reading>(hub, ({ device }): PlatformEvent[] => {
    made.push(device);
    return [{ type: 'device.expired', time: 0, device, endpoint: undefined, data: () => ({}) }];
  });
  hub.listen(({ device }) => told.push(device!));
  return { hub, events, made, told };
}

test('where nobody keeps events, they are made once, when what they tell of is there', () => {
  const { events, made, told } = bench();
  const reading = { device: 'a' };
  events.storing(reading);
  assert.deepEqual([made, told], [[], []]);
  events.happened(reading);
  assert.deepEqual([made, told], [['a'], ['a']]);
});

test('who keeps events has each once, before it is told, and those of things that were begun before he came', () => {
  const { hub, events, made, told } = bench();
  const kept: string[] = [];
  const early = { device: 'early' };
  events.storing(early);
  const stop = hub.keepWith(({ device }) => kept.push(device!));
  const late = { device: 'late' };
  events.storing(late);
  assert.deepEqual([kept, told], [['late'], []]);
  events.happened(early);
  events.happened(late);
  assert.deepEqual(
    [made, kept, told],
    [
      ['late', 'early'],
      ['late', 'early'],
      ['early', 'late'],
    ],
  );
  stop();
  events.happened({ device: 'later' });
  assert.equal(kept.length, 2);
});
