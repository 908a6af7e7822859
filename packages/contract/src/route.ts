import type { Static, TObject, TSchema } from 'typebox';
import type { ProblemCode } from './problem.ts';
import type { Role } from './role.ts';

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of the API as data: the server mounts it, the client calls it, the OpenAPI document describes it. */
export interface Route {
  /** The operationId. */
  readonly id: string;
  readonly method: RouteMethod;
  /** `/api/v1/devices/{device}`; a last segment `{path...}` stands for the rest, slashes included. */
  readonly path: string;
  /** The least role that may call it; `anyone` needs no token; `user` takes the session of a user of the RA, and no operator's. */
  readonly role: Role | 'anyone' | 'user';
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  readonly body?: TSchema;
  /** The request may come without a body. */
  readonly bodyOptional?: true;
  /** What the body is written in. Absent: JSON. */
  readonly bodyType?: 'application/json' | 'application/xml' | 'application/octet-stream';
  /** The status of success. */
  readonly status: number;
  /** The answer may be 202 with a QueuedRequest instead: the device sleeps, and the request waits for it. */
  readonly queueable?: true;
  /** Absent: an empty answer. */
  readonly response?: TSchema;
  readonly responseType?:
    | 'application/json'
    | 'text/event-stream'
    | 'text/plain'
    | 'text/csv'
    | 'application/octet-stream';
  /**
   * A GET of a single thing: its answers carry an ETag, If-None-Match is taken, and so is If-Match by what changes the same path.
   * The names are of members that change by themselves and are nothing to If-Match.
   */
  readonly tagged?: readonly string[];
  /** A GET that asks devices, or tells what they said: the audit trail has who looked, as it has who changed something. */
  readonly audited?: true;
  /** What it may be refused with besides the problems that every route has. */
  readonly problems: readonly ProblemCode[];
}

/** Checks a route against {@link Route} and keeps its exact type. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}

/** Whether a request may carry an Idempotency-Key: it changes something, somebody known asks, and its body can be remembered. */
export function takesIdempotencyKey({ method, role, bodyType }: Route): boolean {
  return method !== 'GET' && role !== 'anyone' && bodyType !== 'application/octet-stream';
}

type StaticOf<S, Absent> = S extends TSchema ? Static<S> : Absent;
type Part<R extends Route, K extends keyof Route> = R extends { readonly [P in K]: infer S } ? S : undefined;

export type RouteParams<R extends Route> = StaticOf<Part<R, 'params'>, Record<never, never>>;
export type RouteQuery<R extends Route> = StaticOf<Part<R, 'query'>, Record<never, never>>;
export type RouteBody<R extends Route> =
  | StaticOf<Part<R, 'body'>, undefined>
  | (R extends { readonly bodyOptional: true } ? undefined : never);
export type RouteResponse<R extends Route> = StaticOf<Part<R, 'response'>, undefined>;

/** The path of `route` with its parameters filled in, percent-encoded (RFC 3986 §2.1). Slashes of `{path...}` stay. */
export function routePath(route: Route, params: Readonly<Record<string, unknown>> = {}): string {
  return route.path.replaceAll(/\{(\w+)(\.\.\.)?\}/g, (_, name: string, rest: string | undefined) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${route.id} needs the parameter "${name}"`);
    if (rest === undefined) return encodeURIComponent(String(value));
    return String(value).replace(/^\//, '').split('/').map(encodeURIComponent).join('/');
  });
}

/** `?a=1&b=2&b=3`, or nothing when there is nothing to say. Undefined values are left out, arrays repeat the name. */
export function queryText(query: Readonly<Record<string, unknown>> = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) pairs.append(name, String(item));
    }
  }
  const text = pairs.toString();
  return text === '' ? '' : `?${text}`;
}
