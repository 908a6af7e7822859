import type { Clock, DatagramPort, Peer, Random } from '@yaolian/kernel';
import type { DeadlineQueue } from './deadline-queue.ts';
import { Deduplication, Outcome } from './deduplication.ts';
import { InboundDatagramRequest } from './inbound-datagram-request.ts';
import { KeyChains, messageKey } from './key-chains.ts';
import { type Message, MessageType } from './message.ts';
import { encodedSize, encodeEmptyMessage, encodePiggybackedInto } from './message-encoder.ts';
import type { SendCause, TapSlot } from './message-tap.ts';
import type { Delivery, DeliveryListener, MessageReceiver, OutgoingMessage } from './messaging.ts';
import type { MessageLayerMetrics } from './metrics.ts';
import type { Option } from './options.ts';
import { nobody, type Outbox } from './outbox.ts';
import { hasToken } from './token.ts';
import { deriveTransmissionTimes, type TransmissionParameters } from './transmission-parameters.ts';

export interface InboxOptions {
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly deadlines: DeadlineQueue;
  readonly metrics: MessageLayerMetrics;
  readonly tap: TapSlot;
  readonly parameters: TransmissionParameters;
  readonly deduplicationBytes: number;
  /** Answers to multicast requests that wait for their time; beyond, they are not given. */
  readonly maximumQueued: number;
}

/** What came from others, so that each message is processed once and every copy of it is answered alike (RFC 7252 §4). */
export class Inbox {
  readonly deduplication: Deduplication;
  readonly #options: InboxOptions;
  readonly #port: DatagramPort;
  readonly #clock: Clock;
  readonly #metrics: MessageLayerMetrics;
  readonly #tap: TapSlot;
  readonly #receiver: MessageReceiver;
  readonly #outbox: Outbox;
  /** Confirmable requests whose handler is at work and which are not acknowledged yet. */
  readonly #pending = new KeyChains<InboundDatagramRequest>();
  readonly #sweep = { deadline: 0, queueIndex: -1, onDeadline: () => this.#expireDuplicates() };
  /** Answers to multicast requests that wait for their time. */
  #resting = 0;
  #closed = false;

  constructor(options: InboxOptions, outbox: Outbox, receiver: MessageReceiver) {
    this.#options = options;
    this.#port = options.port;
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#tap = options.tap;
    this.#receiver = receiver;
    this.#outbox = outbox;
    const { exchangeLifetime, nonLifetime } = deriveTransmissionTimes(options.parameters);
    this.deduplication = new Deduplication({
      exchangeLifetime,
      nonLifetime,
      maximumBytes: options.deduplicationBytes,
      seed: options.random.uint32(),
      onEvicted: (count) => this.#metrics.evictedDuplicates.add(count),
    });
  }

  close(): void {
    this.#closed = true;
    this.#pending.clear();
    this.deduplication.clear();
  }

  /** Whether a CON or NON came before; then it is answered as it was then. */
  repeats(message: Message, from: Peer, now: number): boolean {
    const seen = this.deduplication.find(from, message, now);
    const confirmable = message.type === MessageType.CON;
    // Its handler is at work: the answer to the first copy is the answer to this one.
    if (seen < 0 && (!confirmable || this.#pending.size === 0 || !this.#isPending(message, from))) return false;
    this.#metrics.duplicates.add();
    this.#tap.current?.onJudged('duplicate', from);
    if (seen >= 0) this.#answerAgain(seen, message.messageId, confirmable, from);
    return true;
  }

  #answerAgain(seen: number, messageId: number, confirmable: boolean, from: Peer): void {
    // RFC 7252 §4.3: duplicates of a NON are silently ignored.
    if (!confirmable) return;
    // RFC 7252 §4.2: every copy of a CON is answered by the same ACK or Reset.
    switch (this.deduplication.outcomeOf(seen)) {
      case Outcome.Answered:
        this.#transmit(this.deduplication.answerOf(seen), from, 'repeated answer');
        break;
      case Outcome.Acknowledged:
        this.#sendEmpty(MessageType.ACK, messageId, from, 'repeated answer');
        break;
      case Outcome.Rejected:
        this.#sendEmpty(MessageType.RST, messageId, from, 'repeated answer');
        break;
    }
  }

  /** A request that did not come before. */
  accept(message: Message, from: Peer, multicast: boolean, now: number): void {
    const confirmable = message.type === MessageType.CON;
    if (!confirmable) this.remember(from, message, Outcome.Silent, now);
    const request = new InboundDatagramRequest(this, message, from, confirmable, multicast);
    this.#receiver.onRequest(request);
    if (confirmable && !request.answered) this.#postpone(request, now);
  }

  /** The handler is not done: the ACK may wait a little for its answer (RFC 7252 §5.2.2). */
  #postpone(request: InboundDatagramRequest, now: number): void {
    request.pending = true;
    this.#pending.add(messageKey(request.peer, request.message.messageId), request);
    this.#options.deadlines.set(request, now + this.#options.parameters.acknowledgementDelay);
  }

  #isPending(message: Message, from: Peer): boolean {
    let one = this.#pending.first(messageKey(from, message.messageId));
    while (one !== undefined && !(one.peer.key === from.key && hasToken(message, one.message.token))) {
      one = one.nextWithKey;
    }
    return one !== undefined;
  }

  #settle(request: InboundDatagramRequest): void {
    if (!request.pending) return;
    request.pending = false;
    this.#options.deadlines.remove(request);
    this.#pending.remove(messageKey(request.peer, request.message.messageId), request);
  }

  /** @internal Sends the response on the ACK, and keeps it for duplicates of the request. */
  piggyback(request: InboundDatagramRequest, code: number, options: readonly Option[], payload: Uint8Array): void {
    this.#settle(request);
    if (this.#closed) return;
    const { message, peer } = request;
    const { deduplication } = this;
    const size = encodedSize(message.tokenLength, options, payload);
    deduplication.reserve(peer, message, Outcome.Answered, size, this.#clock.monotonic());
    const end = encodePiggybackedInto(deduplication.target, deduplication.offset, message, code, options, payload);
    const datagram = deduplication.commit(end);
    this.#watchExpiry();
    this.#transmit(datagram, peer, 'first');
  }

  /** @internal Answers a CON without a response: an empty ACK, or a Reset. */
  conclude(request: InboundDatagramRequest, outcome: typeof Outcome.Acknowledged | typeof Outcome.Rejected): void {
    this.#settle(request);
    if (this.#closed) return;
    const { message, peer } = request;
    this.remember(peer, message, outcome, this.#clock.monotonic());
    const type = outcome === Outcome.Rejected ? MessageType.RST : MessageType.ACK;
    this.#sendEmpty(type, message.messageId, peer, 'first');
  }

  /** @internal Sends a response as a message of its own (RFC 7252 §5.2.2, §5.2.3). NSTART is for what a client asks. */
  sendSeparately(
    peer: Peer,
    response: OutgoingMessage,
    confirmable: boolean,
    listener: DeliveryListener | undefined,
  ): Delivery | undefined {
    if (this.#closed) return undefined;
    if (!confirmable && listener === undefined) {
      this.#outbox.sendUntracked(peer, response);
      return undefined;
    }
    return this.#outbox.send(peer, response, confirmable, false, listener ?? nobody);
  }

  /** @internal Waits for the leisure that RFC 7252 §8.2 asks of answers to multicast. False when too many wait already. */
  postponeAtLeisure(request: InboundDatagramRequest): boolean {
    if (this.#closed || this.#resting >= this.#options.maximumQueued) return false;
    this.#resting++;
    const leisure = this.#options.random.fraction() * this.#options.parameters.defaultLeisure;
    this.#options.deadlines.set(request, this.#clock.monotonic() + leisure);
    return true;
  }

  /** @internal */
  sendRested(request: InboundDatagramRequest, response: OutgoingMessage): void {
    this.#resting--;
    if (!this.#closed) this.#outbox.sendUntracked(request.peer, response);
  }

  /** Acknowledges a CON when `work` is over. Until then its copies are passed over: their sender is to wait. */
  acknowledgeAfter(work: Promise<unknown>, message: Message, from: Peer, now: number): void {
    this.remember(from, message, Outcome.Silent, now);
    const acknowledge = () => {
      if (this.#closed) return;
      const seen = this.deduplication.find(from, message, this.#clock.monotonic());
      if (seen >= 0) this.deduplication.conclude(seen, Outcome.Acknowledged);
      this.#sendEmpty(MessageType.ACK, message.messageId, from, 'first');
    };
    void work.finally(acknowledge);
  }

  /** Remembers what became of a message that has no answer to keep. */
  remember(peer: Peer, message: Message, outcome: Outcome, now: number): void {
    this.deduplication.add(peer, message, outcome, now);
    this.#watchExpiry();
  }

  #watchExpiry(): void {
    if (this.#sweep.queueIndex >= 0) return;
    const expiry = this.deduplication.nextExpiry;
    if (expiry !== undefined) this.#options.deadlines.set(this.#sweep, expiry);
  }

  #expireDuplicates(): void {
    this.deduplication.expire(this.#clock.monotonic());
    this.#watchExpiry();
  }

  #sendEmpty(type: MessageType, messageId: number, to: Peer, cause: SendCause): void {
    this.#transmit(encodeEmptyMessage(type, messageId), to, cause);
  }

  #transmit(datagram: Uint8Array, to: Peer, cause: SendCause): void {
    this.#metrics.sent.add();
    this.#tap.current?.onSent(datagram, to, cause);
    this.#port.send(datagram, to);
  }
}
