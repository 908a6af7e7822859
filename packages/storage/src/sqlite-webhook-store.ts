import type { DatabaseSync } from 'node:sqlite';
import type {
  DeliveryOutcome,
  DeliveryQuery,
  DeliveryState,
  DueDelivery,
  Sealer,
  Webhook,
  WebhookDelivery,
  WebhookStore,
} from '@yaolian/directory';
import { storageErrors } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';

export const webhookSchema: Migration = {
  name: 'webhooks and their deliveries',
  sql: `
    CREATE TABLE webhook (
      id TEXT PRIMARY KEY,
      created_at INTEGER NOT NULL,
      json TEXT NOT NULL,
      secrets BLOB NOT NULL         -- sealed
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE webhook_delivery (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      webhook TEXT NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      body TEXT NOT NULL,           -- empty once it is delivered
      state TEXT NOT NULL,          -- 'waiting', 'delivered', 'failed'
      attempts INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      status INTEGER,
      error TEXT
    ) STRICT;
    CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, due_at, number) WHERE state = 'waiting';
    CREATE INDEX webhook_delivery_finished ON webhook_delivery (webhook, number) WHERE state <> 'waiting';
    CREATE UNIQUE INDEX webhook_delivery_id ON webhook_delivery (webhook, id);`,
};

/** Webhooks in SQLite, their secrets sealed. */
export class SqliteWebhookStore implements WebhookStore {
  readonly #commit: GroupCommit;
  readonly #sealer: Sealer;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit, sealer: Sealer) {
    this.#commit = commit;
    this.#sealer = sealer;
    this.#statements = prepareStatements(database);
  }

  async webhooks(): Promise<readonly Webhook[]> {
    return (this.#statements.webhooks.all() as unknown as WebhookRow[]).map((row) => this.#open(row));
  }

  putWebhook({ secret, previous, ...open }: Webhook): Promise<void> {
    const secrets = JSON.stringify({ secret: toText(secret), ...(previous && { previous: toText(previous.secret) }) });
    const sealed = this.#sealer.seal(Buffer.from(secrets, 'utf8'), contextOf(open.id));
    const json = JSON.stringify({ ...open, previousUntil: previous?.until });
    return this.#commit.change(() => void this.#statements.put.run(open.id, open.createdAt, json, sealed));
  }

  async removeWebhook(id: string): Promise<boolean> {
    let removed = false;
    await this.#commit.changeTogether(() => {
      this.#statements.removeDeliveries.run(id);
      removed = this.#statements.remove.run(id).changes > 0;
    });
    return removed;
  }

  addDelivery(
    webhook: string,
    { id, type, body, createdAt }: Pick<DueDelivery, 'id' | 'type' | 'body' | 'createdAt'>,
  ): Promise<void> {
    return this.#commit.change(
      () => void this.#statements.addDelivery.run(webhook, id, type, body, createdAt, createdAt),
    );
  }

  async nextDeliveries(webhook: string, limit: number): Promise<readonly DueDelivery[]> {
    const rows = this.#statements.next.all(webhook, limit) as unknown as DeliveryRow[];
    return rows.map((row) => ({ ...fromRow(row), body: row.body }));
  }

  settleDelivery(webhook: string, id: string, outcome: DeliveryOutcome, keep: number): Promise<void> {
    const { state, attempts, dueAt, status = null, error = null } = outcome;
    return this.#commit.changeTogether(() => {
      this.#statements.settle.run(state, attempts, dueAt, status, error, state, webhook, id);
      if (state !== 'waiting') this.#statements.trim.run(webhook, webhook, keep);
    });
  }

  async countWaiting(webhook: string): Promise<number> {
    return (this.#statements.count.get(webhook) as { count: number }).count;
  }

  async delivery(webhook: string, id: string): Promise<WebhookDelivery | undefined> {
    const row = this.#statements.delivery.get(webhook, id) as unknown as DeliveryRow | undefined;
    return row && fromRow(row);
  }

  async requeueDelivery(webhook: string, id: string, dueAt: number): Promise<DeliveryState | undefined> {
    let before: DeliveryState | undefined;
    await this.#commit.changeTogether(() => {
      const row = this.#statements.delivery.get(webhook, id) as unknown as DeliveryRow | undefined;
      before = this.#statements.requeue.run(dueAt, webhook, id).changes > 0 ? row?.state : undefined;
    });
    return before;
  }

  async deliveries(webhook: string, { before, limit }: DeliveryQuery): Promise<readonly WebhookDelivery[]> {
    return (
      this.#statements.deliveries.all(webhook, before ?? Number.MAX_SAFE_INTEGER, limit) as unknown as DeliveryRow[]
    ).map(fromRow);
  }

  #open({ id, json, secrets }: WebhookRow): Webhook {
    const opened = this.#sealer.open(secrets, contextOf(id));
    if (opened === undefined) throw storageErrors.SECRET_UNREADABLE(`the secret of webhook ${id}`);
    const { secret, previous } = JSON.parse(Buffer.from(opened).toString('utf8')) as Record<string, string>;
    const { previousUntil, ...open } = JSON.parse(json) as Omit<Webhook, 'secret' | 'previous'> & {
      readonly previousUntil?: number;
    };
    return {
      ...open,
      secret: toBytes(secret!),
      previous: previous === undefined ? undefined : { secret: toBytes(previous), until: previousUntil! },
    };
  }
}

interface WebhookRow {
  readonly id: string;
  readonly json: string;
  readonly secrets: Uint8Array;
}

interface DeliveryRow {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly created_at: number;
  readonly due_at: number;
  readonly status: number | null;
  readonly error: string | null;
}

function fromRow({
  number,
  id,
  type,
  state,
  attempts,
  created_at,
  due_at,
  status,
  error,
}: DeliveryRow): WebhookDelivery {
  return {
    ...{ number, id, type, state, attempts, createdAt: created_at, dueAt: due_at },
    status: status ?? undefined,
    error: error ?? undefined,
  };
}

const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const toBytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

function contextOf(id: string): string {
  return `webhook/${id}`;
}

function prepareStatements(database: DatabaseSync) {
  const log = 'number, id, type, state, attempts, created_at, due_at, status, error';
  return {
    webhooks: database.prepare('SELECT id, json, secrets FROM webhook ORDER BY created_at, id'),
    put: database.prepare('INSERT OR REPLACE INTO webhook VALUES (?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM webhook WHERE id = ?'),
    removeDeliveries: database.prepare('DELETE FROM webhook_delivery WHERE webhook = ?'),
    addDelivery: database.prepare(
      `INSERT INTO webhook_delivery (webhook, id, type, body, state, attempts, created_at, due_at)
       VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?)`,
    ),
    next: database.prepare(
      `SELECT ${log}, body FROM webhook_delivery WHERE webhook = ? AND state = 'waiting' ORDER BY due_at, number LIMIT ?`,
    ),
    settle: database.prepare(
      `UPDATE webhook_delivery SET state = ?, attempts = ?, due_at = ?, status = ?, error = ?,
       body = CASE ? WHEN 'delivered' THEN '' ELSE body END WHERE webhook = ? AND id = ?`,
    ),
    trim: database.prepare(
      `DELETE FROM webhook_delivery WHERE webhook = ? AND state <> 'waiting' AND number <= (SELECT number
       FROM webhook_delivery WHERE webhook = ? AND state <> 'waiting' ORDER BY number DESC LIMIT 1 OFFSET ?)`,
    ),
    count: database.prepare(`SELECT count(*) AS count FROM webhook_delivery WHERE webhook = ? AND state = 'waiting'`),
    deliveries: database.prepare(
      `SELECT ${log} FROM webhook_delivery WHERE webhook = ? AND number < ? ORDER BY number DESC LIMIT ?`,
    ),
    delivery: database.prepare(`SELECT ${log} FROM webhook_delivery WHERE webhook = ? AND id = ?`),
    requeue: database.prepare(
      `UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = ? WHERE webhook = ? AND id = ? AND body <> ''`,
    ),
  };
}
