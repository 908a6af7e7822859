import { type Duration, hasCode, type Log, milliseconds, type Timer, YaolianError } from '@yaolian/kernel';
import { nodeValues, singleResource } from '../../node.ts';
import { childPath, type Lwm2mPath } from '../../path.ts';
import type { Lwm2mServer } from '../lwm2m-server.ts';
import type { Registration } from '../registration.ts';
import type { UpdaterOptions, UpdateTimes } from './firmware-updater.ts';
import { isFinal, type UpdateFailure, type UpdateJob } from './update-job.ts';
import { chooseDelivery, type FirmwareView, planUpdate, type UpdateStep } from './update-plan.ts';

const object: Lwm2mPath = { objectId: 5, objectInstanceId: 0 };
const observed = [3, 5];
const versionPath: Lwm2mPath = { objectId: 3, objectInstanceId: 0, resourceId: 3 };

/** What a run needs of the updater that it belongs to. */
export interface RunHost {
  readonly options: UpdaterOptions;
  readonly times: UpdateTimes;
  readonly log: Log;
  /** Makes a change durable, then tells of it. */
  changed(job: UpdateJob): Promise<void>;
  progressed(job: UpdateJob, sent: number, size: number): void;
}

/** One job on its way: looks at the device, does the next step, waits to be woken. */
export class UpdateRun {
  job: UpdateJob;
  readonly #host: RunHost;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #abort = new AbortController();
  /** The registration whose resources are observed. */
  #observing: string | undefined;

  constructor(host: RunHost, job: UpdateJob) {
    this.#host = host;
    this.job = job;
  }

  /** Something happened: look again. */
  wake(): void {
    if (this.#running) this.#again = true;
    else {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
      });
    }
  }

  /** Stops; the job stays as it is. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    await this.#running;
  }

  /** Gives the update up, and tells the device where it still can be told. */
  async cancel(): Promise<void> {
    await this.stop();
    if (isFinal(this.job)) return;
    const { phase } = this.job;
    await this.#finish({ phase: 'cancelled', note: phase === 'installing' ? 'the device was installing' : undefined });
    if (phase === 'delivering') await this.#tellReset().catch(() => undefined); // nobody waits for it, and it may be gone
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#turn();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!(error instanceof YaolianError)) {
          this.#host.log.error('a firmware update failed', { device: this.job.device, job: this.job.id, error });
        }
        await this.#note(error instanceof Error ? error.message : String(error));
        this.#schedule(this.#host.times.poll);
      }
    } while (this.#again && !isFinal(this.job) && !this.#abort.signal.aborted);
  }

  get #now(): number {
    return this.#host.options.clock.epoch();
  }

  get #server(): Lwm2mServer {
    return this.#host.options.server;
  }

  async #turn(): Promise<void> {
    this.#timer?.cancel();
    const { phase, phaseAt, notBefore, device } = this.job;
    if (isFinal(this.job)) return;
    const { times } = this.#host;
    const limit = phase === 'waiting' ? undefined : phase === 'delivering' ? times.delivery : times.installation;
    if (limit !== undefined && this.#now - phaseAt > limit) return this.#fail('timeout', true);
    if (notBefore > this.#now) return this.#schedule(milliseconds(notBefore - this.#now));
    const registration = this.#server.registration({ deviceKey: device });
    if (!registration) {
      if (limit !== undefined) this.#schedule(milliseconds(phaseAt + limit + 1 - this.#now));
      return this.#note('the device is not registered');
    }
    const view = await this.#look(registration);
    if (!view) return this.#fail('no-object', false);
    const step = planUpdate(this.job, view, this.#now);
    await this.#perform(step, view, registration);
  }

  async #look(registration: Registration): Promise<FirmwareView | undefined> {
    const { signal } = this.#abort;
    const read = await this.#server.read(registration, object, { signal, unchecked: true });
    if (!read.ok) return undefined;
    if (this.#observing !== registration.id) {
      for (const resourceId of observed)
        await this.#server.observe(registration, childPath(object, resourceId), { signal });
      this.#observing = registration.id;
    }
    const values = new Map<number, unknown[]>();
    for (const { path, value } of nodeValues(object, read.value.node)) {
      values.set(path.resourceId!, [...(values.get(path.resourceId!) ?? []), value]);
    }
    const number = (id: number) => (values.has(id) ? Number(values.get(id)![0]) : undefined);
    return {
      state: number(3) ?? 0,
      result: number(5) ?? 0,
      protocols: values.get(8)?.map(Number),
      delivery: number(9),
      version: await this.#version(registration),
      resources: new Set(values.keys()),
    };
  }

  async #version(registration: Registration): Promise<string | undefined> {
    const answer = await this.#server.read(registration, versionPath, { signal: this.#abort.signal, unchecked: true });
    if (!answer.ok) return undefined;
    const [first] = nodeValues(versionPath, answer.value.node);
    return first === undefined ? undefined : String(first.value);
  }

  async #perform(step: UpdateStep, view: FirmwareView, registration: Registration): Promise<void> {
    const { version } = view;
    switch (step.step) {
      case 'wait':
        if (step.installing) await this.#change({ phase: 'installing', phaseAt: this.#now, version });
        await this.#note(step.note);
        return this.#schedule(this.#host.times.poll);
      case 'reset':
        await this.#tellReset();
        this.#again = true;
        return;
      case 'deliver':
        return this.#deliver(view, registration);
      case 'execute':
        return this.#execute(registration, version);
      case 'succeed':
        return this.#finish({ phase: 'succeeded', version, failure: undefined, note: undefined });
      default:
        if (step.failure === 'unsupported-protocol' && this.#mayPushInstead(view)) {
          await this.#change({ wish: 'push' });
          return this.#fail(step.failure, true);
        }
        return this.#fail(step.failure, step.again);
    }
  }

  #mayPushInstead({ delivery }: FirmwareView): boolean {
    return this.job.wish === 'auto' && this.job.delivery !== 'push' && delivery !== 0;
  }

  /** An empty Package URI resets the state machine (§E.6). */
  async #tellReset(): Promise<void> {
    const registration = { deviceKey: this.job.device };
    await this.#server.write(registration, childPath(object, 1), singleResource(1, 'string', ''), { unchecked: true });
  }

  async #deliver(view: FirmwareView, registration: Registration): Promise<void> {
    const { files } = this.#host.options;
    const { file, id, attempts, wish, severity, maximumDeferPeriod } = this.job;
    const uris = await files.uris(file, id, registration);
    const delivery = chooseDelivery(wish, view, [...uris.keys()]);
    if (delivery === undefined) return this.#fail('no-delivery', false);
    const { version } = view;
    const fromVersion = this.job.fromVersion ?? version;
    await this.#change({
      phase: 'delivering',
      phaseAt: this.#now,
      delivery,
      version,
      fromVersion,
      attempts: attempts + 1,
      failure: undefined,
      note: undefined,
    });
    const options = { signal: this.#abort.signal, unchecked: true };
    const set = async (resource: number, value: number | undefined) => {
      if (value === undefined || !view.resources.has(resource)) return;
      await this.#server.write(
        registration,
        childPath(object, resource),
        singleResource(resource, 'integer', value),
        options,
      );
    };
    await set(11, severity);
    await set(13, maximumDeferPeriod);
    if (delivery === 'push') return this.#push(registration);
    const uri = singleResource(1, 'string', uris.get(delivery)!);
    const answer = await this.#server.write(registration, childPath(object, 1), uri, options);
    // A device may answer with an error that 5/0/5 tells more about: the next look decides.
    if (!answer.ok) await this.#note(answer.error.diagnostic || 'the device refused the Package URI');
    this.#schedule(answer.ok ? this.#host.times.poll : milliseconds(100));
  }

  async #push(registration: Registration): Promise<void> {
    const source = await this.#host.options.files.open(this.job.file);
    if (!source) return this.#fail('no-file', false);
    try {
      const answer = await this.#server.writeBody(registration, childPath(object, 0), source, {
        signal: this.#abort.signal,
        onProgress: (sent) => this.#host.progressed(this.job, sent, source.length),
      });
      if (!answer.ok) await this.#note(answer.error.diagnostic || 'the device refused the package');
    } catch (error) {
      if (!isLost(error)) throw error;
      await this.#note((error as Error).message);
      this.#schedule(this.#host.times.poll);
      return;
    } finally {
      await source.close();
    }
    this.#again = true;
  }

  async #execute(registration: Registration, version: string | undefined): Promise<void> {
    await this.#change({ phase: 'installing', phaseAt: this.#now, version, note: undefined });
    const path = childPath(object, 2);
    const answer = await this.#server.execute(registration, path, '', { signal: this.#abort.signal, unchecked: true });
    if (!answer.ok) await this.#note(answer.error.diagnostic || 'the device refused Update');
    this.#schedule(this.#host.times.poll);
  }

  async #fail(failure: UpdateFailure, again: boolean): Promise<void> {
    const { attempts, maximumAttempts } = this.job;
    if (!again || attempts >= maximumAttempts) return this.#finish({ phase: 'failed', failure });
    const delay = this.#host.times.retry * 2 ** Math.max(0, attempts - 1);
    await this.#change({ phase: 'waiting', phaseAt: this.#now, failure, notBefore: this.#now + delay });
    this.#schedule(milliseconds(delay));
  }

  async #finish(change: Partial<UpdateJob>): Promise<void> {
    await this.#change({ ...change, finishedAt: this.#now, phaseAt: this.#now });
    this.#timer?.cancel();
    const observing = this.#observing;
    if (observing === undefined) return;
    this.#observing = undefined;
    for (const resourceId of observed) {
      // The next notification ends it; nobody has to wait for that.
      void this.#server
        .cancelObservation({ id: observing }, childPath(object, resourceId), { by: 'reset' })
        .catch(() => undefined);
    }
  }

  async #note(note: string): Promise<void> {
    if (note !== this.job.note) await this.#change({ note });
  }

  async #change(change: Partial<UpdateJob>): Promise<void> {
    this.job = { ...this.job, ...change };
    await this.#host.changed(this.job);
  }

  #schedule(delay: Duration): void {
    this.#timer?.cancel();
    this.#timer = this.#host.options.timers.schedule(delay, () => this.wake());
  }
}

/** The device went away in the middle: it is looked at again when it is back. */
function isLost(error: unknown): boolean {
  return hasCode(error, 'LWM2M_TIMEOUT') || hasCode(error, 'LWM2M_RESET') || hasCode(error, 'LWM2M_TRANSFER_FAILED');
}
