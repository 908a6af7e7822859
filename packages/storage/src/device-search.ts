import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { DeviceQuery } from '@yaolian/directory';

/** So many devices are looked at in one turn of the event loop: well under a millisecond. */
const devicesPerTurn = 1000;

export type DeviceRow = readonly [
  key: string,
  endpoint: string | null,
  activatedAt: number,
  activationAddress: string,
  identity: string | null,
  registeredAt: number | null,
  address: string | null,
  vendor: string | null,
  model: string | null,
  version: string | null,
];

const columns = `device.key, endpoint, activated_at, activation_address, identity, registered_at, address,
  f.vendor, f.model, f.version`;

/** The first columns of a {@link DeviceRow}. */
export type DeviceNameRow = readonly [key: string, endpoint: string | null];

export const deviceColumns = `${columns}
  FROM device LEFT JOIN device_contact USING (n) LEFT JOIN device_fact f ON f.device = device.key`;

/** Where a filter walks: the shortest way to the devices that may fit, in the order of their keys. */
interface Walk {
  /** The key at the end of the next slice. */
  readonly sliceEnd: StatementSync;
  readonly slice: StatementSync;
}

/** So many candidates of an index are looked at one by one; where there are more, a walk finds a page sooner. */
const mostCandidates = 2000;
/** So many last Registers are looked at in one turn. */
const contactsPerTurn = 10_000;
/** Of a longer text the first decide. */
const mostTrigrams = 30;

/**
 * Reads devices page by page in the order of keys. A text of three characters or more, and `seenSince`, go by an index, where few devices
 * fit; any other filter walks a bounded number of devices in one turn.
 */
export class DeviceSearch<Row extends DeviceRow | DeviceNameRow> {
  readonly #page: StatementSync;
  readonly #texts: StatementSync;
  readonly #activated: StatementSync;
  readonly #contacted: StatementSync;
  readonly #lastContact: StatementSync;
  readonly #chosen: StatementSync;
  readonly #walks: Readonly<Record<'all' | 'group' | 'model' | 'version' | 'vendor', Walk>>;

  private constructor(database: DatabaseSync, wanted: string) {
    const rows = { returnArrays: true };
    this.#page = database.prepare(
      `SELECT ${wanted} FROM device LEFT JOIN device_contact USING (n) LEFT JOIN device_fact f ON f.device = device.key
        WHERE key > ? ORDER BY key LIMIT ?`,
      rows,
    );
    const most = mostCandidates + 1;
    this.#texts = database.prepare(`SELECT rowid FROM device_text WHERE device_text MATCH ? LIMIT ${most}`, rows);
    this.#activated = database.prepare(`SELECT n FROM device WHERE activated_at >= ? LIMIT ${most}`, rows);
    this.#contacted = database.prepare(
      `SELECT n FROM device_contact WHERE n > :from AND n <= :from + ${contactsPerTurn} AND registered_at >= :since`,
      rows,
    );
    this.#lastContact = database.prepare('SELECT max(n) FROM device_contact', rows);
    this.#chosen = database.prepare(
      `SELECT ${wanted} FROM json_each(:chosen) w CROSS JOIN device ON device.n = w.value
        LEFT JOIN device_contact USING (n) LEFT JOIN device_fact f ON f.device = device.key
        WHERE device.key > :from AND ${fits} ORDER BY device.key LIMIT :limit`,
      rows,
    );
    this.#chosen.setAllowUnknownNamedParameters(true);
    const walk = (source: string, key: string, condition: string): Walk => ({
      sliceEnd: database.prepare(
        `SELECT ${key} FROM ${source} WHERE ${condition} AND ${key} > :from ORDER BY ${key} LIMIT 1 OFFSET ${devicesPerTurn - 1}`,
        rows,
      ),
      // CROSS JOIN: SQLite is not to choose another order.
      slice: database.prepare(
        `SELECT ${wanted} FROM ${source === 'device' ? source : `${source} CROSS JOIN device ON device.key = ${key}`}
          LEFT JOIN device_contact USING (n) LEFT JOIN device_fact f ON f.device = device.key
          WHERE ${condition} AND ${key} > :from AND (:end IS NULL OR ${key} <= :end) AND ${fits} ORDER BY ${key} LIMIT :limit`,
        rows,
      ),
    });
    const byFact = (name: string) => walk('device_fact w', 'w.device', `w.${name} = :${name}`);
    this.#walks = {
      all: walk('device', 'device.key', 'true'),
      group: walk('device_group_member w', 'w.device', 'w.name = :group'),
      model: byFact('model'),
      version: byFact('version'),
      vendor: byFact('vendor'),
    };
    for (const { sliceEnd, slice } of Object.values(this.#walks)) {
      for (const statement of [sliceEnd, slice]) statement.setAllowUnknownNamedParameters(true);
    }
  }

  /** Finds devices. */
  static rows(database: DatabaseSync): DeviceSearch<DeviceRow> {
    return new DeviceSearch(database, columns);
  }

  /** Finds their names alone. */
  static names(database: DatabaseSync): DeviceSearch<DeviceNameRow> {
    return new DeviceSearch(database, 'device.key, endpoint');
  }

  async find(query: DeviceQuery): Promise<Row[]> {
    // No key is empty, so all come after the empty one.
    const { after = '', limit, search = '' } = query;
    if (search.includes('\0')) return []; // SQLite would look for what stands before it
    const conditions = conditionsOf(query);
    if (Object.values(conditions).every((value) => value === null)) {
      return this.#page.all(after, limit) as unknown as Row[];
    }
    const candidates = await this.#candidates(query);
    if (candidates !== undefined) {
      const chosen = JSON.stringify(candidates);
      return this.#chosen.all({ ...conditions, chosen, from: after, limit }) as unknown as Row[];
    }
    const way = (['group', 'model', 'version', 'vendor'] as const).find((name) => query[name] !== undefined) ?? 'all';
    const { sliceEnd, slice } = this.#walks[way];
    const found: Row[] = [];
    for (let from = after; ; ) {
      const end = (sliceEnd.get({ ...conditions, from }) as unknown as [string] | undefined)?.[0];
      const place = { from, end: end ?? null, limit: limit - found.length };
      found.push(...(slice.all({ ...conditions, ...place }) as unknown as Row[]));
      if (end === undefined || found.length >= limit) return found;
      from = end;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Numbers of devices among which all are that fit. Undefined: no index says, or there are many. */
  async #candidates({ search = '', seenSince }: DeviceQuery): Promise<readonly number[] | undefined> {
    const terms = trigramsOf(search);
    const byText = terms === undefined ? undefined : few(this.#texts.all(terms) as unknown as [number][]);
    if (byText !== undefined || seenSince === undefined) return byText;
    return this.#recent(seenSince);
  }

  /**
   * Who registered since: for the first time by an index; again by reading a table that has little else, because an index of that
   * would cost half as much as a Register does.
   */
  async #recent(since: number): Promise<readonly number[] | undefined> {
    const activated = few(this.#activated.all(since) as unknown as [number][]);
    if (activated === undefined) return undefined;
    const found = new Set(activated);
    const [last] = this.#lastContact.get() as unknown as [number | null];
    for (let from = 0; from < (last ?? 0) && found.size <= mostCandidates; from += contactsPerTurn) {
      for (const [n] of this.#contacted.all({ from, since }) as unknown as [number][]) found.add(n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return found.size <= mostCandidates ? [...found] : undefined;
  }
}

function few(rows: readonly (readonly [number])[]): readonly number[] | undefined {
  return rows.length <= mostCandidates ? rows.map(([n]) => n) : undefined;
}

/** Three characters in a row, each a term that the index knows, joined by AND. Undefined when the text is too short. */
export function trigramsOf(text: string): string | undefined {
  const characters = [...text];
  const all = characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''));
  const terms = [...new Set(all)].slice(0, mostTrigrams).map((term) => `"${term.replaceAll('"', '""')}"`);
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

// The text of the identity is looked at first: taking JSON apart is what costs.
const contains = `(device.key LIKE :pattern ESCAPE '\\' OR endpoint LIKE :pattern ESCAPE '\\'
  OR f.vendor LIKE :pattern ESCAPE '\\' OR f.model LIKE :pattern ESCAPE '\\' OR f.version LIKE :pattern ESCAPE '\\'
  OR (identity LIKE :identityPattern ESCAPE '\\'
    AND EXISTS (SELECT 1 FROM json_each(identity) WHERE value LIKE :pattern ESCAPE '\\')))`;

const fits = `(:pattern IS NULL OR ${contains})
  AND (:vendor IS NULL OR f.vendor = :vendor) AND (:model IS NULL OR f.model = :model)
  AND (:version IS NULL OR f.version = :version)
  AND (:unread IS NULL OR (f.vendor IS NULL AND f.model IS NULL AND f.version IS NULL))
  AND (:since IS NULL OR coalesce(registered_at, activated_at) >= :since)
  AND (:before IS NULL OR coalesce(registered_at, activated_at) < :before)
  AND (:group IS NULL OR EXISTS (SELECT 1 FROM device_group_member m WHERE m.name = :group AND m.device = device.key))`;

function conditionsOf(query: DeviceQuery): Record<string, SQLInputValue> {
  const { search = '', vendor = null, model = null, version = null } = query;
  const { group = null, seenSince: since = null, seenBefore: before = null } = query;
  const identityPattern = search === '' ? null : containing(JSON.stringify(search).slice(1, -1));
  const pattern = search === '' ? null : containing(search);
  const unread = query.unread ? 1 : null;
  return { pattern, identityPattern, vendor, model, version, unread, group, since, before };
}

/** A LIKE pattern for texts that contain `part`. LIKE takes ASCII letters in either case. */
function containing(part: string): string {
  return `%${part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
