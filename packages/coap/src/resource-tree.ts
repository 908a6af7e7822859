import { encodeUtf8, type Log, silentLog } from '@yaolian/kernel';
import { Code } from './codes.ts';
import { ContentFormat } from './content-format.ts';
import type { IncomingRequest, OutgoingResponse, RequestHandler } from './exchange.ts';
import { filterLinks } from './link-filter.ts';
import { encodeLinks, type Link } from './link-format.ts';
import { linkOf, type ResourceDefinition, type ResourceDescription } from './resource-tree-definition.ts';
import { ObserverBudget } from './resource-tree-observers.ts';
import type { Reply } from './resource-tree-reply.ts';
import { type AddedResource, type Answerer, answerOnlyUseful, ResourceRoute } from './resource-tree-route.ts';
import { PathTrie } from './resource-tree-trie.ts';
import { parseUriPath } from './uri.ts';

export interface ResourceTreeOptions {
  /** Whether `/.well-known/core` lists the resources (RFC 6690 §4). Default true. */
  readonly discovery?: boolean;
  /** How many observers all resources together take on; the next one gets a plain answer. Default 10,000. */
  readonly maximumObservers?: number;
  /** Where handlers that throw while observers are notified are reported. Default: nowhere. */
  readonly log?: Log;
}

export interface MountOptions {
  /** Lists the mount in `/.well-known/core`. */
  readonly description?: ResourceDescription;
  /** Whether requests to a multicast group reach the handler. Default false: they are ignored. */
  readonly multicast?: boolean;
}

/**
 * The resources of a server, by path: `endpoint.handle(tree.handle)`. Answers 4.04, 4.05, 4.06, 4.12 and 4.15, ETags and
 * `/.well-known/core` by itself, keeps the observers, and leaves the rest to the resources' handlers.
 */
export class ResourceTree {
  readonly #routes = new PathTrie<Answerer>();
  readonly #links = new Map<Answerer, Link>();
  readonly #observers: ObserverBudget;
  #wholeListing: Uint8Array | undefined;

  constructor(options: ResourceTreeOptions = {}) {
    this.#observers = new ObserverBudget(options.maximumObservers ?? 10_000, options.log ?? silentLog);
    if (options.discovery === false) return;
    this.add(['.well-known', 'core'], {
      ct: ContentFormat.LinkFormat,
      listed: false,
      multicast: true,
      get: (request) => this.#discover(request),
    });
  }

  /** Answers a request; give it to {@link CoapEndpoint.handle}. */
  readonly handle: RequestHandler = (request): Reply => {
    const route = this.#routes.find(request.path);
    if (request.multicast) return route?.multicast ? answerOnlyUseful(route.answer(request)) : undefined;
    return route ? route.answer(request) : notFound;
  };

  /**
   * Adds one resource at exactly this path.
   * @param path `/sensors/temperature` (percent-encoded), or its segments
   * @throws RangeError when there is a resource already, or the path is none
   */
  add(path: string | readonly string[], definition: ResourceDefinition): AddedResource {
    const segments = segmentsOf(path);
    const link = checkedLink(segments, definition);
    const route: ResourceRoute = new ResourceRoute(segments, definition, this.#observers, () => {
      this.#routes.removeLeaf(segments, route);
      this.#unlist(route);
    });
    this.#routes.addLeaf(segments, route);
    if (definition.listed !== false) this.#list(route, link);
    return route;
  }

  /**
   * Gives a path and everything below it that has no resource or mount of its own to one handler, which sees the requests
   * as they came. The root (`[]`) catches whatever is left.
   * @returns takes the mount away again
   * @throws RangeError when something is mounted there already, or the path is none
   */
  mount(path: string | readonly string[], handler: RequestHandler, options: MountOptions = {}): () => void {
    const segments = segmentsOf(path);
    const link = options.description && checkedLink(segments, options.description);
    const route: Answerer = { answer: handler, multicast: options.multicast ?? false };
    this.#routes.addSubtree(segments, route);
    if (link) this.#list(route, link);
    return () => {
      this.#routes.removeSubtree(segments, route);
      this.#unlist(route);
    };
  }

  /** What `/.well-known/core` says, in the order of adding. */
  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  #list(route: Answerer, link: Link): void {
    this.#links.set(route, link);
    this.#wholeListing = undefined;
  }

  #unlist(route: Answerer): void {
    if (this.#links.delete(route)) this.#wholeListing = undefined;
  }

  #discover(request: IncomingRequest): OutgoingResponse | undefined {
    const payload =
      request.query.length === 0 ? this.#listing() : encodeListing(filterLinks(this.links(), request.query));
    // RFC 6690 §4.1, RFC 7252 §8.2: who has nothing to say to a group says nothing.
    if (request.multicast && payload.length === 0) return undefined;
    return { code: Code.Content, contentFormat: ContentFormat.LinkFormat, payload };
  }

  #listing(): Uint8Array {
    this.#wholeListing ??= encodeListing(this.links());
    return this.#wholeListing;
  }
}

const notFound: OutgoingResponse = { code: Code.NotFound };

function encodeListing(links: readonly Link[]): Uint8Array {
  return encodeUtf8(encodeLinks(links));
}

/** A link that certainly can be encoded: who describes badly hears it when adding, not who looks later. */
function checkedLink(path: readonly string[], description: ResourceDescription): Link {
  const link = linkOf(path, description);
  encodeLinks([link]);
  return link;
}

function segmentsOf(path: string | readonly string[]): readonly string[] {
  if (typeof path !== 'string') return [...path];
  const segments = parseUriPath(path);
  if (!segments.ok) throw new RangeError(segments.error);
  return segments.value;
}
