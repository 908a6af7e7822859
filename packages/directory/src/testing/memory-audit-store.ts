import type { AuditEntry, AuditQuery, AuditStore } from '../ra/audit.ts';
import { fairShares } from '../ra/audit-shares.ts';

/** The audit trail in memory, for tests. */
export class MemoryAuditStore implements AuditStore {
  #entries: AuditEntry[] = [];
  #last = 0;

  async append(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    this.#entries.unshift({ id: ++this.#last, ...entry });
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
    return this.#entries
      .filter((one) => actor === undefined || one.actor === actor)
      .filter((one) => device === undefined || one.device === device)
      .filter((one) => one.id < before && one.time >= from && one.time < to && !without.includes(one.action))
      .slice(0, limit);
  }

  async prune(before: number, maxEntries: number, looks: readonly string[]): Promise<number> {
    const count = this.#entries.length;
    let seen = 0;
    this.#entries = this.#entries
      .filter(({ time }) => time >= before)
      .filter(({ action }) => !looks.includes(action) || ++seen <= maxEntries / 2);
    const actors = Map.groupBy(this.#entries, ({ door, actor }) => `${door} ${actor}`);
    const ofActors = [...actors.values()];
    const shares = fairShares(
      ofActors.map((entries) => entries.length),
      maxEntries,
    );
    const kept = new Set(ofActors.flatMap((entries, index) => entries.slice(0, shares[index])));
    this.#entries = this.#entries.filter((entry) => kept.has(entry));
    return count - this.#entries.length;
  }
}
