import {
  type Campaign,
  type CampaignPlace,
  type CampaignStore,
  type CampaignTarget,
  noTargets,
  type RollUp,
  type TargetQuery,
} from '../campaign/campaign.ts';

/** Campaigns in memory, for tests. */
export class MemoryCampaignStore implements CampaignStore {
  readonly #campaigns = new Map<string, Campaign>();
  readonly #targets = new Map<string, Map<string, CampaignTarget>>();

  async campaign(id: string): Promise<Campaign | undefined> {
    return this.#campaigns.get(id);
  }

  async campaigns(limit: number, after?: CampaignPlace): Promise<readonly Campaign[]> {
    const all = [...this.#campaigns.values()].sort(newestFirst);
    return all.filter((one) => after === undefined || newestFirst(one, after) > 0).slice(0, limit);
  }

  async createCampaign(campaign: Campaign, devices: readonly string[], changedAt: number): Promise<void> {
    this.#campaigns.set(campaign.id, campaign);
    const pending = { state: 'pending', wave: undefined, job: undefined, reason: undefined, changedAt } as const;
    this.#targets.set(campaign.id, new Map([...devices].sort().map((device) => [device, { device, ...pending }])));
  }

  async putCampaign(campaign: Campaign): Promise<void> {
    this.#campaigns.set(campaign.id, campaign);
  }

  async removeCampaign(id: string): Promise<boolean> {
    this.#targets.delete(id);
    return this.#campaigns.delete(id);
  }

  async targets(campaign: string, { state, after, limit }: TargetQuery): Promise<readonly CampaignTarget[]> {
    return [...(this.#targets.get(campaign)?.values() ?? [])]
      .filter((one) => (state === undefined || one.state === state) && (after === undefined || one.device > after))
      .slice(0, limit);
  }

  async putTarget(campaign: string, target: CampaignTarget): Promise<void> {
    this.#targets.get(campaign)!.set(target.device, target);
  }

  async retryTargets(campaign: string, changedAt: number): Promise<readonly CampaignTarget[]> {
    const all = this.#targets.get(campaign)!;
    const retried = [...all.values()].filter(({ state }) => state === 'failed' || state === 'cancelled');
    for (const target of retried) {
      all.set(target.device, { ...target, state: 'pending', job: undefined, reason: undefined, changedAt });
    }
    return retried;
  }

  async rollUp(campaign: string): Promise<RollUp> {
    const counts = { ...noTargets };
    const reasons: Record<string, number> = {};
    for (const { state, reason } of this.#targets.get(campaign)?.values() ?? []) {
      counts[state]++;
      if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    return { counts, reasons };
  }
}

function newestFirst(one: CampaignPlace, other: CampaignPlace): number {
  return other.createdAt - one.createdAt || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);
}
