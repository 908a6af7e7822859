import type { DatabaseSync } from 'node:sqlite';
import { type SeriesKey, type SeriesKind, seriesKinds } from '@yaolian/directory';

/** A series that was removed; its chunks still have to go. */
export interface GoneSeries {
  readonly n: number;
  /** The last row of the journal that may hold values of it. */
  readonly journal: number;
}

const goneKind = 3;
/** Series whose numbers are remembered, of each device all or none; beyond it all are forgotten and read again. */
const maximumRemembered = 500_000;

/**
 * The numbers of series. What is asked for is remembered, because every value asks. Call changing methods inside a change of
 * the group commit.
 */
export class SeriesTable {
  readonly #statements: ReturnType<typeof prepareStatements>;
  /** Device, then `kind` and path. */
  #numbers = new Map<string, Map<string, number>>();
  #remembered = 0;
  /** Made in the transaction that is open. */
  #made: { readonly device: string; readonly name: string }[] = [];
  #next: number;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
    this.#next = (this.#statements.newest.get() as { n: number | null }).n ?? 0;
  }

  /** The number of a series; undefined when there is none. */
  find({ kind, device, path }: SeriesKey): number | undefined {
    const ofDevice = this.#numbers.get(device);
    const name = nameOf(kind, path);
    const known = ofDevice?.get(name);
    if (known !== undefined) return known;
    // What is remembered of a device is all of its series.
    return ofDevice ? undefined : this.#load(device)?.get(name);
  }

  /** The number of a series, new or not; undefined when its device has `maximum` others. */
  findOrMake(key: SeriesKey, maximum: number): number | undefined {
    // First of all: what is remembered of a device stays whole while a series is added to it.
    this.#makeRoom(1);
    const found = this.find(key);
    if (found !== undefined) return found;
    const { kind, device, path } = key;
    if (this.#count(device, kind) >= maximum) return undefined;
    const n = ++this.#next;
    this.#statements.make.run(n, device, kindNumber(kind), path);
    const name = nameOf(kind, path);
    this.#remember(device, name, n);
    this.#made.push({ device, name });
    return n;
  }

  /** In order of paths. */
  ofDevice(kind: SeriesKind, device: string): readonly { readonly n: number; readonly path: string }[] {
    return this.#statements.ofDevice.all(device, kindNumber(kind)) as unknown as { n: number; path: string }[];
  }

  /** From `after` on, so many: with their kinds. */
  page(after: number, limit: number): readonly { readonly n: number; readonly kind: SeriesKind | undefined }[] {
    const rows = this.#statements.page.all(after, limit) as unknown as { n: number; kind: number }[];
    return rows.map(({ n, kind }) => ({ n, kind: seriesKinds[kind] }));
  }

  kindOf(n: number): SeriesKind | undefined {
    const row = this.#statements.kind.get(n) as { kind: number } | undefined;
    return row && seriesKinds[row.kind];
  }

  /** Undefined for one that was removed. */
  keyOf(n: number): SeriesKey | undefined {
    const row = this.#statements.key.get(n) as { device: string; kind: number; path: string } | undefined;
    const kind = row && seriesKinds[row.kind];
    return row && kind && { kind, device: row.device, path: row.path };
  }

  /** Parts a device from its series. @returns their numbers */
  removeDevice(device: string, journal: number): readonly number[] {
    const numbers = (this.#statements.allOfDevice.all(device) as unknown as { n: number }[]).map(({ n }) => n);
    for (const n of numbers) this.#statements.part.run(goneKind, String(n), String(journal), n);
    this.#remembered -= this.#numbers.get(device)?.size ?? 0;
    this.#numbers.delete(device);
    return numbers;
  }

  gone(): readonly GoneSeries[] {
    const rows = this.#statements.gone.all(goneKind) as unknown as { n: number; path: string }[];
    return rows.map(({ n, path }) => ({ n, journal: Number(path) }));
  }

  forget(n: number): void {
    this.#statements.remove.run(n);
  }

  committed(): void {
    if (this.#made.length > 0) this.#made = [];
  }

  rolledBack(): void {
    for (const { device, name } of this.#made) if (this.#numbers.get(device)?.delete(name)) this.#remembered--;
    this.#made = [];
  }

  #count(device: string, kind: SeriesKind): number {
    const ofDevice = this.#numbers.get(device);
    if (!ofDevice) return 0;
    let count = 0;
    for (const name of ofDevice.keys()) if (isOf(kind, name)) count++;
    return count;
  }

  /** Undefined when the device has none. */
  #load(device: string): Map<string, number> | undefined {
    const rows = this.#statements.namesOfDevice.all(device) as unknown as { n: number; kind: number; path: string }[];
    if (rows.length === 0) return undefined;
    this.#makeRoom(rows.length);
    const names = rows.map(({ n, kind, path }) => [nameOf(seriesKinds[kind]!, path), n] as const);
    const ofDevice = new Map(names);
    this.#numbers.set(device, ofDevice);
    this.#remembered += ofDevice.size;
    return ofDevice;
  }

  #makeRoom(count: number): void {
    if (this.#remembered + count <= maximumRemembered) return;
    this.#numbers = new Map();
    this.#remembered = 0;
  }

  /** A series that was made now: the others of its device are remembered, or there are none. */
  #remember(device: string, name: string, n: number): void {
    const ofDevice = this.#numbers.get(device);
    if (ofDevice) ofDevice.set(name, n);
    else this.#numbers.set(device, new Map([[name, n]]));
    this.#remembered++;
  }
}

function kindNumber(kind: SeriesKind): number {
  return seriesKinds.indexOf(kind);
}

function isOf(kind: SeriesKind, name: string): boolean {
  return kind === 'value' ? name.startsWith('/') : name.startsWith(`${kind} `);
}

/** Paths begin with a slash, and the other kinds have few. */
function nameOf(kind: SeriesKind, path: string): string {
  return kind === 'value' ? path : `${kind} ${path}`;
}

function prepareStatements(database: DatabaseSync) {
  return {
    newest: database.prepare('SELECT max(n) AS n FROM history_series'),
    namesOfDevice: database.prepare(`SELECT n, kind, path FROM history_series WHERE device = ? AND kind < ${goneKind}`),
    make: database.prepare('INSERT INTO history_series (n, device, kind, path) VALUES (?, ?, ?, ?)'),
    ofDevice: database.prepare('SELECT n, path FROM history_series WHERE device = ? AND kind = ? ORDER BY path'),
    allOfDevice: database.prepare('SELECT n FROM history_series WHERE device = ? AND kind < 3'),
    page: database.prepare('SELECT n, kind FROM history_series WHERE n > ? ORDER BY n LIMIT ?'),
    kind: database.prepare('SELECT kind FROM history_series WHERE n = ?'),
    key: database.prepare('SELECT device, kind, path FROM history_series WHERE n = ?'),
    part: database.prepare('UPDATE history_series SET kind = ?, device = ?, path = ? WHERE n = ?'),
    gone: database.prepare('SELECT n, path FROM history_series WHERE kind = ?'),
    remove: database.prepare('DELETE FROM history_series WHERE n = ?'),
  };
}
