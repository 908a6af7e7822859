import type { JsonHomeUpdate } from '@yaolian/contract';
import type { DeviceStore, FirmwareFile } from '@yaolian/directory';
import type { FirmwareProgress, FirmwareState, RaRefusal } from '@yaolian/igrs';
import { failure, type Result, success } from '@yaolian/kernel';
import type { FirmwareUpdater, UpdateJob } from '@yaolian/lwm2m/server';
import type { Storage } from '@yaolian/storage';

export interface OwnerUpdatesOptions {
  readonly updater: FirmwareUpdater;
  readonly files: Pick<Storage['firmware'], 'files' | 'jobs'>;
  readonly devices: Pick<DeviceStore, 'device'>;
  /** Whether owners may begin updates (`ra.owner-updates`). */
  readonly isOn: boolean;
}

/** An update as its owners see it. */
export interface OwnedUpdate extends FirmwareProgress {
  /** Owners may give it up. */
  readonly cancellable: boolean;
  /** Bytes of the package that the terminal has, while they are on their way. */
  readonly sent?: number;
  readonly size?: number;
}

export interface OwnedFirmware extends FirmwareState {
  readonly update?: OwnedUpdate | undefined;
}

/**
 * Firmware of terminals for their owners: what is there, and the newest package that the operator uploaded for the model. Owners choose no
 * package, so that nobody installs an old one or one of another model.
 */
export class OwnerUpdates {
  readonly #options: OwnerUpdatesOptions;

  constructor(options: OwnerUpdatesOptions) {
    this.#options = options;
  }

  async stateOf(terminal: string): Promise<OwnedFirmware> {
    const [last, version] = await this.#versionOf(terminal);
    const offer = await this.#offerFor(terminal, version);
    return { version, offer: offer?.version, update: last && progressOf(last) };
  }

  async begin(terminal: string): Promise<Result<OwnedUpdate, RaRefusal>> {
    const [, version] = await this.#versionOf(terminal);
    const offer = await this.#offerFor(terminal, version);
    if (offer === undefined) {
      return failure({ condition: 'item-not-found', text: 'the operator offers no other firmware for it' });
    }
    const { updater } = this.#options;
    const job = await updater.begin({ device: terminal, file: offer.id, toVersion: offer.version! });
    if (job !== undefined) return success(progressOf(job));
    return failure({ condition: 'conflict', text: 'an update is under way' });
  }

  /** Gives up what is under way. What an operator rolls out goes on, and so does what the terminal is installing: nothing stops it. */
  async cancel(terminal: string): Promise<Result<OwnedUpdate, RaRefusal>> {
    const { updater } = this.#options;
    const job = updater.jobOf(terminal);
    if (job === undefined || job.software !== undefined) {
      return failure({ condition: 'item-not-found', text: 'no update is under way' });
    }
    if (job.phase === 'installing') return failure({ condition: 'conflict', text: 'it is being installed' });
    if (!isCancellable(job)) return failure({ condition: 'not-allowed', text: 'the operator rolls it out' });
    if (await updater.cancel(job.id)) return success({ ...progressOf(job), phase: 'cancelled', cancellable: false });
    return failure({ condition: 'item-not-found', text: 'the update is over' });
  }

  /** Calls `listener` with every step of an update of firmware, and `onBytes` with each percent of its package. @returns stops */
  listen(
    listener: (terminal: string, progress: OwnedUpdate) => void,
    onBytes: (terminal: string, progress: OwnedUpdate) => void,
  ): () => void {
    // Of updates under way, by id: what changes within a phase, or a percent, is no step.
    const phases = new Map<string, UpdateJob['phase']>();
    const percents = new Map<string, number>();
    return this.#options.updater.events.onAny((event) => {
      const { job } = event;
      if (job.software !== undefined) return;
      if (event.type === 'progress') {
        const { sent, size } = event;
        const percent = Math.floor((100 * sent) / Math.max(1, size));
        if (job.finishedAt !== undefined || percents.get(job.id) === percent) return;
        percents.set(job.id, percent);
        onBytes(job.device, { ...progressOf(job), sent, size });
        return;
      }
      if (job.finishedAt !== undefined) percents.delete(job.id);
      if (phases.get(job.id) === job.phase) return;
      if (job.finishedAt !== undefined) phases.delete(job.id);
      else phases.set(job.id, job.phase);
      listener(job.device, progressOf(job));
    });
  }

  /** The newest update, and the version that the terminal has: of the last update that succeeded, or what it said when it was asked. */
  async #versionOf(terminal: string): Promise<readonly [UpdateJob | undefined, string | undefined]> {
    const { files, devices } = this.#options;
    const jobs = (await files.jobs({ device: terminal, limit: 20 })).filter(({ software }) => software === undefined);
    const done = jobs.find(({ phase }) => phase === 'succeeded');
    const version = done?.version ?? done?.toVersion ?? (await devices.device(terminal))?.facts?.version;
    return [jobs[0], version];
  }

  async #offerFor(terminal: string, version: string | undefined): Promise<FirmwareFile | undefined> {
    const { files, devices, isOn } = this.#options;
    const model = (await devices.device(terminal))?.facts?.model;
    if (!isOn || model === undefined || model === '') return undefined;
    const fit = (await files.files())
      .filter((file) => file.model === model && file.version !== undefined)
      .sort((a, b) => b.createdAt - a.createdAt);
    return fit[0]?.version === version ? undefined : fit[0];
  }
}

function progressOf(job: UpdateJob): OwnedUpdate {
  const { id, phase, toVersion, failure: why } = job;
  return { id, phase, to: toVersion, failure: why, cancellable: isCancellable(job) };
}

function isCancellable({ phase, group }: UpdateJob): boolean {
  return group === undefined && (phase === 'waiting' || phase === 'delivering');
}

/** Leaves out what there is none of. */
export function updateToJson({ id, phase, to, failure, cancellable, sent, size }: OwnedUpdate): JsonHomeUpdate {
  return {
    ...{ id, phase, cancellable },
    ...(to === undefined ? {} : { to }),
    ...(failure === undefined ? {} : { failure }),
    ...(sent === undefined ? {} : { sent }),
    ...(size === undefined ? {} : { size }),
  };
}
