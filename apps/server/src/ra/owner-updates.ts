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

/**
 * Firmware of terminals for their owners: what is there, and the newest package that the operator uploaded for the model. Owners choose no
 * package, so that nobody installs an old one or one of another model.
 */
export class OwnerUpdates {
  readonly #options: OwnerUpdatesOptions;

  constructor(options: OwnerUpdatesOptions) {
    this.#options = options;
  }

  async stateOf(terminal: string): Promise<FirmwareState> {
    const [last, version] = await this.#versionOf(terminal);
    const offer = await this.#offerFor(terminal, version);
    return { version, offer: offer?.version, update: last && progressOf(last) };
  }

  async begin(terminal: string): Promise<Result<FirmwareProgress, RaRefusal>> {
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

  /** Calls `listener` with every step of an update of firmware. @returns stops */
  listen(listener: (terminal: string, progress: FirmwareProgress) => void): () => void {
    // Of updates under way, by id: what changes within a phase is no step.
    const phases = new Map<string, UpdateJob['phase']>();
    return this.#options.updater.events.onAny(({ type, job }) => {
      if (type === 'progress' || job.software !== undefined || phases.get(job.id) === job.phase) return;
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

function progressOf({ id, phase, toVersion, failure: why }: UpdateJob): FirmwareProgress {
  return { id, phase, to: toVersion, failure: why };
}
