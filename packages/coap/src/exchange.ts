import type { Duration, Peer } from '@yaolian/kernel';
import type { Method, ResponseCode } from './codes.ts';
import type { Option } from './options.ts';
import type { UploadRouter } from './upload-sink.ts';

/** What a caller asks of a peer. Strings are text as people write it; the codec does the encoding. */
export interface OutgoingRequest {
  readonly method: Method;
  /** `/rd/5a` (percent-encoded where a segment holds a slash), or the segments themselves. Absent: the root. */
  readonly path?: string | readonly string[];
  /** One `name=value` per Uri-Query option. */
  readonly query?: readonly string[];
  readonly contentFormat?: number;
  readonly accept?: number;
  readonly etags?: readonly Uint8Array[];
  readonly ifMatch?: readonly Uint8Array[];
  readonly ifNoneMatch?: boolean;
  /** Further options, in any order. */
  readonly options?: readonly Option[];
  readonly payload?: Uint8Array;
  /** CON when true, which is the default; NON when false. */
  readonly confirmable?: boolean;
}

/** What a handler answers. */
export interface OutgoingResponse {
  readonly code: ResponseCode;
  readonly contentFormat?: number;
  readonly etag?: Uint8Array;
  /** How long the answer stays fresh. Absent: 60 s, as RFC 7252 §5.10.5 has it. */
  readonly maxAge?: Duration;
  readonly locationPath?: readonly string[];
  readonly locationQuery?: readonly string[];
  readonly options?: readonly Option[];
  readonly payload?: Uint8Array;
}

/** A response as it came, block-wise transfers already put together. */
export interface IncomingResponse {
  readonly code: ResponseCode;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
  readonly contentFormat: number | undefined;
  readonly etag: Uint8Array | undefined;
  readonly maxAge: Duration;
  readonly locationPath: readonly string[];
  readonly locationQuery: readonly string[];
  /** The peer that answered: differs from the one asked only for multicast requests. */
  readonly peer: Peer;
}

/** A request as it came, block-wise transfers already put together. */
export interface IncomingRequest {
  readonly method: Method;
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly options: readonly Option[];
  /** False when there is no If-Match, If-None-Match or ETag among `options`, which need not be made then to see that. */
  readonly conditional?: boolean;
  readonly payload: Uint8Array;
  readonly contentFormat: number | undefined;
  readonly accept: number | undefined;
  readonly confirmable: boolean;
  readonly multicast: boolean;
  readonly peer: Peer;
  /** Present when the peer asks to observe (GET or FETCH with Observe 0, RFC 7641 §4.1): call `accept` to take it on. */
  readonly observer: ObserverOffer | undefined;
  /** True when the peer asks to end the observation with this token (Observe 1). The endpoint has already ended it. */
  readonly cancelsObservation: boolean;
}

/**
 * Answers a request. A value or a promise of one; a promise that takes longer than the processing delay is sent as a
 * separate response (RFC 7252 §5.2.2). `undefined` stays silent (multicast, RFC 7252 §8.2). A throw is 5.00 and logged.
 */
export type RequestHandler = (
  request: IncomingRequest,
) => OutgoingResponse | undefined | Promise<OutgoingResponse | undefined>;

export interface ObserverOffer {
  /**
   * Takes the observation on: the response to this request becomes its first notification if it is a 2.xx.
   * `onEnded` is called once, when the peer cancels, answers RST, gives no ACK, or the endpoint closes.
   */
  accept(onEnded: () => void): Observer;
}

/** Somebody who observes one of our resources. */
export interface Observer {
  readonly peer: Peer;
  readonly active: boolean;
  /**
   * Sends a notification; while one is unacknowledged only the latest waiting one is kept (RFC 7641 §4.5.2).
   * A response that is not 2.xx ends the observation. The endpoint makes at least one in 24 h confirmable (RFC 7641 §4.5),
   * and one in so many (RFC 7641 §7).
   * @throws RangeError when the code is that of no response, or the last response cannot be encoded
   */
  notify(response: OutgoingResponse, options?: { readonly confirmable?: boolean }): void;
  /** Forgets the observer without telling it. */
  end(): void;
}

export interface RequestControl {
  readonly signal?: AbortSignal;
  /**
   * Gives up when no response came in this time, waiting in the queue included. Absent: EXCHANGE_LIFETIME. In a block-wise
   * transfer it starts anew with every block.
   */
  readonly timeout?: Duration;
}

export interface GroupRequestControl {
  readonly signal?: AbortSignal;
  /** How long answers are awaited. Absent: DEFAULT_LEISURE and MAX_RTT's processing delay, 7 s. */
  readonly window?: Duration;
  /** Sees each response as it comes. */
  readonly onResponse?: (response: IncomingResponse) => void;
}

/** One of the endpoint's observations of a peer's resource. */
export interface Observation {
  readonly peer: Peer;
  readonly token: Uint8Array;
  readonly active: boolean;
  /** Sends Observe 1 with the same token (RFC 7641 §3.6) and resolves with the answer. */
  cancel(control?: RequestControl): Promise<IncomingResponse>;
  /** Asks again with the same token (RFC 7641 §3.3.1), as after {@link ObservationListener.onStale}. */
  refresh(control?: RequestControl): Promise<IncomingResponse>;
  /** Forgets the observation; the next notification is answered RST. On a stream the peer is told now. */
  forget(): void;
}

export interface ObservationListener {
  /**
   * A notification, in order (RFC 7641 §3.4 freshness), complete (Block2 fetched).
   * @returns a promise: a confirmable one that came in one message is acknowledged when it settles, and not before
   */
  onNotification(response: IncomingResponse): unknown;
  /**
   * It is over. By the `peer`: a notification that is no 2.xx, or no notification. By the `endpoint`: it closes, or the
   * observation was taken up anew; the peer knows nothing of that and goes on notifying.
   */
  onEnded?(reason: string, by: 'peer' | 'endpoint'): void;
  /**
   * The Max-Age of the last notification passed, and 5 to 15 seconds more, and nothing came: the peer may have forgotten the
   * observation (RFC 7641 §3.3.1). Or the connection ended, and with it what the peer knew (RFC 8323 §7.4). It goes on being
   * active: {@link Observation.refresh} asks again, on a new connection where one can be made.
   */
  onStale?(): void;
  /**
   * A notification with its token came from somewhere else, and was not used: neither acknowledged nor rejected. The peer may
   * have another address now, and gives the observation up where it wants acknowledgements (RFC 7641 §4.5): once its new address
   * is known, {@link Observation.refresh} there makes sure.
   */
  onStrayed?(): void;
}

/** What an observation needs to go on after a restart, without the peer noticing. */
export interface RestoredObservation {
  readonly token: Uint8Array;
  readonly request: OutgoingRequest;
}

/** One CoAP endpoint: server and client at once, on one port (RFC 7252 §1.2). Transport-independent face. */
export interface CoapEndpoint {
  /**
   * True on streams: a peer that connected to us is one connection, is reached as long as that is open, and forgets the
   * observations that we have of it with its end (RFC 8323 §7.4).
   */
  readonly connectionOriented?: boolean;
  /** Sets the one handler. Without one every request is answered 4.04. */
  handle(handler: RequestHandler): void;
  /** Sets who takes bodies block by block. Absent on an endpoint that puts every body together. */
  handleUploads?(router: UploadRouter): void;
  /**
   * Resolves with whatever the peer answered, 4.xx and 5.xx included.
   * @throws YaolianError COAP_TIMEOUT, COAP_RESET, COAP_ABORTED, COAP_CLOSED, COAP_TOO_LARGE, COAP_OVERLOADED,
   *   COAP_BAD_RESPONSE; on streams also COAP_NOT_CONNECTED, COAP_CONNECT_FAILED, COAP_DISCONNECTED
   */
  request(peer: Peer, request: OutgoingRequest, control?: RequestControl): Promise<IncomingResponse>;
  /** Asks to observe. `observation` is undefined when the peer answered without taking it on. */
  observe(
    peer: Peer,
    request: OutgoingRequest,
    listener: ObservationListener,
    control?: RequestControl,
  ): Promise<{ readonly response: IncomingResponse; readonly observation: Observation | undefined }>;
  /** Takes up an observation that an earlier process made. */
  restoreObservation(peer: Peer, restored: RestoredObservation, listener: ObservationListener): Observation;
  /** CoAP ping: an empty CON, answered RST (RFC 7252 §4.3); on streams Ping and Pong. Resolves when it came. */
  ping(peer: Peer, control?: RequestControl): Promise<void>;
  /** Rejects what is pending, ends observations and closes the port. */
  close(): Promise<void>;
}
