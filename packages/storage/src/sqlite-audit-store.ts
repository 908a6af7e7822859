import type { DatabaseSync } from 'node:sqlite';
import type { AuditDoor, AuditEntry, AuditedPermission, AuditQuery, AuditStore } from '@yaolian/directory';
import { fairShares } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** The audit trail in SQLite. */
export class SqliteAuditStore implements AuditStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  append(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    const { time, door, actor, action, device = null, subject = null, outcome, permission } = entry;
    const given = permission === undefined ? null : JSON.stringify(permission);
    return this.#commit.change(() => {
      this.#statements.append.run(time, door, actor, action, device, subject, outcome, given);
    });
  }

  async entries({
    actor,
    device,
    before = Number.MAX_SAFE_INTEGER,
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
    without = [],
    limit,
  }: AuditQuery): Promise<readonly AuditEntry[]> {
    const { all, ofActor, ofDevice, ofBoth } = this.#statements;
    const query = () => {
      const last = Math.min(before, to === Number.MAX_SAFE_INTEGER ? to : this.#firstSince(to));
      const first = from === 0 ? 0 : this.#firstSince(from);
      const rest = [first, last, JSON.stringify(without), limit] as const;
      if (actor !== undefined && device !== undefined) return ofBoth.all(actor, device, ...rest);
      if (actor !== undefined) return ofActor.all(actor, ...rest);
      return device === undefined ? all.all(...rest) : ofDevice.all(device, ...rest);
    };
    return (query() as unknown as AuditRow[]).map(({ permission, ...row }) => ({
      ...row,
      device: row.device ?? undefined,
      subject: row.subject ?? undefined,
      ...(permission === null ? {} : { permission: readPermission(permission) }),
    }));
  }

  /** The id of the first entry of `time` or later, or what comes after the last. Time grows with the id but for clocks that were put back. */
  #firstSince(time: number): number {
    let low = 0;
    let high = ((this.#statements.lastId.get() as { readonly id: number | null }).id ?? 0) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.#statements.next.get(middle) as { readonly id: number; readonly time: number } | undefined;
      if (found === undefined || found.time >= time) high = middle;
      else low = found.id + 1;
    }
    return low;
  }

  async prune(before: number, maxEntries: number, looks: readonly string[]): Promise<number> {
    let count = 0;
    await this.#commit.changeTogether(() => {
      count = Number(this.#statements.pruneOld.run(before).changes);
      const actions = JSON.stringify(looks);
      count += Number(this.#statements.pruneLooks.run(actions, actions, Math.floor(maxEntries / 2)).changes);
      count += this.#pruneShares(maxEntries);
    });
    return count;
  }

  #pruneShares(maxEntries: number): number {
    const { hasMore, actors, pruneActor } = this.#statements;
    if (hasMore.get(maxEntries) === undefined) return 0;
    const found = actors.all() as unknown as ActorRow[];
    const shares = fairShares(
      found.map(({ count }) => count),
      maxEntries,
    );
    let pruned = 0;
    found.forEach(({ door, actor, count }, index) => {
      if (shares[index]! >= count) return;
      pruned += Number(pruneActor.run(door, actor, shares[index]!).changes);
    });
    return pruned;
  }
}

interface ActorRow {
  readonly door: AuditDoor;
  readonly actor: string;
  readonly count: number;
}

interface AuditRow {
  readonly id: number;
  readonly time: number;
  readonly door: AuditDoor;
  readonly actor: string;
  readonly action: string;
  readonly device: string | null;
  readonly subject: string | null;
  readonly outcome: string;
  /** JSON. */
  readonly permission: string | null;
}

function readPermission(text: string): AuditedPermission {
  const { expiresAt, ...rest } = JSON.parse(text) as AuditedPermission;
  return { ...rest, expiresAt };
}

function prepareStatements(database: DatabaseSync) {
  const select = (where: string) =>
    database.prepare(
      `SELECT * FROM audit WHERE ${where} AND id >= ? AND id < ? AND action NOT IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?`,
    );
  return {
    append: database.prepare(
      'INSERT INTO audit (time, door, actor, action, device, subject, outcome, permission) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    lastId: database.prepare('SELECT max(id) AS id FROM audit'),
    next: database.prepare('SELECT id, time FROM audit WHERE id >= ? ORDER BY id LIMIT 1'),
    all: select('TRUE'),
    ofActor: select('actor = ?'),
    ofDevice: select('device = ?'),
    ofBoth: select('actor = ? AND device = ?'),
    // Time grows with the id but for clocks that were put back: the first entry that is young enough bounds the search.
    pruneOld: database.prepare(
      'DELETE FROM audit WHERE id < coalesce((SELECT id FROM audit WHERE time >= ? ORDER BY id LIMIT 1), 1 + (SELECT max(id) FROM audit))',
    ),
    pruneLooks: database.prepare(
      `DELETE FROM audit WHERE action IN (SELECT value FROM json_each(?)) AND id <=
       (SELECT id FROM audit WHERE action IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    ),
    hasMore: database.prepare('SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?'),
    // By the index alone.
    actors: database.prepare('SELECT door, actor, count(*) AS count FROM audit GROUP BY door, actor'),
    pruneActor: database.prepare(
      `DELETE FROM audit WHERE door = ?1 AND actor = ?2 AND id <=
       (SELECT id FROM audit WHERE door = ?1 AND actor = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)`,
    ),
  };
}
