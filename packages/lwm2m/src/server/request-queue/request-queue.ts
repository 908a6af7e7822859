import {
  type Clock,
  type Duration,
  hasCode,
  type Log,
  milliseconds,
  type Timer,
  type Timers,
  YaolianError,
  zeroDuration,
} from '@yaolian/kernel';
import type { ObjectModel } from '../../model.ts';
import { lwm2mErrors } from '../errors.ts';
import type { EventOutbox } from '../event-outbox.ts';
import type { Lwm2mServerEvent } from '../events.ts';
import type { Lwm2mServer } from '../lwm2m-server.ts';
import { throwIf } from '../validation.ts';
import { isRepeatable, operationViolation, perform } from './perform.ts';
import {
  isFinished,
  type QueuedOperation,
  type QueuedOutcome,
  type QueuedRequest,
  type QueuedRequestQuery,
  type QueuedRequestStore,
} from './queued-request.ts';

export interface RequestQueueOptions {
  /** Requests of one device that wait; beyond: LWM2M_OVERLOADED. Default 100. */
  readonly maximumPerDevice: number;
  /** Requests of all devices that wait; beyond: LWM2M_OVERLOADED. Default 100,000. */
  readonly maximumRequests: number;
  /** How long a request waits when the caller does not say. Default 24 h. */
  readonly expiry: Duration;
  /** How often a request is sent that gets no answer, before it fails. Default 3. */
  readonly maximumAttempts: number;
  /** How long finished requests are remembered. Default 24 h. */
  readonly retention: Duration;
  /**
   * Whether who asked for a request may still have it done: asked just before it is sent, of those that have an `asker`. Rejects: it waits on.
   * Default: always.
   */
  readonly permits: (request: QueuedRequest) => boolean | Promise<boolean>;
}

/** What the queue needs of the server around it. */
export interface RequestQueueHost {
  readonly server: Lwm2mServer;
  readonly store: QueuedRequestStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly events: EventOutbox<Lwm2mServerEvent>;
  /** Whether the device listens now, as far as we know. */
  readonly isAwake: (deviceKey: string) => boolean;
  /** The object model as the device registered it; undefined while it is not registered. */
  readonly modelOf: (deviceKey: string) => ObjectModel | undefined;
}

export interface SubmitOptions {
  /** How long the request may wait. Absent: the queue's own `expiry`. */
  readonly expiry?: Duration;
  readonly unchecked?: boolean;
  /** Who asked. Absent: {@link RequestQueueOptions.permits} is not asked. */
  readonly asker?: string;
}

/** The requests of one device that are not finished. */
interface DeviceQueue {
  requests: QueuedRequest[];
  running: boolean;
}

const longestWait = 3_600_000;

/**
 * Holds requests until their devices listen (OMA-TS-LightweightM2M_Core 1.1 §6.5, 1.0 §8.3): on disk before the caller is told
 * that they are taken, sent in the order in which they came once the device has been heard, and gone on with after a
 * restart. A request that gets no answer goes back to its place, and the rest with it, until the device is heard again.
 *
 * Requests that can be repeated without harm are sent until they are answered, {@link RequestQueueOptions.maximumAttempts} times at
 * most. Execute, Create and Delete are sent once: without an answer they fail, and nobody knows whether they were done.
 */
export class RequestQueue {
  readonly #host: RequestQueueHost;
  readonly #options: RequestQueueOptions;
  readonly #devices = new Map<string, DeviceQueue>();
  readonly #waiting = new Map<number, Set<(request: QueuedRequest) => void>>();
  /** Those that are not finished, or whose outcome is not on disk. */
  readonly #byId = new Map<number, QueuedRequest>();
  /** When those end that are not finished: monotonic, for a clock that is set ahead must not end what was just asked. */
  readonly #ends = new Map<number, number>();
  /** Those whose outcome is on its way to the disk. */
  readonly #finishing = new Set<number>();
  #lastId = 0;
  #timer: Timer | undefined;
  #plannedAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(host: RequestQueueHost, options: RequestQueueOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Requests that are not finished. */
  get size(): number {
    return this.#byId.size;
  }

  /** Requests of a device that are not finished, in their order. */
  pending(deviceKey: string): readonly QueuedRequest[] {
    return this.#devices.get(deviceKey)?.requests ?? [];
  }

  /** Takes up what an earlier process left. */
  async start(): Promise<void> {
    const { requests, lastId } = await this.#host.store.load();
    this.#lastId = lastId;
    for (const request of requests) {
      if (request.state === 'sent' && !isRepeatable(request.operation)) {
        await this.#finish(request, 'failed', unknownOutcome);
        continue;
      }
      this.#enter(request.state === 'sent' ? { ...request, state: 'queued' } : request);
    }
    this.#plan();
  }

  /**
   * Takes a request. Resolves when it is on disk.
   * @throws YaolianError LWM2M_OVERLOADED, LWM2M_STORE_FAILED, LWM2M_CLOSED, and the rules of the object model
   */
  async submit(deviceKey: string, operation: QueuedOperation, options: SubmitOptions = {}): Promise<QueuedRequest> {
    if (this.#closed) throw lwm2mErrors.LWM2M_CLOSED();
    const { maximumPerDevice, maximumRequests, expiry } = this.#options;
    if (this.pending(deviceKey).length >= maximumPerDevice) {
      throw lwm2mErrors.LWM2M_OVERLOADED(`${maximumPerDevice} requests for ${deviceKey}`);
    }
    if (this.size >= maximumRequests) {
      throw lwm2mErrors.LWM2M_OVERLOADED(`${maximumRequests} requests for all devices`);
    }
    const model = options.unchecked ? undefined : this.#host.modelOf(deviceKey);
    if (model) throwIf(operationViolation(model, operation));
    const createdAt = this.#host.clock.epoch();
    const request: QueuedRequest = {
      id: ++this.#lastId,
      deviceKey,
      operation,
      unchecked: options.unchecked ?? false,
      asker: options.asker,
      state: 'queued',
      attempts: 0,
      createdAt,
      expiresAt: createdAt + (options.expiry ?? expiry),
      outcome: undefined,
    };
    // In the list at once, so that order is that of the calls; not sent before it is on disk.
    this.#enter(request);
    const event = this.#storing(request);
    try {
      await this.#host.store.put(request);
    } catch (error) {
      this.#leave(request);
      throw lwm2mErrors.LWM2M_STORE_FAILED('the request', error);
    }
    this.#host.events.push(event);
    const end = this.#endOf(request);
    if (end < this.#plannedAt) this.#plan(end);
    this.heard(deviceKey);
    return this.#byId.get(request.id) ?? request;
  }

  /** What became of a request: finished ones are remembered for a while. */
  async find(id: number): Promise<QueuedRequest | undefined> {
    return this.#byId.get(id) ?? this.#host.store.get(id);
  }

  list(query: QueuedRequestQuery): Promise<readonly QueuedRequest[]> {
    return this.#host.store.list(query);
  }

  /** Resolves with the request once it is finished; with undefined when there is none such. @throws the signal's reason */
  async finished(id: number, signal?: AbortSignal): Promise<QueuedRequest | undefined> {
    const found = await this.find(id);
    if (!found || isFinished(found)) return found;
    return new Promise((resolve, reject) => {
      const listeners = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, listeners);
      const onAbort = () => {
        listeners.delete(done);
        reject(signal?.reason);
      };
      const done = (request: QueuedRequest) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(request);
      };
      listeners.add(done);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Takes a request back that was not sent yet. @returns it as it is then; undefined when it is not there, or on its way or finished */
  async cancel(id: number): Promise<QueuedRequest | undefined> {
    const found = await this.find(id);
    if (found?.state !== 'queued') return undefined;
    return this.#finish(found, 'cancelled', {});
  }

  /** The device was heard: what waits for it is sent, a moment later, behind the answer to what it asked. */
  heard(deviceKey: string): void {
    const device = this.#devices.get(deviceKey);
    if (!device || device.running || this.#closed || !this.#host.isAwake(deviceKey)) return;
    device.running = true;
    this.#host.timers.schedule(zeroDuration, () => void this.#drain(deviceKey, device));
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #drain(deviceKey: string, device: DeviceQueue): Promise<void> {
    try {
      for (;;) {
        // What is being finished, cancelled say, has had its turn.
        const request = device.requests.find(({ id }) => !this.#finishing.has(id));
        if (!request || this.#closed || !this.#host.isAwake(deviceKey)) return;
        if (isFinished(request)) await this.#conclude(request, request);
        else if (!(await this.#send(request))) return;
      }
    } catch (error) {
      this.#host.log.error('queued requests could not be sent', { device: deviceKey, error });
    } finally {
      device.running = false;
      if (device.requests.length === 0) this.#devices.delete(deviceKey);
    }
  }

  /** @returns false when the device sleeps again, or the disk does not take the outcome */
  async #send(queued: QueuedRequest): Promise<boolean> {
    if (this.#endOf(queued) <= this.#host.clock.monotonic()) {
      await this.#finish(queued, 'expired', {});
      return true;
    }
    if (!(await this.#permits(queued))) {
      const { code, message } = lwm2mErrors.LWM2M_FORBIDDEN(queued.asker!);
      await this.#finish(queued, 'cancelled', { error: code, message });
      return true;
    }
    // It may have been taken back meanwhile.
    if (this.#byId.get(queued.id) !== queued || this.#finishing.has(queued.id)) return true;
    const request: QueuedRequest = { ...queued, state: 'sent', attempts: queued.attempts + 1 };
    this.#replace(request);
    // What must not be done twice has to be known as sent before it is.
    const event = this.#storing(request);
    const stored = this.#host.store.put(request);
    if (!isRepeatable(request.operation)) await stored;
    else stored.catch((error: unknown) => this.#host.log.warn('an attempt was not stored', { error }));
    this.#host.events.push(event);
    let answer: Awaited<ReturnType<typeof perform>>;
    try {
      const reference = { deviceKey: request.deviceKey };
      answer = await perform(this.#host.server, reference, request.operation, { unchecked: request.unchecked });
    } catch (error) {
      return this.#failed(request, error);
    }
    if (answer.ok) await this.#finish(request, 'done', answer.value);
    else await this.#finish(request, 'refused', { code: answer.error.code, message: answer.error.diagnostic });
    return true;
  }

  async #permits(request: QueuedRequest): Promise<boolean> {
    return request.asker === undefined || this.#options.permits(request);
  }

  async #failed(request: QueuedRequest, error: unknown): Promise<boolean> {
    const code = error instanceof YaolianError ? error.code : 'LWM2M_FAILED';
    if (code === 'LWM2M_CLOSED') return false; // the next process goes on
    if (!unanswered.has(code)) {
      await this.#finish(request, 'failed', { error: code, message: (error as Error).message });
      return true;
    }
    const again = isRepeatable(request.operation) || !mayHaveArrived(error, code);
    if (again && request.attempts < this.#options.maximumAttempts) {
      await this.#store({ ...request, state: 'queued' });
    } else {
      const message = again ? `${request.attempts} attempts, and no answer` : unknownOutcome.message;
      await this.#finish(request, 'failed', { error: code, message });
    }
    return false;
  }

  async #finish(
    request: QueuedRequest,
    state: QueuedRequest['state'],
    outcome: Omit<QueuedOutcome, 'at'>,
  ): Promise<QueuedRequest> {
    const finished: QueuedRequest = { ...request, state, outcome: { ...outcome, at: this.#host.clock.epoch() } };
    return this.#conclude(finished, request);
  }

  /** @param before how it goes on when the disk does not take its end; what the device has done stays done, and is stored later */
  async #conclude(finished: QueuedRequest, before: QueuedRequest): Promise<QueuedRequest> {
    this.#finishing.add(finished.id);
    try {
      await this.#store(finished);
    } catch (error) {
      if (before.state === 'queued') this.#replace(before);
      throw error;
    } finally {
      this.#finishing.delete(finished.id);
    }
    this.#leave(finished);
    for (const done of this.#waiting.get(finished.id) ?? []) done(finished);
    this.#waiting.delete(finished.id);
    return finished;
  }

  async #store(request: QueuedRequest): Promise<void> {
    this.#replace(request);
    const event = this.#storing(request);
    await this.#host.store.put(request);
    this.#host.events.push(event);
  }

  #enter(request: QueuedRequest): void {
    const device = this.#devices.get(request.deviceKey);
    if (device) device.requests.push(request);
    else this.#devices.set(request.deviceKey, { requests: [request], running: false });
    this.#byId.set(request.id, request);
    const { clock } = this.#host;
    // After a start on a clock that is behind, it waits no longer than it would have from the beginning.
    const { createdAt, expiresAt } = request;
    this.#ends.set(request.id, clock.monotonic() + Math.min(expiresAt - clock.epoch(), expiresAt - createdAt));
  }

  #endOf({ id }: QueuedRequest): number {
    return this.#ends.get(id) ?? Number.POSITIVE_INFINITY;
  }

  #leave({ deviceKey, id }: QueuedRequest): void {
    const device = this.#devices.get(deviceKey);
    if (!device || !this.#byId.delete(id)) return;
    this.#ends.delete(id);
    device.requests = device.requests.filter((request) => request.id !== id);
    if (device.requests.length === 0 && !device.running) this.#devices.delete(deviceKey);
  }

  #replace(request: QueuedRequest): void {
    const device = this.#devices.get(request.deviceKey);
    if (!device || !this.#byId.has(request.id)) return;
    this.#byId.set(request.id, request);
    device.requests = device.requests.map((one) => (one.id === request.id ? request : one));
  }

  /** What is told of a request that is given to the store now. */
  #storing(request: QueuedRequest) {
    return this.#host.events.store({ type: 'queue-changed', time: this.#host.clock.epoch(), request });
  }

  /** The next look at what has expired, and at what need not be remembered any more. */
  #plan(at = this.#soonest()): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    this.#plannedAt = at;
    const delay = milliseconds(Math.max(0, at - this.#host.clock.monotonic()));
    this.#timer = this.#host.timers.schedule(delay, () => void this.#sweep());
  }

  #soonest(): number {
    let soonest = this.#host.clock.monotonic() + longestWait;
    for (const request of this.#byId.values()) {
      if (request.state === 'queued') soonest = Math.min(soonest, this.#endOf(request));
    }
    return soonest;
  }

  async #sweep(): Promise<void> {
    const { clock } = this.#host;
    const now = clock.monotonic();
    const waiting = [...this.#byId.values()].filter(({ state }) => state === 'queued');
    const expired = waiting.filter((request) => this.#endOf(request) <= now);
    try {
      await Promise.all(expired.map((request) => this.#finish(request, 'expired', {})));
      await this.#host.store.removeFinished(clock.epoch() - this.#options.retention);
    } catch (error) {
      this.#host.log.error('queued requests could not be stored', { error });
    }
    this.#plan();
  }
}

/** A connection that ends takes along what was under way: nobody knows how far it came. */
function mayHaveArrived(error: unknown, code: string): boolean {
  return code === 'LWM2M_TIMEOUT' || hasCode((error as Error).cause, 'COAP_DISCONNECTED');
}

/** The client said nothing: it may have gone to sleep. */
const unanswered: ReadonlySet<string> = new Set([
  'LWM2M_TIMEOUT',
  'LWM2M_ASLEEP',
  'LWM2M_NOT_REGISTERED',
  'LWM2M_REGISTRATION_ENDED',
  'LWM2M_NOT_CONNECTED',
  'LWM2M_ADDRESS_TAKEN',
]);

const unknownOutcome = {
  error: 'LWM2M_TIMEOUT',
  message: 'it was sent and not answered: nobody knows whether it was done, so it was not sent again',
} as const;
