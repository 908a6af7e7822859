import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventFrame, EventFrameReader } from '@yaolian/contract';
import { minutes, seconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { type EventFilter, EventHub, type EventHubOptions, type EventSink, type PlatformEvent } from './event-hub.ts';

function setUp(options: Partial<EventHubOptions> = {}) {
  const time = new VirtualTime();
  const hub = new EventHub({ clock: time, timers: time, history: 100, maxReaders: 10, ...options });
  return { time, hub };
}

class TestSink implements EventSink {
  readonly reader = new EventFrameReader();
  readonly frames: EventFrame[] = [];
  heartbeats = 0;
  waiting = 0;
  ended = false;

  write(text: string): void {
    if (text === ':\n\n') this.heartbeats++;
    this.frames.push(...this.reader.push(text));
  }

  pending(): number {
    return this.waiting;
  }

  end(): void {
    this.ended = true;
  }

  get types(): string[] {
    return this.frames.map((frame) => frame.event);
  }

  get devices(): unknown[] {
    return this.frames.map((frame) => JSON.parse(frame.data).device);
  }
}

function expired(device: string, time = 0): PlatformEvent {
  return { type: 'device.expired', time, device, endpoint: `ep-${device}`, data: () => ({}) };
}

/** What lets a reader go that has got its stream. */
function leaving(given: ReturnType<EventHub['subscribe']>): () => void {
  assert.equal(typeof given, 'function', String(given));
  return given as () => void;
}

test('a reader hears what happens from now on', () => {
  const { hub } = setUp();
  hub.publish(expired('before'));
  const sink = new TestSink();
  hub.subscribe({}, sink);
  hub.publish(expired('a', 1000));
  assert.deepEqual(sink.devices, ['a']);
  const event = JSON.parse(sink.frames[0]!.data);
  assert.equal(event.id, sink.frames[0]!.id);
  assert.deepEqual(event, {
    id: event.id,
    type: 'device.expired',
    time: '1970-01-01T00:00:01.000Z',
    device: 'a',
    endpoint: 'ep-a',
    data: {},
  });
});

test('filters by device key, endpoint name and type', () => {
  const { hub } = setUp();
  const byDevice = new TestSink();
  const byType = new TestSink();
  hub.subscribe({ devices: new Set(['a', 'ep-c']) }, byDevice);
  hub.subscribe({ types: new Set(['device.removed']) }, byType);
  for (const device of ['a', 'b', 'c']) hub.publish(expired(device));
  hub.publish({ type: 'device.removed', time: 0, data: () => ({}) });
  assert.deepEqual(byDevice.devices, ['a', 'c']);
  assert.deepEqual(byType.types, ['device.removed']);
});

test('who comes back goes on after the last event it saw', () => {
  const { hub } = setUp();
  const first = new TestSink();
  const leave = leaving(hub.subscribe({}, first));
  hub.publish(expired('a'));
  leave();
  hub.publish(expired('b'));
  hub.publish(expired('c'));
  const second = new TestSink();
  hub.subscribe({}, second, { lastEventId: first.frames[0]!.id });
  hub.publish(expired('d'));
  assert.deepEqual(second.devices, ['b', 'c', 'd']);
  assert.deepEqual(first.devices, ['a']);
});

test('who asks for what came last hears that first, as far as it wants it', () => {
  const { hub } = setUp();
  for (const device of ['a', 'b', 'c']) hub.publish(expired(device));
  hub.publish({ type: 'device.removed', time: 0, device: 'd', data: () => ({}) });
  const sink = new TestSink();
  hub.subscribe({ types: new Set(['device.expired']) }, sink, { last: 2 });
  hub.publish(expired('e'));
  assert.deepEqual(sink.devices, ['b', 'c', 'e']);
  const back = new TestSink();
  hub.subscribe({}, back, { lastEventId: sink.frames.at(-1)!.id, last: 2 });
  assert.deepEqual(back.devices, []);
});

test('who comes back too late hears of the gap and gets what is left', () => {
  const { hub } = setUp({ history: 2 });
  const first = new TestSink();
  leaving(hub.subscribe({}, first))();
  const early = new TestSink();
  hub.subscribe({}, early);
  for (const device of ['a', 'b', 'c', 'd']) hub.publish(expired(device));
  const late = new TestSink();
  hub.subscribe({}, late, { lastEventId: early.frames[0]!.id });
  assert.deepEqual(late.types, ['stream.gap', 'device.expired', 'device.expired']);
  assert.deepEqual(late.devices, [undefined, 'c', 'd']);
  assert.match(JSON.parse(late.frames[0]!.data).data.reason, /1 events are no longer/);
  // The gap has an id that resumes after it.
  const again = new TestSink();
  hub.subscribe({}, again, { lastEventId: late.frames[0]!.id });
  assert.deepEqual(again.devices, ['c', 'd']);
});

test('an id of an earlier run, or no id at all, is a gap and never an error', () => {
  const { hub } = setUp();
  hub.publish(expired('a'));
  for (const id of ['abc-5', '0-5-zzzzzzzzzz', 'x', '-', '99999999999999999999', '']) {
    const sink = new TestSink();
    hub.subscribe({}, sink, { lastEventId: id });
    assert.deepEqual(sink.types, ['stream.gap', 'device.expired'], id);
  }
});

/** A run that began an hour after the epoch, and knows what happened before it. */
async function restarted(events: readonly PlatformEvent[], options: Partial<EventHubOptions> = {}) {
  const time = new VirtualTime();
  await time.advance(minutes(60));
  const hub = new EventHub({ clock: time, timers: time, history: 100, maxReaders: 10, ...options });
  hub.restore(events, (type) => type === 'device.expired');
  const heardBy = (lastEventId: string | undefined, types?: EventFilter['types']) => {
    const sink = new TestSink();
    hub.subscribe(types ? { types } : {}, sink, { lastEventId });
    return sink;
  };
  return { time, hub, heardBy };
}

const expiries = new Set(['device.expired'] as const);
const second = 1000;
const minute = 60 * second;

test('after a restart a reader goes on where it was, as far as the store knows what happened', async () => {
  const before = setUp();
  const live = new TestSink();
  before.hub.subscribe({}, live);
  for (const [i, device] of ['a', 'b', 'c'].entries()) before.hub.publish(expired(device, (i + 1) * minute));
  const stored = ['a', 'b', 'c', 'd'].map((device, i) => expired(device, (i + 1) * minute));
  const { hub, heardBy } = await restarted(stored);
  hub.publish(expired('now', 61 * minute));
  const { id } = live.frames[1]!;
  const whole = heardBy(id, expiries);
  assert.deepEqual(whole.types.includes('stream.gap'), false, 'nothing is missing');
  assert.deepEqual(whole.devices, ['b', 'c', 'd', 'now'], 'the last one that was heard may come twice');
  const all = heardBy(id);
  assert.deepEqual(all.devices, [undefined, 'b', 'c', 'd', 'now']);
  const { data } = JSON.parse(all.frames[0]!.data);
  assert.deepEqual([data.code, data.since], ['restarted', '1970-01-01T00:02:00.000Z']);
  // Ids of what was before the restart are good to go on after, and those of gaps too.
  assert.deepEqual(heardBy(whole.frames[1]!.id).devices, ['d', 'now']);
  assert.deepEqual(heardBy(all.frames[0]!.id).devices, ['a', 'b', 'c', 'd', 'now']);
});

test('what was told in another order than it happened is told again rather than missed', async () => {
  const stored = [expired('a', minute), expired('late', minute - second), expired('b', minute)];
  const { heardBy } = await restarted(stored);
  assert.deepEqual(heardBy(`0-7-${minute.toString(36)}`, expiries).devices, [undefined, 'a', 'late', 'b']);
  const older = await restarted([expired('before', 1), ...stored]);
  assert.deepEqual(older.heardBy(`0-7-${minute.toString(36)}`, expiries).devices, ['a', 'late', 'b']);
});

test('who was away for longer than the store knows hears of a gap, and so does who comes from the future', async () => {
  const stored = [expired('b', 10 * minute), expired('c', 20 * minute)];
  const { time, hub, heardBy } = await restarted(stored);
  hub.publish(expired('now', 61 * minute));
  const at = (time: number) => `0-1-${time.toString(36)}`;
  assert.deepEqual(heardBy(at(minute), expiries).devices, [undefined, 'b', 'c', 'now']);
  assert.deepEqual(heardBy(at(time.epoch() + minute), expiries).devices, [undefined, 'now']);
  const few = await restarted(stored, { history: 1 });
  assert.deepEqual(few.heardBy(at(10 * minute), expiries).devices, [undefined, 'c']);
  const none = await restarted([]);
  assert.deepEqual(none.heardBy(at(10 * minute), expiries).types, ['stream.gap']);
});

test('heavy events push others out of the memory', () => {
  const { hub } = setUp({ maxHistoryBytes: 1000 });
  const live = new TestSink();
  hub.subscribe({}, live);
  for (const device of ['a', 'b', 'c']) hub.publish({ ...expired(device), weight: 600 });
  const late = new TestSink();
  hub.subscribe({}, late, { lastEventId: live.frames[0]!.id });
  assert.deepEqual(late.devices, [undefined, 'c']);
});

test('data is made once, and only when somebody wants it', () => {
  const { hub } = setUp();
  let made = 0;
  const event: PlatformEvent = { type: 'device.expired', time: 0, data: () => ({ made: made++ }) as never };
  hub.publish(event);
  assert.equal(made, 0);
  hub.subscribe({}, new TestSink());
  hub.subscribe({}, new TestSink());
  hub.publish(event);
  assert.equal(made, 1);
});

test('a slow reader is cut off and the others hear on', () => {
  const { hub } = setUp({ maxPending: 1000 });
  const slow = new TestSink();
  const fast = new TestSink();
  hub.subscribe({}, slow);
  hub.subscribe({}, fast);
  hub.publish(expired('a'));
  slow.waiting = 1001;
  hub.publish(expired('b'));
  hub.publish(expired('c'));
  assert.equal(slow.ended, true);
  assert.deepEqual(slow.devices, ['a']);
  assert.deepEqual(fast.devices, ['a', 'b', 'c']);
  assert.equal(hub.readers, 1);
});

test('there are at most so many readers', () => {
  const { hub } = setUp({ maxReaders: 1 });
  const leave = leaving(hub.subscribe({}, new TestSink()));
  assert.equal(hub.subscribe({}, new TestSink()), 'all-taken');
  leave();
  leaving(hub.subscribe({}, new TestSink()));
});

test('one operator has at most so many of the readers, and takes no place of others', () => {
  const { hub } = setUp({ maxReaders: 4, maxReadersPerOperator: 2 });
  const open = (operator: string) => hub.subscribe({}, new TestSink(), { operator });
  const leave = leaving(open('ann'));
  leaving(open('ann'));
  assert.equal(open('ann'), 'own-taken');
  leaving(open('bob'));
  leave();
  leaving(open('ann'));
  assert.equal(open('ann'), 'own-taken');
  leaving(open('carl'));
  assert.equal(open('dora'), 'all-taken');
  assert.equal(setUp().hub.maxReadersPerOperator, 10, 'all, where nothing is said');
});

test('a heartbeat comes while somebody listens, and finds readers that hang', async () => {
  const { hub, time } = setUp({ maxPending: 10, heartbeat: seconds(15) });
  const sink = new TestSink();
  const hanging = new TestSink();
  const leave = leaving(hub.subscribe({}, sink));
  hub.subscribe({}, hanging);
  hanging.waiting = 11;
  await time.advance(minutes(1));
  assert.equal(sink.heartbeats, 5); // one at the beginning
  assert.equal(hanging.ended, true);
  leave();
  await time.advance(minutes(1));
  assert.equal(time.pending, 0);
});

test('closing ends every stream', () => {
  const { hub, time } = setUp();
  const sink = new TestSink();
  hub.subscribe({}, sink);
  hub.close();
  assert.equal(sink.ended, true);
  assert.equal(time.pending, 0);
  assert.equal(hub.subscribe({}, new TestSink()), 'all-taken');
});

test('who keeps events hears of each once: when it is being stored, or else when it is published', () => {
  const { hub } = setUp();
  const early = expired('early');
  hub.keep(early); // nobody keeps events yet
  const kept: unknown[] = [];
  const heard: unknown[] = [];
  const stop = hub.keepWith(({ device }) => void kept.push(device));
  hub.listen(({ device }) => void heard.push(device));
  hub.publish(early);
  const stored = expired('stored');
  hub.keep(stored);
  assert.deepEqual([kept, heard], [['early', 'stored'], ['early']]);
  hub.publish(stored);
  hub.publish(expired('other'));
  assert.deepEqual(kept, ['early', 'stored', 'other']);
  assert.deepEqual(heard, ['early', 'stored', 'other']);
  stop();
  hub.publish(expired('last'));
  assert.equal(kept.length, 3);
  assert.equal(hub.keeps('device.expired'), false);
  hub.keepWith(({ device }) => void kept.push(device ?? ''), new Set(['device.removed']));
  assert.deepEqual([hub.keeps('device.removed'), hub.keeps('device.expired')], [true, false]);
  const other = expired('of no interest');
  hub.keep(other);
  hub.publish(other);
  assert.equal(kept.length, 3);
});
