import type { JsonHomeEvent } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import { type LateAnswer, mayUseFirmware } from '@yaolian/igrs/server';
import {
  type Clock,
  type Duration,
  days,
  type Log,
  milliseconds,
  minutes,
  seconds,
  type Timer,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import { timeToJson } from '../api/times.ts';
import { type OwnedUpdate, updateToJson } from '../ra/owner-updates.ts';
import type { RaService } from '../ra/ra-service.ts';
import type { Watch } from '../ra/watchers.ts';
import { lateToJson, valuesToJson } from './home-commands.ts';
import type { HomeDevices, SeenDevice } from './home-devices.ts';
import { firstOfThings } from './main-resources.ts';

export interface HomeStreamsOptions {
  readonly ra: RaService;
  readonly devices: HomeDevices;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Of all users. */
  readonly maxStreams: number;
  /** Of one user. Default 10. */
  readonly maxPerUser?: number;
  /** A reader with more than this waiting is cut off. Default 256 KiB. */
  readonly maxPending?: number;
  /** Values that one page watches. Default 200. */
  readonly maxWatches?: number;
  /** How long the values of a page that closed go on being observed, for the next one of its user. Default a minute. */
  readonly keepFor?: Duration;
}

/** Where the events of one page go. */
export interface HomeSink {
  write(text: string): void;
  pending(): number;
  end(): void;
}

interface Stream {
  readonly user: string;
  readonly holder: string;
  /** Of the page that is open, or was last. */
  sink: HomeSink;
  readonly watches: Map<string, Watch>;
  /** Devices that are shown: whose state is told. */
  seen: ReadonlySet<string>;
  /** When the next permission ends that a friend gave for a time. */
  expiry: Timer | undefined;
  /** How often what is shown was looked up. */
  shows: number;
}

type EventToTell = Omit<JsonHomeEvent, 'time'> & Partial<Pick<JsonHomeEvent, 'time'>>;

/** What changes nothing of which devices are shown. */
const withoutDevices = new Set<JsonHomeEvent['kind']>(['message', 'firmware', 'news-read']);
const longestDelay = toMilliseconds(days(1));
const heartbeat: Duration = seconds(15);
const heartbeatText = ':\n\n';

/**
 * What happens at home, told to pages that are open. While one is, the main values of its devices are observed; when it closes that ends, unless
 * its user is back soon: a page that is loaded again, or a phone that was put away for a moment, asks nothing of devices that sleep.
 */
export class HomeStreams {
  readonly #options: HomeStreamsOptions;
  readonly #streams = new Map<string, Set<Stream>>();
  /** What a page observed that closed a moment ago, one of each user, the oldest first. */
  readonly #left = new Map<string, { readonly stream: Stream; readonly timer: Timer }>();
  readonly #stopListening: readonly (() => void)[];
  readonly #closing = new AbortController();
  #count = 0;
  #lastHolder = 0;
  #timer: Timer | undefined;

  constructor(options: HomeStreamsOptions) {
    this.#options = options;
    this.#stopListening = [
      options.ra.news.listen((user, event) => this.#toldNews(user, event)),
      options.ra.listenToStates((account) => this.#guarded(this.#stateChanged(account))),
      options.ra.listenToLateAnswers((answer) => this.#late(answer)),
      options.ra.listenToUpdates((account, update) => this.#guarded(this.#updated(account, update))),
    ];
  }

  /** Begins to tell. Undefined when there are too many. @returns stops */
  open(user: string, sink: HomeSink): (() => void) | undefined {
    const { maxStreams, maxPerUser = 10 } = this.#options;
    const own = this.#streams.get(user) ?? new Set();
    if (this.#closing.signal.aborted || this.#count >= maxStreams || own.size >= maxPerUser) return undefined;
    const stream = this.#takeUp(user, sink);
    this.#streams.set(user, own.add(stream));
    this.#count++;
    sink.write(heartbeatText);
    if (this.#timer === undefined) this.#beatLater();
    this.#guarded(this.#show(stream));
    let isGone = false;
    return () => {
      // Said twice it must not end the page that came after this one.
      if (!isGone) this.#guarded(this.#remove(stream));
      isGone = true;
    };
  }

  /** The page that closed a moment ago goes on as the one that opens. */
  #takeUp(user: string, sink: HomeSink): Stream {
    const left = this.#left.get(user);
    if (left === undefined) {
      const holder = String(++this.#lastHolder);
      return { user, holder, sink, watches: new Map(), seen: new Set(), expiry: undefined, shows: 0 };
    }
    left.timer.cancel();
    this.#left.delete(user);
    left.stream.sink = sink;
    return left.stream;
  }

  /** How many pages of a user are open. */
  pagesOf(user: string): number {
    return this.#streams.get(user)?.size ?? 0;
  }

  /** Ends the pages of a user who is not let in any more. */
  end(user: string): void {
    for (const { sink } of this.#streams.get(user) ?? []) sink.end();
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
    this.#timer?.cancel();
    this.#closing.abort(new Error('the server is closing'));
    for (const { timer } of this.#left.values()) timer.cancel();
    this.#left.clear();
    for (const stream of [...this.#streams.values()].flatMap((own) => [...own])) stream.sink.end();
  }

  /** Notes which devices are shown, and watches those that are there. */
  async #show(stream: Stream): Promise<void> {
    const show = ++stream.shows;
    const seen = await this.#options.devices.seenBy(stream.user);
    if (show !== stream.shows) return; // a later look knows more
    stream.seen = new Set(seen.map(({ device }) => device.account));
    this.#lookAtExpiry(stream, seen);
    for (const one of seen) if (this.#isOpen(stream)) await this.#watch(stream, one);
  }

  /** A guest is told in the moment in which a permission ends, also of a device that is away and of which nothing is observed. */
  #lookAtExpiry(stream: Stream, seen: readonly SeenDevice[]): void {
    const { clock, timers } = this.#options;
    stream.expiry?.cancel();
    stream.expiry = undefined;
    const now = clock.epoch();
    const ends = seen.flatMap(({ device, binding, facts }) =>
      binding !== undefined
        ? []
        : facts.grants.flatMap(({ expiresAt }) =>
            expiresAt === undefined || expiresAt <= now ? [] : [{ account: device.account, at: expiresAt }],
          ),
    );
    if (ends.length === 0 || !this.#isOpen(stream)) return;
    const next = Math.min(...ends.map(({ at }) => at));
    const delay = milliseconds(Math.min(next - now, longestDelay));
    stream.expiry = timers.schedule(delay, () => this.#guarded(this.#expired(stream, ends)));
  }

  async #expired(stream: Stream, ends: readonly { readonly account: string; readonly at: number }[]): Promise<void> {
    const now = this.#options.clock.epoch();
    const over = new Set(ends.filter(({ at }) => at <= now).map(({ account }) => account));
    for (const account of over)
      this.#write(stream, { kind: 'ended', device: this.#address(account), reason: 'expired' });
    await this.#show(stream);
  }

  async #watch(stream: Stream, seen: SeenDevice): Promise<void> {
    const { devices, ra, maxWatches = 200 } = this.#options;
    const { account } = seen.device;
    const terminal = devices.keyOf(seen.device);
    if (devices.stateFor(stream.user, seen) !== 'ONLINE') return;
    await this.#readOptional(stream, seen);
    const { main } = await devices.summary(stream.user, seen);
    const wanted = main.filter(({ may }) => may.includes('observe')).map(({ path }) => path);
    if (wanted.length === 0) return;
    // On disk before the page is told a value.
    await this.#note(stream, 'observe', account, `${wanted.length} main values`);
    const joined = new Set<string>();
    for (const path of wanted) {
      if (!this.#isOpen(stream)) break;
      if (stream.watches.size >= maxWatches && !stream.watches.has(`${account} ${path}`)) continue;
      const watch: Watch = {
        ...{ account: stream.user, device: account, terminal, path, holder: stream.holder },
        deliver: (time, values) => this.#values(stream, account, timeToJson(time), values),
        onEnded: (reason) => {
          stream.watches.delete(`${account} ${path}`);
          this.#write(stream, { kind: 'ended', device: this.#address(account), path, reason });
        },
      };
      const request = { kind: 'observe', path } as const;
      const asker = { ...watch, joins: true };
      const answered = await ra.terminals.attempt(account, request, asker, this.#closing.signal).catch(() => undefined); // what cannot be observed is read when it is asked for
      if (answered?.kind === 'done') joined.add(path);
      if (answered?.kind === 'values') {
        this.#values(stream, account, answered.time, answered.values);
      }
      // It may have been ended while the answer was on its way.
      if (answered !== undefined && ra.isWatched(watch)) {
        stream.watches.set(`${account} ${path}`, watch);
        if (!this.#isHeld(stream)) await this.#unwatch(watch);
      }
    }
    if (joined.size > 0) await this.#tellKnown(stream, account, joined);
  }

  /** The last values of paths that were observed already: one may have come after the page loaded its devices. */
  async #tellKnown(stream: Stream, account: string, paths: ReadonlySet<string>): Promise<void> {
    const { devices } = this.#options;
    // The device may be none of the user's any more.
    const seen = await devices.see(stream.user, account).catch(() => undefined);
    if (seen === undefined) return;
    const { main } = await devices.summary(stream.user, seen);
    const values = main.flatMap(({ path, value, time }) =>
      paths.has(path) && value !== undefined ? [{ path, value, time: time! }] : [],
    );
    if (values.length > 0) this.#write(stream, { kind: 'values', device: this.#address(account), values });
  }

  #note({ user }: Stream, action: string, device: string, subject: string): Promise<void> {
    return this.#options.audit.record({ door: 'https', actor: user, action, device, subject, outcome: 'done' });
  }

  /**
   * Instances of which at most one value is known are read: which optional resources there are, the unit among them, and what they are now.
   * One value alone was asked for by itself, or is observed.
   */
  async #readOptional(stream: Stream, seen: SeenDevice): Promise<void> {
    const { devices, ra } = this.#options;
    const { account } = seen.device;
    const { instances } = await devices.detail(stream.user, seen);
    for (const { path, resources } of instances) {
      const objectId = Number(path.split('/')[1]);
      const isKnown = resources.filter(({ value }) => value !== undefined).length > 1;
      if ((objectId !== 3 && objectId < firstOfThings) || isKnown || !this.#isOpen(stream)) continue;
      if (!devices.may(stream.user, seen, path, 'read')) continue;
      const request = { kind: 'read', path } as const;
      const by = { account: stream.user };
      await this.#note(stream, 'read', account, path);
      await ra.terminals.attempt(account, request, by, this.#closing.signal).catch(() => undefined);
    }
    // It may have fallen asleep meanwhile, and whoever looks at the lists again is to find what this says.
    const state = devices.stateFor(stream.user, seen);
    if (state !== undefined) this.#write(stream, { kind: 'state', device: this.#address(account), state });
  }

  #values(stream: Stream, device: string, time: string, values: Parameters<typeof valuesToJson>[0]): void {
    this.#write(stream, { kind: 'values', device: this.#address(device), values: valuesToJson(values, time) });
  }

  /** What is shown may be other devices than before, or others may be asked. */
  #toldNews(user: string, event: JsonHomeEvent): void {
    this.#tell(user, event);
    if (withoutDevices.has(event.kind)) return;
    for (const stream of this.#streams.get(user) ?? []) this.#guarded(this.#show(stream));
  }

  /** What came of a request that waited. */
  #late(answer: LateAnswer): void {
    const { account, device } = answer;
    const result = lateToJson(answer, this.#options.clock.epoch());
    this.#tell(account, { kind: 'result', device: this.#address(device), ...result });
  }

  async #stateChanged(account: string): Promise<void> {
    const { devices } = this.#options;
    for (const [user, own] of this.#streams) {
      const showing = [...own].filter(({ seen }) => seen.has(account));
      if (showing.length === 0) continue;
      const seen = await devices.see(user, account).catch(() => undefined);
      const state = seen && devices.stateFor(user, seen);
      if (seen === undefined || state === undefined) continue;
      for (const stream of showing) {
        this.#write(stream, { kind: 'state', device: this.#address(account), state });
        if (state === 'ONLINE') await this.#watch(stream, seen);
      }
    }
  }

  /** Owners that may know of the firmware hear how an update goes. */
  async #updated(account: string, update: OwnedUpdate): Promise<void> {
    const { ra } = this.#options;
    for (const [user, own] of this.#streams) {
      if (![...own].some(({ seen }) => seen.has(account))) continue;
      if (!(await mayUseFirmware(ra, { account: user, device: account, wish: 'show' }))) continue;
      this.#tell(user, { kind: 'firmware', device: this.#address(account), firmware: updateToJson(update) });
    }
  }

  #tell(user: string, event: EventToTell): void {
    for (const stream of this.#streams.get(user) ?? []) this.#write(stream, event);
  }

  #write(stream: Stream, event: EventToTell): void {
    if (!this.#isOpen(stream)) return;
    if (stream.sink.pending() > (this.#options.maxPending ?? 262_144)) {
      stream.sink.end(); // the page comes back and loads what there is
      return;
    }
    const told: JsonHomeEvent = { time: timeToJson(this.#options.clock.epoch()), ...event };
    stream.sink.write(`data: ${JSON.stringify(told)}\n\n`);
  }

  async #remove(stream: Stream): Promise<void> {
    const { user } = stream;
    const own = this.#streams.get(user);
    if (!own?.delete(stream)) return;
    this.#count--;
    stream.expiry?.cancel();
    if (own.size === 0) this.#streams.delete(user);
    // After the next start pages find what is observed, and what nobody comes back to ends then.
    if (this.#closing.signal.aborted) return;
    const before = this.#left.get(user);
    const timer = this.#options.timers.schedule(this.#options.keepFor ?? minutes(1), () =>
      this.#guarded(this.#forget(stream)),
    );
    this.#left.delete(user);
    this.#left.set(user, { stream, timer });
    before?.timer.cancel();
    if (before !== undefined) await this.#unwatchAll(before.stream);
    const [oldest] = this.#left.values();
    if (this.#left.size > this.#options.maxStreams) await this.#forget(oldest!.stream);
  }

  async #forget(stream: Stream): Promise<void> {
    const left = this.#left.get(stream.user);
    if (left?.stream !== stream) return;
    left.timer.cancel();
    this.#left.delete(stream.user);
    await this.#unwatchAll(stream);
  }

  async #unwatchAll({ watches }: Stream): Promise<void> {
    for (const watch of watches.values()) await this.#unwatch(watch);
  }

  async #unwatch(watch: Watch): Promise<void> {
    await this.#options.ra.unwatch(watch);
  }

  #isOpen(stream: Stream): boolean {
    return this.#streams.get(stream.user)?.has(stream) ?? false;
  }

  /** Somebody looks at it, or may be back soon. */
  #isHeld(stream: Stream): boolean {
    return this.#isOpen(stream) || this.#left.get(stream.user)?.stream === stream;
  }

  #address(account: string): string {
    return `${account}@${this.#options.ra.domain}`;
  }

  #beatLater(): void {
    this.#timer = this.#options.timers.schedule(heartbeat, () => {
      for (const own of this.#streams.values()) for (const { sink } of own) sink.write(heartbeatText);
      if (this.#count > 0) this.#beatLater();
      else this.#timer = undefined;
    });
  }

  #guarded(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#options.log.error('a page of a home was not told', { error }));
  }
}
