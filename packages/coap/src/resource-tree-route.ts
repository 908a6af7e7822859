import { encodeUtf8, equalBytes } from '@yaolian/kernel';
import { Code, isSuccess } from './codes.ts';
import type { IncomingRequest, OutgoingResponse, RequestHandler } from './exchange.ts';
import { OptionNumber } from './options.ts';
import type { PayloadMethod, ResourceDefinition } from './resource-tree-definition.ts';
import { type NotifyOptions, type ObserverBudget, ResourceObservers } from './resource-tree-observers.ts';
import { chain, type Reply } from './resource-tree-reply.ts';

/** Who answers for a path. */
export interface Answerer {
  readonly multicast: boolean;
  answer(request: IncomingRequest): Reply;
}

/** A resource of a tree, for whoever added it. */
export interface AddedResource {
  readonly path: readonly string[];
  readonly observerCount: number;
  /** Says that the state is another: every observer's request is answered anew and sent as a notification. */
  changed(options?: NotifyOptions): void;
  /** Takes the resource out of the tree. Its observers are told 4.04 (RFC 7641 §4.2). */
  remove(): void;
}

const methodNames = [undefined, 'get', 'post', 'put', 'delete', 'fetch', 'patch', 'ipatch'] as const;

export class ResourceRoute implements AddedResource, Answerer {
  readonly path: readonly string[];
  readonly multicast: boolean;
  readonly #definition: ResourceDefinition;
  readonly #formats: readonly number[] | undefined;
  readonly #observers: ResourceObservers;
  readonly #onRemoved: () => void;

  constructor(path: readonly string[], definition: ResourceDefinition, budget: ObserverBudget, onRemoved: () => void) {
    this.path = path;
    this.multicast = definition.multicast ?? false;
    this.#definition = definition;
    this.#formats = typeof definition.ct === 'number' ? [definition.ct] : definition.ct;
    this.#observers = new ResourceObservers(budget);
    this.#onRemoved = onRemoved;
  }

  get observerCount(): number {
    return this.#observers.size;
  }

  changed(options: NotifyOptions = {}): void {
    this.#observers.changed(options);
  }

  remove(): void {
    this.#onRemoved();
    this.#observers.end({ code: Code.NotFound });
  }

  answer(request: IncomingRequest): Reply {
    const name = methodNames[request.method];
    const handler = name && this.#definition[name];
    if (!handler) return refusal(Code.MethodNotAllowed);
    if (name !== 'get' && name !== 'delete') {
      const unsupported = this.#refuseContentFormat(request, name);
      if (unsupported) return unsupported;
    }
    if (!this.#fulfilsPreconditions(request)) return refusal(Code.PreconditionFailed);
    if (name !== 'get' && name !== 'fetch') return handler(request);
    const offer = request.multicast || this.#definition.obs !== true ? undefined : request.observer;
    if (!offer) return this.#represent(request, handler);
    return this.#observers.begin(request, offer, (again) => this.#represent(again, handler));
  }

  // RFC 7252 §5.9.2.11
  #refuseContentFormat(request: IncomingRequest, name: PayloadMethod): OutgoingResponse | undefined {
    const { accepts } = this.#definition;
    const formats = accepts && 'length' in accepts ? accepts : accepts?.[name];
    if (!formats || request.contentFormat === undefined || formats.includes(request.contentFormat)) return undefined;
    return refusal(Code.UnsupportedContentFormat, `Content-Format is one of ${formats.join(', ')}`);
  }

  // RFC 7252 §5.10.8
  #fulfilsPreconditions(request: IncomingRequest): boolean {
    const matches = optionValues(request, OptionNumber.IfMatch);
    const noneMatch = optionValues(request, OptionNumber.IfNoneMatch);
    if (!matches && !noneMatch) return true;
    const exists = this.#definition.exists?.() ?? true;
    if (noneMatch && exists) return false;
    if (!matches) return true;
    // §5.10.8.1: an empty value asks for existence only.
    return (
      exists && (matches.some((value) => value.length === 0) || includesTag(matches, this.#definition.etag?.(request)))
    );
  }

  #represent(request: IncomingRequest, handler: RequestHandler): Reply {
    if (this.#definition.exists?.() === false) return refusal(Code.NotFound);
    // RFC 7252 §5.10.4
    if (this.#formats && request.accept !== undefined && !this.#formats.includes(request.accept)) {
      return refusal(Code.NotAcceptable, `Accept is one of ${this.#formats.join(', ')}`);
    }
    const wanted = optionValues(request, OptionNumber.ETag);
    const etag = this.#definition.etag?.(request);
    if (etag && includesTag(wanted, etag)) return { code: Code.Valid, etag };
    return chain(
      () => handler(request),
      (response) => (response?.code === Code.Content ? this.#validate(request, response, wanted, etag) : response),
    );
  }

  /** Puts the ETag on an answer, or the ETag in the place of an answer that the client has already (RFC 7252 §5.10.6.2). */
  #validate(
    request: IncomingRequest,
    response: OutgoingResponse,
    wanted: readonly Uint8Array[] | undefined,
    etagBefore: Uint8Array | undefined,
  ): OutgoingResponse {
    // While the handler worked the state may have moved on; then nobody knows which of the two this is.
    const isSteady = etagBefore && includesTag([etagBefore], this.#definition.etag?.(request));
    const etag = response.etag ?? (isSteady ? etagBefore : undefined);
    if (!etag) return response;
    if (!includesTag(wanted, etag)) return response.etag ? response : { ...response, etag };
    const { maxAge } = response;
    return { code: Code.Valid, etag, ...(maxAge === undefined ? {} : { maxAge }) };
  }
}

/** RFC 7252 §8.2: a group is not told that something is wrong. */
export function answerOnlyUseful(reply: Reply): Reply {
  return chain(
    () => reply,
    (response) => (response && isSuccess(response.code) ? response : undefined),
  );
}

function refusal(code: number, diagnostic?: string): OutgoingResponse {
  return diagnostic === undefined ? { code } : { code, payload: encodeUtf8(diagnostic) };
}

/** @param number If-Match, If-None-Match or ETag */
function optionValues(request: IncomingRequest, number: number): readonly Uint8Array[] | undefined {
  if (request.conditional === false) return undefined;
  let values: Uint8Array[] | undefined;
  for (const option of request.options) {
    if (option.number !== number) continue;
    if (values) values.push(option.value);
    else values = [option.value];
  }
  return values;
}

function includesTag(tags: readonly Uint8Array[] | undefined, tag: Uint8Array | undefined): boolean {
  return tag !== undefined && (tags?.some((candidate) => equalBytes(candidate, tag)) ?? false);
}
