import { type Clock, type Log, type Peer, type Random, seconds, toMilliseconds } from '@yaolian/kernel';
import { type BlockwiseClient, type ExchangeRequest, isFirstOfMany, toExchangeRequest } from './blockwise-client.ts';
import type { MessageHooks } from './client-exchange.ts';
import { describeCode, isSuccess } from './codes.ts';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type {
  IncomingResponse,
  Observation,
  ObservationListener,
  OutgoingRequest,
  RequestControl,
} from './exchange.ts';
import { ClientResponse } from './incoming-response.ts';
import { type Message, MessageType } from './message.ts';
import type { Taken } from './messaging.ts';
import { isFresher } from './observe-sequence.ts';
import { findUint, uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { withOption } from './outgoing-options.ts';
import type { TokenOwner, TokenTable } from './token-table.ts';

/** What an observation needs of the client that made it. */
export interface ObservationHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly tokens: TokenTable;
  readonly blockwise: BlockwiseClient;
  /** Notifications come in order, and the peer forgets the observation with the connection (RFC 8323 §7.1, §7.4). */
  readonly connectionOriented: boolean;
  /** An observation that wants to be told of {@link ClientObservation.onDisconnected} begins or ends. */
  watch(observation: ClientObservation): void;
  unwatch(observation: ClientObservation): void;
  /** Sends a request, in blocks if its body is large, and waits for the response to the token of the observation. */
  send(
    peer: Peer,
    request: ExchangeRequest,
    control: RequestControl,
    token: Uint8Array,
    hooks: MessageHooks,
  ): Promise<Message>;
}

const observeRegister = 0;
const observeDeregister = 1;

/** The request with Observe 0. */
export function registering(request: ExchangeRequest): ExchangeRequest {
  return { ...request, options: withOption(request.options, uintOption(OptionNumber.Observe, observeRegister)) };
}

/** RFC 7641 §3.2: a 2.xx with an Observe option says that the peer took the observation on. */
export function isNotification(message: Message): boolean {
  return isSuccess(message.code) && findUint(message.options, OptionNumber.Observe) !== undefined;
}

/** The client's side of an observation (RFC 7641 §3). */
export class ClientObservation implements Observation, TokenOwner, Deadline {
  deadline = 0;
  queueIndex = -1;
  nextWithKey: TokenOwner | undefined = undefined;
  readonly peer: Peer;
  readonly token: Uint8Array;
  readonly #host: ObservationHost;
  /** As the caller gave it: encoded only when it is sent again, as there may be very many observations. */
  readonly #request: OutgoingRequest;
  readonly #listener: ObservationListener;
  /** Whether messages with the token come here. One field for all: there may be very many observations. */
  #state: 'registered' | 'unregistered' | 'over' = 'unregistered';
  /**
   * Sequence number and time of the newest notification; -1 before the first. In whole seconds, which are small numbers: there
   * may be very many observations.
   */
  #sequence = -1;
  #at = 0;
  /** Stops the fetching of blocks of a notification that is outdated. */
  #fetching: AbortController | undefined;

  constructor(
    host: ObservationHost,
    peer: Peer,
    token: Uint8Array,
    request: OutgoingRequest,
    listener: ObservationListener,
  ) {
    this.#host = host;
    this.peer = peer;
    this.token = token;
    this.#request = request;
    this.#listener = listener;
    if (listener.onStale !== undefined) host.watch(this);
    this.#register();
  }

  get active(): boolean {
    return this.#state !== 'over';
  }

  onResponse(message: Message): Taken {
    if (!isNotification(message)) return this.#onLast(message);
    return this.#noteFreshness(message) ? this.#deliver(message) : true;
  }

  /** Remembers the notification as the newest. False when it is not. */
  #noteFreshness(message: Message): boolean {
    const sequence = findUint(message.options, OptionNumber.Observe)! & 0xff_ffff;
    const at = this.#host.clock.monotonic();
    const isOld = this.#sequence >= 0 && !isFresher(this.#sequence, this.#at * 1000, sequence, at);
    // RFC 8323 §7.1: over a reliable transport the value of Observe is ignored.
    if (isOld && !this.#host.connectionOriented) return false;
    this.#sequence = sequence;
    this.#at = Math.ceil(at / 1000);
    if (this.#listener.onStale !== undefined) this.#expectMore(message, at);
    return true;
  }

  /** RFC 7641 §3.3.1: after Max-Age, wait a random 5 to 15 s before suspecting anything. */
  #expectMore(message: Message, now: number): void {
    const age = toMilliseconds(new ClientResponse(message, this.peer).maxAge);
    this.#host.deadlines.set(this, now + age + 5000 + this.#host.random.fraction() * 10_000);
  }

  onDeadline(): void {
    this.#tell(() => this.#listener.onStale?.());
  }

  /** A message with its token came from another peer. */
  onStrayed(): void {
    this.#tell(() => this.#listener.onStrayed?.());
  }

  /** The response to the registration, which is the first notification; the caller has its content. */
  noteRegistration(message: Message): void {
    this.#noteFreshness(message);
  }

  /** RFC 7641 §3.2, §4.2: an error, or a response without Observe, says that there will be no more. */
  #onLast(message: Message): Taken {
    this.#stop();
    if (!isSuccess(message.code)) {
      this.#end(`the peer answered ${describeCode(message.code)}`, 'peer');
      return true;
    }
    const taken = this.#deliver(message);
    this.#end('the peer sent its last representation', 'peer');
    return taken;
  }

  #deliver(message: Message): Taken {
    this.#fetching?.abort();
    this.#fetching = undefined;
    if (!isFirstOfMany(message, this.#host.connectionOriented)) {
      const response = new ClientResponse(message, this.peer);
      const told = this.#tell(() => this.#listener.onNotification(response));
      return told ?? true;
    }
    // The peer may wait for the ACK before it gives further blocks.
    void this.#fetchRest(message);
    return true;
  }

  /** RFC 7959 §3.4: the rest of a large notification is fetched with tokens of its own. */
  async #fetchRest(first: Message): Promise<void> {
    const fetching = new AbortController();
    this.#fetching = fetching;
    try {
      const control = { signal: fetching.signal };
      const request = toExchangeRequest(this.#request);
      const response = await this.#host.blockwise.complete(this.peer, request, first, control);
      if (fetching.signal.aborted) return;
      this.#fetching = undefined;
      if (isSuccess(response.code)) this.#tell(() => this.#listener.onNotification(response));
    } catch (error) {
      if (fetching.signal.aborted) return;
      this.#host.log.warn('the rest of a notification did not come', { peer: this.peer.key, error });
    }
  }

  async cancel(control: RequestControl = {}): Promise<IncomingResponse> {
    this.#stop();
    // RFC 7641 §3.6: the same token and the same options, but for Observe 1.
    const observe = uintOption(OptionNumber.Observe, observeDeregister);
    const plain = toExchangeRequest(this.#request);
    const registered = this.#host.blockwise.negotiate(this.peer, plain);
    const request = { ...registered, options: withOption(registered.options, observe) };
    // A notification that was already under way is not the answer.
    const accepts = (message: Message) => message.type === MessageType.ACK || !isNotification(message);
    const first = await this.#host.send(this.peer, request, control, this.token, { accepts });
    return this.#host.blockwise.complete(this.peer, plain, first, control);
  }

  async refresh(control: RequestControl = {}): Promise<IncomingResponse> {
    if (!this.active) throw new TypeError('the observation is over');
    this.#unregister();
    try {
      const plain = toExchangeRequest(this.#request);
      const request = registering(this.#host.blockwise.negotiate(this.peer, plain));
      const onMessage = (message: Message) => this.#onRefreshed(message);
      // RFC 7641 §3.1: a notification of before has the same token: while no ACK came, it does not prove that the request
      // arrived. With the ACK it counts: a separate response may overtake its ACK (RFC 7252 §5.2.2), and looks the same.
      let crossing: Message | undefined;
      const cameBefore = () => crossing;
      const accepts = (message: Message, acknowledged: boolean) => {
        if (acknowledged || message.type === MessageType.ACK || !isNotification(message)) return true;
        if (this.#host.connectionOriented || !request.confirmable) return true;
        crossing = message;
        this.onResponse(message);
        return false;
      };
      const hooks = { accepts, onMessage, cameBefore };
      const first = await this.#host.send(this.peer, request, control, this.token, hooks);
      return await this.#host.blockwise.complete(this.peer, plain, first, control);
    } finally {
      // No answer proves nothing: the next notification is welcome.
      this.#register();
    }
  }

  /** In the turn in which the message came: the next one may be in the same batch. */
  #onRefreshed(message: Message): void {
    if (!this.active) return;
    if (isNotification(message)) {
      this.#register();
      this.#noteFreshness(message);
    } else {
      this.end(`the peer answered ${describeCode(message.code)}`, 'peer');
    }
  }

  forget(): void {
    if (!this.active) return;
    if (!this.#host.connectionOriented) {
      this.#stop();
      return;
    }
    // RFC 8323 §7.4: there is no Reset to answer the next notification with; the peer is told. If it cannot be, it is gone.
    this.cancel({ timeout: seconds(30) }).catch((error: unknown) => {
      this.#host.log.debug('an observation could not be cancelled', { peer: this.peer.key, error });
    });
  }

  /** The connection to the peer is gone, and with it what the peer knew of the observation (RFC 8323 §7.4). */
  onDisconnected(): void {
    if (!this.active) return;
    this.#host.deadlines.remove(this);
    this.#tell(() => this.#listener.onStale?.());
  }

  /** Ends it, and tells the listener. */
  end(reason: string, by: 'peer' | 'endpoint' = 'endpoint'): void {
    if (!this.active) return;
    this.#stop();
    this.#end(reason, by);
  }

  #stop(): void {
    if (!this.active) return;
    this.#unregister();
    this.#state = 'over';
    this.#fetching?.abort();
    this.#fetching = undefined;
    this.#host.deadlines.remove(this);
    this.#host.unwatch(this);
  }

  #register(): void {
    if (this.#state !== 'unregistered') return;
    this.#state = 'registered';
    this.#host.tokens.add(this);
  }

  #unregister(): void {
    if (this.#state !== 'registered') return;
    this.#state = 'unregistered';
    this.#host.tokens.remove(this);
  }

  #end(reason: string, by: 'peer' | 'endpoint'): void {
    this.#tell(() => this.#listener.onEnded?.(reason, by));
  }

  /** @returns what is to be waited for, if anything. It does not reject. */
  #tell(call: () => unknown): Promise<unknown> | undefined {
    try {
      const told = call();
      return told instanceof Promise ? told.catch((error: unknown) => this.#failed(error)) : undefined;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #failed(error: unknown): void {
    this.#host.log.error('an observation listener failed', { peer: this.peer.key, error });
  }
}
