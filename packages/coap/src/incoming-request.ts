import { type Duration, decodeUtf8, encodeHex, encodeUtf8, type Peer } from '@yaolian/kernel';
import { Code } from './codes.ts';
import type { IncomingRequest, ObserverOffer } from './exchange.ts';
import { type Message, OptionCursor } from './message.ts';
import type { InboundRequest } from './messaging.ts';
import { isCritical, isRecognised } from './option-registry.ts';
import { decodeText, decodeUint } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import type { ServerObserver } from './server-observer.ts';

/** A request that is answered without asking the handler. */
export interface Refusal {
  readonly code: number;
  /** Diagnostic text for people (RFC 7252 §5.5.2). */
  readonly diagnostic: string;
  /** Sent as Max-Age, in whole seconds: when to come again. */
  readonly retryAfter?: Duration;
}

const nothing: readonly string[] = [];
const cursor = new OptionCursor();

/** A request as the handler sees it. Made of one message; for block-wise uploads the payload comes from the assembly. */
export class ServerRequest implements IncomingRequest {
  readonly inbound: InboundRequest;
  readonly peer: Peer;
  readonly method: number;
  readonly confirmable: boolean;
  readonly multicast: boolean;
  path: readonly string[] = nothing;
  query: readonly string[] = nothing;
  contentFormat: number | undefined = undefined;
  accept: number | undefined = undefined;
  conditional = false;
  observer: ObserverOffer | undefined = undefined;
  cancelsObservation = false;
  /** Who accepted {@link observer}. */
  acceptedObserver: ServerObserver | undefined = undefined;
  /** The values of Observe, Block1, Block2 and Size1; -1 when absent. */
  observe = -1;
  block1 = -1;
  block2 = -1;
  size1 = -1;
  /** The Request-Tags, in hexadecimal, each behind a dot: what RFC 9175 §3.3 compares. */
  requestTags = '';
  /** The whole body, when it came in blocks. */
  body: Uint8Array | undefined = undefined;

  constructor(inbound: InboundRequest) {
    this.inbound = inbound;
    this.peer = inbound.peer;
    this.method = inbound.message.code;
    this.confirmable = inbound.confirmable;
    this.multicast = inbound.multicast;
  }

  get message(): Message {
    return this.inbound.message;
  }

  get options(): readonly Option[] {
    return this.inbound.message.options;
  }

  get payload(): Uint8Array {
    return this.body ?? this.inbound.message.payload;
  }
}

/**
 * Reads the options of a request into it.
 *
 * @param additional critical option numbers that the application understands
 * @returns why the request must be refused, or undefined when it may go on
 */
export function interpretRequest(request: ServerRequest, additional: ReadonlySet<number>): Refusal | undefined {
  const { bytes } = request.message;
  let path: string[] | undefined;
  let query: string[] | undefined;
  let previous = -1;
  cursor.reset(request.message);
  while (cursor.next()) {
    const { number, start, end } = cursor;
    const repeated = number === previous;
    previous = number;
    if (!isRecognised(number, end - start, repeated) && !additional.has(number)) {
      // RFC 7252 §5.4.1: unrecognised elective options are silently ignored, critical ones are answered 4.02.
      if (isCritical(number)) return badOption(number, repeated);
      continue;
    }
    switch (number) {
      case OptionNumber.UriPath: {
        const segment = decodeText(bytes, start, end);
        if (segment === undefined) return notUtf8('Uri-Path');
        // RFC 7252 §5.10.1: a Uri-Path is never `.` or `..`, and who maps paths to files need not know that.
        if (segment === '.' || segment === '..') return badOption(number, false);
        if (path === undefined) path = [segment];
        else path.push(segment);
        break;
      }
      case OptionNumber.UriQuery: {
        const parameter = decodeText(bytes, start, end);
        if (parameter === undefined) return notUtf8('Uri-Query');
        if (query === undefined) query = [parameter];
        else query.push(parameter);
        break;
      }
      default: {
        const refusal = interpretOption(request, number, start, end);
        if (refusal !== undefined) return refusal;
      }
    }
  }
  if (path !== undefined) request.path = path;
  if (query !== undefined) request.query = query;
  return undefined;
}

function interpretOption(request: ServerRequest, number: number, start: number, end: number): Refusal | undefined {
  const { bytes } = request.message;
  switch (number) {
    case OptionNumber.ContentFormat:
      request.contentFormat = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.Accept:
      request.accept = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.IfMatch:
    case OptionNumber.IfNoneMatch:
    case OptionNumber.ETag:
      request.conditional = true;
      return undefined;
    case OptionNumber.Observe:
      request.observe = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.Block1:
      request.block1 = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.Block2:
      request.block2 = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.Size1:
      request.size1 = decodeUint(bytes, start, end);
      return undefined;
    case OptionNumber.RequestTag:
      request.requestTags += `.${encodeHex(bytes.subarray(start, end))}`;
      return undefined;
    case OptionNumber.UriHost:
      return decodeUtf8(bytes.subarray(start, end)) === undefined ? notUtf8('Uri-Host') : undefined;
    case OptionNumber.ProxyUri:
    case OptionNumber.ProxyScheme:
      // RFC 7252 §5.10.2: an endpoint that is no proxy answers 5.05.
      return { code: Code.ProxyingNotSupported, diagnostic: 'this endpoint is not a proxy' };
    default:
      return undefined;
  }
}

function badOption(number: number, repeated: boolean): Refusal {
  const why = repeated ? 'repeated' : 'not recognised, or has a value that it cannot have';
  return { code: Code.BadOption, diagnostic: `option ${number} is ${why}` };
}

/** RFC 7252 §3.2: `string` options are UTF-8. The request is malformed as far as an application can see. */
function notUtf8(name: string): Refusal {
  return { code: Code.BadRequest, diagnostic: `${name} is not UTF-8` };
}

/** A diagnostic payload as bytes. */
export function diagnostic(text: string): Uint8Array {
  return encodeUtf8(text);
}
