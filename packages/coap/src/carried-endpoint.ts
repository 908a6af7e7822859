import {
  type Clock,
  deafMeter,
  type Log,
  type Meter,
  type MeterLabels,
  type Peer,
  type Random,
  seconds,
  silentLog,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import { ClientRole } from './client-role.ts';
import { Code } from './codes.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { defaultEndpointBounds, type EndpointBounds } from './endpoint.ts';
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
import { diagnostic } from './incoming-request.ts';
import type { Message } from './message.ts';
import type { InboundRequest, MessageReceiver, MessageSender, Taken } from './messaging.ts';
import { uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { Admission, type RateLimit, RateLimiter } from './rate-limiter.ts';
import { ServerRole } from './server-role.ts';
import { defaultTransmissionParameters, deriveTransmissionTimes } from './transmission-parameters.ts';
import type { UploadRouter } from './upload-sink.ts';

/** The lower half of an endpoint whose messages travel in something that is neither datagrams nor streams of CoAP. */
export interface MessageCarrier extends MessageSender {
  /** Fails what is under way and carries nothing more. */
  close(): Promise<void>;
}

export interface CarriedEndpointOptions {
  /** Makes the lower half, which hands what comes to the receiver. */
  readonly carrier: (receiver: MessageReceiver) => MessageCarrier;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Added to all numbers of this endpoint, to tell it from others of the process. */
  readonly labels?: MeterLabels;
  /** How much one peer may ask of us; beyond it requests are answered 4.29, then dropped. Absent: as much as it likes. */
  readonly rateLimit?: RateLimit;
  readonly bounds?: Partial<EndpointBounds>;
}

/**
 * The upper half of CoAP on whatever carries its messages: requests, responses and observations are what they are on every
 * other endpoint.
 */
export function createCarriedEndpoint(options: CarriedEndpointOptions): CarriedCoapEndpoint {
  return new CarriedCoapEndpoint(options);
}

/** CoAP in other messages. Made by {@link createCarriedEndpoint}. */
export class CarriedCoapEndpoint implements CoapEndpoint, MessageReceiver {
  readonly #deadlines: DeadlineQueue;
  readonly #carrier: MessageCarrier;
  readonly #client: ClientRole;
  readonly #server: ServerRole;
  readonly #clock: Clock;
  readonly #limiter: RateLimiter | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: CarriedEndpointOptions) {
    const { clock, timers, random, log = silentLog, meter = deafMeter, labels = {}, rateLimit } = options;
    const bounds = { ...defaultEndpointBounds, ...options.bounds };
    this.#clock = clock;
    this.#limiter = rateLimit && new RateLimiter(rateLimit);
    const deadlines = new DeadlineQueue(clock, timers, (error) => log.error('a deadline could not be met', { error }));
    this.#deadlines = deadlines;
    const sender = options.carrier(this);
    this.#carrier = sender;
    const { exchangeLifetime } = deriveTransmissionTimes(defaultTransmissionParameters);
    const common = { clock, random, log, deadlines, sender, additionalOptions: new Set<number>(), ...bounds };
    this.#client = new ClientRole({ ...common, exchangeLifetime, groupWindow: zeroDuration });
    this.#server = new ServerRole({
      ...common,
      // What carries the messages sees to it that nobody is flooded.
      notificationInterval: zeroDuration,
      notificationBurst: 1,
      maximumUnconfirmedNotifications: Number.POSITIVE_INFINITY,
      idleTime: exchangeLifetime,
      retryDelay: seconds(2),
    });
    const gauge = (name: string, help: string, read: () => number) => meter.gauge(name, help, read, labels);
    gauge('coap_waiting_requests', 'Requests that wait for responses.', () => this.#client.requests);
    gauge('coap_observations', 'Observations of the resources of others.', () => this.#client.observations);
    gauge('coap_handlers', 'Requests that are being handled.', () => this.#server.handlers);
    gauge('coap_observers', 'Observers of our resources.', () => this.#server.observers.size);
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

  ping(peer: Peer, control?: RequestControl): Promise<void> {
    return this.#client.ping(peer, control);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#client.close();
    this.#server.close();
    this.#deadlines.close();
    await this.#carrier.close();
  }

  onRequest(request: InboundRequest): void {
    const admission = this.#limiter?.admit(request.peer, this.#clock.monotonic()) ?? Admission.Admitted;
    if (admission === Admission.Admitted) this.#server.onRequest(request);
    else if (admission === Admission.Silenced) request.ignore();
    else {
      // RFC 8516 §3: Max-Age says when to come again.
      const options = [uintOption(OptionNumber.MaxAge, this.#limiter!.retryAfter)];
      request.respond(Code.TooManyRequests, options, diagnostic('too many requests'));
    }
  }

  onResponse(message: Message, peer: Peer): Taken {
    return this.#client.onResponse(message, peer);
  }
}
