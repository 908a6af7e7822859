import {
  type Clock,
  deafMeter,
  type Log,
  type Meter,
  type MeterLabels,
  milliseconds,
  type Peer,
  type Random,
  type StreamConnector,
  type StreamListener,
  silentLog,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import { type BlockSize, checkBlockSize } from '../block-option.ts';
import { ClientRole } from '../client-role.ts';
import { DeadlineQueue } from '../deadline-queue.ts';
import { defaultEndpointBounds, type EndpointBounds } from '../endpoint.ts';
import type {
  CoapEndpoint,
  IncomingResponse,
  Observation,
  ObservationListener,
  OutgoingRequest,
  RequestControl,
  RequestHandler,
  RestoredObservation,
} from '../exchange.ts';
import type { Message } from '../message.ts';
import type { TapSlot } from '../message-tap.ts';
import type { InboundRequest, MessageProtection, MessageReceiver, ProtectedMessaging, Taken } from '../messaging.ts';
import { protectedRoles } from '../protected-roles.ts';
import { Admission, type RateLimit, RateLimiter } from '../rate-limiter.ts';
import { ServerRole } from '../server-role.ts';
import { defaultTransmissionParameters, deriveTransmissionTimes } from '../transmission-parameters.ts';
import type { UploadRouter } from '../upload-sink.ts';
import type { ReleaseNotice } from './signaling.ts';
import { StreamConnections } from './stream-connections.ts';
import { type StreamMetrics, streamMetrics } from './stream-metrics.ts';
import {
  checkStreamBounds,
  defaultStreamBounds,
  defaultStreamTiming,
  type StreamBounds,
  type StreamTiming,
} from './stream-options.ts';

export interface StreamCoapEndpointOptions {
  /** Where peers connect to us. The endpoint closes it when it is closed. */
  readonly listener?: StreamListener;
  /** How we connect to peers: on demand, and again after a connection ended. Without it, only who connected is reached. */
  readonly connector?: StreamConnector;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Added to all numbers of this endpoint, to tell it from others of the process. */
  readonly labels?: MeterLabels;
  /** How much one peer may ask of us; beyond it every request is answered 4.29. Absent: as much as it likes. */
  readonly rateLimit?: RateLimit;
  readonly bounds?: Partial<EndpointBounds & StreamBounds>;
  readonly timing?: Partial<StreamTiming>;
  /** Bodies go in blocks of this size, as over datagrams. Absent: whole, or in BERT blocks, as far as the peer takes them. */
  readonly blockSize?: BlockSize;
  /** Numbers of critical options that the handlers understand besides those of the RFCs. */
  readonly additionalOptions?: readonly number[];
  /** Called when the connection to a peer ended, for whatever reason but our own {@link StreamCoapEndpoint.close}. */
  readonly onDisconnected?: (peer: Peer) => void;
  /** Where somebody may put a tap to watch the messages, signaling included. */
  readonly tap?: TapSlot;
  /** Protects messages of and for its own peers, as OSCORE does (`@yaolian/oscore`). */
  readonly protection?: MessageProtection;
  /** Connect to the address that a peer names when it releases a connection (RFC 8323 §5.5). Default true. */
  readonly followAlternativeAddress?: boolean;
}

/**
 * Opens a CoAP endpoint on streams (RFC 8323): TCP, TLS or WebSockets, as the listener and the connector are.
 * @throws RangeError when a parameter makes no sense
 */
export function createStreamCoapEndpoint(options: StreamCoapEndpointOptions): StreamCoapEndpoint {
  return new StreamCoapEndpoint(options);
}

/** CoAP over streams (RFC 8323). Made by {@link createStreamCoapEndpoint}. */
export class StreamCoapEndpoint implements CoapEndpoint, MessageReceiver {
  readonly connectionOriented = true;
  readonly #options: StreamCoapEndpointOptions;
  readonly #timing: StreamTiming;
  readonly #deadlines: DeadlineQueue;
  readonly #connections: StreamConnections;
  readonly #client: ClientRole;
  readonly #server: ServerRole;
  readonly #protection: ProtectedMessaging | undefined;
  /** What connections hand messages to. */
  readonly #receiver: MessageReceiver;
  readonly #idle: (() => void)[] = [];
  /** Bytes of incomplete messages and of what waits to be sent. */
  #buffered = 0;
  #closed: Promise<void> | undefined;

  constructor(options: StreamCoapEndpointOptions) {
    const { clock, timers, random, log = silentLog, meter = deafMeter, labels } = options;
    this.#options = options;
    this.#timing = { ...defaultStreamTiming, ...options.timing };
    const bounds = { ...defaultEndpointBounds, ...defaultStreamBounds, ...options.bounds };
    const deadlines = new DeadlineQueue(clock, timers, (error) => log.error('a deadline could not be met', { error }));
    this.#deadlines = deadlines;
    this.#connections = this.#newConnections(bounds, streamMetrics(meter, labels), log);
    const { exchangeLifetime } = deriveTransmissionTimes(defaultTransmissionParameters);
    const roles = protectedRoles(
      () => this.#client,
      () => this.#server,
      // RFC 8323 §7.4: observations end with the connection. It may be a while until that is known to be dead.
      (peer) => this.#endObservations(peer),
    );
    this.#protection = options.protection?.attach(this.#connections, roles);
    this.#receiver = this.#protection ?? roles;
    const common = {
      clock,
      random,
      log,
      deadlines,
      sender: this.#protection ?? this.#connections,
      additionalOptions: new Set(options.additionalOptions),
      ...bounds,
    };
    this.#client = new ClientRole({ ...common, exchangeLifetime, groupWindow: zeroDuration, connectionOriented: true });
    this.#server = new ServerRole({
      ...common,
      // The transport sees to it that nothing is lost and nobody is flooded.
      notificationInterval: zeroDuration,
      notificationBurst: 1,
      maximumUnconfirmedNotifications: Number.POSITIVE_INFINITY,
      idleTime: exchangeLifetime,
      retryDelay: milliseconds(2000),
    });
    this.#gauge(meter, labels ?? {});
    options.listener?.accept((stream) => this.#connections.accept(stream));
  }

  #newConnections(bounds: EndpointBounds & StreamBounds, metrics: StreamMetrics, log: Log): StreamConnections {
    const { clock, timers, random, rateLimit, connector, followAlternativeAddress = true } = this.#options;
    const limiter = rateLimit === undefined ? undefined : new RateLimiter(rateLimit);
    const refuses = (peer: Peer) =>
      limiter === undefined || limiter.admit(peer, clock.monotonic()) === Admission.Admitted
        ? undefined
        : limiter.retryAfter;
    const { blockSize } = this.#options;
    return new StreamConnections({
      timers,
      connector,
      followAlternativeAddress,
      host: {
        clock,
        log,
        deadlines: this.#deadlines,
        metrics,
        tap: this.#options.tap ?? { current: undefined },
        bounds: checkStreamBounds(streamBoundsOf(bounds)),
        timing: this.#timing,
        maximumOptions: bounds.maximumOptions,
        blockSize: blockSize === undefined ? undefined : checkBlockSize(blockSize),
        receiver: this,
        newToken: () => random.bytes(4),
        refuses,
        buffered: (change) => {
          this.#buffered += change;
          return this.#buffered <= bounds.maximumBufferedBytes;
        },
      },
      onDisconnected: (peer) => this.#onDisconnected(peer),
      onGone: () => this.#onGone(),
    });
  }

  #gauge(meter: Meter, labels: MeterLabels): void {
    const gauge = (name: string, help: string, read: () => number) => meter.gauge(name, help, read, labels);
    gauge('coap_stream_connections', 'Connections that are open.', () => this.#connections.size);
    gauge('coap_stream_buffered_bytes', 'Incomplete messages and unsent bytes of streams.', () => this.#buffered);
    gauge('coap_waiting_requests', 'Requests that wait for responses.', () => this.#client.requests);
    gauge('coap_observations', 'Observations of the resources of others.', () => this.#client.observations);
    gauge('coap_handlers', 'Requests that are being handled.', () => this.#server.handlers);
    gauge('coap_observers', 'Observers of our resources.', () => this.#server.observers.size);
    gauge('coap_upload_bytes', 'Bodies that are coming in blocks.', () => this.#server.uploads.bytes);
    gauge('coap_kept_body_bytes', 'Bodies that are going out in blocks.', () => this.#server.kept.bytes);
  }

  /** Connections that are open, in either direction. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Whether there is a connection to a peer. */
  isConnected(peer: Peer): boolean {
    return this.#connections.ready(transportOf(peer)) !== undefined;
  }

  handle(handler: RequestHandler): void {
    this.#server.handle(handler);
  }

  handleUploads(router: UploadRouter): void {
    this.#server.handleUploads(router);
  }

  async request(peer: Peer, request: OutgoingRequest, control: RequestControl = {}): Promise<IncomingResponse> {
    await this.#connect(peer, control);
    return this.#client.request(peer, request, control);
  }

  async observe(
    peer: Peer,
    request: OutgoingRequest,
    listener: ObservationListener,
    control: RequestControl = {},
  ): Promise<{ readonly response: IncomingResponse; readonly observation: Observation | undefined }> {
    await this.#connect(peer, control);
    const { response, observation } = await this.#client.observe(peer, request, listener, control);
    return { response, observation: observation && this.#connecting(observation) };
  }

  /**
   * Takes up an observation whose token is known. A peer that had connected when it was made has forgotten it with that
   * connection: {@link Observation.refresh} tells it anew.
   */
  restoreObservation(peer: Peer, restored: RestoredObservation, listener: ObservationListener): Observation {
    return this.#connecting(this.#client.restoreObservation(peer, restored, listener));
  }

  /** The observation, connecting first where that is needed. */
  #connecting(observation: Observation): Observation {
    return {
      peer: observation.peer,
      token: observation.token,
      get active() {
        return observation.active;
      },
      forget: () => observation.forget(),
      cancel: (control) => observation.cancel(control),
      refresh: async (control) => {
        await this.#connect(observation.peer, control ?? {});
        return observation.refresh(control);
      },
    };
  }

  /** Ping, answered Pong (RFC 8323 §5.4). */
  async ping(peer: Peer, control: RequestControl = {}): Promise<void> {
    await this.#connect(peer, control);
    return this.#client.ping(peer, control);
  }

  async #connect(peer: Peer, control: RequestControl): Promise<void> {
    const transport = transportOf(peer);
    if (this.#connections.ready(transport) === undefined) await this.#connections.connect(transport, control);
  }

  /**
   * Ends the connection to a peer in order (Release, RFC 8323 §5.5): when what is under way is done, or after
   * {@link StreamTiming.closeTimeout}. Does nothing where there is none.
   */
  release(peer: Peer, notice: ReleaseNotice = {}): void {
    this.#connections.release(transportOf(peer), notice);
  }

  /** The peers that are connected, in either direction. */
  peers(): IterableIterator<Peer> {
    return this.#connections.peers();
  }

  /**
   * Ends the connection to a peer at once (Abort, RFC 8323 §5.6): nobody may go on with it. Does nothing where there is none.
   * @param diagnostic tells the peer why
   */
  abort(peer: Peer, diagnostic: string): void {
    this.#connections.abort(transportOf(peer), diagnostic);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#client.close();
    this.#server.close();
    this.#protection?.close();
    this.#connections.close({});
    const listener = this.#options.listener?.close();
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    await listener;
    this.#deadlines.close();
  }

  #onDisconnected(transport: Peer): void {
    for (const peer of this.#protection?.onDisconnected(transport) ?? []) this.#onPeerDisconnected(peer);
    this.#onPeerDisconnected(transport);
  }

  #endObservations(peer: Peer): void {
    this.#server.onDisconnected(peer);
    this.#client.onDisconnected(peer);
  }

  #onPeerDisconnected(peer: Peer): void {
    this.#endObservations(peer);
    if (this.#closed === undefined) this.#options.onDisconnected?.(peer);
  }

  #onGone(): void {
    if (this.#connections.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  onRequest(request: InboundRequest): void {
    this.#receiver.onRequest(request);
  }

  onResponse(message: Message, peer: Peer): Taken {
    return this.#receiver.onResponse(message, peer);
  }
}

/** Whose connection a peer is reached through: its own, or that below its security context. */
function transportOf(peer: Peer): Peer {
  return peer.transport ?? peer;
}

function streamBoundsOf(bounds: StreamBounds): StreamBounds {
  const names = Object.keys(defaultStreamBounds) as (keyof StreamBounds)[];
  return Object.fromEntries(names.map((name) => [name, bounds[name]])) as unknown as StreamBounds;
}
