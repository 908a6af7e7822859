import type { Peer, YaolianError } from '@yaolian/kernel';
import type { Deadline } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import type { Message } from './message.ts';
import type { Delivery, DeliveryListener } from './messaging.ts';
import type { TokenOwner } from './token-table.ts';

/** What one exchange needs of whoever runs it. */
export interface ExchangeOwner {
  /** The exchange is over: its token and deadline are free. */
  onExchangeEnded(exchange: ClientExchange): void;
  /** The exchange may take this many milliseconds longer. */
  onExchangeHeldBack(exchange: ClientExchange, milliseconds: number): void;
}

/** Which messages with the token of an exchange concern it, and what happens when its response came. */
export interface MessageHooks {
  /** False for messages that are not the response: they are acknowledged and forgotten. */
  readonly accepts?: (message: Message, acknowledged: boolean) => boolean;
  /** Sees the response in the turn in which it came, before the promise is resolved and when the token is free. */
  readonly onMessage?: (message: Message) => void;
  /** Asked when an empty ACK came: a message of before that is the response, if one was (RFC 7252 §5.2.2). */
  readonly cameBefore?: () => Message | undefined;
}

/** One request on its way and the wait for its response: a token, at most one delivery, one deadline. */
export class ClientExchange implements TokenOwner, Deadline, DeliveryListener {
  deadline = 0;
  queueIndex = -1;
  nextWithKey: TokenOwner | undefined = undefined;
  readonly peer: Peer;
  readonly token: Uint8Array;
  delivery: Delivery | undefined = undefined;
  /** Whether the caller set a time-out of his own. */
  timed = false;
  readonly #owner: ExchangeOwner;
  readonly #resolve: (response: Message) => void;
  readonly #reject: (error: YaolianError) => void;
  readonly #hooks: MessageHooks | undefined;
  readonly #signal: AbortSignal | undefined;
  #done = false;
  #acknowledged = false;

  constructor(
    owner: ExchangeOwner,
    peer: Peer,
    token: Uint8Array,
    resolve: (response: Message) => void,
    reject: (error: YaolianError) => void,
    signal: AbortSignal | undefined,
    hooks: MessageHooks | undefined,
  ) {
    this.#owner = owner;
    this.peer = peer;
    this.token = token;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#hooks = hooks;
    this.#signal = signal;
    signal?.addEventListener('abort', this);
  }

  /** The caller's signal (an EventListener). */
  handleEvent(): void {
    this.fail(coapErrors.COAP_ABORTED(this.#signal?.reason));
  }

  onResponse(message: Message): boolean {
    if (this.#done) return false;
    if (this.#hooks?.accepts?.(message, this.#acknowledged) === false) return true;
    this.#end();
    this.#hooks?.onMessage?.(message);
    this.#resolve(message);
    return true;
  }

  onAcknowledged(withResponse = false): void {
    this.#acknowledged = true;
    if (withResponse) return;
    // The response is a message of its own (RFC 7252 §5.2.2), and may have overtaken the ACK; else the deadline goes on.
    const response = this.#hooks?.cameBefore?.();
    if (response) this.onResponse(response);
  }

  onRejected(): void {
    this.fail(coapErrors.COAP_RESET(this.peer.key));
  }

  onFailed(error: YaolianError): void {
    this.fail(error);
  }

  onHeldBack(milliseconds: number): void {
    if (!this.#done && !this.timed) this.#owner.onExchangeHeldBack(this, milliseconds);
  }

  onDeadline(): void {
    this.fail(this.delivery?.timeoutError ?? coapErrors.COAP_TIMEOUT(this.peer.key));
  }

  fail(error: YaolianError): void {
    if (this.#done) return;
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.#done = true;
    this.#signal?.removeEventListener('abort', this);
    this.#owner.onExchangeEnded(this);
    // RFC 7252 §5.2.2: a response is as good as the ACK that was lost.
    this.delivery?.cancel();
  }
}
