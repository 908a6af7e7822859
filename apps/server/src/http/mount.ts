import {
  type JsonQueuedRequest,
  problemKinds,
  problemMediaType,
  QueuedRequestSchema,
  type Role,
  type Route,
  type RouteBody,
  type RouteMethod,
  type RouteParams,
  type RouteQuery,
  type RouteResponse,
  takesIdempotencyKey,
} from '@yaolian/contract';
import type { SignedInUser, TokenDescription } from '@yaolian/directory';
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { Turns } from '../turns.ts';
import { entityTag, hasAlready, requirePreconditions, taggedOf } from './entity-tags.ts';
import { Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that may call the route; absent: anyone. */
    role?: Role | 'user';
    /** The media types of its body; absent: it takes none. */
    bodyTypes?: readonly string[];
    bodyOptional?: boolean;
    /** Who looks is in the audit trail; `stream`: the answer does not end. */
    audited?: 'answer' | 'stream';
  }
  interface FastifyRequest {
    /** Whose token the request carries, once it has been checked. */
    actor: TokenDescription | undefined;
    /** The user of the RA whose session the request carries, on routes for users. */
    user: SignedInUser | undefined;
  }
}

/** A request to `R`, checked against its schemas. */
export interface RouteRequest<R extends Route> {
  readonly params: RouteParams<R>;
  readonly query: RouteQuery<R>;
  readonly body: RouteBody<R>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whose token the request carries; undefined only where anyone may call. */
  readonly actor: TokenDescription | undefined;
  /** The user of the RA; there on routes for users. */
  readonly user: SignedInUser | undefined;
  /** The network address of the caller, without the port. */
  readonly address: string;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly reply: FastifyReply;
}

/** Nothing, where the route answers nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the return type of handlers, through a conditional type
type Success<R extends Route> = RouteResponse<R> extends undefined ? void : RouteResponse<R>;

type Answer<R extends Route> = R extends { readonly queueable: true } ? Success<R> | Accepted : Success<R>;

/** 202: the request is kept, and `location` tells what becomes of it. */
export class Accepted {
  readonly location: string;
  readonly body: JsonQueuedRequest;

  constructor(location: string, body: JsonQueuedRequest) {
    this.location = location;
    this.body = body;
  }
}

export type Handler<R extends Route> = (request: RouteRequest<R>) => Answer<R> | Promise<Answer<R>>;

/** Mounts routes of the contract, and remembers which paths have which methods. */
export class RouteTable {
  readonly #app: FastifyInstance;
  readonly #methods = new Map<string, Set<RouteMethod | 'HEAD'>>();
  readonly #gets = new Map<string, Handler<Route>>();
  readonly #turns = new Turns();

  constructor(app: FastifyInstance) {
    this.#app = app;
    // RFC 9110 §15.5.6: also TRACE, QUERY and whatever else Node reads, none of which any path takes.
    app.addHook('onRequest', async ({ is404, raw }) => {
      const known = is404 ? this.#methodsAt(raw.url ?? '') : undefined;
      if (known !== undefined) throw notAllowed(known);
    });
  }

  add<R extends Route>(route: R, handler: Handler<R>): void {
    const url = fastifyUrl(route.path);
    const methods = this.#methods.get(url) ?? new Set();
    this.#methods.set(url, methods.add(route.method));
    // There is nothing to tell of a stream without beginning it, nor of a file without reading it.
    if (route.tagged !== undefined) this.#gets.set(route.path, handler as unknown as Handler<Route>);
    const exposeHeadRoute = route.method === 'GET' && !asItComes.has(route.responseType);
    if (exposeHeadRoute) methods.add('HEAD');
    this.#app.route({
      method: route.method,
      url,
      schema: fastifySchema(route),
      config: routeConfig(route),
      exposeHeadRoute,
      handler: async (request, reply) => {
        const answer: unknown = await this.#answer(route, handler as unknown as Handler<Route>, request, reply);
        if (reply.sent) return reply; // a stream, which the handler has taken over
        if (answer instanceof Accepted) return reply.code(202).header('location', answer.location).send(answer.body);
        if (answer === notModified) return reply.code(304).send();
        reply.code(route.status);
        if (route.responseType === 'text/plain') reply.type('text/plain; version=0.0.4; charset=utf-8');
        return route.response === undefined ? reply.send() : answer;
      },
    });
  }

  async #answer(route: Route, handler: Handler<Route>, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const target = taggedOf(route);
    if (target !== undefined) {
      const { pathname } = new URL(request.url, 'http://platform.invalid');
      return this.#turns.take(pathname, async () => {
        await this.#checkPreconditions(target, request, reply);
        return handler(routeRequest(request, reply));
      });
    }
    const answer = await handler(routeRequest(request, reply));
    if (route.tagged === undefined || reply.sent) return answer;
    const tag = entityTag(answer, route.tagged);
    reply.header('etag', tag);
    return hasAlready(request.headers['if-none-match'], tag) ? notModified : answer;
  }

  async #checkPreconditions(target: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    if (ifMatch === undefined && ifNoneMatch === undefined) return;
    const get = this.#gets.get(target.path)!;
    const asked = { ...routeRequest(request, reply), query: {}, body: undefined } as RouteRequest<Route>;
    const current = await tagOf(() => get(asked), target.tagged!);
    requirePreconditions({ ifMatch, ifNoneMatch }, current);
  }

  /** Answers the other methods of every path with 405 and what it takes (RFC 9110 §15.5.6). */
  addRefusals(): void {
    for (const [url, known] of this.#methods) {
      const method = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((one) => !known.has(one));
      this.#app.route({
        method,
        url,
        exposeHeadRoute: false,
        schema: { hide: true } as FastifySchema,
        handler: () => {
          throw notAllowed(known);
        },
      });
      this.#app.options(url, { schema: { hide: true } as FastifySchema }, (_, reply) =>
        reply.code(204).header('allow', allowOf(known)).send(),
      );
    }
  }

  /** The methods of the path of a URL; undefined: it is none of ours. */
  #methodsAt(url: string): Methods | undefined {
    const path = url.replace(/[?#].*$/s, '').split('/');
    const isAt = (template: string) => {
      const parts = template.split('/');
      const isRest = parts.at(-1) === '*';
      if (isRest ? path.length < parts.length : path.length !== parts.length) return false;
      return parts.every((part, i) => part === path[i] || (path[i] !== '' && (part.startsWith(':') || part === '*')));
    };
    const found = [...this.#methods].filter(([template]) => isAt(template));
    return found.find(([template]) => !/[:*]/.test(template))?.[1] ?? found[0]?.[1];
  }
}

export type Methods = ReadonlySet<RouteMethod | 'HEAD'>;

/** Of the header field Allow. */
export function allowOf(known: Methods): string {
  return [...known, 'OPTIONS'].sort().join(', ');
}

export function notAllowed(known: Methods): Refusal {
  const allow = allowOf(known);
  return new Refusal('method-not-allowed', { detail: `This path takes ${allow}.` }, { allow });
}

const asItComes: ReadonlySet<Route['responseType']> = new Set(['text/event-stream', 'text/csv']);

const notModified = Symbol('not modified');

/** The tag of what a GET would answer; undefined when there is nothing. */
async function tagOf(get: () => unknown, volatile: readonly string[]): Promise<string | undefined> {
  try {
    return entityTag(await get(), volatile);
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 404) return undefined;
    throw error;
  }
}

function routeRequest<R extends Route>(request: FastifyRequest, reply: FastifyReply): RouteRequest<R> {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    // Who gave a key comes back for the answer.
    if (!reply.raw.writableFinished && request.keyed === undefined) gone.abort(new Error('the caller went away'));
  });
  return {
    params: request.params as RouteParams<R>,
    query: request.query as RouteQuery<R>,
    body: request.body as RouteBody<R>,
    headers: request.headers,
    actor: request.actor,
    user: request.user,
    address: request.ip,
    signal: gone.signal,
    reply,
  };
}

function routeConfig(route: Route): FastifyContextConfig {
  return {
    ...(route.role === 'anyone' ? {} : { role: route.role }),
    ...(route.body === undefined ? {} : { bodyTypes: bodyTypes[route.bodyType ?? 'application/json'] }),
    bodyOptional: route.bodyOptional ?? false,
    takesFile: route.bodyType === 'application/octet-stream',
    ...(route.audited ? { audited: route.responseType === 'text/event-stream' ? 'stream' : 'answer' } : {}),
    takesKey: takesIdempotencyKey(route),
  };
}

const bodyTypes = {
  'application/json': ['application/json'],
  'application/xml': ['application/xml', 'text/xml'],
  'application/octet-stream': ['application/octet-stream'],
} as const;

/** `/a/{b}/{c...}` as Fastify writes it: `/a/:b/*`. */
export function fastifyUrl(path: string): string {
  return path.replace(/\{\w+\.\.\.\}$/, '*').replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The name of the parameter that `*` stands for. */
export const restParameter = 'path';

function fastifySchema(route: Route): FastifySchema {
  const { params, query, body } = route;
  const headers = headersOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.role === 'anyone' ? { security: [] } : route.role === 'user' ? { security: [{ home: [] }] } : {}),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body, consumes: [route.bodyType ?? 'application/json'] }),
    response: responses(route),
  } as FastifySchema;
}

const keyHeader = Type.Optional(
  Type.String({
    maxLength: 257,
    description:
      'A new one for each request, a UUID say: the request that comes again with it is not done again and gets the same answer',
  }),
);
const tagHeader = (description: string) => Type.Optional(Type.String({ maxLength: 4096, description }));

function headersOf(route: Route): TSchema | undefined {
  const target = taggedOf(route);
  const added = {
    ...(takesIdempotencyKey(route) ? { 'idempotency-key': keyHeader } : {}),
    ...(route.tagged === undefined
      ? {}
      : { 'if-none-match': tagHeader('ETag of an earlier answer: 304 if it is the same') }),
    ...(target === undefined
      ? {}
      : {
          'if-match': tagHeader(`ETag of ${target.id}: 412 if it has changed meanwhile; "*": 412 if it is not there`),
          'if-none-match': tagHeader('"*": 412 if it is there already'),
        }),
  };
  const headers = { ...route.headers?.properties, ...added };
  return Object.keys(headers).length === 0 ? undefined : Type.Object(headers);
}

function responses(route: Route): Record<number, unknown> {
  const described: Record<number, unknown> = { [route.status]: successResponse(route) };
  if (route.queueable) {
    described[202] = {
      description: 'The device sleeps: the request is kept until it is heard. Location tells where its outcome will be',
      headers: { Location: text('Where the outcome will be') },
      content: { 'application/json': { schema: QueuedRequestSchema } },
    };
  }
  if (route.tagged !== undefined) {
    described[304] = {
      description: 'It is what If-None-Match names',
      headers: { ETag: { type: 'string' } },
      type: 'null',
    };
  }
  const problems = [...new Set([...route.problems, ...generalProblems(route)])];
  for (const status of new Set(problems.map((code) => problemKinds[code].status))) {
    const codes = problems.filter((code) => problemKinds[code].status === status);
    const headers = problemHeaders(status);
    described[status] = {
      description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}`).join('. '),
      ...(headers === undefined ? {} : { headers }),
      content: { [problemMediaType]: { schema: { $ref: 'Problem#' } } },
    };
  }
  return described;
}

const text = (description: string) => ({ type: 'string', description });

/** Header fields of a problem that programs go by. */
function problemHeaders(status: number): Readonly<Record<string, unknown>> | undefined {
  if (status === 401) return { 'WWW-Authenticate': text('How to authenticate (RFC 9110 §11.6.1, RFC 6750 §3)') };
  if (status === 429 || status === 503) return { 'Retry-After': text('Seconds to wait, where that is known') };
  return undefined;
}

function successResponse(route: Route): unknown {
  const description = route.role === 'anyone' ? route.summary : `Done: ${route.summary.toLowerCase()}`;
  if (route.response === undefined) return { description: 'Done', type: 'null' };
  const schema: TSchema = route.response;
  const headers = route.tagged === undefined ? {} : { headers: { ETag: { type: 'string' } } };
  return { description, ...headers, content: { [route.responseType ?? 'application/json']: { schema } } };
}

/** What a route may be refused with whatever it does. */
function generalProblems(route: Route) {
  const takesAnything = route.role === 'anyone' && (route.params ?? route.query ?? route.body) === undefined;
  return [
    // At least for a query parameter that it does not know.
    ...(takesAnything ? [] : (['invalid-request'] as const)),
    ...(route.role === 'anyone'
      ? []
      : (['unauthenticated', 'forbidden', ...(route.method === 'GET' ? [] : (['cross-origin'] as const))] as const)),
    ...(takesIdempotencyKey(route) ? (['idempotency-key-reused', 'idempotency-outcome-unknown'] as const) : []),
    ...(taggedOf(route) === undefined ? [] : (['precondition-failed'] as const)),
    ...(route.body === undefined ? [] : (['payload-too-large', 'unsupported-media-type'] as const)),
    'internal-error' as const,
  ];
}
