import {
  type Clock,
  type DatagramPort,
  deafMeter,
  type Log,
  type Meter,
  type Peer,
  type Random,
  silentLog,
  type Timers,
} from '@yaolian/kernel';
import { ClientRole } from './client-role.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import type {
  CoapEndpoint,
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
import type { InboundRequest, MessageReceiver } from './messaging.ts';
import { messageLayerMetrics } from './metrics.ts';
import { ServerRole } from './server-role.ts';
import {
  completeTransmissionParameters,
  deriveTransmissionTimes,
  type TransmissionParameters,
} from './transmission-parameters.ts';

/** How much an endpoint holds at most. At each bound it answers or rejects as its description says, and goes on. */
export interface EndpointBounds {
  /** Options in one message; messages with more are malformed. Default 128. */
  readonly maximumOptions: number;
  /** Requests and observations of ours that wait for responses; beyond: COAP_OVERLOADED. Default 100000. */
  readonly maximumRequests: number;
  /** Messages that wait behind others to the same peer (NSTART); beyond: COAP_OVERLOADED. Default 64. */
  readonly maximumQueuedPerPeer: number;
  /** The same to all peers. Default 100000. */
  readonly maximumQueued: number;
  /** Bytes that remember which messages came and what they were answered; beyond, the oldest are forgotten. Default 64 MiB. */
  readonly deduplicationBytes: number;
  /** Sequences of message IDs, a power of two; each serves some 250 messages a second. Default 1024. */
  readonly messageIdSequences: number;
}

export const defaultEndpointBounds: EndpointBounds = {
  maximumOptions: 128,
  maximumRequests: 100_000,
  maximumQueuedPerPeer: 64,
  maximumQueued: 100_000,
  deduplicationBytes: 64 * 1024 * 1024,
  messageIdSequences: 1024,
};

export interface CoapEndpointOptions {
  /** UDP, DTLS, or a simulated network. The endpoint closes it when it is closed. */
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  /** RFC 7252 §4.8; what is absent has the RFC's default. */
  readonly transmission?: Partial<TransmissionParameters>;
  readonly bounds?: Partial<EndpointBounds>;
  /** Numbers of critical options that the handlers understand besides those of the RFCs. */
  readonly additionalOptions?: readonly number[];
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
  #closed: Promise<void> | undefined;

  constructor(options: CoapEndpointOptions) {
    const { port, clock, timers, random, log = silentLog, meter = deafMeter } = options;
    const parameters = completeTransmissionParameters(options.transmission);
    const bounds = { ...defaultEndpointBounds, ...options.bounds };
    const additionalOptions = new Set(options.additionalOptions);
    const deadlines = new DeadlineQueue(clock, timers);
    const metrics = messageLayerMetrics(meter);
    this.#port = port;
    this.#deadlines = deadlines;
    this.#layer = new MessageLayer({ port, clock, random, log, deadlines, metrics, parameters, ...bounds }, this);
    const { exchangeLifetime } = deriveTransmissionTimes(parameters);
    this.#client = new ClientRole({
      clock,
      random,
      deadlines,
      sender: this.#layer,
      exchangeLifetime,
      additionalOptions,
      ...bounds,
    });
    this.#server = new ServerRole({ log, additionalOptions });
    this.#layer.open();
  }

  handle(handler: RequestHandler): void {
    this.#server.handle(handler);
  }

  request(peer: Peer, request: OutgoingRequest, control?: RequestControl): Promise<IncomingResponse> {
    return this.#client.request(peer, request, control);
  }

  observe(
    _peer: Peer,
    _request: OutgoingRequest,
    _listener: ObservationListener,
    _control?: RequestControl,
  ): Promise<{ readonly response: IncomingResponse; readonly observation: Observation | undefined }> {
    return Promise.reject(coapErrors.COAP_CLOSED());
  }

  restoreObservation(_peer: Peer, _restored: RestoredObservation, _listener: ObservationListener): Observation {
    throw coapErrors.COAP_CLOSED();
  }

  ping(_peer: Peer, _control?: RequestControl): Promise<void> {
    return Promise.reject(coapErrors.COAP_CLOSED());
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #close(): Promise<void> {
    this.#client.close();
    this.#layer.close();
    this.#deadlines.clear();
    return this.#port.close();
  }

  onRequest(request: InboundRequest): void {
    this.#server.onRequest(request);
  }

  onResponse(message: Message, peer: Peer): boolean {
    return this.#client.onResponse(message, peer);
  }
}
