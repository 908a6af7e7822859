import {
  type EventData,
  type EventType,
  encodeEventFrame,
  eventTypes,
  heartbeatFrame,
  type JsonEvent,
} from '@yaolian/contract';
import { type Clock, type Duration, seconds, type Timer, type Timers } from '@yaolian/kernel';
import { type EventId, formatEventId, parseEventId } from './event-id.ts';
import { EventRing } from './event-ring.ts';

/** Something that happened, before anybody asked for it as JSON. */
export interface PlatformEvent {
  readonly type: EventType;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly device?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Bytes that it keeps in memory, roughly. Absent: {@link ordinaryWeight}. */
  readonly weight?: number;
  /** Called when somebody wants it. */
  readonly data: () => EventData<EventType>;
  /** What belongs to the data of its type and is told to webhooks that name the type alone: a reader has no need of it. */
  readonly confidential?: (() => Partial<EventData<EventType>>) | undefined;
}

/** Bytes that an event keeps in memory, roughly, that carries no values. */
export const ordinaryWeight = 500;

/** What a reader wants to hear. Absent: everything. */
export interface EventFilter {
  /** Device keys and endpoint names. */
  readonly devices?: ReadonlySet<string>;
  readonly types?: ReadonlySet<EventType>;
}

/** Where a reader's text goes. */
export interface EventSink {
  write(text: string): void;
  /** Characters or bytes that were written and have not left yet. */
  pending(): number;
  /** Ends the stream. */
  end(): void;
}

export interface EventHubOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Events remembered for readers that come back. */
  readonly history: number;
  /** Bytes of memory that those may take, roughly. Default 64 MiB. */
  readonly maxHistoryBytes?: number;
  readonly maxReaders: number;
  /** Of them those that one operator opened, by whatever tokens. Default: all. */
  readonly maxReadersPerOperator?: number;
  /** A reader with more than this waiting is cut off. Default 1 MiB. */
  readonly maxPending?: number;
  /** Default 15 s. */
  readonly heartbeat?: Duration;
}

interface Reader {
  readonly filter: EventFilter;
  readonly sink: EventSink;
  readonly operator: string | undefined;
}

/** What a stream begins with, and who opened it. */
export interface StreamStart {
  /** It goes on after this event. */
  readonly lastEventId?: string | undefined;
  /** Otherwise with so many of the last events that it wants to hear. Default 0. */
  readonly last?: number | undefined;
  /** Absent: no operator. */
  readonly operator?: string | undefined;
}

/** Why a reader gets no stream: there are as many as there may be, or its operator has as many as one may. */
export type NoRoom = 'all-taken' | 'own-taken';

/** Tells readers what happens, and those who come back what they missed. */
export class EventHub {
  readonly #options: Required<EventHubOptions>;
  readonly #ring: EventRing<PlatformEvent>;
  readonly #readers = new Set<Reader>();
  readonly #listeners = new Set<(event: PlatformEvent) => void>();
  readonly #keepers = new Map<(event: PlatformEvent) => void, ReadonlySet<EventType>>();
  /** Types that somebody keeps. */
  #keptTypes: ReadonlySet<EventType> = new Set();
  /** Those that who keeps events has heard of already. */
  readonly #kept = new WeakSet<PlatformEvent>();
  /** Tells this run of the platform from earlier ones, whose numbers mean nothing here. */
  readonly #run: number;
  /** The number of the last event of earlier runs that the ring was given. */
  #lastRestored = 0;
  #isWhole: (type: EventType) => boolean = () => false;
  #heartbeat: Timer | undefined;
  #closed = false;

  constructor(options: EventHubOptions) {
    this.#options = {
      ...{ maxPending: 1_048_576, maxHistoryBytes: 67_108_864, heartbeat: seconds(15) },
      maxReadersPerOperator: options.maxReaders,
      ...options,
    };
    this.#ring = new EventRing({ capacity: options.history, maxWeight: this.#options.maxHistoryBytes });
    this.#run = options.clock.epoch();
  }

  get readers(): number {
    return this.#readers.size;
  }

  get maxReadersPerOperator(): number {
    return this.#options.maxReadersPerOperator;
  }

  /** Whether anybody keeps events. */
  get isKept(): boolean {
    return this.#keepers.size > 0;
  }

  /** Whether anybody keeps events of a type. */
  keeps(type: EventType): boolean {
    return this.#keptTypes.has(type);
  }

  /**
   * Remembers what happened before the platform started, for readers that come back. Before anything is published.
   * @param events in the order in which they happened, without a gap but for types that are not whole
   * @param isWhole whether every event of a type is among them, from the first on
   */
  restore(events: readonly PlatformEvent[], isWhole: (type: EventType) => boolean): void {
    for (const event of events) this.#lastRestored = this.#ring.push(event, event.weight ?? ordinaryWeight);
    this.#isWhole = isWhole;
  }

  /**
   * Says in the turn in which what the event is about is given to its store that it will be published once it is there: whoever
   * keeps events does so in the same transaction, so that a crash in between loses neither.
   * @param event the object that {@link publish} is called with
   */
  keep(event: PlatformEvent): void {
    if (!this.keeps(event.type)) return;
    this.#kept.add(event);
    this.#tellKeepers(event);
  }

  publish(event: PlatformEvent): void {
    if (this.keeps(event.type) && !this.#kept.delete(event)) this.#tellKeepers(event);
    const number = this.#ring.push(event, event.weight ?? ordinaryWeight);
    for (const listener of this.#listeners) listener(event);
    if (this.#readers.size === 0) return;
    let frame: string | undefined;
    for (const reader of [...this.#readers]) {
      if (!wants(reader.filter, event)) continue;
      frame ??= this.#frame(event, number);
      this.#send(reader, frame);
    }
  }

  /** Calls `listener` with every event, until the function that is returned has been called. It must not throw. */
  listen(listener: (event: PlatformEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * As {@link listen}, and of an event that {@link keep} told of before it is published: `keeper` hears of each once.
   * @param types those that it wants to hear of
   */
  keepWith(keeper: (event: PlatformEvent) => void, types: ReadonlySet<EventType> = everyType): () => void {
    const changed = (): void => {
      this.#keptTypes = new Set([...this.#keepers.values()].flatMap((wanted) => [...wanted]));
    };
    this.#keepers.set(keeper, types);
    changed();
    return () => {
      this.#keepers.delete(keeper);
      changed();
    };
  }

  /**
   * Adds a reader and sends it what came before, as far as it is asked for.
   * @returns to be called when the reader goes; why nothing was done, when there is no room
   */
  subscribe(filter: EventFilter, sink: EventSink, start: StreamStart = {}): (() => void) | NoRoom {
    const { lastEventId, last = 0, operator } = start;
    if (this.#closed || this.#readers.size >= this.#options.maxReaders) return 'all-taken';
    if (operator !== undefined && this.#readersOf(operator) >= this.#options.maxReadersPerOperator) return 'own-taken';
    const reader: Reader = { filter, sink, operator };
    this.#readers.add(reader);
    sink.write(heartbeatFrame); // tells the reader, and proxies on the way, that the stream has begun
    if (lastEventId !== undefined) this.#resume(reader, lastEventId);
    else if (last > 0) this.#recall(reader, last);
    if (this.#heartbeat === undefined) this.#beatLater();
    return () => this.#remove(reader);
  }

  /** Ends every stream. */
  close(): void {
    this.#closed = true;
    this.#heartbeat?.cancel();
    for (const reader of [...this.#readers]) this.#cutOff(reader);
  }

  #readersOf(operator: string): number {
    let count = 0;
    for (const reader of this.#readers) if (reader.operator === operator) count++;
    return count;
  }

  #tellKeepers(event: PlatformEvent): void {
    for (const [keeper, types] of this.#keepers) if (types.has(event.type)) keeper(event);
  }

  #resume(reader: Reader, lastEventId: string): void {
    const id = parseEventId(lastEventId);
    if (id?.run !== this.#run || id.number >= this.#ring.next) {
      this.#resumeEarlierRun(reader, id);
      return;
    }
    const first = Math.max(id.number + 1, this.#ring.oldest);
    const missed = first - id.number - 1;
    if (missed > 0) {
      const reason = `${missed} events are no longer remembered`;
      this.#sendGap(reader, first - 1, { reason, code: 'forgotten', missed });
    }
    this.#sendFrom(reader, first, 0);
  }

  /** Goes on after an event of an earlier run, as far as the store knows what happened then; what is not known is told. */
  #resumeEarlierRun(reader: Reader, id: EventId | undefined): void {
    const ring = this.#ring;
    const oldest = ring.at(ring.oldest);
    // Where the clock was put back, times say nothing.
    const since =
      id !== undefined && id.run < this.#run && id.time <= this.#options.clock.epoch() ? id.time : undefined;
    const restored = since === undefined ? this.#lastRestored + 1 : ring.oldest;
    const reachesBack =
      since !== undefined && ring.oldest <= this.#lastRestored && oldest !== undefined && oldest.time < since - overlap;
    const isWhole = reachesBack && [...(reader.filter.types ?? everyType)].every(this.#isWhole);
    const first = Math.max(restored, ring.oldest);
    if (!isWhole) {
      const reason = 'the platform has restarted since: history and timelines have what was stored';
      const from = since === undefined ? {} : { since: new Date(since).toISOString() };
      this.#sendGap(reader, first - 1, { reason, code: 'restarted', ...from });
    }
    this.#sendFrom(reader, first, since === undefined ? 0 : since - overlap);
  }

  /** @param since of what happened before the start, what is as new as this */
  #sendFrom(reader: Reader, first: number, since: number): void {
    for (let number = first; number < this.#ring.next && this.#readers.has(reader); number++) {
      const event = this.#ring.at(number);
      if (!event || !wants(reader.filter, event) || (number <= this.#lastRestored && event.time < since)) continue;
      this.#send(reader, this.#frame(event, number));
    }
  }

  #recall(reader: Reader, last: number): void {
    const found: (readonly [event: PlatformEvent, number: number])[] = [];
    for (let number = this.#ring.next - 1; number >= this.#ring.oldest && found.length < last; number--) {
      const event = this.#ring.at(number);
      if (event && wants(reader.filter, event)) found.push([event, number]);
    }
    for (const [event, number] of found.toReversed()) {
      if (this.#readers.has(reader)) this.#send(reader, this.#frame(event, number));
    }
  }

  #frame(event: PlatformEvent, number: number): string {
    return frameOf(event, formatEventId({ run: this.#run, number, time: event.time }));
  }

  #send(reader: Reader, frame: string): void {
    if (reader.sink.pending() > this.#options.maxPending) {
      this.#cutOff(reader); // it may come back with Last-Event-ID when it has caught its breath
      return;
    }
    reader.sink.write(frame);
  }

  #sendGap(reader: Reader, number: number, gap: EventData<'stream.gap'>): void {
    const time = this.#options.clock.epoch();
    const event: PlatformEvent = { type: 'stream.gap', time, data: () => gap };
    reader.sink.write(this.#frame(event, number));
  }

  #beatLater(): void {
    this.#heartbeat = this.#options.timers.schedule(this.#options.heartbeat, () => {
      for (const reader of [...this.#readers]) {
        if (reader.sink.pending() > this.#options.maxPending) this.#cutOff(reader);
        else reader.sink.write(heartbeatFrame);
      }
      if (this.#readers.size > 0) this.#beatLater();
      else this.#heartbeat = undefined;
    });
  }

  #cutOff(reader: Reader): void {
    this.#remove(reader);
    reader.sink.end();
  }

  #remove(reader: Reader): void {
    this.#readers.delete(reader);
  }
}

const everyType: ReadonlySet<EventType> = new Set(eventTypes);
/** Milliseconds: events are told in the order in which they became durable, which may be a little other than that of their times. */
const overlap = 1_000;

function wants(filter: EventFilter, event: PlatformEvent): boolean {
  if (filter.types && !filter.types.has(event.type)) return false;
  if (!filter.devices) return true;
  const { device, endpoint } = event;
  return (
    (device !== undefined && filter.devices.has(device)) || (endpoint !== undefined && filter.devices.has(endpoint))
  );
}

function frameOf(event: PlatformEvent, id: string): string {
  const { type, time, device, endpoint } = event;
  const json = {
    id,
    type,
    time: new Date(time).toISOString(),
    ...(device === undefined ? {} : { device }),
    ...(endpoint === undefined ? {} : { endpoint }),
    data: event.data(),
  } as JsonEvent;
  return encodeEventFrame({ id, event: type, data: JSON.stringify(json) });
}
