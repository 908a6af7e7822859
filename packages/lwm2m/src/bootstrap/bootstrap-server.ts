import {
  type CoapEndpoint,
  Code,
  ContentFormat,
  describeCode,
  type IncomingRequest,
  type OutgoingResponse,
  type RequestHandler,
} from '@yaolian/coap';
import {
  type Counter,
  deafMeter,
  failure,
  type Log,
  milliseconds,
  type Result,
  type SocketAddress,
  silentLog,
  success,
  type Timer,
} from '@yaolian/kernel';
import { encodePackOfNodes, isValuePackFormat } from '../formats/index.ts';
import { formatPath, rootPath } from '../path.ts';
import { Emitter, type EventSource } from '../server/emitter.ts';
import { claimantOf } from '../server/enrolment.ts';
import { EventOutbox } from '../server/event-outbox.ts';
import { isLegacyFormat } from '../server/legacy-formats.ts';
import { defaultServerLimits } from '../server/limits.ts';
import { notAllowed, type Refusal, refusalResponse, refuse } from '../server/refusal.ts';
import { RefusalMemory } from '../server/refusal-memory.ts';
import { decodeRegisterParameters } from '../server/register-parameters.ts';
import { RequestCounters } from '../server/request-counters.ts';
import type { RequestMount } from '../server/server-options.ts';
import type { BootstrapConfig } from './config.ts';
import type { BootstrapEvent, BootstrapStep } from './events.ts';
import {
  type BootstrapBehaviour,
  type BootstrapLimits,
  type BootstrapPreparation,
  type BootstrapServerOptions,
  defaultBootstrapBehaviour,
  defaultBootstrapLimits,
} from './options.ts';
import { type BootstrapPlan, planBootstrap } from './plan.ts';
import { BootstrapSession } from './session.ts';

/** OMA-TS-LightweightM2M 1.0 §8.2.2: where terminals ask for bootstrap. */
const bootstrapPath = 'bs';

/** OMA-TS-LightweightM2M_Transport 1.2 §6.4.2: where they ask for all of it at once. */
const bootstrapPackPath = 'bspack';

const requestsOnly = notAllowed('terminals ask for bootstrap here, with POST');
const packsOnly = notAllowed('terminals ask for their bootstrap pack here, with GET');
const noSuchPath = refusalResponse({
  code: Code.NotFound,
  reason: 'path',
  message: `bootstrap is at /${bootstrapPath} and /${bootstrapPackPath}, without another segment`,
});

/** A request that may have its session. */
interface Admitted {
  readonly endpoint: string;
  readonly deviceKey: string;
  readonly plan: BootstrapPlan;
  readonly preferredFormat: number | undefined;
}

interface RunningSession {
  readonly of: { readonly endpoint: string; readonly deviceKey: string; readonly address: SocketAddress };
  readonly session: BootstrapSession;
  readonly timer: Timer;
  /** Monotonic milliseconds. */
  readonly started: number;
  /** Present once it has begun. */
  done: Promise<void> | undefined;
}

const unusable = 'the configuration for this terminal cannot be used';

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
  readonly #sessions = new Map<string, RunningSession>();
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
    const packs: RequestHandler = (request) => this.#handlePack(request);
    return [
      { path: [bootstrapPath], handler },
      { path: [bootstrapPackPath], handler: packs },
    ];
  }

  /** Takes no more, and ends every session without another word to its terminal. Resolves when they are over. */
  async close(): Promise<void> {
    this.#closed = true;
    const ends = [...this.#sessions.values()].map((running) => this.#end(running, 'closed'));
    await Promise.all(ends);
    this.#outbox.close();
  }

  #handle(request: IncomingRequest, endpoint: CoapEndpoint): ReturnType<RequestHandler> {
    if (request.multicast) return undefined;
    const isOurs = request.path.length === 1 || (request.path.length === 2 && request.path[1] === '');
    if (!isOurs) return noSuchPath;
    if (request.method !== Code.POST) return requestsOnly;
    return this.#request(request, endpoint);
  }

  #handlePack(request: IncomingRequest): ReturnType<RequestHandler> {
    if (request.multicast) return undefined;
    if (request.path.length > 1) return noSuchPath;
    return request.method === Code.GET ? this.#pack(request) : packsOnly;
  }

  /**
   * Bootstrap-Pack-Request (OMA-TS-LightweightM2M_Core 1.2 §6.1.7.7): `GET /bspack?ep=…` is answered with the whole
   * configuration at once. What is to be deleted, discovered or read has no place in it; the client replaces every object that
   * the pack names.
   */
  async #pack(request: IncomingRequest): Promise<OutgoingResponse> {
    const admitted = await this.#admit(request);
    if (!admitted.ok) return this.#refuse(request, admitted.error);
    const { plan, endpoint, deviceKey } = admitted.value;
    const format = request.accept ?? ContentFormat.SenmlCbor;
    if (!isValuePackFormat(format)) {
      const message = 'a pack is SenML JSON (110), SenML CBOR (112) or LwM2M CBOR (11544)';
      return this.#refuse(request, refuse(Code.NotAcceptable, 'accept', message).error);
    }
    const encoded = encodePackOfNodes(
      format,
      plan.writes.map(({ path, node }) => ({ path, node, time: undefined })),
    );
    if (!encoded.ok) {
      this.#log.error('bootstrap configuration cannot be packed', { endpoint, reason: encoded.error.message });
      return this.#refuse(request, refuse(Code.InternalServerError, 'failed', 'ask with a Bootstrap-Request').error);
    }
    this.#counters.count('bootstrap', 'packed');
    const of = { endpoint, deviceKey, address: request.peer.address };
    const time = this.#options.clock.epoch();
    const step: BootstrapStep = {
      operation: 'pack',
      path: rootPath,
      contentFormat: format,
      outcome: 'done',
      code: Code.Content,
      detail: '',
    };
    this.#outbox.push({ type: 'bootstrap-started', time, ...of });
    this.#outbox.push({
      type: 'bootstrap-finished',
      time,
      ...of,
      outcome: 'succeeded',
      steps: [step],
      duration: milliseconds(0),
    });
    return { code: Code.Content, contentFormat: format, payload: encoded.value };
  }

  async #request(request: IncomingRequest, endpoint: CoapEndpoint): Promise<OutgoingResponse> {
    const admitted = await this.#admit(request);
    if (!admitted.ok) return this.#refuse(request, admitted.error);
    // Others may have come in, or the server closed, while the configuration was looked up.
    const late = this.#refusalForRoom(admitted.value.endpoint);
    if (late) return this.#refuse(request, late.error);
    this.#counters.count('bootstrap', 'done');
    this.#begin(admitted.value, request, endpoint);
    return { code: Code.Changed };
  }

  async #admit(request: IncomingRequest): Promise<Result<Admitted, Refusal>> {
    const asked = this.#decode(request);
    if (!asked.ok) return asked;
    const { endpoint, preferredFormat } = asked.value;
    const claimant = claimantOf(endpoint, request.peer.identity);
    const wait = this.#refusals.waitOf(claimant);
    if (wait !== undefined) {
      return refuse(Code.TooManyRequests, 'insisting', 'refused before; wait', milliseconds(Math.ceil(wait)));
    }
    const early = this.#refusalForRoom(endpoint);
    if (early) return early;
    const judged = await this.#judge(endpoint, request);
    if (!judged.ok) {
      this.#refusals.note(claimant);
      return judged;
    }
    return success({ ...judged.value, endpoint, preferredFormat });
  }

  /** Undefined when a session of this terminal may begin now. */
  #refusalForRoom(endpoint: string): ReturnType<typeof refuse> | undefined {
    const { retryAfter } = this.#behaviour;
    if (this.#closed) return refuse(Code.ServiceUnavailable, 'closed', 'try again later', retryAfter);
    if (this.#sessions.has(endpoint) || this.#sessions.size < this.#limits.maximumSessions) return undefined;
    return refuse(Code.ServiceUnavailable, 'full', 'too many terminals at once; try again later', retryAfter);
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
      const { clock, profile, model, prepare = asTheyAre } = this.#options;
      const { address, identity } = request.peer;
      const purpose = 'bootstrap';
      const asked = { purpose, endpoint, address, time: clock.epoch(), ...(identity && { identity }) } as const;
      const enrolled = await profile.enrol(asked);
      if (!enrolled.ok) return refuse(enrolled.error.code, 'enrolment', enrolled.error.reason);
      const { deviceKey } = enrolled.value;
      const config = await this.#configOf(endpoint, deviceKey);
      if (!config) {
        return refuse(this.#behaviour.unknownEndpointCode, 'unknown', 'there is no configuration for this terminal');
      }
      const prepared = await prepare(config, asked);
      if (!prepared.ok) return refuse(prepared.error.code, 'keys', prepared.error.reason);
      const plan = planBootstrap(prepared.value, model);
      if (plan.ok) return success({ deviceKey, plan: plan.value });
      const { where, message } = plan.error;
      this.#log.error('bootstrap configuration is wrong', { endpoint, where, message });
      return refuse(Code.InternalServerError, 'failed', `${unusable}: ${where} is wrong`);
    } catch (error) {
      this.#log.error('bootstrap request failed', { endpoint, error });
    }
    return refuse(Code.InternalServerError, 'failed', unusable);
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
    const earlier = this.#sessions.get(name);
    if (earlier) void this.#end(earlier, 'restarted');
    const { startDelay, stepTimeout } = this.#behaviour;
    const of = { endpoint: name, deviceKey, address: peer.address };
    const onStep = (step: BootstrapStep) =>
      this.#outbox.push({ type: 'bootstrap-step', time: clock.epoch(), ...of, step });
    const session = new BootstrapSession({ endpoint, peer, plan, model, preferredFormat, stepTimeout, onStep });
    const timer = timers.schedule(startDelay, () => this.#start(running));
    const running: RunningSession = { of, session, timer, started: clock.monotonic(), done: undefined };
    this.#sessions.set(name, running);
    this.#outbox.push({ type: 'bootstrap-started', time: clock.epoch(), ...of });
  }

  #start(running: RunningSession): Promise<void> {
    running.timer.cancel();
    running.done ??= this.#run(running);
    return running.done;
  }

  /** One that has not begun yet begins, to be over at once. */
  #end(running: RunningSession, why: 'restarted' | 'closed'): Promise<void> {
    running.session.end(why);
    return this.#start(running);
  }

  async #run(running: RunningSession): Promise<void> {
    const { clock } = this.#options;
    const { of, session, started } = running;
    const { endpoint } = of;
    const outcome = await session.run().catch((error: unknown) => {
      this.#log.error('bootstrap session failed', { endpoint, error });
      return 'lost' as const;
    });
    if (this.#sessions.get(endpoint) === running) this.#sessions.delete(endpoint);
    this.#counterOf(outcome).add();
    const { steps } = session;
    this.#log.info('bootstrap finished', { endpoint, outcome, steps: steps.map(stepInWords) });
    const duration = milliseconds(clock.monotonic() - started);
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

const asTheyAre: BootstrapPreparation = async (config) => {
  const isWhole = config.security.every(({ issue }) => issue === undefined);
  return isWhole ? success(config) : failure({ code: Code.InternalServerError, reason: 'nobody here issues keys' });
};

function stepInWords({ operation, path, code, detail }: BootstrapStep): string {
  const answer = code === undefined ? [] : [describeCode(code)];
  return `${operation} ${formatPath(path)}: ${[...answer, detail].filter((text) => text !== '').join(', ')}`;
}
