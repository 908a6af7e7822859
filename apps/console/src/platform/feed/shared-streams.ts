import { type FromPage, goneAfter, type ToPage, type Want } from './feed-messages.ts';

/** What came on a stream. */
export interface Frame {
  /** Empty where the stream has none. */
  readonly id: string;
  readonly data: string;
}

/** Opens a stream. Resolves when it has begun; the frames end, or throw, when it does. @throws StreamRefused */
export type OpenStream = (
  url: string,
  lastEventId: string | undefined,
  signal: AbortSignal,
) => Promise<AsyncIterable<Frame>>;

/** The platform answered, and gave no stream. */
export class StreamRefused extends Error {}

export interface Page {
  send(message: ToPage): void;
}

/** Milliseconds. */
const gatherFor = 50;
const narrowAfter = 5_000;
const firstPause = 1_000;
const longestPause = 10_000;
const refusedPause = 5_000;
const mostDevices = 100;

interface Known {
  wants: ReadonlyMap<number, Want>;
  gone: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Streams that the pages of a browser share: it has six connections to a server for all of them together (HTTP/1.1), and a stream
 * takes one for as long as it is open. There is one stream of what all devices do and one of those devices that pages show, wide
 * enough for all who listen; who asked for less hears less.
 */
export class SharedStreams {
  readonly #open: OpenStream;
  readonly #pages = new Map<Page, Known>();
  readonly #streams = new Map<string, SharedStream>();

  constructor(open: OpenStream) {
    this.#open = open;
  }

  /** A page says what it wants. */
  hear(page: Page, { wants }: FromPage): void {
    const before = this.#pages.get(page);
    clearTimeout(before?.gone);
    const known: Known = { wants: new Map(wants), gone: undefined };
    if (known.wants.size === 0) this.#pages.delete(page);
    else {
      known.gone = setTimeout(() => this.hear(page, { wants: [] }), goneAfter);
      this.#pages.set(page, known);
    }
    for (const name of new Set([...this.#streams.keys(), ...[...known.wants.values()].map(nameOf)])) this.#look(name);
    for (const [number, want] of known.wants) {
      const isNew = before === undefined || !before.wants.has(number);
      if (isNew && this.#streams.get(nameOf(want))?.covers(want)) page.send({ kind: 'live', number, isLive: true });
    }
  }

  #look(name: string): void {
    const wants = this.#wantsOf(name).map(({ want }) => want);
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      if (wants.length === 0) return;
      stream = new SharedStream(this.#open, {
        opened: (covers) => this.#tellState(name, (want) => (covers(want) ? 'live' : undefined)),
        lost: () => this.#tellState(name, () => 'lost'),
        refused: (covers) => this.#tellState(name, (want) => (covers(want) ? undefined : 'refused')),
        told: (frame) => this.#tell(name, frame),
      });
      this.#streams.set(name, stream);
    }
    stream.want(wants);
  }

  #wantsOf(name: string): { page: Page; number: number; want: Want }[] {
    return [...this.#pages].flatMap(([page, { wants }]) =>
      [...wants].flatMap(([number, want]) => (nameOf(want) === name ? [{ page, number, want }] : [])),
    );
  }

  #tellState(name: string, stateOf: (want: Want) => 'live' | 'lost' | 'refused' | undefined): void {
    for (const { page, number, want } of this.#wantsOf(name)) {
      const state = stateOf(want);
      if (state === 'refused') page.send({ kind: 'refused', number });
      else if (state !== undefined) page.send({ kind: 'live', number, isLive: state === 'live' });
    }
  }

  #tell(name: string, { data }: Frame): void {
    const told = JSON.parse(data) as { readonly type?: string; readonly device?: string; readonly endpoint?: string };
    const listening = new Map<Page, number[]>();
    for (const { page, number, want } of this.#wantsOf(name)) {
      if (!wants(want, told)) continue;
      const numbers = listening.get(page);
      if (numbers) numbers.push(number);
      else listening.set(page, [number]);
    }
    for (const [page, numbers] of listening) page.send({ kind: 'told', numbers, told });
  }
}

interface Hearer {
  /** The stream is open, for those wants that it covers. */
  readonly opened: (covers: (want: Want) => boolean) => void;
  readonly lost: () => void;
  /** It was not opened, for those wants that none covers. */
  readonly refused: (covers: (want: Want) => boolean) => void;
  readonly told: (frame: Frame) => void;
}

interface Filter {
  readonly path: string;
  readonly types: ReadonlySet<string> | undefined;
  readonly devices: ReadonlySet<string> | undefined;
  readonly subjects: ReadonlySet<string> | undefined;
}

interface Opening {
  readonly filter: Filter;
  readonly leaving: AbortController;
}

/** One stream, which is opened again when it breaks, and when it is too narrow or far too wide. */
class SharedStream {
  readonly #open: OpenStream;
  readonly #hearer: Hearer;
  #wanted: Filter | undefined;
  #opening: Opening | undefined;
  #current: Opening | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #pause = firstPause;
  #lastId: string | undefined;
  /** Of the last frames: while one stream takes the place of another, both tell. */
  #ids: string[] = [];

  constructor(open: OpenStream, hearer: Hearer) {
    this.#open = open;
    this.#hearer = hearer;
  }

  /** Whether it is open, and what a page wants comes on it. */
  covers(want: Want): boolean {
    return this.#current !== undefined && coversAll(this.#current.filter, filterOf([want])!);
  }

  want(wants: readonly Want[]): void {
    this.#wanted = filterOf(wants);
    const newest = this.#opening ?? this.#current;
    if (this.#wanted === undefined) {
      if (newest === undefined) this.#cancel();
      else this.#lookIn(firstPause);
    } else if (newest === undefined) this.#lookIn(gatherFor);
    else if (!coversAll(newest.filter, this.#wanted)) this.#lookIn(gatherFor);
    else if (!coversAll(this.#wanted, newest.filter)) this.#lookIn(narrowAfter);
    else this.#cancel();
  }

  /** The earlier look stands. */
  #lookIn(milliseconds: number): void {
    const at = Date.now() + milliseconds;
    if (at >= this.#dueAt) return;
    this.#cancel();
    this.#dueAt = at;
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#look();
    }, milliseconds);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #look(): void {
    const wanted = this.#wanted;
    this.#opening?.leaving.abort();
    this.#opening = undefined;
    if (wanted === undefined) {
      this.#current?.leaving.abort();
      this.#current = undefined;
      this.#lastId = undefined;
      return;
    }
    const opening = { filter: wanted, leaving: new AbortController() };
    this.#opening = opening;
    void this.#follow(opening);
  }

  async #follow(opening: Opening): Promise<void> {
    const { filter, leaving } = opening;
    try {
      // Beside one that is open it need not tell what that one tells.
      const since = this.#current === undefined ? this.#lastId : undefined;
      const frames = await this.#open(urlOf(filter), since, leaving.signal);
      if (leaving.signal.aborted) return;
      this.#opening = undefined;
      this.#current?.leaving.abort();
      this.#current = opening;
      this.#pause = firstPause;
      this.#hearer.opened((want) => this.covers(want));
      for await (const frame of frames) {
        if (leaving.signal.aborted) return;
        this.#take(frame);
      }
    } catch (error) {
      if (leaving.signal.aborted) return;
      if (error instanceof StreamRefused) {
        this.#opening = undefined;
        this.#hearer.refused((want) => this.covers(want));
        this.#lookIn(refusedPause);
        return;
      }
    }
    if (leaving.signal.aborted) return;
    if (this.#opening === opening) this.#opening = undefined;
    if (this.#current === opening) this.#current = undefined;
    // Also where it did not open at first: what happens until it does is not told.
    if (this.#current === undefined) this.#hearer.lost();
    this.#lookIn(this.#pause);
    this.#pause = Math.min(2 * this.#pause, longestPause);
  }

  #take(frame: Frame): void {
    if (frame.id !== '') {
      if (this.#ids.includes(frame.id)) return;
      this.#ids.push(frame.id);
      if (this.#ids.length > 200) this.#ids = this.#ids.slice(-100);
      this.#lastId = frame.id;
    }
    this.#hearer.told(frame);
  }
}

/** Which stream it is. */
function nameOf({ whose, path, device }: Want): string {
  return device === undefined ? `${whose} ${path}` : `${whose} ${path} of devices`;
}

function filterOf(wants: readonly Want[]): Filter | undefined {
  const [first] = wants;
  if (first === undefined) return undefined;
  const types = wants.flatMap((want) => want.types ?? []);
  const devices = new Set(wants.flatMap(({ device }) => device ?? []));
  const subjects = new Set(wants.flatMap(({ subject }) => subject ?? []));
  return {
    path: first.path,
    types: wants.every((want) => want.types !== undefined) ? new Set(types) : undefined,
    devices: first.device !== undefined && devices.size <= mostDevices ? devices : undefined,
    subjects: first.subject === undefined ? undefined : subjects,
  };
}

function coversAll(wide: Filter, narrow: Filter): boolean {
  return (
    includesAll(wide.types, narrow.types) &&
    includesAll(wide.devices, narrow.devices) &&
    includesAll(wide.subjects, narrow.subjects)
  );
}

function includesAll(wide: ReadonlySet<string> | undefined, narrow: ReadonlySet<string> | undefined): boolean {
  return wide === undefined || (narrow !== undefined && [...narrow].every((one) => wide.has(one)));
}

function urlOf({ path, types, devices, subjects }: Filter): string {
  const query = new URLSearchParams();
  for (const device of devices ?? []) query.append('device', device);
  for (const subject of subjects ?? []) query.append('subject', subject);
  for (const type of types ?? []) query.append('type', type);
  return query.size === 0 ? path : `${path}?${query}`;
}

function wants(
  { types, device, subject }: Want,
  told: { readonly type?: string; readonly device?: string; readonly endpoint?: string; readonly subject?: string },
): boolean {
  if (told.type === 'stream.gap') return true;
  if (types !== undefined && !types.includes(told.type ?? '')) return false;
  if (subject !== undefined && told.subject !== subject) return false;
  return device === undefined || told.device === device || told.endpoint === device;
}
