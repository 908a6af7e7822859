import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { goneAfter, type ToPage, type Want } from './feed-messages.ts';
import { type Frame, type Page, SharedStreams, StreamRefused } from './shared-streams.ts';

mock.timers.enable({ apis: ['setTimeout', 'Date'] });

/** A stream that was opened: tells what the test wants. */
class Opened {
  readonly url: URL;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  readonly #frames: Frame[] = [];
  #wake: () => void = () => undefined;
  #isBroken = false;

  constructor(url: string, lastEventId: string | undefined, signal: AbortSignal) {
    this.url = new URL(url, 'http://localhost');
    this.lastEventId = lastEventId;
    this.signal = signal;
  }

  get types(): string[] {
    return this.url.searchParams.getAll('type');
  }

  get devices(): string[] {
    return this.url.searchParams.getAll('device');
  }

  async tell(id: string, told: object): Promise<void> {
    this.#frames.push({ id, data: JSON.stringify(told) });
    this.#wake();
    await settled();
  }

  async break(): Promise<void> {
    this.#isBroken = true;
    this.#wake();
    await settled();
  }

  async *frames(): AsyncGenerator<Frame> {
    while (!this.#isBroken && !this.signal.aborted) {
      yield* this.#frames.splice(0);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.signal.addEventListener('abort', () => resolve());
      });
    }
  }
}

class Window implements Page {
  readonly heard: ToPage[] = [];

  send(message: ToPage): void {
    this.heard.push(message);
  }

  /** Since the last look: `1 live`, `1 lost`, `1 refused`, `1,2 told {…}`. */
  take(): string[] {
    return this.heard.splice(0).map((message) => {
      if (message.kind === 'told') return `${message.numbers} told ${JSON.stringify(message.told)}`;
      if (message.kind === 'refused') return `${message.number} refused`;
      return `${message.number} ${message.isLive ? 'live' : 'lost'}`;
    });
  }
}

const events = '/api/v1/events';
const settled = () => new Promise((resolve) => setImmediate(resolve));
let opened: Opened[];
let isRefusing: boolean;
let isAway: boolean;
let streams: SharedStreams;

beforeEach(() => {
  opened = [];
  isRefusing = false;
  isAway = false;
  streams = new SharedStreams(async (url, lastEventId, signal) => {
    if (isRefusing) throw new StreamRefused('401');
    if (isAway) throw new TypeError('Failed to fetch');
    const stream = new Opened(url, lastEventId, signal);
    opened.push(stream);
    return stream.frames();
  });
});

async function pass(milliseconds: number): Promise<void> {
  mock.timers.tick(milliseconds);
  await settled();
}

const open = () => opened.filter(({ signal }) => !signal.aborted);
const want = (page: Window, ...wants: (Omit<Want, 'whose'> & Partial<Want>)[]) =>
  streams.hear(page, { wants: wants.map((one, i) => [i + 1, { whose: 'ann', ...one }]) });

test('windows that look at other traces have one stream of all of them, and each is told of its own', async () => {
  const windows = Array.from({ length: 8 }, () => new Window());
  for (const [index, window] of windows.entries())
    want(window, { path: '/api/v1/trace-stream', subject: `kettle-${index}` });
  await pass(50);
  assert.deepEqual([open().length, opened[0]!.url.searchParams.getAll('subject').length], [1, 8]);
  for (const window of windows) assert.deepEqual(window.take(), ['1 live']);
  await opened[0]!.tell('', { subject: 'kettle-3', message: {} });
  assert.deepEqual(windows[3]!.take(), ['1 told {"subject":"kettle-3","message":{}}']);
  assert.deepEqual(windows[4]!.take(), []);
});

test('windows that want the same have one stream, and who comes later is told that it is open', async () => {
  const [first, second] = [new Window(), new Window()];
  want(first, { path: events, types: ['a'] });
  want(second, { path: events, types: ['a'] });
  await pass(50);
  assert.equal(opened.length, 1);
  assert.deepEqual(opened[0]!.types, ['a']);
  assert.deepEqual([first.take(), second.take()], [['1 live'], ['1 live']]);
  const third = new Window();
  want(third, { path: events, types: ['a'] });
  assert.deepEqual(third.take(), ['1 live']);
  await opened[0]!.tell('1', { type: 'a' });
  for (const page of [first, second, third]) assert.deepEqual(page.take(), ['1 told {"type":"a"}']);
  await pass(60_000);
  assert.equal(opened.length, 1);
});

test('each hears what it wants: by type, by device and its endpoint name; of a gap all', async () => {
  const [all, one] = [new Window(), new Window()];
  want(all, { path: events, types: ['a'] }, { path: events, types: ['a', 'b'] });
  want(one, { path: events, types: ['v'], device: 'lamp' });
  const other = new Window();
  want(other, { path: events, types: ['v', 'w'], device: 'door' });
  await pass(50);
  assert.equal(opened.length, 2, 'a device that tells much is not asked of all');
  const [fleet, devices] = opened as [Opened, Opened];
  assert.deepEqual([fleet.types, fleet.devices], [['a', 'b'], []]);
  assert.deepEqual(
    [devices.types, devices.devices],
    [
      ['v', 'w'],
      ['lamp', 'door'],
    ],
  );
  for (const page of [all, one, other]) page.take();
  await fleet.tell('1', { type: 'a', device: 'lamp' });
  await fleet.tell('2', { type: 'b' });
  await devices.tell('3', { type: 'v', device: 'key', endpoint: 'lamp' });
  await devices.tell('4', { type: 'w', device: 'lamp' });
  await devices.tell('5', { type: 'stream.gap' });
  assert.deepEqual(all.take(), ['1,2 told {"type":"a","device":"lamp"}', '2 told {"type":"b"}']);
  assert.deepEqual(one.take(), [
    '1 told {"type":"v","device":"key","endpoint":"lamp"}',
    '1 told {"type":"stream.gap"}',
  ]);
  assert.deepEqual(other.take(), ['1 told {"type":"stream.gap"}']);
});

test('a wider stream takes the place of a narrow one without a gap, and nothing is told twice', async () => {
  const [first, second] = [new Window(), new Window()];
  want(first, { path: events, types: ['a'] });
  await pass(50);
  first.take();
  want(second, { path: events, types: ['a', 'b'] });
  assert.deepEqual(second.take(), [], 'not yet');
  await opened[0]!.tell('1', { type: 'a' });
  await pass(50);
  assert.deepEqual(open(), [opened[1]]);
  assert.equal(opened[1]!.lastEventId, undefined);
  await opened[1]!.tell('1', { type: 'a' });
  await opened[1]!.tell('2', { type: 'b' });
  assert.deepEqual(first.take(), ['1 told {"type":"a"}', '1 live']);
  assert.deepEqual(second.take(), ['1 told {"type":"a"}', '1 live', '1 told {"type":"b"}']);
  // Who goes makes it narrow again, when that lasts.
  want(second);
  await pass(4_000);
  assert.equal(opened.length, 2);
  await pass(1_000);
  assert.deepEqual([open(), opened[2]!.types], [[opened[2]], ['a']]);
});

test('a stream that breaks goes on after its last event; one that is refused is asked for again', async () => {
  const page = new Window();
  want(page, { path: events, types: ['a'] });
  await pass(50);
  await opened[0]!.tell('7', { type: 'a' });
  page.take();
  await opened[0]!.break();
  assert.deepEqual(page.take(), ['1 lost']);
  isRefusing = true;
  await pass(1_000);
  assert.deepEqual(page.take(), ['1 refused']);
  isRefusing = false;
  await pass(5_000);
  assert.deepEqual([page.take(), opened[1]!.lastEventId], [['1 live'], '7']);
});

test('who waits for a stream that does not open at first is told so: something may be missed until it does', async () => {
  isAway = true;
  const page = new Window();
  want(page, { path: events, types: ['a'] });
  await pass(50);
  assert.deepEqual(page.take(), ['1 lost']);
  isAway = false;
  await pass(1_000);
  assert.deepEqual(page.take(), ['1 live']);
});

test('what nobody wants any more is closed, and a window that says nothing is gone', async () => {
  const [home, fleet] = [new Window(), new Window()];
  want(home, { path: '/home' });
  want(fleet, { path: events, types: ['a'] });
  await pass(50);
  assert.deepEqual(
    open().map(({ url }) => url.pathname),
    ['/home', events],
  );
  home.take();
  await open()[0]!.tell('', { kind: 'values' });
  await open()[0]!.tell('', { kind: 'values' });
  assert.deepEqual(home.take(), ['1 told {"kind":"values"}', '1 told {"kind":"values"}'], 'what has no id is told');
  want(fleet);
  await pass(1_000);
  assert.deepEqual(
    open().map(({ url }) => url.pathname),
    ['/home'],
  );
  await pass(goneAfter - 2_000);
  want(home, { path: '/home' });
  assert.deepEqual(home.take(), [], 'what it knows already');
  await pass(goneAfter);
  await pass(1_000);
  assert.deepEqual(open(), []);
  // It was asleep: what it says now it wants anew.
  want(home, { path: '/home' });
  await pass(50);
  assert.deepEqual(home.take(), ['1 live']);
});

test('who signs in next is told nothing on a stream of who was there before', async () => {
  const [anns, bobs] = [new Window(), new Window()];
  want(anns, { path: '/home' });
  await pass(50);
  anns.take();
  want(bobs, { whose: 'bob', path: '/home' });
  assert.deepEqual(bobs.take(), []);
  await opened[0]!.tell('', { kind: 'values' });
  await pass(50);
  assert.equal(open().length, 2);
  await opened[1]!.tell('', { kind: 'news' });
  assert.deepEqual(anns.take(), ['1 told {"kind":"values"}']);
  assert.deepEqual(bobs.take(), ['1 live', '1 told {"kind":"news"}']);
});
