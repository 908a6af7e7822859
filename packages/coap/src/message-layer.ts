import {
  type Clock,
  type DatagramListener,
  type DatagramPort,
  emptyBytes,
  type Log,
  type Peer,
  type Random,
} from '@yaolian/kernel';
import type { BlockSize } from './block-option.ts';
import { Code } from './codes.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { Outcome } from './deduplication.ts';
import { coapErrors } from './errors.ts';
import { Inbox } from './inbox.ts';
import {
  decodeMessage,
  type Message,
  type MessageFormatError,
  type MessageFormatReason,
  MessageType,
} from './message.ts';
import { encodedSize, encodeEmptyMessage, encodeMessage } from './message-encoder.ts';
import { datagramSizing, type MessageSizing } from './message-sizing.ts';
import type { TapSlot } from './message-tap.ts';
import type { Delivery, DeliveryListener, MessageReceiver, MessageSender, OutgoingMessage } from './messaging.ts';
import type { DropReason, MessageLayerMetrics } from './metrics.ts';
import { uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { nobody, Outbox } from './outbox.ts';
import { ProbingBudget } from './probing-budget.ts';
import { Admission, type RateLimit, RateLimiter } from './rate-limiter.ts';
import { hasToken } from './token.ts';
import type { TransmissionParameters } from './transmission-parameters.ts';

export interface MessageLayerOptions {
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly metrics: MessageLayerMetrics;
  readonly tap: TapSlot;
  readonly parameters: TransmissionParameters;
  readonly maximumOptions: number;
  readonly maximumQueuedPerPeer: number;
  readonly maximumQueued: number;
  readonly messageIdSequences: number;
  readonly deduplicationBytes: number;
  readonly rateLimit: RateLimit | undefined;
  readonly blockSize: BlockSize;
}

/** The message layer of RFC 7252 §4 over a datagram port: types, message IDs, retransmission, deduplication. */
export class MessageLayer implements DatagramListener, MessageSender {
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly #options: MessageLayerOptions;
  readonly #port: DatagramPort;
  readonly #clock: Clock;
  readonly #metrics: MessageLayerMetrics;
  readonly #tap: TapSlot;
  readonly #receiver: MessageReceiver;
  readonly #limiter: RateLimiter | undefined;
  readonly #probing: ProbingBudget;
  readonly #sizing: MessageSizing;
  #closed = false;

  constructor(options: MessageLayerOptions, receiver: MessageReceiver) {
    this.#options = options;
    this.#port = options.port;
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#tap = options.tap;
    this.#receiver = receiver;
    this.#sizing = datagramSizing(options.blockSize);
    this.outbox = new Outbox(options);
    this.inbox = new Inbox(options, this.outbox, receiver);
    this.#limiter = options.rateLimit === undefined ? undefined : new RateLimiter(options.rateLimit);
    this.#probing = new ProbingBudget(options.parameters.probingRate, options.parameters.probingBurst);
  }

  /** Starts to listen on the port. */
  open(): void {
    this.#port.listen(this);
  }

  close(): void {
    this.#closed = true;
    this.inbox.close();
    this.outbox.close(coapErrors.COAP_CLOSED());
  }

  sizing(): MessageSizing {
    return this.#sizing;
  }

  send(peer: Peer, message: OutgoingMessage, confirmable: boolean, listener?: DeliveryListener): Delivery | undefined {
    if (this.#closed) return undefined;
    // DEVIATION: RFC 7252 §4.7 counts NON requests against NSTART as well. Nobody says when their answers are no longer
    // expected, and one that was lost would hold up all that follow: PROBING_RATE bounds them.
    if (!confirmable && message.code < 0x20 && !this.#mayProbe(peer, message)) return undefined;
    if (confirmable || listener !== undefined) {
      return this.outbox.send(peer, message, confirmable, confirmable, listener ?? nobody);
    }
    return this.outbox.sendUntracked(peer, message) ? settled : undefined;
  }

  #mayProbe(peer: Peer, { token, options, payload }: OutgoingMessage): boolean {
    return this.#probing.spend(peer, encodedSize(token.length, options, payload), this.#clock.monotonic());
  }

  sendToGroup(group: Peer, message: OutgoingMessage): boolean {
    // RFC 7252 §8.1: a request to a group is NON.
    return this.outbox.sendUntracked(group, message);
  }

  ping(peer: Peer, listener: DeliveryListener): Delivery | undefined {
    return this.outbox.send(peer, emptyMessage, true, true, listener);
  }

  onSendError(error: Error, to: Peer): void {
    this.#metrics.sendErrors.add();
    this.outbox.onSendError(error, to);
    this.#tap.current?.onEvent(`the network refused a datagram: ${error.message}`, to);
    this.#options.log.debug('the network refused a datagram', { peer: to.key, error: error.message });
  }

  onDatagram(datagram: Uint8Array, from: Peer, multicast: boolean): void {
    this.#metrics.received.add();
    if (this.#closed) return;
    this.#tap.current?.onReceived(datagram, from, multicast);
    try {
      this.#receive(datagram, from, multicast);
    } catch (error) {
      // Nothing that a peer sends gets here; if a fault of ours does, it costs one datagram and not the process.
      this.#drop('internal error', from);
      this.#options.log.error('a datagram could not be processed', { peer: from.key, error });
    }
  }

  #receive(datagram: Uint8Array, from: Peer, multicast: boolean): void {
    this.#probing.heard(from);
    if (this.#limiter !== undefined && isCharged(datagram)) {
      const admission = this.#limiter.admit(from, this.#clock.monotonic());
      if (admission !== Admission.Admitted) {
        this.#onExcess(datagram, from, multicast, admission);
        return;
      }
    }
    const decoded = decodeMessage(datagram, this.#options.maximumOptions);
    if (!decoded.ok) {
      this.#onMalformed(decoded.error, from, multicast);
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case MessageType.CON:
      case MessageType.NON:
        this.#onInitiated(message, from, multicast);
        break;
      case MessageType.ACK:
        this.#onAcknowledgement(message, from);
        break;
      case MessageType.RST:
        this.#onReset(message, from);
        break;
    }
  }

  /** More than the peer may send: 4.29 to a CON a few times (RFC 8516), then silence. Nothing is remembered of the message. */
  #onExcess(datagram: Uint8Array, from: Peer, multicast: boolean, admission: Admission): void {
    this.#drop('rate limited', from);
    if (admission !== Admission.Refused || multicast || datagram[0]! >> 4 !== 4) return;
    const decoded = decodeMessage(datagram, this.#options.maximumOptions);
    if (!decoded.ok || decoded.value.code === 0) return;
    this.#metrics.refused.add();
    const { messageId, token } = decoded.value;
    const options = [uintOption(OptionNumber.MaxAge, this.#limiter!.retryAfter)];
    const type = MessageType.ACK;
    this.#transmit(
      encodeMessage({ type, code: Code.TooManyRequests, messageId, token, options, payload: emptyBytes }),
      from,
    );
  }

  /** RFC 7252 §4.2: a CON with a format error is rejected, everything else of that kind silently ignored (§4.3). */
  #onMalformed(error: MessageFormatError, from: Peer, multicast: boolean): void {
    this.#drop(error.reason, from);
    if (error.type === MessageType.CON && !multicast) this.#sendEmpty(MessageType.RST, error.messageId, from);
  }

  /** A message that the peer starts: CON or NON. */
  #onInitiated(message: Message, from: Peer, multicast: boolean): void {
    const { code } = message;
    if (code === 0) {
      this.#onEmpty(message, from, multicast);
      return;
    }
    // RFC 7252 §8.1: requests to a group are NON. One that is not must not be acknowledged or rejected by a crowd.
    if (multicast && message.type === MessageType.CON) {
      this.#drop('multicast confirmable', from);
      return;
    }
    const now = this.#clock.monotonic();
    if (this.inbox.repeats(message, from, now)) return;
    if (code < 0x20) this.inbox.accept(message, from, multicast, now);
    else this.#onSeparateResponse(message, from, multicast, now);
  }

  #onEmpty(message: Message, from: Peer, multicast: boolean): void {
    if (message.type === MessageType.NON) {
      this.#drop('empty non-confirmable', from);
      return;
    }
    // RFC 7252 §4.3: "CoAP ping": an Empty CON is answered by a Reset.
    if (multicast) this.#drop('multicast confirmable', from);
    else this.#sendEmpty(MessageType.RST, message.messageId, from);
  }

  /** A response that is not piggybacked. */
  #onSeparateResponse(message: Message, from: Peer, multicast: boolean, now: number): void {
    const taken = !multicast && this.#receiver.onResponse(message, from);
    if (taken === 'strayed') {
      this.#drop('notification from elsewhere', from);
      return;
    }
    if (!taken) {
      this.#drop('unexpected response', from);
      if (this.#limiter !== undefined && this.#limiter.admit(from, now) !== Admission.Admitted) return;
      // RFC 7641 §3.5: rejecting a notification ends the observation, whatever its type. Nothing is remembered: a copy is as
      // unexpected, and strangers must not fill the memory that is for what was expected.
      if (!multicast) this.#sendEmpty(MessageType.RST, message.messageId, from);
      return;
    }
    const confirmable = message.type === MessageType.CON;
    if (confirmable && typeof taken === 'object') {
      this.inbox.acknowledgeAfter(taken, message, from, now);
      return;
    }
    this.inbox.remember(from, message, confirmable ? Outcome.Acknowledged : Outcome.Silent, now);
    if (confirmable) this.#sendEmpty(MessageType.ACK, message.messageId, from);
  }

  #onAcknowledgement(message: Message, from: Peer): void {
    const transmission = this.outbox.find(from, message.messageId);
    // RFC 7252 §4.2: what does not fit an outstanding CON is silently ignored.
    if (!transmission?.confirmable) {
      this.#drop('unexpected acknowledgement', from);
      return;
    }
    if (message.code === 0) {
      this.outbox.acknowledge(transmission);
      transmission.listener.onAcknowledged();
      return;
    }
    // RFC 7252 §4.2: an ACK never carries a request. §5.3.2: a piggybacked response has the token of its request.
    if (message.code < 0x20) {
      this.#drop('misplaced code', from);
      return;
    }
    if (!hasToken(message, transmission.token)) {
      this.#drop('unexpected acknowledgement', from);
      return;
    }
    this.outbox.acknowledge(transmission);
    transmission.listener.onAcknowledged(true);
    if (!this.#receiver.onResponse(message, from)) this.#drop('unexpected response', from);
  }

  #onReset(message: Message, from: Peer): void {
    // RFC 7252 §4.2: a Reset is Empty.
    if (message.code !== 0) {
      this.#drop('misplaced code', from);
      return;
    }
    const transmission = this.outbox.find(from, message.messageId);
    if (transmission === undefined) {
      this.#drop('unexpected reset', from);
      return;
    }
    this.outbox.finish(transmission);
    transmission.listener.onRejected();
  }

  #sendEmpty(type: MessageType, messageId: number, to: Peer): void {
    this.#transmit(encodeEmptyMessage(type, messageId), to);
  }

  #drop(reason: MessageFormatReason | DropReason, from: Peer): void {
    this.#metrics.dropped(reason);
    this.#tap.current?.onJudged(reason, from);
  }

  #transmit(datagram: Uint8Array, to: Peer): void {
    this.#metrics.sent.add();
    this.#tap.current?.onSent(datagram, to, 'first');
    this.#port.send(datagram, to);
  }
}

const emptyMessage: OutgoingMessage = { code: 0, token: emptyBytes, options: [], payload: emptyBytes };
/** What there is to cancel when nobody asks. */
const settled: Delivery = { cancel() {} };

/** Whether a datagram counts against the rate limit: what starts as a request, a ping or a broken message does. */
function isCharged(datagram: Uint8Array): boolean {
  return datagram.length < 4 || ((datagram[0]! & 0x20) === 0 && datagram[1]! < 0x40);
}
