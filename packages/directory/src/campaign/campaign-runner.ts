import type { Campaign, TargetState } from './campaign.ts';

/** What became of a device's turn. */
export type Begun = { readonly job: string } | { readonly skipped: string } | 'later';

export interface JobOutcome {
  readonly state: Extract<TargetState, 'succeeded' | 'failed' | 'cancelled'>;
  readonly reason: string | undefined;
}

/** Carries out what a campaign is about, device by device. */
export interface CampaignRunner {
  /** Whether the device can be reached now. */
  reachable(device: string): boolean;
  /** Begins; the job is durable when this resolves. `later`: it is busy or just went away. Does not begin one twice. */
  begin(campaign: Campaign, device: string): Promise<Begun>;
  /** What became of a job; undefined: it is under way. */
  outcome(job: string): Promise<JobOutcome | undefined>;
  cancel(job: string): Promise<void>;
}
