import type { DatabaseSync } from 'node:sqlite';
import type {
  QueuedOperation,
  QueuedOutcome,
  QueuedRequest,
  QueuedRequestQuery,
  QueuedRequestStore,
  QueuedState,
} from '@yaolian/lwm2m/server';
import type { GroupCommit } from './group-commit.ts';

/** Requests for devices that sleep, in SQLite. */
export class SqliteQueuedRequestStore implements QueuedRequestStore {
  readonly #database: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#database = database;
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async load() {
    const rows = this.#statements.pending.all() as unknown as Row[];
    const { last } = this.#statements.last.get() as { last: number | null };
    return { requests: rows.map(readRequest), lastId: last ?? 0 };
  }

  put(request: QueuedRequest): Promise<void> {
    const {
      id,
      deviceKey,
      operation,
      unchecked,
      asker = null,
      state,
      attempts,
      createdAt,
      expiresAt,
      outcome,
    } = request;
    return this.#commit.change(() => {
      this.#statements.put.run(
        id,
        deviceKey,
        JSON.stringify(operation),
        unchecked ? 1 : 0,
        state,
        attempts,
        createdAt,
        expiresAt,
        outcome === undefined ? null : JSON.stringify(outcome),
        outcome?.at ?? null,
        asker,
      );
    });
  }

  async get(id: number): Promise<QueuedRequest | undefined> {
    const row = this.#statements.get.get(id) as unknown as Row | undefined;
    return row && readRequest(row);
  }

  async list({ deviceKey, states, after = 0, limit }: QueuedRequestQuery): Promise<readonly QueuedRequest[]> {
    const conditions = ['id > ?'];
    const values: (string | number)[] = [after];
    if (deviceKey !== undefined) {
      conditions.push('device = ?');
      values.push(deviceKey);
    }
    if (states !== undefined) {
      conditions.push(`state IN (${states.map(() => '?').join(', ')})`);
      values.push(...states);
    }
    const query = `SELECT ${columns} WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ?`;
    return (this.#database.prepare(query).all(...values, limit) as unknown as Row[]).map(readRequest);
  }

  async removeFinished(before: number): Promise<number> {
    let removed = 0;
    await this.#commit.change(() => {
      removed = Number(this.#statements.removeFinished.run(before).changes);
    });
    return removed;
  }
}

interface Row {
  readonly id: number;
  readonly device: string;
  readonly operation: string;
  readonly unchecked: number;
  readonly asker: string | null;
  readonly state: QueuedState;
  readonly attempts: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly outcome: string | null;
}

const columns =
  'id, device, operation, unchecked, asker, state, attempts, created_at, expires_at, outcome FROM queued_request';

function readRequest(row: Row): QueuedRequest {
  return {
    id: row.id,
    deviceKey: row.device,
    operation: JSON.parse(row.operation) as QueuedOperation,
    unchecked: row.unchecked === 1,
    asker: row.asker ?? undefined,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as QueuedOutcome),
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    pending: database.prepare(`SELECT ${columns} WHERE finished_at IS NULL ORDER BY id`),
    last: database.prepare('SELECT max(id) AS last FROM queued_request'),
    get: database.prepare(`SELECT ${columns} WHERE id = ?`),
    put: database.prepare('REPLACE INTO queued_request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    removeFinished: database.prepare(
      // The last one stays, so that its id is not given again.
      'DELETE FROM queued_request WHERE finished_at < ? AND id < (SELECT max(id) FROM queued_request)',
    ),
  };
}
