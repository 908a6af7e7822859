import type { JsonBulkJob, JsonBulkOperation, JsonBulkTarget } from '@yaolian/contract';
import { type CampaignReport, type CampaignStore, Campaigns, type CampaignTarget } from '@yaolian/directory';
import type { Clock, Log, Timers } from '@yaolian/kernel';
import { optionalTime, timeToJson } from '../api/times.ts';
import type { EventHub } from '../events/event-hub.ts';
import { StoredEvents } from '../events/stored-events.ts';
import { type BulkOptions, BulkRunner, type BulkRunnerOptions, outcomeOf } from './bulk-runner.ts';

export interface BulkServiceOptions extends BulkRunnerOptions {
  readonly store: CampaignStore;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Jobs that are remembered when they are over. */
const keptJobs = 200;
/** Each device has its turn as soon as there is room: the queue and the bounds of CoAP are what limits. */
const startsPerMinute = 1_000_000;

/** One thing done with many devices: a campaign of a single wave that no failure stops. Durable, like all campaigns. */
export class BulkService {
  readonly jobs: Campaigns;
  readonly store: CampaignStore;
  readonly #options: BulkServiceOptions;
  readonly #runner: BulkRunner;

  constructor(options: BulkServiceOptions) {
    this.#options = options;
    this.store = options.store;
    this.#runner = new BulkRunner(options);
    const events = new StoredEvents<CampaignReport>(options.hub, (report) => [
      { type: 'bulk.changed', time: options.clock.epoch(), data: () => bulkToJson(report) },
    ]);
    const told = { onStoring: events.storing, onReport: events.happened };
    this.jobs = new Campaigns({ ...options, ...told, runner: this.#runner });
  }

  /** After the queue of requests was restored. */
  async start(): Promise<void> {
    const { events } = this.#options.server;
    events.on('queue-changed', ({ request }) => {
      const outcome = outcomeOf(request);
      if (outcome) this.jobs.endedAnywhere(request.deviceKey, `q-${request.id}`, outcome);
    });
    events.on('registered', ({ registration }) => this.jobs.contacted(registration.deviceKey));
    await this.jobs.start();
  }

  async create(
    operation: JsonBulkOperation,
    offline: BulkOptions['offline'],
    devices: readonly string[],
    createdBy: string,
  ): Promise<CampaignReport> {
    await this.#trim();
    const options: BulkOptions = { operation: JSON.stringify(operation), offline };
    const plan = {
      ...{ name: operation.kind, file: '', kind: {}, waves: [], stopAt: 1, advanceAt: 1, startsPerMinute },
      // Those that sleep count as under way: they must not hold up the others.
      concurrent: Math.max(1, devices.length),
      options: { ...options },
    };
    return this.jobs.create(plan, devices, createdBy);
  }

  async close(): Promise<void> {
    this.#runner.close();
    this.jobs.close();
  }

  async #trim(): Promise<void> {
    const all = await this.store.campaigns(Number.MAX_SAFE_INTEGER);
    const over = all.filter(({ state }) => state === 'finished' || state === 'cancelled');
    for (const { id } of over.slice(keptJobs - 1)) await this.store.removeCampaign(id);
  }
}

export function bulkToJson({ campaign, rollUp }: CampaignReport): JsonBulkJob {
  const { id, state, total, createdAt, createdBy, finishedAt } = campaign;
  const { operation, offline } = campaign.options as unknown as BulkOptions;
  return {
    id,
    operation: JSON.parse(operation) as JsonBulkOperation,
    offline,
    state,
    total,
    counts: { ...rollUp.counts },
    reasons: { ...rollUp.reasons },
    createdAt: timeToJson(createdAt),
    createdBy,
    ...optionalTime('finishedAt', finishedAt),
  };
}

export function bulkTargetToJson({ device, state, reason, changedAt }: CampaignTarget): JsonBulkTarget {
  return { device, state, ...(reason === undefined ? {} : { reason }), changedAt: timeToJson(changedAt) };
}
