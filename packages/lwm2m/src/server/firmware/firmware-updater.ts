import {
  type Clock,
  type Duration,
  encodeHex,
  hours,
  type Log,
  minutes,
  type Random,
  seconds,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { Emitter, type EventSource } from '../emitter.ts';
import type { Lwm2mServerEvent } from '../events.ts';
import type { Lwm2mServer } from '../lwm2m-server.ts';
import { isFinal, type PackageFiles, type UpdateJob, type UpdateJobStore } from './update-job.ts';
import { type RunHost, UpdateRun } from './update-run.ts';

/** How long the parts of an update may take. */
export interface UpdateTimes {
  /** From the start of the delivery until the package is there. Default 2 h. */
  readonly delivery: Duration;
  /** From Update until the result is known, reboot included; the user's Maximum Defer Period comes on top. Default 1 h. */
  readonly installation: Duration;
  /** How often a device is looked at that says nothing. Default 1 min. */
  readonly poll: Duration;
  /** Before the second attempt; doubles each time. Default 30 s. */
  readonly retry: Duration;
}

export const defaultUpdateTimes: UpdateTimes = {
  delivery: hours(2),
  installation: hours(1),
  poll: minutes(1),
  retry: seconds(30),
};

export interface UpdaterOptions {
  readonly server: Lwm2mServer;
  readonly jobs: UpdateJobStore;
  readonly files: PackageFiles;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly times?: Partial<UpdateTimes>;
  /**
   * Told of what is given to the store now, in this turn: whoever keeps events does so in the same transaction. The event comes
   * by {@link FirmwareUpdater.events} once it is there; it does not when the store failed. Must not throw.
   */
  readonly onStoring?: (change: UpdateChange) => void;
}

/** What an operator asks for. */
export interface UpdateWish {
  /** The device key. */
  readonly device: string;
  readonly file: string;
  /** The name of a software component (object 9); absent: the firmware. */
  readonly software?: string;
  readonly group?: string;
  readonly delivery?: UpdateJob['wish'];
  readonly toVersion?: string;
  /** Default 3. */
  readonly maximumAttempts?: number;
  readonly severity?: number;
  readonly maximumDeferPeriod?: number;
}

/** A job has begun, or has come further: what it is now. */
export interface UpdateChange {
  readonly type: 'changed';
  readonly time: number;
  readonly job: UpdateJob;
}

export type UpdaterEvent =
  | UpdateChange
  | {
      readonly type: 'progress';
      readonly time: number;
      readonly job: UpdateJob;
      /** Bytes that the device has. */
      readonly sent: number;
      readonly size: number;
    };

/**
 * Updates the firmware of devices (object 5) and their software (object 9), one job each. Every step of a job is durable before it is taken, and what comes
 * next is decided by what the device shows: a restart of either side is no more than a pause.
 */
export class FirmwareUpdater {
  readonly events: EventSource<UpdaterEvent>;
  readonly #emitter: Emitter<UpdaterEvent>;
  readonly #options: UpdaterOptions;
  readonly #host: RunHost;
  readonly #runs = new Map<string, UpdateRun>();
  readonly #ofDevice = new Map<string, UpdateRun>();
  #unsubscribe: (() => void) | undefined;

  constructor(options: UpdaterOptions) {
    const log = options.log ?? silentLog;
    this.#options = options;
    this.#emitter = new Emitter((type, error) => log.error('an event listener failed', { event: type, error }));
    this.events = this.#emitter;
    this.#host = {
      options,
      log,
      times: { ...defaultUpdateTimes, ...options.times },
      changed: (job) => this.#changed(job),
      progressed: (job, sent, size) => this.#progressed(job, sent, size),
    };
  }

  /** Jobs under way. */
  get size(): number {
    return this.#runs.size;
  }

  /** Takes up the jobs of an earlier process. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#options.server.events.onAny((event) => this.#heard(event));
    for (const job of await this.#options.jobs.openJobs()) this.#follow(job);
  }

  /** The job that a device has under way. */
  jobOf(device: string): UpdateJob | undefined {
    return this.#ofDevice.get(device)?.job;
  }

  isBusy(device: string): boolean {
    return this.#ofDevice.has(device);
  }

  job(id: string): UpdateJob | undefined {
    return this.#runs.get(id)?.job;
  }

  /** Begins an update. @returns undefined when the device has one under way */
  async begin(wish: UpdateWish): Promise<UpdateJob | undefined> {
    if (this.#ofDevice.has(wish.device)) return undefined;
    const now = this.#options.clock.epoch();
    const job: UpdateJob = {
      id: encodeHex(this.#options.random.bytes(8)),
      device: wish.device,
      file: wish.file,
      ...(wish.software === undefined ? {} : { software: wish.software }),
      group: wish.group,
      wish: wish.delivery ?? 'auto',
      phase: 'waiting',
      delivery: undefined,
      fromVersion: undefined,
      toVersion: wish.toVersion,
      version: undefined,
      attempts: 0,
      maximumAttempts: wish.maximumAttempts ?? 3,
      failure: undefined,
      note: undefined,
      severity: wish.severity,
      maximumDeferPeriod: wish.maximumDeferPeriod,
      createdAt: now,
      phaseAt: now,
      notBefore: 0,
      finishedAt: undefined,
    };
    const run = this.#enter(job);
    try {
      await this.#changed(job);
    } catch (error) {
      this.#leave(job);
      throw error;
    }
    run.wake();
    return job;
  }

  /** False when no such job is under way. */
  async cancel(id: string): Promise<boolean> {
    const run = this.#runs.get(id);
    if (!run) return false;
    await run.cancel();
    return true;
  }

  /** Bytes of a package that a device pulled. */
  served(id: string, sent: number, size: number): void {
    const job = this.#runs.get(id)?.job;
    if (job) this.#progressed(job, sent, size);
  }

  /** Stops; jobs go on at the next {@link start}. */
  async close(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
    this.#runs.clear();
    this.#ofDevice.clear();
  }

  #follow(job: UpdateJob): void {
    this.#enter(job).wake();
  }

  #enter(job: UpdateJob): UpdateRun {
    const run = new UpdateRun(this.#host, job);
    this.#runs.set(job.id, run);
    this.#ofDevice.set(job.device, run);
    return run;
  }

  #leave({ id, device }: UpdateJob): void {
    this.#runs.delete(id);
    if (this.#ofDevice.get(device)?.job.id === id) this.#ofDevice.delete(device);
  }

  #heard(event: Lwm2mServerEvent): void {
    switch (event.type) {
      case 'registered':
      case 'updated':
        this.#ofDevice.get(event.registration.deviceKey)?.wake();
        break;
      case 'notification':
        if (event.path.objectId === 5 || event.path.objectId === 9)
          this.#ofDevice.get(event.registration.deviceKey)?.wake();
        break;
      default:
    }
  }

  async #changed(job: UpdateJob): Promise<void> {
    const change: UpdateChange = { type: 'changed', time: this.#options.clock.epoch(), job };
    this.#options.onStoring?.(change);
    await this.#options.jobs.putJob(job);
    if (isFinal(job)) this.#leave(job);
    this.#emitter.emit(change);
  }

  #progressed(job: UpdateJob, sent: number, size: number): void {
    this.#emitter.emit({ type: 'progress', time: this.#options.clock.epoch(), job, sent, size });
  }
}
