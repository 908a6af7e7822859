import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** So many devices are looked at in one turn of the event loop: well under a millisecond. */
export const devicesPerTurn = 1000;

export type DeviceRow = readonly [
  key: string,
  endpoint: string | null,
  activatedAt: number,
  activationAddress: string,
  identity: string | null,
  registeredAt: number | null,
  address: string | null,
];

export const deviceColumns = `key, endpoint, activated_at, activation_address, identity, registered_at, address
  FROM device LEFT JOIN device_contact USING (n)`;

export interface DeviceSearchQuery {
  readonly search?: string;
  readonly after?: string;
  readonly limit: number;
}

/** Reads devices page by page in the order of keys. A search walks all keys, a bounded number in one turn. */
export class DeviceSearch {
  readonly #page: StatementSync;
  readonly #sliceEnd: StatementSync;
  readonly #slice: StatementSync;

  constructor(database: DatabaseSync) {
    const rows = { returnArrays: true };
    this.#page = database.prepare(`SELECT ${deviceColumns} WHERE key > ? ORDER BY key LIMIT ?`, rows);
    this.#sliceEnd = database.prepare('SELECT key FROM device WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?', rows);
    // The text of the identity is looked at first: taking JSON apart is what costs.
    this.#slice = database.prepare(
      `SELECT ${deviceColumns} WHERE key > ?1 AND (?2 IS NULL OR key <= ?2)
        AND (key LIKE ?3 ESCAPE '\\' OR endpoint LIKE ?3 ESCAPE '\\' OR (identity LIKE ?4 ESCAPE '\\'
          AND EXISTS (SELECT 1 FROM json_each(identity) WHERE value LIKE ?3 ESCAPE '\\')))
        ORDER BY key LIMIT ?5`,
      rows,
    );
  }

  async find(query: DeviceSearchQuery): Promise<DeviceRow[]> {
    // No key is empty, so all come after the empty one.
    const after = query.after ?? '';
    if (query.search === undefined || query.search === '') return rowsOf(this.#page, after, query.limit);
    return this.#search(query.search, after, query.limit);
  }

  async #search(search: string, after: string, limit: number): Promise<DeviceRow[]> {
    const pattern = containing(search);
    const identityPattern = containing(JSON.stringify(search).slice(1, -1));
    const found: DeviceRow[] = [];
    for (let from = after; ; ) {
      const end = (this.#sliceEnd.get(from, devicesPerTurn - 1) as unknown as [string] | undefined)?.[0];
      found.push(...rowsOf(this.#slice, from, end ?? null, pattern, identityPattern, limit - found.length));
      if (end === undefined || found.length >= limit) return found;
      from = end;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function rowsOf(statement: StatementSync, ...parameters: SQLInputValue[]): DeviceRow[] {
  return statement.all(...parameters) as unknown as DeviceRow[];
}

/** A LIKE pattern for texts that contain `part`. LIKE takes ASCII letters in either case. */
function containing(part: string): string {
  return `%${part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}
