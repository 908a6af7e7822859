import {
  type CoapEndpoint,
  Code,
  ContentFormat,
  describeCode,
  type IncomingRequest,
  type OutgoingResponse,
  type RequestHandler,
  type ResponseCode,
} from '@yaolian/coap';
import {
  type Clock,
  type Counter,
  type Duration,
  deafMeter,
  type Log,
  type Meter,
  milliseconds,
  type Result,
  seconds,
  silentLog,
  success,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { Emitter, type EventSource } from '../server/emitter.ts';
import type { EnrolmentProfile } from '../server/enrolment.ts';
import { EventOutbox } from '../server/event-outbox.ts';
import { isLegacyFormat } from '../server/legacy-formats.ts';
import { defaultServerLimits } from '../server/limits.ts';
import type { RequestMount } from '../server/lwm2m-server.ts';
import { type Refusal, refusalResponse, refuse } from '../server/refusal.ts';
import { RefusalMemory } from '../server/refusal-memory.ts';
import { decodeRegisterParameters } from '../server/register-parameters.ts';
import { RequestCounters } from '../server/request-counters.ts';
import type { BootstrapConfig, BootstrapConfigStore } from './config.ts';
import type { BootstrapEvent } from './events.ts';
import { type BootstrapPlan, planBootstrap } from './plan.ts';
import { BootstrapSession } from './session.ts';

/** Every bound of the bootstrap server. */
export interface BootstrapLimits {
  /** Sessions at a time. A request beyond it gets 5.03 with Max-Age. Default 10,000. */
  readonly maximumSessions: number;
  /** Query parameters of a request; above it 4.00. Default 16. */
  readonly maximumParameters: number;
  /** UTF-8 bytes of an endpoint name; above it 4.00. Default 252. */
  readonly maximumEndpointBytes: number;
  /** Refused endpoint names remembered. Default 10,000. */
  readonly maximumRememberedRefusals: number;
}

export const defaultBootstrapLimits: BootstrapLimits = {
  maximumSessions: 10_000,
  maximumParameters: 16,
  maximumEndpointBytes: 252,
  maximumRememberedRefusals: 10_000,
};

export interface BootstrapBehaviour {
  /** Between the answer to the request and the first step. Default none. */
  readonly startDelay: Duration;
  /** What one step may take. Default 93 s, MAX_TRANSMIT_WAIT. */
  readonly stepTimeout: Duration;
  /** The answer to a terminal that there is no configuration for. Default 4.00, OMA's for an unknown endpoint name. */
  readonly unknownEndpointCode: ResponseCode;
  /** Refusals of one endpoint name within `refusalWindow` after which it gets 4.29. Default 5. */
  readonly refusalsAllowed: number;
  /** Default 10 s. */
  readonly refusalWindow: Duration;
  /** Max-Age of 5.03: when to try again. Default 60 s. */
  readonly retryAfter: Duration;
}

export const defaultBootstrapBehaviour: BootstrapBehaviour = {
  startDelay: zeroDuration,
  stepTimeout: milliseconds(93_000),
  unknownEndpointCode: Code.BadRequest,
  refusalsAllowed: 5,
  refusalWindow: seconds(10),
  retryAfter: seconds(60),
};

export interface BootstrapServerOptions {
  readonly configs: BootstrapConfigStore;
  /** Who may be told; the same as for Register. */
  readonly profile: Pick<EnrolmentProfile, 'enrol'>;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly limits?: Partial<BootstrapLimits>;
  readonly behaviour?: Partial<BootstrapBehaviour>;
}

/** OMA-TS-LightweightM2M 1.0 §8.2.2: where terminals ask for bootstrap. */
const bootstrapPath = 'bs';

/** A request that may have its session. */
interface Admitted {
  readonly endpoint: string;
  readonly deviceKey: string;
  readonly plan: BootstrapPlan;
  readonly preferredFormat: number | undefined;
}

/**
 * An LwM2M bootstrap server, for bootstrap that the client initiates: OMA-TS-LightweightM2M 1.0 §5.2.2, §8.2.2; 1.1 core §6.1.
 * `POST /bs?ep=…` is answered 2.04, and then the terminal is told its configuration. Mount {@link mounts} on the endpoint
 * of the LwM2M server or on one of its own.
 */
export class BootstrapServer {
  /** What happens, a moment after it happened. */
  readonly events: EventSource<BootstrapEvent>;
  readonly #options: BootstrapServerOptions;
  readonly #limits: BootstrapLimits;
  readonly #behaviour: BootstrapBehaviour;
  readonly #log: Log;
  readonly #outbox: EventOutbox<BootstrapEvent>;
  readonly #refusals: RefusalMemory;
  readonly #counters: RequestCounters;
  readonly #finished = new Map<string, Counter>();
  readonly #sessions = new Map<string, BootstrapSession>();
  #closed = false;

  constructor(options: BootstrapServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultBootstrapLimits, ...options.limits };
    this.#behaviour = { ...defaultBootstrapBehaviour, ...options.behaviour };
    this.#log = options.log ?? silentLog;
    const emitter = new Emitter<BootstrapEvent>((type, error) =>
      this.#log.error('an event listener failed', { event: type, error }),
    );
    this.events = emitter;
    this.#outbox = new EventOutbox(emitter, options.timers);
    this.#refusals = new RefusalMemory({
      clock: options.clock,
      allowed: this.#behaviour.refusalsAllowed,
      window: this.#behaviour.refusalWindow,
      maximumRemembered: this.#limits.maximumRememberedRefusals,
    });
    const meter = options.meter ?? deafMeter;
    this.#counters = new RequestCounters(meter);
    meter.gauge('lwm2m_bootstrap_sessions', 'Terminals that are being bootstrapped', () => this.#sessions.size);
  }

  /** Terminals that are being told their configuration. */
  get size(): number {
    return this.#sessions.size;
  }

  /** What to mount on an endpoint, beside whatever else the application answers there. */
  mounts(endpoint: CoapEndpoint): readonly RequestMount[] {
    const handler: RequestHandler = (request) => this.#handle(request, endpoint);
    return [{ path: [bootstrapPath], handler }];
  }

  /** Ends every session without another word to its terminal, and takes no more. */
  close(): Promise<void> {
    this.#closed = true;
    for (const session of this.#sessions.values()) session.end('closed');
    this.#outbox.flush();
    return Promise.resolve();
  }

  #handle(request: IncomingRequest, endpoint: CoapEndpoint): ReturnType<RequestHandler> {
    if (request.multicast) return undefined;
    const isOurs = request.path.length === 1 || (request.path.length === 2 && request.path[1] === '');
    if (!isOurs) return { code: Code.NotFound };
    if (request.method !== Code.POST) return { code: Code.MethodNotAllowed };
    return this.#request(request, endpoint);
  }

  async #request(request: IncomingRequest, endpoint: CoapEndpoint): Promise<OutgoingResponse> {
    const admitted = await this.#admit(request);
    if (!admitted.ok) return this.#refuse(request, admitted.error);
    this.#counters.count('bootstrap', 'done');
    this.#begin(admitted.value, request, endpoint);
    return { code: Code.Changed };
  }

  async #admit(request: IncomingRequest): Promise<Result<Admitted, Refusal>> {
    const { retryAfter } = this.#behaviour;
    if (this.#closed) return refuse(Code.ServiceUnavailable, 'closed', 'try again later', retryAfter);
    const asked = this.#decode(request);
    if (!asked.ok) return asked;
    const { endpoint, preferredFormat } = asked.value;
    const wait = this.#refusals.waitOf(endpoint);
    if (wait !== undefined) {
      return refuse(Code.TooManyRequests, 'insisting', 'refused before; wait', milliseconds(Math.ceil(wait)));
    }
    if (!this.#sessions.has(endpoint) && this.#sessions.size >= this.#limits.maximumSessions) {
      return refuse(Code.ServiceUnavailable, 'full', 'too many terminals at once; try again later', retryAfter);
    }
    const judged = await this.#judge(endpoint, request);
    if (!judged.ok) {
      this.#refusals.note(endpoint);
      return judged;
    }
    return success({ ...judged.value, endpoint, preferredFormat });
  }

  #decode(request: IncomingRequest) {
    const { payload, contentFormat } = request;
    // A Bootstrap-Request has no payload; one that is there in a text format is passed over.
    const isText = contentFormat === undefined || contentFormat === 0 || contentFormat === ContentFormat.LinkFormat;
    if (payload.length > 0 && !isText && !isLegacyFormat(contentFormat)) {
      const message = `a Bootstrap-Request has no payload of Content-Format ${contentFormat}`;
      return refuse(Code.UnsupportedContentFormat, 'content-format', message);
    }
    const decoded = decodeRegisterParameters(request.query, { ...defaultServerLimits, ...this.#limits });
    if (!decoded.ok) return refuse(Code.BadRequest, decoded.error.reason, decoded.error.message);
    const { endpoint, others = {} } = decoded.value;
    if (endpoint === undefined) return refuse(Code.BadRequest, 'endpoint-missing', 'ep is missing');
    const { pct: preferred } = others;
    const preferredFormat = preferred !== undefined && /^\d{1,5}$/.test(preferred) ? Number(preferred) : undefined;
    return success({ endpoint, preferredFormat });
  }

  async #judge(
    endpoint: string,
    request: IncomingRequest,
  ): Promise<Result<Pick<Admitted, 'deviceKey' | 'plan'>, Refusal>> {
    try {
      const { clock, profile, model } = this.#options;
      const asked = { purpose: 'bootstrap', endpoint, address: request.peer.address, time: clock.epoch() } as const;
      const enrolled = await profile.enrol(asked);
      if (!enrolled.ok) return refuse(enrolled.error.code, 'enrolment', enrolled.error.reason);
      const { deviceKey } = enrolled.value;
      const config = await this.#configOf(endpoint, deviceKey);
      if (!config) {
        return refuse(this.#behaviour.unknownEndpointCode, 'unknown', 'there is no configuration for this terminal');
      }
      const plan = planBootstrap(config, model);
      if (plan.ok) return success({ deviceKey, plan: plan.value });
      this.#log.error('bootstrap configuration is wrong', { endpoint, ...plan.error });
    } catch (error) {
      this.#log.error('bootstrap request failed', { endpoint, error });
    }
    return refuse(Code.InternalServerError, 'failed', 'the configuration for this terminal cannot be used');
  }

  async #configOf(endpoint: string, deviceKey: string): Promise<BootstrapConfig | undefined> {
    const { configs } = this.#options;
    const own = await configs.get(endpoint);
    if (own) return own;
    const ofDevice = deviceKey === endpoint ? undefined : await configs.get(deviceKey);
    return ofDevice ?? configs.get(undefined);
  }

  /** The session begins after the answer to the request is out. */
  #begin(admitted: Admitted, request: IncomingRequest, endpoint: CoapEndpoint): void {
    const { timers, clock, model } = this.#options;
    const { plan, preferredFormat, endpoint: name, deviceKey } = admitted;
    const { peer } = request;
    this.#sessions.get(name)?.end('restarted');
    const { startDelay, stepTimeout } = this.#behaviour;
    const of = { endpoint: name, deviceKey, address: peer.address };
    const onStep = (step: BootstrapSession['steps'][number]) =>
      this.#outbox.push({ type: 'bootstrap-step', time: clock.epoch(), ...of, step });
    const session = new BootstrapSession({ endpoint, peer, plan, model, preferredFormat, stepTimeout, onStep });
    this.#sessions.set(name, session);
    this.#outbox.push({ type: 'bootstrap-started', time: clock.epoch(), ...of });
    const started = clock.monotonic();
    timers.schedule(startDelay, () => void this.#run(session, of, started));
  }

  async #run(
    session: BootstrapSession,
    of: Pick<Admitted, 'endpoint' | 'deviceKey'> & Pick<IncomingRequest['peer'], 'address'>,
    started: number,
  ): Promise<void> {
    const { clock } = this.#options;
    const outcome = await session.run().catch((error: unknown) => {
      this.#log.error('bootstrap session failed', { endpoint: of.endpoint, error });
      return 'lost' as const;
    });
    if (this.#sessions.get(of.endpoint) === session) this.#sessions.delete(of.endpoint);
    this.#counterOf(outcome).add();
    const { steps } = session;
    const duration = milliseconds(clock.monotonic() - started);
    this.#log.info('bootstrap finished', {
      endpoint: of.endpoint,
      outcome,
      steps: steps.map(
        ({ operation, code, detail }) => `${operation} ${code === undefined ? detail : describeCode(code)}`,
      ),
    });
    this.#outbox.push({ type: 'bootstrap-finished', time: clock.epoch(), ...of, outcome, steps, duration });
  }

  #counterOf(outcome: string): Counter {
    let counter = this.#finished.get(outcome);
    if (!counter) {
      const meter = this.#options.meter ?? deafMeter;
      counter = meter.counter('lwm2m_bootstraps_total', 'Bootstrap sessions by outcome', { outcome });
      this.#finished.set(outcome, counter);
    }
    return counter;
  }

  #refuse(request: IncomingRequest, refusal: Refusal): OutgoingResponse {
    const { code, reason, message } = refusal;
    const { address } = request.peer;
    this.#counters.count('bootstrap', reason);
    this.#log.debug('request refused', {
      request: 'bootstrap',
      address: address.key,
      code: describeCode(code),
      reason,
    });
    const endpoint = request.query.find((parameter) => parameter.startsWith('ep='))?.slice(3, 259);
    const time = this.#options.clock.epoch();
    this.#outbox.push({ type: 'refused', time, request: 'bootstrap', address, endpoint, code, reason, message });
    return refusalResponse(refusal);
  }
}
