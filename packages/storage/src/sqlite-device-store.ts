import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type AllowEntry,
  type Device,
  type DeviceFacts,
  type DeviceName,
  type DeviceQuery,
  type DeviceStore,
  type FactCount,
  type FactCounts,
  longestFact,
} from '@yaolian/directory';
import { type DeviceNameRow, type DeviceRow, DeviceSearch, deviceColumns } from './device-search.ts';
import type { CommitListener, GroupCommit } from './group-commit.ts';

type RegistrationRecord = Parameters<DeviceStore['recordRegistration']>[0];

/** Devices and the allow-list in SQLite. The allow-list is held in memory too. */
export class SqliteDeviceStore implements DeviceStore, CommitListener {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #search: DeviceSearch<DeviceRow>;
  readonly #nameSearch: DeviceSearch<DeviceNameRow>;
  readonly #allowed = new Set<string>();
  #count = 0;
  #next = 1;
  #lastWasNew = false;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
    this.#search = DeviceSearch.rows(database);
    this.#nameSearch = DeviceSearch.names(database);
    for (const { key } of this.#statements.allowed.iterate()) this.#allowed.add(key as string);
    this.#recount();
    commit.listen(this);
  }

  async device(key: string): Promise<Device | undefined> {
    const row = this.#statements.device.get(key) as unknown as DeviceRow | undefined;
    return row && readDevice(row);
  }

  async devices(query: DeviceQuery): Promise<readonly Device[]> {
    return (await this.#search.find(query)).map(readDevice);
  }

  async deviceNames(query: DeviceQuery): Promise<readonly DeviceName[]> {
    return (await this.#nameSearch.find(query)).map(([key, endpoint]) => ({ key, endpoint: endpoint ?? key }));
  }

  hasRoomFor(key: string, most: number): boolean {
    return this.#count < most || this.#numberOf(key) !== undefined;
  }

  async countDevices(): Promise<number> {
    return this.#count;
  }

  recordRegistration(record: RegistrationRecord): Promise<void> {
    // Not `changeTogether`: a savepoint costs as much as half a row, and what could be refused is refused by the first statement.
    return this.#commit.change(() => this.#record(record));
  }

  async removeDevice(key: string): Promise<boolean> {
    let removed = false;
    await this.#commit.changeTogether(() => {
      const n = this.#numberOf(key);
      if (n === undefined) return;
      this.#statements.removeDevice.run(n);
      this.#statements.removeContact.run(n);
      this.#statements.removeFacts.run(key);
      this.#count--;
      removed = true;
    });
    return removed;
  }

  async recordFacts(key: string, { vendor, model, version }: DeviceFacts): Promise<void> {
    const cut = (text: string | undefined) => text?.slice(0, longestFact) ?? null;
    await this.#commit.change(() => {
      this.#statements.facts.run(cut(vendor), cut(model), cut(version), key);
    });
  }

  async countFacts(limit: number): Promise<FactCounts> {
    const count = (statement: StatementSync) =>
      (statement.all(limit) as unknown as FactCount[]).map(({ value, count }) => ({ value, count }));
    const { vendors, models, versions } = this.#statements;
    return { vendor: count(vendors), model: count(models), version: count(versions) };
  }

  isAllowed(key: string): boolean {
    return this.#allowed.has(key);
  }

  async allow(key: string, note: string, addedAt: number): Promise<void> {
    await this.allowMany([{ key, note, addedAt }]);
  }

  async allowMany(entries: readonly AllowEntry[]): Promise<void> {
    await this.#commit.changeTogether(() => {
      for (const { key, note, addedAt } of entries) this.#statements.allow.run(key, note, addedAt);
    });
    for (const { key } of entries) this.#allowed.add(key);
  }

  async disallow(key: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.disallow.run(key).changes > 0;
    });
    this.#allowed.delete(key);
    return removed;
  }

  async allowList(query: { readonly after?: string; readonly limit: number }): Promise<readonly AllowEntry[]> {
    const rows = this.#statements.allowList.all(query.after ?? '', query.limit);
    return (rows as unknown as AllowEntry[]).map(({ key, note, addedAt }) => ({ key, note, addedAt }));
  }

  rolledBack(): void {
    this.#recount();
  }

  #record(record: RegistrationRecord): void {
    const { key, time, address } = record;
    const endpoint = record.endpoint === key ? null : record.endpoint;
    const identity = identityText(record);
    // New devices come in fleets, and so do known ones: a look-up is saved by trying first what the last one was.
    if (this.#lastWasNew && this.#activate(record, endpoint, identity)) return;
    const unchanged = this.#statements.unchanged.get(key, endpoint, identity) as unknown as [n: number] | undefined;
    const isNew = unchanged === undefined && !this.#lastWasNew && this.#activate(record, endpoint, identity);
    this.#lastWasNew = isNew;
    if (unchanged !== undefined) this.#statements.contact.run(unchanged[0], time, address);
    else if (!isNew) this.#renew(record, endpoint, identity);
  }

  /** Writes a device that is new. False when it is known. */
  #activate(record: RegistrationRecord, endpoint: string | null, identity: string | null): boolean {
    const { key, time, address } = record;
    const { changes } = this.#statements.activate.run(this.#next, key, endpoint, time, address, identity);
    if (changes === 0) return false;
    this.#next++;
    this.#count++;
    return true;
  }

  /** Writes a Register of a known device under another endpoint name, or with another identity. */
  #renew(record: RegistrationRecord, endpoint: string | null, identity: string | null): void {
    const n = this.#numberOf(record.key)!;
    this.#statements.describe.run(endpoint, identity, n);
    this.#statements.contact.run(n, record.time, record.address);
  }

  #numberOf(key: string): number | undefined {
    return (this.#statements.numberOf.get(key) as unknown as [number] | undefined)?.[0];
  }

  #recount(): void {
    const [count, last] = this.#statements.count.get() as unknown as [number, number | null];
    this.#count = count;
    this.#next = (last ?? 0) + 1;
  }
}

function identityText(record: RegistrationRecord): string | null {
  for (const _ in record.identity) return JSON.stringify(record.identity);
  return null;
}

function readDevice(row: DeviceRow): Device {
  const [key, endpoint, activatedAt, activationAddress, identity, registeredAt, address, vendor, model, version] = row;
  const isDescribed = vendor !== null || model !== null || version !== null;
  return {
    key,
    endpoint: endpoint ?? key,
    activatedAt,
    activationAddress,
    lastAddress: address ?? activationAddress,
    lastRegisteredAt: registeredAt ?? activatedAt,
    identity: identity === null ? {} : (JSON.parse(identity) as Record<string, string>),
    ...(isDescribed && {
      facts: {
        ...(vendor !== null && { vendor }),
        ...(model !== null && { model }),
        ...(version !== null && { version }),
      },
    }),
  };
}

function factCounts(column: string): string {
  return `SELECT ${column} AS value, count(*) AS count FROM device_fact WHERE ${column} IS NOT NULL
    GROUP BY ${column} ORDER BY count DESC, value LIMIT ?`;
}

function prepareStatements(database: DatabaseSync) {
  const rows = { returnArrays: true };
  return {
    device: database.prepare(`SELECT ${deviceColumns} WHERE key = ?`, rows),
    numberOf: database.prepare('SELECT n FROM device WHERE key = ?', rows),
    count: database.prepare('SELECT count(*), max(n) FROM device', rows),
    activate: database.prepare('INSERT INTO device VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING'),
    unchanged: database.prepare('SELECT n FROM device WHERE key = ? AND endpoint IS ? AND identity IS ?', rows),
    describe: database.prepare('UPDATE device SET endpoint = ?, identity = ? WHERE n = ?'),
    contact: database.prepare('REPLACE INTO device_contact VALUES (?, ?, ?)'),
    removeDevice: database.prepare('DELETE FROM device WHERE n = ?'),
    removeFacts: database.prepare('DELETE FROM device_fact WHERE device = ?'),
    facts: database.prepare(
      `INSERT INTO device_fact SELECT key, ?1, ?2, ?3 FROM device WHERE key = ?4
        ON CONFLICT (device) DO UPDATE SET vendor = coalesce(excluded.vendor, vendor),
          model = coalesce(excluded.model, model), version = coalesce(excluded.version, version)`,
    ),
    vendors: database.prepare(factCounts('vendor')),
    models: database.prepare(factCounts('model')),
    versions: database.prepare(factCounts('version')),
    removeContact: database.prepare('DELETE FROM device_contact WHERE n = ?'),
    allowed: database.prepare('SELECT key FROM allowed_device'),
    allow: database.prepare(
      'INSERT INTO allowed_device VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET note = excluded.note',
    ),
    disallow: database.prepare('DELETE FROM allowed_device WHERE key = ?'),
    allowList: database.prepare(
      'SELECT key, note, added_at AS addedAt FROM allowed_device WHERE key > ? ORDER BY key LIMIT ?',
    ),
  };
}
