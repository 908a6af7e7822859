import { Code, formatCode, type IncomingResponse, type OutgoingRequest, type ResponseCode } from '@yaolian/coap';
import {
  type Counter,
  type Duration,
  decodeUtf8,
  failure,
  type Histogram,
  hasCode,
  milliseconds,
  YaolianError,
} from '@yaolian/kernel';
import { gatewayObject } from '../model.ts';
import { formatPath, formatPaths, type Lwm2mPath, pathSegments } from '../path.ts';
import { onAbort } from './abort-listeners.ts';
import { type ClientView, viewOf } from './client-view.ts';
import type { ServerContext } from './context.ts';
import { lwm2mErrors } from './errors.ts';
import type { OperationName, SentValues } from './events.ts';
import { OperationQueue, type QueueBudget } from './operation-queue.ts';
import type { Answer, ClientReference, ClientRefusal, OperationOptions } from './operation-types.ts';
import type { RegisteredClient } from './registered-client.ts';
import { valuesOf } from './taken-values.ts';

/** One operation under way, as the code that carries it out sees it. */
export interface Conversation {
  readonly client: RegisteredClient;
  readonly view: ClientView;
  readonly signal: AbortSignal;
  /** Bytes of one payload. */
  readonly maximumWriteBytes: number;
  /**
   * Asks the client; `path` is below its root path.
   * @param patience how long this one request may take, where that is less than the operation may
   * @throws YaolianError of {@link lwm2mErrors}
   */
  ask(path: Lwm2mPath, request: Omit<OutgoingRequest, 'path'>, patience?: Duration): Promise<IncomingResponse>;
  /** Has values kept that the client answered. That they cannot be kept takes nothing from the answer. */
  keep(values: readonly SentValues[]): Promise<void>;
}

/** Finds clients, queues what is asked of them, and tells what became of it. */
export class OperationService {
  readonly #context: ServerContext;
  readonly #budget: QueueBudget;
  readonly #counters = new Map<string, Counter>();
  readonly #durations: Histogram;
  readonly #lost: Counter;
  #closed = false;

  constructor(context: ServerContext) {
    this.#context = context;
    this.#budget = { waiting: 0, maximum: context.limits.maximumQueuedOperationsInAll };
    const { meter } = context;
    this.#lost = meter.counter('lwm2m_values_lost_total', 'Commits of notified or read values that failed');
    const seconds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];
    this.#durations = meter.histogram('lwm2m_operation_seconds', 'Operations, from the call to the outcome', seconds);
    meter.gauge('lwm2m_operations_waiting', 'Operations that wait for their client', () => this.#budget.waiting);
  }

  /** @throws YaolianError LWM2M_NOT_REGISTERED */
  find(reference: ClientReference): RegisteredClient {
    const client = findClient(this.#context, reference);
    if (client) return client;
    throw lwm2mErrors.LWM2M_NOT_REGISTERED(Object.values(reference).find((value) => typeof value === 'string') ?? '');
  }

  viewOf(client: RegisteredClient): ClientView {
    return viewOf(client, this.#context.links, this.#context.model);
  }

  /** From now on nothing is asked any more. */
  close(): void {
    this.#closed = true;
    const closed = lwm2mErrors.LWM2M_CLOSED();
    for (const client of this.#context.table.values()) this.end(client, closed);
  }

  /**
   * Carries out `work` in its turn. It resolves with the answer, and its code.
   * @param aside do not wait for a turn, and let others have theirs: for what takes long
   */
  async perform<T>(
    client: RegisteredClient,
    operation: OperationName,
    path: Lwm2mPath | readonly Lwm2mPath[],
    options: OperationOptions,
    work: (conversation: Conversation) => Promise<Answer<T & { readonly code: ResponseCode }>>,
    aside = false,
  ): Promise<Answer<T & { readonly code: ResponseCode }>> {
    if (this.#closed) throw lwm2mErrors.LWM2M_CLOSED();
    const { clock, contacts } = this.#context;
    if (!options.evenAsleep && !contacts.isAwake(client)) {
      throw lwm2mErrors.LWM2M_ASLEEP(client.registration.endpoint);
    }
    const paths = Array.isArray(path) ? (path as readonly Lwm2mPath[]) : [path as Lwm2mPath];
    if (!options.unchecked) this.#checkPrefixes(client, paths);
    const started = clock.monotonic();
    const timeout = options.timeout ?? this.#context.behaviour.operationTimeout;
    const control = options.signal ? { timeout, signal: options.signal } : { timeout };
    const text = formatPaths(paths);
    const finish = (code: ResponseCode | undefined, error: string | undefined) =>
      this.#completed(client, operation, text, code, error, milliseconds(clock.monotonic() - started));
    try {
      const turn = (signal: AbortSignal) => work(this.#conversation(client, signal));
      const answer = await (aside
        ? turn(options.signal ?? new AbortController().signal)
        : this.#queueOf(client).run(turn, control));
      finish(answer.ok ? answer.value.code : answer.error.code, undefined);
      return answer;
    } catch (error) {
      if (hasCode(error, 'LWM2M_TIMEOUT')) contacts.missed(client);
      finish(undefined, error instanceof YaolianError ? error.code : 'LWM2M_FAILED');
      throw error;
    }
  }

  /** @throws YaolianError LWM2M_NO_GATEWAY where a prefix is meant for what is none */
  #checkPrefixes(client: RegisteredClient, paths: readonly Lwm2mPath[]): void {
    const foreign = paths.find(({ prefix }) => prefix !== undefined);
    if (!foreign) return;
    const { objects } = this.viewOf(client).links;
    if (objects.size === 0 || objects.has(gatewayObject)) return;
    throw lwm2mErrors.LWM2M_NO_GATEWAY(formatPath(foreign), client.registration.endpoint);
  }

  /** The client is gone, or the server closes: nothing more will be asked. */
  end(client: RegisteredClient, error: YaolianError): void {
    client.queue?.end(error);
  }

  /** The client is at another peer now, or registered anew: what it was asked before may be lost. */
  beganAnew({ asking }: RegisteredClient): void {
    for (const attempt of [...(asking ?? [])]) attempt.abort(anew);
  }

  #queueOf(client: RegisteredClient): OperationQueue {
    client.queue ??= new OperationQueue({
      timers: this.#context.timers,
      budget: this.#budget,
      maximumWaiting: this.#context.limits.maximumQueuedOperations,
      client: () => client.registration.endpoint,
      onIdle: () => {
        client.queue = undefined;
      },
    });
    return client.queue;
  }

  #conversation(client: RegisteredClient, signal: AbortSignal): Conversation {
    // Looked up when its turn comes: the client may have registered anew while it waited.
    const view = this.viewOf(client);
    return {
      client,
      view,
      signal,
      maximumWriteBytes: this.#context.limits.maximumWriteBytes,
      keep: (values) => this.#keep(client, values),
      ask: async (path, request, patience) => {
        const segments = [...view.links.rootPath, ...pathSegments(path)];
        const asked = { ...request, path: segments };
        try {
          const response = repeatable.has(request.method)
            ? await askWhereItIs(client, asked, signal, patience)
            : await askOnce(client, asked, signal, patience);
          this.#context.contacts.heard(client);
          return response;
        } catch (error) {
          throw toServerError(error, client.registration.endpoint);
        }
      },
    };
  }

  async #keep({ registration }: RegisteredClient, values: readonly SentValues[]): Promise<void> {
    const { takeValues, clock, log } = this.#context;
    try {
      await takeValues?.({ source: 'read', time: clock.epoch(), registration, values: valuesOf(values) });
    } catch (error) {
      this.#lost.add();
      log.error('read values were not stored', { endpoint: registration.endpoint, error });
    }
  }

  #completed(
    client: RegisteredClient,
    operation: OperationName,
    path: string,
    code: ResponseCode | undefined,
    error: string | undefined,
    duration: Duration,
  ): void {
    const { registration } = client;
    this.#counter(operation, error ?? formatCode(code!)).add();
    this.#durations.record(duration / 1000);
    const time = this.#context.clock.epoch();
    const type = 'operation-completed';
    this.#context.events.push({ type, time, registration, operation, path, code, error, duration });
  }

  #counter(operation: OperationName, outcome: string): Counter {
    const key = `${operation} ${outcome}`;
    let counter = this.#counters.get(key);
    if (!counter) {
      const help = 'Operations on clients by outcome';
      counter = this.#context.meter.counter('lwm2m_operations_total', help, { operation, outcome });
      this.#counters.set(key, counter);
    }
    return counter;
  }
}

/** What does the same when it is done twice, and is answered the same (RFC 7252 §5.8: a DELETE would find nothing any more). */
const repeatable: ReadonlySet<number> = new Set([Code.GET, Code.PUT, Code.FETCH]);

function askOnce(
  client: RegisteredClient,
  request: OutgoingRequest,
  signal: AbortSignal,
  timeout: Duration | undefined,
): Promise<IncomingResponse> {
  checkPlace(client);
  return client.endpoint.request(client.peer, request, timeout === undefined ? { signal } : { signal, timeout });
}

/**
 * Where a client moves while it is asked (its NAT gave it another address), the old place is silent, and one that restarts forgets
 * what it was asked: asks anew where it is (OMA-TS-LightweightM2M_Core 1.1 §6.2.1, §6.2.2: Register and Update tell).
 */
async function askWhereItIs(
  client: RegisteredClient,
  request: OutgoingRequest,
  signal: AbortSignal,
  timeout: Duration | undefined,
): Promise<IncomingResponse> {
  for (;;) {
    const attempt = new AbortController();
    const forget = onAbort(signal, () => attempt.abort(signal.reason));
    if (signal.aborted) attempt.abort(signal.reason);
    client.asking ??= new Set();
    client.asking.add(attempt);
    try {
      return await askOnce(client, request, attempt.signal, timeout);
    } catch (error) {
      if (attempt.signal.reason !== anew || signal.aborted) throw error;
    } finally {
      forget();
      client.asking.delete(attempt);
      if (client.asking.size === 0) client.asking = undefined;
    }
  }
}

const anew = Symbol('the client is to be asked anew');

/** @throws YaolianError LWM2M_ADDRESS_TAKEN where the request would reach another client */
export function checkPlace({ displaced, registration }: RegisteredClient): void {
  if (displaced) throw lwm2mErrors.LWM2M_ADDRESS_TAKEN(registration.endpoint);
}

export function findClient(context: ServerContext, reference: ClientReference): RegisteredClient | undefined {
  const { table } = context;
  if ('id' in reference) return table.byId(reference.id);
  return 'deviceKey' in reference ? table.byDeviceKey(reference.deviceKey) : table.byEndpoint(reference.endpoint);
}

/** On streams: the server does not connect to clients, they connect to it. */
const disconnections = ['COAP_NOT_CONNECTED', 'COAP_DISCONNECTED', 'COAP_CONNECT_FAILED'];

/** What the endpoint throws, in the words of this package. Everything else is a mistake of ours or the caller's and stays. */
export function toServerError(error: unknown, client: string): unknown {
  if (hasCode(error, 'COAP_TIMEOUT')) return lwm2mErrors.LWM2M_TIMEOUT(client, error);
  if (hasCode(error, 'COAP_RESET')) return lwm2mErrors.LWM2M_RESET(client, error);
  if (disconnections.some((code) => hasCode(error, code))) return lwm2mErrors.LWM2M_NOT_CONNECTED(client, error);
  if (hasCode(error, 'COAP_ABORTED')) return lwm2mErrors.LWM2M_ABORTED(error);
  if (hasCode(error, 'COAP_CLOSED')) return lwm2mErrors.LWM2M_CLOSED(error);
  if (hasCode(error, 'COAP_TOO_LARGE')) return lwm2mErrors.LWM2M_TOO_LARGE(`a transfer with ${client}`, error);
  if (hasCode(error, 'COAP_OVERLOADED')) return lwm2mErrors.LWM2M_OVERLOADED(`requests to ${client}`, error);
  if (hasCode(error, 'COAP_BAD_RESPONSE')) return lwm2mErrors.LWM2M_TRANSFER_FAILED(client, error);
  return error;
}

const longestDiagnostic = 1_024;

/** A refusal of a response that is not 2.xx. */
export function refusalOf(response: IncomingResponse): { readonly ok: false; readonly error: ClientRefusal } {
  const isText = response.contentFormat === undefined || response.contentFormat === 0;
  const diagnostic = (isText && decodeUtf8(response.payload.subarray(0, longestDiagnostic))) || '';
  return failure({ code: response.code, diagnostic });
}
