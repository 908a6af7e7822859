import type { Clock, Duration, Log, Peer, Random, YaolianError } from '@yaolian/kernel';
import { BlockwiseClient, type ExchangeRequest, toExchangeRequest } from './blockwise-client.ts';
import { ClientExchange, type ExchangeOwner, type MessageHooks } from './client-exchange.ts';
import { ClientObservation, isNotification, type ObservationHost, registering } from './client-observation.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import type {
  GroupRequestControl,
  IncomingResponse,
  Observation,
  ObservationListener,
  OutgoingRequest,
  RequestControl,
  RestoredObservation,
} from './exchange.ts';
import { GroupRequest } from './group-request.ts';
import { unrecognisedCriticalOption } from './incoming-response.ts';
import type { Message } from './message.ts';
import type { DeliveryListener, MessageSender, Taken } from './messaging.ts';
import { TokenTable } from './token-table.ts';

export interface ClientRoleOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly sender: MessageSender;
  readonly exchangeLifetime: Duration;
  /** How long answers of a group are awaited when the caller does not say. */
  readonly groupWindow: Duration;
  readonly maximumBodyBytes: number;
  readonly maximumRequests: number;
  readonly maximumObservations: number;
  readonly maximumGroupResponses: number;
  /** Messages arrive in the order sent, and peers forget observations with their connection (RFC 8323 §7). Default false. */
  readonly connectionOriented?: boolean;
  readonly additionalOptions: ReadonlySet<number>;
}

/** The client half of an endpoint: asks, and matches what comes back. */
export class ClientRole implements ExchangeOwner, ObservationHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly tokens: TokenTable;
  readonly blockwise: BlockwiseClient;
  readonly connectionOriented: boolean;
  /** Observations by the key of their peer, that hear when its connection ends, or its keys change: of peers that have one of them. */
  readonly #watched = new Map<string, Set<ClientObservation>>();
  readonly #options: ClientRoleOptions;
  /** Exchanges and requests to groups that are under way. */
  #requests = 0;
  #closed = false;

  constructor(options: ClientRoleOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.log = options.log;
    this.deadlines = options.deadlines;
    this.connectionOriented = options.connectionOriented ?? false;
    this.#options = options;
    this.tokens = new TokenTable(options.random);
    const { maximumBodyBytes, sender } = options;
    const exchange = (peer: Peer, request: ExchangeRequest, control: RequestControl) =>
      this.exchange(peer, request, control);
    this.blockwise = new BlockwiseClient({ exchange, sizing: (peer) => sender.sizing(peer), maximumBodyBytes });
  }

  get requests(): number {
    return this.#requests;
  }

  get observations(): number {
    return this.tokens.size - this.#requests;
  }

  async request(peer: Peer, request: OutgoingRequest, control: RequestControl = {}): Promise<IncomingResponse> {
    return this.blockwise.request(peer, toExchangeRequest(request), control);
  }

  async observe(
    peer: Peer,
    request: OutgoingRequest,
    listener: ObservationListener,
    control: RequestControl = {},
  ): Promise<{ readonly response: IncomingResponse; readonly observation: Observation | undefined }> {
    const plain = toExchangeRequest(request);
    this.#checkRoomToObserve();
    const token = this.tokens.newLastingToken();
    let observation: ClientObservation | undefined;
    const onMessage = (message: Message) => {
      if (!isNotification(message)) return;
      observation = new ClientObservation(this, peer, token, request, listener);
      observation.noteRegistration(message);
    };
    const outgoing = registering(this.blockwise.negotiate(peer, plain));
    const first = await this.send(peer, outgoing, control, token, { onMessage });
    try {
      const response = await this.blockwise.complete(peer, plain, first, control);
      return { response, observation };
    } catch (error) {
      // The caller has nothing to end it with: the next notification will be answered RST.
      observation?.forget();
      throw error;
    }
  }

  restoreObservation(peer: Peer, restored: RestoredObservation, listener: ObservationListener): Observation {
    if (this.#closed) throw coapErrors.COAP_CLOSED();
    this.#checkRoomToObserve();
    const { token } = restored;
    if (token.length > 8) throw new RangeError(`a token has at most 8 bytes, not ${token.length}`);
    const earlier = this.tokens.owner(peer, token);
    if (earlier instanceof ClientObservation) earlier.end('it was restored again');
    toExchangeRequest(restored.request); // throws now what it would throw when it is needed
    return new ClientObservation(this, peer, token, restored.request, listener);
  }

  async requestGroup(
    group: Peer,
    request: OutgoingRequest,
    control: GroupRequestControl,
  ): Promise<readonly IncomingResponse[]> {
    const { signal, window = this.#options.groupWindow, onResponse } = control;
    const refusal = this.#refusal(signal);
    if (refusal !== undefined) throw refusal;
    const outgoing = { ...toExchangeRequest(request), confirmable: false };
    const { promise, resolve } = Promise.withResolvers<GroupRequest>();
    const token = this.tokens.newToken();
    const { blockwise } = this;
    const maximumResponses = this.#options.maximumGroupResponses;
    const asked = new GroupRequest({
      log: this.log,
      token,
      request: outgoing,
      blockwise,
      maximumResponses,
      onResponse,
      onDone: resolve,
    });
    const stop = () => {
      asked.abandon();
      resolve(asked);
    };
    signal?.addEventListener('abort', stop);
    this.tokens.add(asked);
    this.#requests++;
    this.deadlines.set(asked, this.clock.monotonic() + window);
    const { options, payload } = this.blockwise.negotiate(group, outgoing);
    const message = { code: outgoing.method, token, options, payload };
    try {
      if (!this.#options.sender.sendToGroup(group, message))
        throw coapErrors.COAP_OVERLOADED(`messages to ${group.key}`);
      await promise;
      this.tokens.remove(asked);
      this.deadlines.set(asked, this.clock.monotonic() + this.#options.exchangeLifetime);
      const responses = await asked.responses();
      if (signal?.aborted) throw coapErrors.COAP_ABORTED(signal.reason);
      if (this.#closed) throw coapErrors.COAP_CLOSED();
      return responses;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.tokens.remove(asked);
      this.#requests--;
      this.deadlines.remove(asked);
    }
  }

  ping(peer: Peer, control: RequestControl = {}): Promise<void> {
    const { signal, timeout = this.#options.exchangeLifetime } = control;
    const refusal = this.#refusal(signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const give = (error: YaolianError) => {
      delivery?.cancel();
      reject(error);
    };
    const listener: DeliveryListener = { onAcknowledged: () => resolve(), onRejected: resolve, onFailed: reject };
    const delivery = this.#options.sender.ping(peer, listener);
    if (delivery === undefined) return Promise.reject(coapErrors.COAP_OVERLOADED(`messages to ${peer.key}`));
    const onDeadline = () => give(delivery.timeoutError ?? coapErrors.COAP_TIMEOUT(peer.key));
    const deadline = { deadline: 0, queueIndex: -1, onDeadline };
    this.deadlines.set(deadline, this.clock.monotonic() + timeout);
    const abort = () => give(coapErrors.COAP_ABORTED(signal?.reason));
    signal?.addEventListener('abort', abort);
    return promise.finally(() => {
      this.deadlines.remove(deadline);
      signal?.removeEventListener('abort', abort);
    });
  }

  send(
    peer: Peer,
    request: ExchangeRequest,
    control: RequestControl,
    token: Uint8Array,
    hooks: MessageHooks,
  ): Promise<Message> {
    return this.blockwise.send(peer, request, control, (last) => this.exchange(peer, last, control, token, hooks));
  }

  /** One request, one response. */
  exchange(
    peer: Peer,
    request: ExchangeRequest,
    control: RequestControl,
    token: Uint8Array = this.tokens.newToken(),
    hooks?: MessageHooks,
  ): Promise<Message> {
    const { signal, timeout } = control;
    const refusal = this.#refusal(signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const exchange = new ClientExchange(this, peer, token, resolve, reject, signal, hooks);
      this.tokens.add(exchange);
      this.#requests++;
      const { clock, deadlines, exchangeLifetime, sender } = this.#options;
      exchange.timed = timeout !== undefined;
      deadlines.set(exchange, clock.monotonic() + (timeout ?? exchangeLifetime));
      const { method, options, payload, confirmable } = request;
      exchange.delivery = sender.send(peer, { code: method, token, options, payload }, confirmable, exchange);
      if (exchange.delivery === undefined) exchange.fail(coapErrors.COAP_OVERLOADED(`messages to ${peer.key}`));
    });
  }

  #refusal(signal: AbortSignal | undefined): YaolianError | undefined {
    if (this.#closed) return coapErrors.COAP_CLOSED();
    if (signal?.aborted) return coapErrors.COAP_ABORTED(signal.reason);
    if (this.#requests < this.#options.maximumRequests) return undefined;
    return coapErrors.COAP_OVERLOADED(`${this.#requests} requests`);
  }

  watch(observation: ClientObservation): void {
    if (!this.connectionOriented && observation.peer.transport === undefined) return;
    const { key } = observation.peer;
    const ofPeer = this.#watched.get(key);
    if (ofPeer === undefined) this.#watched.set(key, new Set([observation]));
    else ofPeer.add(observation);
  }

  unwatch(observation: ClientObservation): void {
    const ofPeer = this.#watched.get(observation.peer.key);
    if (ofPeer?.delete(observation) && ofPeer.size === 0) this.#watched.delete(observation.peer.key);
  }

  /** The connection to a peer ended. What waits for answers was told by the sender. */
  onDisconnected(peer: Peer): void {
    for (const observation of [...(this.#watched.get(peer.key) ?? [])]) observation.onDisconnected();
  }

  #checkRoomToObserve(): void {
    const { observations } = this;
    if (observations >= this.#options.maximumObservations) {
      throw coapErrors.COAP_OVERLOADED(`${observations} observations`);
    }
  }

  /** @returns false when nobody waits for the message, or it must not be used */
  onResponse(message: Message, from: Peer): Taken {
    const owner = this.tokens.find(message, from);
    if (owner === undefined) return this.#strays(message);
    const unknown = unrecognisedCriticalOption(message, this.#options.additionalOptions);
    if (unknown === undefined) return owner.onResponse(message, from);
    // RFC 7252 §5.4.1: a response with an unrecognised critical option is rejected. Waiting on would help nobody.
    if (owner instanceof ClientExchange) {
      owner.fail(coapErrors.COAP_BAD_RESPONSE(from.key, `its critical option ${unknown} is not recognised`));
    } else if (owner instanceof ClientObservation) {
      // RFC 7641 §3.5: the Reset that it gets ends the observation on the other side.
      owner.end(`the critical option ${unknown} of a notification is not recognised`, 'peer');
    }
    return false;
  }

  /**
   * RFC 7252 §5.3.2: a response comes from where the request went, so that this one is not used. RFC 7641 §3.5 would reject it,
   * and so end an observation of somebody whose address changed (a NAT rebound); §4.2 of RFC 7252 lets it be ignored.
   */
  #strays(message: Message): Taken {
    let strayed = false;
    for (const owner of this.tokens.withToken(message)) {
      if (!(owner instanceof ClientObservation)) continue;
      owner.onStrayed();
      strayed = true;
    }
    return strayed && 'strayed';
  }

  onExchangeEnded(exchange: ClientExchange): void {
    this.tokens.remove(exchange);
    this.#requests--;
    this.deadlines.remove(exchange);
  }

  onExchangeHeldBack(exchange: ClientExchange, milliseconds: number): void {
    this.deadlines.set(exchange, exchange.deadline + milliseconds);
  }

  close(): void {
    this.#closed = true;
    for (const owner of this.tokens.all()) {
      if (owner instanceof ClientExchange) owner.fail(coapErrors.COAP_CLOSED());
      else if (owner instanceof ClientObservation) owner.end('the endpoint was closed');
      else if (owner instanceof GroupRequest) owner.onDeadline();
    }
  }
}
