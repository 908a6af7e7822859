import { type EventData, type EventType, timelineTypes } from '@yaolian/contract';
import type { PointCursor, ValueHistory } from '@yaolian/directory';
import type { Log } from '@yaolian/kernel';
import { ordinaryWeight, type PlatformEvent } from '../events/event-hub.ts';

/** An event of a device, as it is kept: JSON under short names. */
interface Entry {
  readonly t: string;
  readonly e?: string;
  readonly d: Readonly<Record<string, unknown>>;
}

export interface TimelineEntry {
  readonly time: number;
  readonly type: string;
  readonly endpoint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TimelineQuery {
  readonly from: number;
  readonly to: number;
  /** Absent: all. */
  readonly types?: ReadonlySet<string> | undefined;
  readonly limit: number;
  readonly after?: PointCursor | undefined;
}

export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  readonly next?: PointCursor;
}

/** Types of events that are kept. */
export const keptTypes: ReadonlySet<EventType> = new Set(timelineTypes);
/** Of these some are not: those that tell little, or are of no device. */
const partlyKept = new Set<EventType>(['request.sent', 'device.updated', 'device.refused', 'bootstrap.refused']);

/** Whether every event of a type is kept, as long as its device is. */
export function isKeptWhole(type: EventType): boolean {
  return keptTypes.has(type) && !partlyKept.has(type);
}

/** Types that say all by their name. */
const withoutData = new Set<EventType>(['device.expired', 'device.disconnected']);
/** Characters of an entry; what an event carries beyond that is left out. */
const longest = 4_096;
/** Entries that one page looks at when it wants few of them. */
const mostScanned = 5_000;

/** What happened to each device, on disk. */
export class Timeline {
  readonly #history: ValueHistory;
  readonly #log: Log;

  constructor(history: ValueHistory, log: Log) {
    this.#history = history;
    this.#log = log;
  }

  /** Keeps an event, if it is one to keep. */
  readonly add = (event: PlatformEvent): void => {
    const { type, device, time } = event;
    if (device === undefined || !keptTypes.has(type) || type === 'request.sent') return;
    const data = event.data() as Record<string, unknown>;
    if (type === 'device.updated' && !data['addressChanged'] && !data['linksChanged']) return; // thousands, and all alike
    this.#history
      .record([{ kind: 'event', device, path: '', time, value: entryText(event, data) }])
      .catch((error: unknown) => this.#log.warn('an event was not kept', { event: type, device, error }));
  };

  /** What was kept last, of all devices, in the order in which it happened: what is known without a search. */
  async latest(limit: number): Promise<readonly PlatformEvent[]> {
    const events: PlatformEvent[] = [];
    for (const { device, time, value } of await this.#history.latest('event', limit)) {
      const { t, e, d } = JSON.parse(String(value)) as Entry;
      const type = t as EventType;
      const data = d as EventData<EventType>;
      if (Object.keys(d).length === 0 && !withoutData.has(type)) {
        events.length = 0; // it was too long to be kept whole: what is known without a gap begins after it
        continue;
      }
      const weight = ordinaryWeight + 2 * String(value).length;
      events.push({ type, time, device, endpoint: e ?? device, weight, data: () => data });
    }
    return events;
  }

  /** The newest first. A page may be short, or empty, and have a next one all the same. */
  async page(device: string, { from, to, types, limit, after }: TimelineQuery): Promise<TimelinePage> {
    const entries: TimelineEntry[] = [];
    let cursor = after;
    for (let scanned = 0; scanned < mostScanned; ) {
      const step = types ? 1_000 : limit;
      const query = { kind: 'event', device, path: '', from, to, order: 'newest', limit: step, after: cursor } as const;
      const { points, next } = await this.#history.points(query);
      scanned += points.length;
      let place = cursor;
      for (const { time, value } of points) {
        place = { time, skip: place?.time === time ? place.skip + 1 : 1 };
        const { t, e, d } = JSON.parse(String(value)) as Entry;
        if (types && !types.has(t)) continue;
        entries.push({ time, type: t, endpoint: e, data: d });
        if (entries.length === limit) return { entries, next: place };
      }
      if (!next) return { entries };
      cursor = next;
    }
    return cursor ? { entries, next: cursor } : { entries };
  }
}

function entryText({ type, endpoint, device }: PlatformEvent, data: Record<string, unknown>): string {
  const { node: _node, values: _values, ...told } = data; // values are in history
  const own = endpoint === undefined || endpoint === device ? {} : { e: endpoint };
  const text = JSON.stringify({ t: type, ...own, d: told } satisfies Entry);
  return text.length <= longest ? text : JSON.stringify({ t: type, ...own, d: {} } satisfies Entry);
}
