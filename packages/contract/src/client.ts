import { errorCatalogue, YaolianError } from '@yaolian/kernel';
import type { TSchema } from 'typebox';
import { EventFrameReader } from './event-frame.ts';
import { asProblem, type Problem } from './problem.ts';
import {
  queryText,
  type Route,
  type RouteBody,
  type RouteParams,
  type RouteQuery,
  type RouteResponse,
  routePath,
  takesIdempotencyKey,
} from './route.ts';
import { streamEvents } from './routes/platform.ts';
import type { JsonEvent } from './schemas/event.ts';
import type { JsonQueuedRequest } from './schemas/queue.ts';

/** The API answered with a problem: `problem.code` says which. */
export class ApiProblemError extends YaolianError<'API_PROBLEM'> {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super('API_PROBLEM', `${problem.title}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** The device sleeps, and the request waits for it: `request.id` is what to ask after. */
export class RequestQueuedError extends YaolianError<'API_QUEUED'> {
  readonly request: JsonQueuedRequest;

  constructor(request: JsonQueuedRequest) {
    super('API_QUEUED', `${request.device} sleeps: the ${request.operation} waits as request ${request.id}`);
    this.request = request;
  }
}

export const apiErrors = errorCatalogue({
  API_UNREACHABLE: (url: string) => `the platform does not answer at ${url}; is it running, and is that its address?`,
  API_UNTRUSTED: (url: string, reason: string) => `the certificate of ${url} is not trusted: ${reason}`,
  API_UNEXPECTED: (url: string, status: number) =>
    `${url} answered ${status} with something that is not of this API; is it really the platform?`,
});

export interface ApiClientOptions {
  /** `http://127.0.0.1:8080` */
  readonly baseUrl: string;
  readonly token?: string;
  /** Absent: the global one. */
  readonly fetch?: typeof fetch;
  /**
   * How often a request whose connection broke is sent again, with an Idempotency-Key where it changes something, so that it is
   * done once. Requests without one (uploads of files, logins) are not. Default 0.
   */
  readonly retries?: number;
  /** Waits before the attempt of this number (1, 2, …). Default half a second, doubled each time. */
  readonly waitBefore?: (attempt: number, signal: AbortSignal | undefined) => Promise<void>;
}

type Input<K extends string, T> = Record<never, never> extends T ? { readonly [P in K]?: T } : { readonly [P in K]: T };

/** What a call of `R` takes: only what the route has. */
export type RouteInput<R extends Route> = Input<'params', RouteParams<R>> &
  Input<'query', RouteQuery<R>> &
  (R extends { readonly body: TSchema; readonly bodyOptional?: never }
    ? { readonly body: RouteBody<R> }
    : { readonly body?: RouteBody<R> }) & {
    /** An ETag of {@link ApiClient.callTagged}: refused with `precondition-failed` when it has changed since. */
    readonly ifMatch?: string;
    /** Refused with `precondition-failed` when there is such a thing already. */
    readonly ifNoneMatch?: '*';
    readonly signal?: AbortSignal;
  };

interface AnyInput {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface EventStreamInput {
  readonly query?: RouteQuery<typeof streamEvents>;
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
  /** Called when the stream has begun: what happens from now on will come. */
  readonly onOpen?: () => void;
}

/** Calls the API. Needs nothing but `fetch`: works in Node and in browsers. */
export class ApiClient {
  readonly #options: ApiClientOptions;
  readonly #fetch: typeof fetch;

  constructor(options: ApiClientOptions) {
    this.#options = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, '') };
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /**
   * @throws ApiProblemError when the API refuses
   * @throws RequestQueuedError when the device sleeps and the request is kept for it; `queue: 'never'` in the query avoids that
   * @throws YaolianError API_UNREACHABLE, API_UNTRUSTED, API_UNEXPECTED
   */
  async call<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteResponse<R>> {
    const given = input as AnyInput;
    const url = this.#url(route, given);
    const response = await this.#send(url, route, given, {});
    if (response.status === 202 && route.queueable) {
      throw new RequestQueuedError((await readJson(response, url)) as JsonQueuedRequest);
    }
    if (response.status === 204) return undefined as RouteResponse<R>;
    if (route.responseType?.startsWith('text/')) return (await response.text()) as RouteResponse<R>;
    return (await readJson(response, url)) as RouteResponse<R>;
  }

  /** As {@link call}, with the ETag that `ifMatch` takes, of routes that have one. */
  async callTagged<R extends Route>(
    route: R,
    input: RouteInput<R>,
  ): Promise<{ readonly value: RouteResponse<R>; readonly tag: string | undefined }> {
    const given = input as AnyInput;
    const url = this.#url(route, given);
    const response = await this.#send(url, route, given, {});
    return {
      value: (await readJson(response, url)) as RouteResponse<R>,
      tag: response.headers.get('etag') ?? undefined,
    };
  }

  /** The bytes of a route that answers application/octet-stream. */
  async download<R extends Route>(route: R, input: RouteInput<R>): Promise<Uint8Array> {
    const given = input as AnyInput;
    const response = await this.#send(this.#url(route, given), route, given, {});
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Events as they come, until `signal` aborts or the platform ends the stream. */
  async *events(input: EventStreamInput = {}): AsyncGenerator<JsonEvent, void, undefined> {
    yield* this.follow(streamEvents, input as RouteInput<typeof streamEvents>, input) as AsyncGenerator<JsonEvent>;
  }

  /** What a route of server-sent events tells, message by message, until `signal` aborts or the platform ends the stream. */
  async *follow<R extends Route>(
    route: R,
    input: RouteInput<R>,
    control: Pick<EventStreamInput, 'lastEventId' | 'onOpen'> = {},
  ): AsyncGenerator<RouteResponse<R>, void, undefined> {
    const given = input as AnyInput;
    const resume = control.lastEventId === undefined ? {} : { 'last-event-id': control.lastEventId };
    const response = await this.#send(this.#url(route, given), route, given, resume);
    control.onOpen?.();
    const frames = new EventFrameReader();
    const text = new TextDecoder();
    const reader = response.body!.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        for (const frame of frames.push(text.decode(value, { stream: true })))
          yield JSON.parse(frame.data) as RouteResponse<R>;
      }
    } finally {
      await reader.cancel().catch(() => undefined); // the stream may have failed already, and nobody is left to tell
    }
  }

  #url(route: Route, input: AnyInput): string {
    return this.#options.baseUrl + routePath(route, input.params) + queryText(input.query);
  }

  async #send(url: string, route: Route, input: AnyInput, extra: Record<string, string>): Promise<Response> {
    const headers = new Headers({ accept: route.responseType ?? 'application/json', ...extra });
    if (this.#options.token !== undefined) headers.set('authorization', `Bearer ${this.#options.token}`);
    const init: RequestInit = { method: route.method, headers };
    if (input.signal) init.signal = input.signal;
    if (input.ifMatch !== undefined) headers.set('if-match', input.ifMatch);
    if (input.ifNoneMatch !== undefined) headers.set('if-none-match', input.ifNoneMatch);
    const retries = this.#retriesOf(route);
    if (retries > 0 && takesIdempotencyKey(route)) headers.set('idempotency-key', randomKey());
    if (input.body !== undefined) {
      headers.set('content-type', route.bodyType ?? 'application/json');
      init.body = bodyOf(route, input.body);
    }
    const response = await this.#attempt(url, init, retries);
    if (response.ok) return response;
    const refusal = asProblem(await readJson(response, url));
    throw refusal ? new ApiProblemError(refusal) : apiErrors.API_UNEXPECTED(url, response.status);
  }

  #retriesOf(route: Route): number {
    const isSafe = route.method === 'GET' || takesIdempotencyKey(route);
    return isSafe ? (this.#options.retries ?? 0) : 0;
  }

  async #attempt(url: string, init: RequestInit, retries: number): Promise<Response> {
    const { waitBefore = wait, baseUrl } = this.#options;
    const signal = init.signal ?? undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#fetch(url, init);
      } catch (cause) {
        if (signal?.aborted) throw cause;
        const distrust = distrustIn(cause);
        if (distrust !== undefined) throw apiErrors.API_UNTRUSTED(baseUrl, distrust, cause);
        if (attempt > retries || isNobodyThere(cause)) throw apiErrors.API_UNREACHABLE(baseUrl, cause);
        await waitBefore(attempt, signal);
      }
    }
  }
}

/** Where nothing listens, asking again at once does not help. */
function isNobodyThere(error: unknown): boolean {
  const code = (error as { cause?: { code?: unknown } }).cause?.code;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND';
}

/** 128 bits at random, in hexadecimal: `crypto.randomUUID` is missing in pages that come by http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wait(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 500 * 2 ** (attempt - 1));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Bytes go as they are: a Blob, also of a file that is not read whole, or an array. */
function bodyOf(route: Route, body: unknown): NonNullable<RequestInit['body']> {
  if (route.bodyType === 'application/octet-stream') return body as NonNullable<RequestInit['body']>;
  return route.bodyType === 'application/xml' ? String(body) : JSON.stringify(body);
}

async function readJson(response: Response, url: string): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw apiErrors.API_UNEXPECTED(url, response.status, cause);
  }
}

/** Why Node does not believe the certificate of a server; undefined where that is not what failed. Browsers do not tell. */
export function distrustIn(error: unknown): string | undefined {
  const { code, message } = ((error as { cause?: unknown }).cause ?? {}) as { code?: unknown; message?: unknown };
  const isDistrust = typeof code === 'string' && /CERT|UNABLE_TO_VERIFY/.test(code);
  return isDistrust ? String(message).replace(/; if the root CA is installed locally.*$/s, '') : undefined;
}
