import { type Duration, minutes } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { FirmwareUpdater, type UpdateWish } from '../firmware/firmware-updater.ts';
import { isFinal, type PackageFiles, type UpdateJob, type UpdateJobStore } from '../firmware/update-job.ts';
import { body, FirmwarePair, source, type TestOptions, uri } from './firmware-pair.ts';
import { reference } from './pair.ts';

/** Jobs in memory, with a disk that may be full. */
class MemoryJobs implements UpdateJobStore {
  readonly jobs = new Map<string, UpdateJob>();
  readonly phases: string[] = [];
  isFull = false;

  async job(id: string) {
    return this.jobs.get(id);
  }

  async putJob(job: UpdateJob) {
    if (this.isFull) throw new Error('the disk is full');
    if (this.phases.at(-1) !== job.phase) this.phases.push(job.phase);
    this.jobs.set(job.id, job);
  }

  async openJobs() {
    return [...this.jobs.values()].filter((job) => !isFinal(job));
  }
}

const bytes = body(20_000);

/** A terminal with object 5, and who updates it. */
export async function setup(options: TestOptions = {}, files: Partial<PackageFiles> = {}) {
  const self = await FirmwarePair.open(options);
  self.serveFile(bytes);
  const { world, server } = self.pair;
  const jobs = new MemoryJobs();
  const make = async () => {
    const updater = new FirmwareUpdater({
      server,
      jobs,
      files: {
        open: async () => ({ ...source(bytes), close: async () => {} }),
        uris: async () => new Map([['coap', uri]]),
        ...files,
      },
      clock: world.time,
      timers: world.time,
      random: new SeededRandom(4),
    });
    await updater.start();
    return updater;
  };
  const updater = await make();
  const deviceKey = server.registration(reference)!.deviceKey;
  /** Begins an update and lets time pass until it is over. */
  const update = async (wish: Partial<UpdateWish> = {}, patience: Duration = minutes(60)) => {
    const job = await updater.begin({ device: deviceKey, file: 'f', ...wish });
    await world.time.advance(patience);
    return jobs.jobs.get(job!.id)!;
  };
  return { self, updater, jobs, make, update, deviceKey, world };
}
