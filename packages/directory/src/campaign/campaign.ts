/**
 * - `running`: devices are started
 * - `paused`: by an operator; what is under way goes on
 * - `stopped`: too many devices failed
 * - `finished`: nothing is left to do
 * - `cancelled`: for good
 */
export type CampaignState = 'running' | 'paused' | 'stopped' | 'finished' | 'cancelled';

/** `skipped`: the device is not of the kind that was asked for. */
export type TargetState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** How large a wave is, all devices before it included: a number of devices, or a share of all. */
export type WaveSize = { readonly count: number } | { readonly share: number };

/** Which devices it is for, besides being on its list; checked when the turn of a device comes. */
export interface TargetKind {
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  /** The version that they have now. */
  readonly firmwareVersion?: string | undefined;
}

/** What an operator wants. */
export interface CampaignPlan {
  readonly name: string;
  /** What every device gets; empty where the options say it all. */
  readonly file: string;
  readonly kind: TargetKind;
  /** Ascending; beyond the last one come all others. */
  readonly waves: readonly WaveSize[];
  /** The campaign stops when more than this share of a wave failed, 0 to 1. */
  readonly stopAt: number;
  /** The next wave begins when this share of the one before is done, 0 to 1. */
  readonly advanceAt: number;
  readonly startsPerMinute: number;
  /** Devices that are being updated at a time. */
  readonly concurrent: number;
  /** What the runner is told with each device. */
  readonly options: Readonly<Record<string, string | number>>;
}

/** One campaign. Durable. */
export interface Campaign extends CampaignPlan {
  readonly id: string;
  readonly state: CampaignState;
  /** The wave at work, from 0. */
  readonly wave: number;
  /** Failures that an operator has looked at and gone on after. */
  readonly forgiven: number;
  /** Why it stopped. */
  readonly note: string | undefined;
  readonly total: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly finishedAt: number | undefined;
}

/** One device of a campaign. Durable. */
export interface CampaignTarget {
  readonly device: string;
  readonly state: TargetState;
  readonly wave: number | undefined;
  readonly job: string | undefined;
  /** A stable word: why it failed or was skipped. */
  readonly reason: string | undefined;
  readonly changedAt: number;
}

export interface TargetQuery {
  readonly state?: TargetState | undefined;
  /** Devices after this one, in order of keys. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export type TargetCounts = Readonly<Record<TargetState, number>>;

/** What became of all devices of a campaign. */
export interface RollUp {
  readonly counts: TargetCounts;
  /** How often each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Where a campaign stands in the list: by its time and, among those of one moment, by its id. */
export type CampaignPlace = Pick<Campaign, 'createdAt' | 'id'>;

/** Where campaigns are kept. A promise resolves when the change is on disk. */
export interface CampaignStore {
  campaign(id: string): Promise<Campaign | undefined>;
  /** The newest first; from the one behind `after` on. */
  campaigns(limit: number, after?: CampaignPlace): Promise<readonly Campaign[]>;
  /** With its devices, all or nothing. */
  createCampaign(campaign: Campaign, devices: readonly string[], time: number): Promise<void>;
  putCampaign(campaign: Campaign): Promise<void>;
  removeCampaign(id: string): Promise<boolean>;
  targets(campaign: string, query: TargetQuery): Promise<readonly CampaignTarget[]>;
  putTarget(campaign: string, target: CampaignTarget): Promise<void>;
  /** Failed and cancelled devices are to be tried again. @returns them as they were */
  retryTargets(campaign: string, time: number): Promise<readonly CampaignTarget[]>;
  rollUp(campaign: string): Promise<RollUp>;
}

export const noTargets: TargetCounts = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };

export function isOver({ state }: Pick<Campaign, 'state'>): boolean {
  return state === 'finished' || state === 'cancelled';
}

/** How many devices may have been started while `wave` is at work. */
export function waveEnd({ waves, total }: Pick<Campaign, 'waves' | 'total'>, wave: number, skipped: number): number {
  const eligible = total - skipped;
  const size = waves[wave];
  if (!size) return eligible;
  const end = 'count' in size ? size.count : Math.ceil(size.share * eligible);
  return Math.min(eligible, Math.max(1, end));
}

/** What the progress of a campaign demands: the next wave, a stop, the end; nothing while it just goes on. */
export function judge(campaign: Campaign, counts: TargetCounts): Partial<Campaign> | undefined {
  if (campaign.state !== 'running') return undefined;
  const { succeeded, failed, cancelled, skipped, pending, running } = counts;
  const end = waveEnd(campaign, campaign.wave, skipped);
  if (failed - campaign.forgiven > campaign.stopAt * end) {
    const percent = Math.round(campaign.stopAt * 100);
    return { state: 'stopped', note: `${failed} of ${end} devices failed, more than ${percent} %` };
  }
  if (pending === 0 && running === 0) return { state: 'finished', note: undefined };
  const done = succeeded + failed + cancelled;
  const isLast = campaign.wave >= campaign.waves.length;
  if (!isLast && end < campaign.total - skipped && done >= Math.ceil(end * campaign.advanceAt)) {
    return { wave: campaign.wave + 1 };
  }
  return undefined;
}
