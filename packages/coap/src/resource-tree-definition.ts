import type { IncomingRequest, RequestHandler } from './exchange.ts';
import type { Link, LinkAttribute } from './link-format.ts';
import { formatUriPath } from './uri.ts';

/** How `/.well-known/core` describes a resource (RFC 6690 §3, RFC 7252 §7.2.1, RFC 7641 §6). */
export interface ResourceDescription {
  /** Resource types. */
  readonly rt?: string | readonly string[];
  /** Interface descriptions. */
  readonly if?: string | readonly string[];
  /** Content-Formats that it can be read in. */
  readonly ct?: number | readonly number[];
  readonly title?: string;
  /** The largest size of its representation, in bytes. */
  readonly sz?: number;
  /** Whether it can be observed. */
  readonly obs?: boolean;
  /** Anything else. */
  readonly attributes?: readonly LinkAttribute[];
}

/** The requests that may carry a payload. */
export type PayloadMethod = 'put' | 'post' | 'fetch' | 'patch' | 'ipatch';

/** A resource: what it is called, what it may be asked, and what answers. A method without handler is answered 4.05. */
export interface ResourceDefinition extends ResourceDescription {
  readonly get?: RequestHandler;
  readonly put?: RequestHandler;
  readonly post?: RequestHandler;
  readonly delete?: RequestHandler;
  readonly fetch?: RequestHandler;
  readonly patch?: RequestHandler;
  readonly ipatch?: RequestHandler;
  /**
   * Content-Formats that requests may carry, for all methods or by method; another one is answered 4.15. What is not
   * listed here is not checked, nor is a request without the option. (What it can be read in is `ct`: see 4.06.)
   */
  readonly accepts?: readonly number[] | { readonly [M in PayloadMethod]?: readonly number[] };
  /**
   * The ETag of the representation that a request would get, 1 to 8 bytes. With it, GET and FETCH are answered 2.03 without
   * asking the handler, If-Match works, and answers that have no ETag get this one.
   */
  readonly etag?: (request: IncomingRequest) => Uint8Array | undefined;
  /** Whether there is a representation now: false makes If-None-Match pass, If-Match fail, and GET and FETCH 4.04. Absent: true. */
  readonly exists?: () => boolean;
  /** False keeps it out of `/.well-known/core`. Default true. */
  readonly listed?: boolean;
  /**
   * Whether requests to a multicast group are answered, and then only with a 2.xx (RFC 7252 §8.2). Default false: they are
   * ignored, so that one datagram neither moves every device of a building nor calls forth an answer from each.
   */
  readonly multicast?: boolean;
}

export function linkOf(path: readonly string[], description: ResourceDescription): Link {
  const { rt, if: interfaces, ct, title, sz, obs } = description;
  const attributes: LinkAttribute[] = [];
  if (rt !== undefined) attributes.push({ name: 'rt', value: spaced(rt) });
  if (interfaces !== undefined) attributes.push({ name: 'if', value: spaced(interfaces) });
  if (ct !== undefined) attributes.push({ name: 'ct', value: spaced(ct) });
  if (title !== undefined) attributes.push({ name: 'title', value: title });
  if (sz !== undefined) attributes.push({ name: 'sz', value: String(sz) });
  if (obs === true) attributes.push({ name: 'obs', value: undefined });
  if (description.attributes) attributes.push(...description.attributes);
  return { target: formatUriPath(path), attributes };
}

function spaced(values: string | number | readonly (string | number)[]): string {
  return typeof values === 'object' ? values.join(' ') : String(values);
}
