import type { DatabaseSync } from 'node:sqlite';
import {
  type Campaign,
  type CampaignPlace,
  type CampaignStore,
  type CampaignTarget,
  noTargets,
  type RollUp,
  type TargetQuery,
} from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Campaigns in SQLite. */
export class SqliteCampaignStore implements CampaignStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** @param table of the campaigns; that of their devices ends in `_target` */
  constructor(database: DatabaseSync, commit: GroupCommit, table: 'campaign' | 'bulk_job') {
    this.#commit = commit;
    this.#statements = prepareStatements(database, table);
  }

  async campaign(id: string): Promise<Campaign | undefined> {
    const row = this.#statements.campaign.get(id) as { json: string } | undefined;
    return row && (JSON.parse(row.json) as Campaign);
  }

  async campaigns(limit: number, after?: CampaignPlace): Promise<readonly Campaign[]> {
    const { createdAt, id } = after ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
    const rows = this.#statements.campaigns.all(createdAt, id, limit) as unknown as { json: string }[];
    return rows.map(({ json }) => JSON.parse(json) as Campaign);
  }

  createCampaign(campaign: Campaign, devices: readonly string[], time: number): Promise<void> {
    return this.#commit.changeTogether(() => {
      this.#put(campaign);
      for (const device of devices) {
        this.#statements.putTarget.run(campaign.id, device, 'pending', null, null, null, time);
      }
    });
  }

  putCampaign(campaign: Campaign): Promise<void> {
    return this.#commit.change(() => this.#put(campaign));
  }

  async removeCampaign(id: string): Promise<boolean> {
    let removed = false;
    await this.#commit.changeTogether(() => {
      this.#statements.removeTargets.run(id);
      removed = this.#statements.removeCampaign.run(id).changes > 0;
    });
    return removed;
  }

  async targets(campaign: string, { state, after = '', limit }: TargetQuery): Promise<readonly CampaignTarget[]> {
    const rows =
      state === undefined
        ? this.#statements.targets.all(campaign, after, limit)
        : this.#statements.targetsIn.all(campaign, state, after, limit);
    return (rows as unknown as TargetRow[]).map(fromRow);
  }

  putTarget(campaign: string, target: CampaignTarget): Promise<void> {
    return this.#commit.change(() => {
      const { device, state, wave = null, job = null, reason = null, changedAt } = target;
      this.#statements.putTarget.run(campaign, device, state, wave, job, reason, changedAt);
    });
  }

  async retryTargets(campaign: string, time: number): Promise<readonly CampaignTarget[]> {
    let retried: readonly CampaignTarget[] = [];
    await this.#commit.changeTogether(() => {
      retried = (this.#statements.retried.all(campaign) as unknown as TargetRow[]).map(fromRow);
      this.#statements.retry.run(time, campaign);
    });
    return retried;
  }

  async rollUp(campaign: string): Promise<RollUp> {
    const counts = { ...noTargets };
    const reasons: Record<string, number> = {};
    type Row = { state: keyof typeof counts; reason: string | null; count: number };
    for (const { state, reason, count } of this.#statements.rollUp.all(campaign) as unknown as Row[]) {
      counts[state] += count;
      if (reason !== null) reasons[reason] = (reasons[reason] ?? 0) + count;
    }
    return { counts, reasons };
  }

  #put(campaign: Campaign): void {
    this.#statements.putCampaign.run(campaign.id, campaign.createdAt, JSON.stringify(campaign));
  }
}

interface TargetRow {
  readonly device: string;
  readonly state: CampaignTarget['state'];
  readonly wave: number | null;
  readonly job: string | null;
  readonly reason: string | null;
  readonly changed_at: number;
}

function fromRow({ device, state, wave, job, reason, changed_at }: TargetRow): CampaignTarget {
  return {
    device,
    state,
    wave: wave ?? undefined,
    job: job ?? undefined,
    reason: reason ?? undefined,
    changedAt: changed_at,
  };
}

function prepareStatements(database: DatabaseSync, table: string) {
  const columns = 'device, state, wave, job, reason, changed_at';
  return {
    campaign: database.prepare(`SELECT json FROM ${table} WHERE id = ?`),
    campaigns: database.prepare(
      `SELECT json FROM ${table} WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`,
    ),
    putCampaign: database.prepare(`REPLACE INTO ${table} VALUES (?, ?, ?)`),
    removeCampaign: database.prepare(`DELETE FROM ${table} WHERE id = ?`),
    removeTargets: database.prepare(`DELETE FROM ${table}_target WHERE campaign = ?`),
    targets: database.prepare(
      `SELECT ${columns} FROM ${table}_target WHERE campaign = ? AND device > ? ORDER BY device LIMIT ?`,
    ),
    targetsIn: database.prepare(
      `SELECT ${columns} FROM ${table}_target WHERE campaign = ? AND state = ? AND device > ? ORDER BY device LIMIT ?`,
    ),
    putTarget: database.prepare(`REPLACE INTO ${table}_target VALUES (?, ?, ?, ?, ?, ?, ?)`),
    retried: database.prepare(
      `SELECT ${columns} FROM ${table}_target WHERE campaign = ? AND state IN ('failed', 'cancelled') ORDER BY device`,
    ),
    retry: database.prepare(
      `UPDATE ${table}_target SET state = 'pending', job = NULL, reason = NULL, changed_at = ?
        WHERE campaign = ? AND state IN ('failed', 'cancelled')`,
    ),
    rollUp: database.prepare(
      `SELECT state, reason, count(*) AS count FROM ${table}_target WHERE campaign = ? GROUP BY state, reason`,
    ),
  };
}
