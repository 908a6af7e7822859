import { Code, formatCode } from '@yaolian/coap';
import { type Duration, hasCode, type Log, milliseconds, seconds, type Timer, YaolianError } from '@yaolian/kernel';
import { nodeValues, type ObjectNode, objectInstance, singleResource } from '../../node.ts';
import { parseObjectLinks } from '../../object-links.ts';
import type { Lwm2mPath } from '../../path.ts';
import type { Lwm2mServer } from '../lwm2m-server.ts';
import type { ClientRefusal } from '../operation-types.ts';
import type { Registration } from '../registration.ts';
import type { UpdaterOptions, UpdateTimes } from './firmware-updater.ts';
import { planSoftware } from './software-plan.ts';
import { isFinal, type UpdateFailure, type UpdateJob } from './update-job.ts';
import { chooseDelivery, type FirmwareView, planUpdate, type UpdateStep } from './update-plan.ts';
import {
  firmwareTarget,
  SoftwareResource,
  softwareInstance,
  softwareTarget,
  softwareView,
  type UpdateTarget,
  valuesById,
} from './update-target.ts';

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

/** What a look at the device brought: what is to be done, and what that needs. */
interface Look {
  readonly step: UpdateStep;
  readonly view: Pick<FirmwareView, 'protocols' | 'delivery' | 'version' | 'resources'>;
}

type ToldStep = 'uninstall' | 'activate';

/** Firmware Update Protocol Support (5/0/8) of a device that takes packages by any; object 9 does not say. */
const allProtocols = [0, 1, 2, 3, 4, 5];

/** One job on its way: looks at the device, does the next step, waits to be woken. */
export class UpdateRun {
  job: UpdateJob;
  readonly #host: RunHost;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #abort = new AbortController();
  #isStopped = false;
  /** The registration whose resources are observed. */
  #observing: string | undefined;
  /** What a software component was told and does not show yet: since when, and by which registration it was told last. */
  #told: { readonly step: ToldStep; readonly at: number; readonly registration: string } | undefined;

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
    this.#isStopped = true;
    await this.#interrupt();
  }

  async #interrupt(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    await this.#running;
  }

  /** Gives the update up, and tells the device where it still can be told. Rejects, and goes on, when that is not stored. */
  async cancel(): Promise<void> {
    await this.#interrupt();
    if (isFinal(this.job)) return;
    const { phase } = this.job;
    const note = phase === 'installing' ? 'the device was installing' : undefined;
    try {
      await this.#finish({ phase: 'cancelled', note });
    } catch (error) {
      if (!this.#isStopped) {
        this.#abort = new AbortController();
        this.wake();
      }
      throw error;
    }
    if (phase === 'delivering') this.#tellReset().catch(() => undefined); // nobody waits for it, and it may be gone
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
        await this.#noteFailure(error);
        this.#schedule(this.#host.times.poll);
      }
    } while (this.#again && !isFinal(this.job) && !this.#abort.signal.aborted);
  }

  /** What went wrong may be that nothing can be stored: then the job is as it was, and is looked at again. */
  async #noteFailure(error: unknown): Promise<void> {
    try {
      await this.#note(error instanceof Error ? error.message : String(error));
    } catch (notStored) {
      const { id: job, device } = this.job;
      this.#host.log.warn('a firmware update was not stored; it is tried again', { device, job, error: notStored });
    }
  }

  /** How long the phase may take. A user who may put the installation off (5/0/13) has that much more. */
  get #limit(): number | undefined {
    const { phase, maximumDeferPeriod = 0 } = this.job;
    const { delivery, installation } = this.#host.times;
    if (phase === 'waiting') return undefined;
    return phase === 'delivering' ? delivery : installation + seconds(maximumDeferPeriod);
  }

  get #now(): number {
    return this.#host.options.clock.epoch();
  }

  get #server(): Lwm2mServer {
    return this.#host.options.server;
  }

  async #turn(): Promise<void> {
    this.#timer?.cancel();
    const { phaseAt, notBefore, device } = this.job;
    if (isFinal(this.job)) return;
    const limit = this.#limit;
    if (limit !== undefined && this.#now - phaseAt > limit) return this.#fail('timeout', true);
    if (notBefore > this.#now) return this.#schedule(milliseconds(notBefore - this.#now));
    const registration = this.#server.registration({ deviceKey: device });
    if (!registration) {
      if (limit !== undefined) this.#schedule(milliseconds(phaseAt + limit + 1 - this.#now));
      return this.#note('the device is not registered');
    }
    const look = await (this.job.software === undefined
      ? this.#lookAtFirmware(registration)
      : this.#lookAtSoftware(registration, this.job.software));
    if ('refused' in look) return this.#unreadable(look.refused, registration);
    await this.#perform(look, registration);
  }

  get #target(): UpdateTarget {
    return this.job.software === undefined ? firmwareTarget : softwareTarget;
  }

  /** The path of one of the object's resources. */
  #at(resource: number): Lwm2mPath {
    return { objectId: this.#target.objectId, objectInstanceId: this.job.instanceId ?? 0, resourceId: resource };
  }

  /** The device answers, but does not show the object. It has none only where it lists none: otherwise it may show it later. */
  async #unreadable({ code, diagnostic }: ClientRefusal, { objectLinks }: Registration): Promise<void> {
    const listed = parseObjectLinks(objectLinks);
    if (code === Code.NotFound && !(listed.ok && listed.value.objects.has(this.#target.objectId))) {
      return this.#fail('no-object', false);
    }
    await this.#note(
      `the device answers ${formatCode(code)} to a Read of ${this.#target.place}${diagnostic && `: ${diagnostic}`}`,
    );
    // While it downloads or reboots, the time for that is its limit.
    if (this.job.phase !== 'waiting') return this.#schedule(this.#host.times.poll);
    await this.#change({ attempts: this.job.attempts + 1 });
    return this.#fail('no-answer', true);
  }

  async #lookAtFirmware(registration: Registration): Promise<Look | { readonly refused: ClientRefusal }> {
    const object: Lwm2mPath = { objectId: 5, objectInstanceId: 0 };
    const read = await this.#server.read(registration, object, { signal: this.#abort.signal, unchecked: true });
    if (!read.ok) return { refused: read.error };
    await this.#observe(registration);
    const values = valuesById(object, read.value.node);
    const number = (id: number) => (values.has(id) ? Number(values.get(id)![0]) : undefined);
    const view: FirmwareView = {
      state: number(3) ?? 0,
      result: number(5) ?? 0,
      protocols: values.get(8)?.map(Number),
      delivery: number(9),
      version: await this.#version(registration),
      resources: new Set(values.keys()),
    };
    return { step: planUpdate(this.job, view, this.#now), view };
  }

  async #lookAtSoftware(registration: Registration, name: string): Promise<Look | { readonly refused: ClientRefusal }> {
    const options = { signal: this.#abort.signal, unchecked: true };
    const read = await this.#server.read(registration, { objectId: 9 }, options);
    if (!read.ok) return { refused: read.error };
    const object = read.value.node as ObjectNode;
    const nothing = { protocols: allProtocols, delivery: undefined, version: undefined, resources: new Set<number>() };
    const found = softwareInstance(object, name, this.job.instanceId);
    const instanceId = found ?? (await this.#createInstance(registration));
    if (instanceId === undefined)
      return { step: { step: 'fail', failure: 'no-instance', again: false }, view: nothing };
    if (instanceId !== this.job.instanceId) await this.#change({ instanceId });
    await this.#observe(registration);
    const instance = object.instances.get(instanceId);
    const view = softwareView(
      instance ? valuesById({ objectId: 9, objectInstanceId: instanceId }, instance) : new Map(),
    );
    const { version } = view;
    return { step: planSoftware(this.job, view, this.#now), view: { ...nothing, version } };
  }

  /** An instance of object 9 for a component that has none. */
  async #createInstance(registration: Registration): Promise<number | undefined> {
    const options = { signal: this.#abort.signal, unchecked: true };
    const answer = await this.#server.create(registration, { objectId: 9 }, objectInstance(0, []), options);
    if (answer.ok) return answer.value.path?.objectInstanceId;
    await this.#note(answer.error.diagnostic || 'the device creates no instance of object 9');
    return undefined;
  }

  async #observe(registration: Registration): Promise<void> {
    if (this.#observing === registration.id) return;
    for (const resource of this.#target.resources.observed) {
      await this.#server.observe(registration, this.#at(resource), { signal: this.#abort.signal, unchecked: true });
    }
    this.#observing = registration.id;
  }

  async #version(registration: Registration): Promise<string | undefined> {
    const answer = await this.#server.read(registration, versionPath, { signal: this.#abort.signal, unchecked: true });
    if (!answer.ok) return undefined;
    const [first] = nodeValues(versionPath, answer.value.node);
    return first === undefined ? undefined : String(first.value);
  }

  async #perform({ step, view }: Look, registration: Registration): Promise<void> {
    const { version } = view;
    if (step.step !== 'uninstall' && step.step !== 'activate') this.#told = undefined;
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
      case 'uninstall':
        if (await this.#wasTold('uninstall', registration)) return;
        await this.#change({ fromVersion: this.job.fromVersion ?? version });
        return this.#uninstall(registration, step.forUpdate);
      case 'activate':
        if (await this.#wasTold('activate', registration)) return;
        return this.#activate(registration);
      case 'succeed':
        return this.#finish({ phase: 'succeeded', version, failure: undefined, note: undefined });
      default:
        if (isWrongWay(step.failure) && this.#mayPushInstead(view)) {
          await this.#change({ wish: 'push' });
          // Another way has nothing to wait for.
          return this.#fail(step.failure, true, 0);
        }
        return this.#fail(step.failure, step.again);
    }
  }

  #mayPushInstead({ delivery }: Look['view']): boolean {
    return this.job.wish === 'auto' && this.job.delivery !== 'push' && delivery !== 0;
  }

  /** An empty Package URI resets the state machine (§E.6); a software component is uninstalled. */
  async #tellReset(): Promise<void> {
    const device = { deviceKey: this.job.device };
    const { uri } = this.#target.resources;
    if (this.job.software === undefined) {
      await this.#server.write(device, this.#at(uri), singleResource(uri, 'string', ''), { unchecked: true });
    } else await this.#server.execute(device, this.#at(SoftwareResource.Uninstall), '0', { unchecked: true });
  }

  /** Whether the device took this, registered as it is, and has time left to do it; without, the attempt has failed. */
  async #wasTold(step: ToldStep, { id }: Registration): Promise<boolean> {
    if (this.#told?.step !== step) this.#told = undefined;
    const told = this.#told;
    if (told === undefined) return false;
    if (this.#now - told.at > this.#host.times.installation) {
      // One that begins by delivering is counted there.
      if (this.job.phase === 'waiting') await this.#change({ attempts: this.job.attempts + 1 });
      await this.#fail('timeout', true);
      return true;
    }
    if (told.registration !== id) return false;
    await this.#note(`the device was told to ${step} and does not show it yet`);
    this.#schedule(this.#host.times.poll);
    return true;
  }

  #tookIt(step: ToldStep, { id }: Registration): void {
    this.#told = { step, at: this.#told?.at ?? this.#now, registration: id };
  }

  /** What is installed has to go first; argument 1: another version is to come, so that settings stay. */
  async #uninstall(registration: Registration, forUpdate: boolean): Promise<void> {
    const options = { signal: this.#abort.signal, unchecked: true };
    const path = this.#at(SoftwareResource.Uninstall);
    const answer = await this.#server.execute(registration, path, forUpdate ? '1' : '0', options);
    if (answer.ok) {
      this.#tookIt('uninstall', registration);
      await this.#note('the version before is being uninstalled');
      return this.#schedule(this.#host.times.poll);
    }
    await this.#note(answer.error.diagnostic || 'the device refused Uninstall');
    await this.#change({ attempts: this.job.attempts + 1 });
    return this.#fail('refused', true);
  }

  async #activate(registration: Registration): Promise<void> {
    const options = { signal: this.#abort.signal, unchecked: true };
    const answer = await this.#server.execute(registration, this.#at(SoftwareResource.Activate), '', options);
    if (answer.ok) {
      this.#tookIt('activate', registration);
      this.#again = true;
      return;
    }
    await this.#note(answer.error.diagnostic || 'the device refused Activate');
    return this.#fail('refused', false);
  }

  async #deliver(view: Look['view'], registration: Registration): Promise<void> {
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
      await this.#server.write(registration, this.#at(resource), singleResource(resource, 'integer', value), options);
    };
    await set(11, severity);
    await set(13, maximumDeferPeriod);
    if (delivery === 'push') return this.#push(registration);
    const { uri } = this.#target.resources;
    const node = singleResource(uri, 'string', uris.get(delivery)!);
    const answer = await this.#server.write(registration, this.#at(uri), node, options);
    // A device may answer with an error that its result tells more about: the next look decides.
    if (!answer.ok) await this.#note(answer.error.diagnostic || 'the device refused the Package URI');
    this.#schedule(answer.ok ? this.#host.times.poll : milliseconds(100));
  }

  async #push(registration: Registration): Promise<void> {
    const source = await this.#host.options.files.open(this.job.file);
    if (!source) return this.#fail('no-file', false);
    try {
      const answer = await this.#server.writeBody(registration, this.#at(this.#target.resources.package), source, {
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
    const path = this.#at(this.#target.resources.execute);
    const answer = await this.#server.execute(registration, path, '', { signal: this.#abort.signal, unchecked: true });
    if (!answer.ok) await this.#note(answer.error.diagnostic || `the device refused ${this.#target.action}`);
    this.#schedule(this.#host.times.poll);
  }

  async #fail(
    failure: UpdateFailure,
    again: boolean,
    delay = this.#host.times.retry * 2 ** Math.max(0, this.job.attempts - 1),
  ): Promise<void> {
    this.#told = undefined;
    const { attempts, maximumAttempts } = this.job;
    if (!again || attempts >= maximumAttempts) return this.#finish({ phase: 'failed', failure });
    await this.#change({ phase: 'waiting', phaseAt: this.#now, failure, notBefore: this.#now + delay });
    this.#schedule(milliseconds(delay));
  }

  async #finish(change: Partial<UpdateJob>): Promise<void> {
    await this.#change({ ...change, finishedAt: this.#now, phaseAt: this.#now });
    this.#timer?.cancel();
    const observing = this.#observing;
    if (observing === undefined) return;
    this.#observing = undefined;
    for (const resource of this.#target.resources.observed) {
      // The next notification ends it; nobody has to wait for that.
      void this.#server
        .cancelObservation({ id: observing }, this.#at(resource), { by: 'reset' })
        .catch(() => undefined);
    }
  }

  async #note(note: string): Promise<void> {
    if (note !== this.job.note) await this.#change({ note });
  }

  /** What is not on disk did not happen: the job is then as it was before. */
  async #change(change: Partial<UpdateJob>): Promise<void> {
    const before = this.job;
    this.job = { ...before, ...change };
    try {
      await this.#host.changed(this.job);
    } catch (error) {
      this.job = before;
      throw error;
    }
  }

  #schedule(delay: Duration): void {
    this.#timer?.cancel();
    this.#timer = this.#host.options.timers.schedule(delay, () => this.wake());
  }
}

/**
 * The device does not pull in this way, or nothing for it is at the URI: object 9 has one result for both, and a device of object 5 that
 * cannot make anything of the address may still take the package from us.
 */
function isWrongWay(failure: UpdateFailure): boolean {
  return failure === 'unsupported-protocol' || failure === 'invalid-uri';
}

/** The device went away in the middle: it is looked at again when it is back. */
function isLost(error: unknown): boolean {
  return hasCode(error, 'LWM2M_TIMEOUT') || hasCode(error, 'LWM2M_RESET') || hasCode(error, 'LWM2M_TRANSFER_FAILED');
}
