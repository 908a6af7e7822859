import {
  type Clock,
  type DatagramPort,
  deafMeter,
  type Log,
  type Meter,
  type MeterLabels,
  milliseconds,
  type Peer,
  type Random,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { type BlockSize, checkBlockSize } from './block-option.ts';
import { ClientRole } from './client-role.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type {
  CoapEndpoint,
  GroupRequestControl,
  IncomingResponse,
  Observation,
  ObservationListener,
  OutgoingRequest,
  RequestControl,
  RequestHandler,
  RestoredObservation,
} from './exchange.ts';
import type { Message } from './message.ts';
import { MessageLayer } from './message-layer.ts';
import type { TapSlot } from './message-tap.ts';
import type { InboundRequest, MessageProtection, MessageReceiver, ProtectedMessaging, Taken } from './messaging.ts';
import { messageLayerMetrics } from './metrics.ts';
import { protectedRoles } from './protected-roles.ts';
import type { RateLimit } from './rate-limiter.ts';
import { ServerRole } from './server-role.ts';
import {
  completeTransmissionParameters,
  deriveTransmissionTimes,
  type TransmissionParameters,
} from './transmission-parameters.ts';
import type { UploadRouter } from './upload-sink.ts';

/** How much an endpoint holds at most. At each bound it answers or rejects as its description says, and goes on. */
export interface EndpointBounds {
  /** Options in one message; messages with more are malformed. Default 128. */
  readonly maximumOptions: number;
  /** Requests of ours that wait for responses; beyond: COAP_OVERLOADED. Default 100000. */
  readonly maximumRequests: number;
  /** Observations of ours, each of some 400 bytes; beyond: COAP_OVERLOADED. Default 1000000. */
  readonly maximumObservations: number;
  /** Responses to one request to a group; more are ignored. Default 1000. */
  readonly maximumGroupResponses: number;
  /** Messages that wait behind others to the same peer (NSTART), or for a message ID; beyond: COAP_OVERLOADED. Default 64. */
  readonly maximumQueuedPerPeer: number;
  /** The same to all peers. Default 100000. */
  readonly maximumQueued: number;
  /** Bytes that remember which messages came and what they were answered; beyond, the oldest are forgotten. Default 64 MiB. */
  readonly deduplicationBytes: number;
  /** Sequences of message IDs, a power of two; each serves some 250 messages a second. Default 1024. */
  readonly messageIdSequences: number;
  /** Requests whose handler has not answered yet; beyond: 5.03. Default 100000. */
  readonly maximumHandlers: number;
  /** One body that comes in blocks; beyond: 4.13, or COAP_TOO_LARGE for a response. Default 1 MiB. */
  readonly maximumBodyBytes: number;
  /** Bodies that come in blocks at a time; beyond, one that has paused gives way, or 5.03. Default 1000. */
  readonly maximumUploads: number;
  /** The same of one peer; beyond: 5.03. Default 32. */
  readonly maximumUploadsPerPeer: number;
  /** Memory of all of them; beyond, as with their number. Default 64 MiB. */
  readonly maximumUploadBytes: number;
  /** Bytes of responses that go out in blocks; beyond, the handler is asked again for later blocks. Default 64 MiB. */
  readonly maximumKeptBodyBytes: number;
  /** Observers of our resources; beyond, requests to observe are ordinary requests (RFC 7641 §4.1). Default 100000. */
  readonly maximumObservers: number;
  /** The same of one peer. Default 256. */
  readonly maximumObserversPerPeer: number;
  /** Memory of what all observers asked for; beyond, as with their number. Default 64 MiB. */
  readonly maximumObserverBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultEndpointBounds: EndpointBounds = {
  maximumOptions: 128,
  maximumRequests: 100_000,
  maximumObservations: 1_000_000,
  maximumGroupResponses: 1000,
  maximumQueuedPerPeer: 64,
  maximumQueued: 100_000,
  deduplicationBytes: 64 * mebibyte,
  messageIdSequences: 1024,
  maximumHandlers: 100_000,
  maximumBodyBytes: mebibyte,
  maximumUploads: 1000,
  maximumUploadsPerPeer: 32,
  maximumUploadBytes: 64 * mebibyte,
  maximumKeptBodyBytes: 64 * mebibyte,
  maximumObservers: 100_000,
  maximumObserversPerPeer: 256,
  maximumObserverBytes: 64 * mebibyte,
};

export interface CoapEndpointOptions {
  /** UDP, DTLS, or a simulated network. The endpoint closes it when it is closed. */
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Added to all numbers of this endpoint, to tell it from others of the process. */
  readonly labels?: MeterLabels;
  /** How much one peer may ask of us. Absent: as much as it likes. */
  readonly rateLimit?: RateLimit;
  /** RFC 7252 §4.8; what is absent has the RFC's default. */
  readonly transmission?: Partial<TransmissionParameters>;
  readonly bounds?: Partial<EndpointBounds>;
  /** The size of blocks that we send, and the largest that we ask for (RFC 7959): 16, 32, … 1024. Default 1024. */
  readonly blockSize?: BlockSize;
  /** Numbers of critical options that the handlers understand besides those of the RFCs. */
  readonly additionalOptions?: readonly number[];
  /** Where somebody may put a tap to watch the messages. */
  readonly tap?: TapSlot;
  /** Protects messages of and for its own peers, as OSCORE does (`@yaolian/oscore`). */
  readonly protection?: MessageProtection;
}

/**
 * Opens a CoAP endpoint on a datagram port: server and client at once.
 * @throws RangeError when a parameter makes no sense
 */
export function createCoapEndpoint(options: CoapEndpointOptions): DatagramCoapEndpoint {
  return new DatagramCoapEndpoint(options);
}

/** CoAP over datagrams (RFC 7252). Made by {@link createCoapEndpoint}. */
export class DatagramCoapEndpoint implements CoapEndpoint, MessageReceiver {
  readonly #port: DatagramPort;
  readonly #deadlines: DeadlineQueue;
  readonly #layer: MessageLayer;
  readonly #client: ClientRole;
  readonly #server: ServerRole;
  readonly #protection: ProtectedMessaging | undefined;
  /** What the message layer hands messages to. */
  readonly #receiver: MessageReceiver;
  #closed: Promise<void> | undefined;

  constructor(options: CoapEndpointOptions) {
    const { port, clock, timers, random, log = silentLog, meter = deafMeter } = options;
    const parameters = completeTransmissionParameters(options.transmission);
    const bounds = { ...defaultEndpointBounds, ...options.bounds };
    const deadlines = new DeadlineQueue(clock, timers, (error) => log.error('a deadline could not be met', { error }));
    const metrics = messageLayerMetrics(meter, options.labels);
    this.#port = port;
    this.#deadlines = deadlines;
    const { rateLimit, tap = { current: undefined } } = options;
    const blockSize = checkBlockSize(options.blockSize ?? 1024);
    this.#layer = new MessageLayer(
      { port, clock, random, log, deadlines, metrics, tap, parameters, rateLimit, blockSize, ...bounds },
      this,
    );
    const { exchangeLifetime } = deriveTransmissionTimes(parameters);
    const roles = protectedRoles(
      () => this.#client,
      () => this.#server,
    );
    this.#protection = options.protection?.attach(this.#layer, roles);
    this.#receiver = this.#protection ?? roles;
    const common = {
      clock,
      random,
      log,
      deadlines,
      sender: this.#protection ?? this.#layer,
      additionalOptions: new Set(options.additionalOptions),
      ...bounds,
    };
    const groupWindow = milliseconds(parameters.defaultLeisure + parameters.processingDelay);
    this.#client = new ClientRole({ ...common, exchangeLifetime, groupWindow });
    const { notificationInterval, notificationBurst, maximumUnconfirmedNotifications, ackTimeout } = parameters;
    this.#server = new ServerRole({
      ...common,
      notificationInterval,
      notificationBurst,
      maximumUnconfirmedNotifications,
      idleTime: exchangeLifetime,
      retryDelay: ackTimeout,
    });
    this.#gauge(meter, options.labels ?? {});
    this.#layer.open();
  }

  #gauge(meter: Meter, labels: MeterLabels): void {
    const gauge = (name: string, help: string, read: () => number) => meter.gauge(name, help, read, labels);
    gauge(
      'coap_deduplication_bytes',
      'Memory that remembers which messages came.',
      () => this.#layer.inbox.deduplication.memory,
    );
    gauge(
      'coap_queued_messages',
      'Messages that wait behind others to the same peer.',
      () => this.#layer.outbox.queued,
    );
    gauge('coap_waiting_requests', 'Requests that wait for responses.', () => this.#client.requests);
    gauge('coap_observations', 'Observations of the resources of others.', () => this.#client.observations);
    gauge('coap_handlers', 'Requests that are being handled.', () => this.#server.handlers);
    gauge('coap_observers', 'Observers of our resources.', () => this.#server.observers.size);
    gauge('coap_upload_bytes', 'Bodies that are coming in blocks.', () => this.#server.uploads.bytes);
    gauge('coap_kept_body_bytes', 'Bodies that are going out in blocks.', () => this.#server.kept.bytes);
  }

  handle(handler: RequestHandler): void {
    this.#server.handle(handler);
  }

  handleUploads(router: UploadRouter): void {
    this.#server.handleUploads(router);
  }

  request(peer: Peer, request: OutgoingRequest, control?: RequestControl): Promise<IncomingResponse> {
    return this.#client.request(peer, request, control);
  }

  observe(
    peer: Peer,
    request: OutgoingRequest,
    listener: ObservationListener,
    control?: RequestControl,
  ): Promise<{ readonly response: IncomingResponse; readonly observation: Observation | undefined }> {
    return this.#client.observe(peer, request, listener, control);
  }

  restoreObservation(peer: Peer, restored: RestoredObservation, listener: ObservationListener): Observation {
    return this.#client.restoreObservation(peer, restored, listener);
  }

  /**
   * Asks a multicast group (RFC 7252 §8): one NON, and whatever comes within the window, in order of arrival.
   *
   * @param group the address of the group, such as 224.0.1.187 or ff02::fd with port 5683
   * @throws YaolianError COAP_ABORTED, COAP_CLOSED, COAP_OVERLOADED
   */
  requestGroup(
    group: Peer,
    request: OutgoingRequest,
    control: GroupRequestControl = {},
  ): Promise<readonly IncomingResponse[]> {
    return this.#client.requestGroup(group, request, control);
  }

  ping(peer: Peer, control?: RequestControl): Promise<void> {
    return this.#client.ping(peer, control);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #close(): Promise<void> {
    // The layer first: what the others give up must not let go what waits behind it.
    this.#layer.close();
    this.#protection?.close();
    this.#client.close();
    this.#server.close();
    this.#deadlines.close();
    return this.#port.close();
  }

  onRequest(request: InboundRequest): void {
    this.#receiver.onRequest(request);
  }

  onResponse(message: Message, peer: Peer): Taken {
    return this.#receiver.onResponse(message, peer);
  }
}
