import type { Clock, DatagramPort, Peer, Random, YaolianError } from '@yaolian/kernel';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import { type Chained, KeyChains, messageKey } from './key-chains.ts';
import { MessageType } from './message.ts';
import { encodedSize, encodeMessageInto } from './message-encoder.ts';
import { MessageIds } from './message-ids.ts';
import type { SendCause, TapSlot } from './message-tap.ts';
import type { Delivery, DeliveryListener, OutgoingMessage } from './messaging.ts';
import type { MessageLayerMetrics } from './metrics.ts';
import { deriveTransmissionTimes, type TransmissionParameters } from './transmission-parameters.ts';

export interface OutboxOptions {
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly deadlines: DeadlineQueue;
  readonly metrics: MessageLayerMetrics;
  readonly tap: TapSlot;
  readonly parameters: TransmissionParameters;
  /** Messages that wait behind others to the same peer. */
  readonly maximumQueuedPerPeer: number;
  /** Messages that wait, to all peers together. */
  readonly maximumQueued: number;
  /** Sequences of message IDs: a power of two. */
  readonly messageIdSequences: number;
}

const Phase = { Queued: 0, InFlight: 1, Acknowledged: 2, Done: 3 } as const;
type Phase = (typeof Phase)[keyof typeof Phase];

/** For messages whose fate nobody asks for. */
export const nobody: DeliveryListener = { onAcknowledged() {}, onRejected() {}, onFailed() {} };

/** What one peer has outstanding (RFC 7252 §4.7). Exists only while it has something. */
class Lane implements Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly peer: Peer;
  outstanding = 0;
  /** Why the network did not take what was sent lately, if it said so; a hint until somebody answers. */
  sendError: Error | undefined = undefined;
  readonly waiting: Transmission[] = [];
  readonly #outbox: Outbox;

  constructor(outbox: Outbox, peer: Peer) {
    this.#outbox = outbox;
    this.peer = peer;
  }

  /** There is a message ID again. */
  onDeadline(): void {
    this.#outbox.advance(this);
  }
}

/** One message that we send and whose fate matters: a CON until it is acknowledged, a NON that may be answered by a Reset. */
export class Transmission implements Deadline, Delivery, Chained<Transmission> {
  deadline = 0;
  queueIndex = -1;
  readonly peer: Peer;
  readonly token: Uint8Array;
  readonly confirmable: boolean;
  readonly listener: DeliveryListener;
  /** Whether it counts against NSTART. */
  readonly limited: boolean;
  readonly #outbox: Outbox;
  phase: Phase = Phase.Queued;
  messageId = -1;
  /** Until it is encoded. */
  message: OutgoingMessage | undefined;
  datagram: Uint8Array | undefined;
  /** Milliseconds until the next retransmission. */
  timeout = 0;
  retransmissions = 0;
  nextWithKey: Transmission | undefined = undefined;

  constructor(
    outbox: Outbox,
    peer: Peer,
    message: OutgoingMessage,
    confirmable: boolean,
    limited: boolean,
    listener: DeliveryListener,
  ) {
    this.#outbox = outbox;
    this.peer = peer;
    this.message = message;
    this.token = message.token;
    this.confirmable = confirmable;
    this.limited = limited;
    this.listener = listener;
  }

  cancel(): void {
    this.#outbox.finish(this);
  }

  get timeoutError(): YaolianError<'COAP_TIMEOUT'> {
    return this.#outbox.timeoutError(this.peer);
  }

  onDeadline(): void {
    this.#outbox.onTimeout(this);
  }
}

/** Sends messages reliably or not, in order of NSTART, and matches ACK and RST to them (RFC 7252 §4.2 to §4.7). */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #messageIds: MessageIds;
  readonly #lanes = new Map<string, Lane>();
  readonly #outstanding = new KeyChains<Transmission>();
  #queued = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { exchangeLifetime } = deriveTransmissionTimes(options.parameters);
    this.#messageIds = new MessageIds(options.random, exchangeLifetime, options.messageIdSequences);
  }

  get queued(): number {
    return this.#queued;
  }

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** A message ID that {@link Outbox} will not give to this peer again within EXCHANGE_LIFETIME; -1 when there is none. */
  nextMessageId(peer: Peer): number {
    return this.#messageIds.next(peer, this.#options.clock.monotonic());
  }

  /**
   * Sends a message, or queues it when NSTART interactions with the peer are outstanding or its message IDs are used up.
   *
   * @param limited false for messages that NSTART does not count: separate responses and NON
   * @returns undefined when the queue is full
   */
  send(
    peer: Peer,
    message: OutgoingMessage,
    confirmable: boolean,
    limited: boolean,
    listener: DeliveryListener,
  ): Transmission | undefined {
    const transmission = new Transmission(this, peer, message, confirmable, limited, listener);
    if (!limited) return this.#launch(transmission) || this.#queue(this.#laneOf(peer), transmission);
    const lane = this.#laneOf(peer);
    if (lane.outstanding >= this.#options.parameters.nstart || lane.waiting.length > 0) {
      return this.#queue(lane, transmission);
    }
    lane.outstanding++;
    if (this.#launch(transmission)) return transmission;
    lane.outstanding--;
    return this.#queue(lane, transmission);
  }

  #queue(lane: Lane, transmission: Transmission): Transmission | undefined {
    const { maximumQueuedPerPeer, maximumQueued } = this.#options;
    if (lane.waiting.length >= maximumQueuedPerPeer || this.#queued >= maximumQueued) {
      this.#tidy(lane);
      this.#options.tap.current?.onEvent('a message was refused: too many wait already', lane.peer);
      return undefined;
    }
    this.#options.tap.current?.onEvent('a message waits behind another', lane.peer);
    lane.waiting.push(transmission);
    this.#queued++;
    if (lane.queueIndex < 0) this.#awaitMessageId(lane);
    else transmission.listener.onHeldBack?.(lane.deadline - this.#options.clock.monotonic());
    return transmission;
  }

  /** Sends a NON whose fate nobody asks for. False when the message IDs are used up. */
  sendUntracked(peer: Peer, message: OutgoingMessage): boolean {
    const messageId = this.nextMessageId(peer);
    if (messageId < 0) {
      this.#options.metrics.messageIdsExhausted.add();
      return false;
    }
    this.#transmit(encode(message, MessageType.NON, messageId), peer, 'first');
    return true;
  }

  /** The transmission that an ACK or RST from `peer` with `messageId` is about. */
  find(peer: Peer, messageId: number): Transmission | undefined {
    let found = this.#outstanding.first(messageKey(peer, messageId));
    while (found !== undefined && found.peer.key !== peer.key) found = found.nextWithKey;
    return found;
  }

  /** The network refused a datagram to this peer. */
  onSendError(error: Error, peer: Peer): void {
    const lane = this.#lanes.get(peer.key);
    if (lane !== undefined) lane.sendError = error;
  }

  /** No answer came, and why that may be. */
  timeoutError(peer: Peer): YaolianError<'COAP_TIMEOUT'> {
    const error = this.#lanes.get(peer.key)?.sendError;
    return error === undefined
      ? coapErrors.COAP_TIMEOUT(peer.key)
      : coapErrors.COAP_TIMEOUT(peer.key, error.message, error);
  }

  /** An ACK came: no more retransmissions, and the next one may go. */
  acknowledge(transmission: Transmission): void {
    if (transmission.phase !== Phase.InFlight) return;
    const lane = this.#lanes.get(transmission.peer.key);
    if (lane !== undefined) lane.sendError = undefined;
    this.#release(transmission, Phase.Acknowledged);
  }

  /** Ends a transmission for good: answered, rejected, given up. */
  finish(transmission: Transmission): void {
    if (transmission.phase === Phase.Queued) {
      transmission.phase = Phase.Done;
      this.#unqueue(transmission);
    } else if (transmission.phase === Phase.InFlight) {
      this.#release(transmission, Phase.Done);
    } else {
      transmission.phase = Phase.Done;
    }
  }

  onTimeout(transmission: Transmission): void {
    const { parameters, metrics, deadlines } = this.#options;
    if (transmission.retransmissions >= parameters.maxRetransmit) {
      metrics.timeouts.add();
      this.#options.tap.current?.onEvent(gaveUp(transmission), transmission.peer);
      const error = transmission.timeoutError;
      this.finish(transmission);
      transmission.listener.onFailed(error);
      return;
    }
    // RFC 7252 §4.2: sent again, the counter incremented and the time-out doubled.
    transmission.retransmissions++;
    transmission.timeout *= 2;
    metrics.retransmissions.add();
    this.#renew(transmission);
    // What was to take its place could not be encoded: then it is given up.
    if (transmission.phase !== Phase.InFlight) return;
    this.#transmit(transmission.datagram!, transmission.peer, 'retransmission');
    deadlines.set(transmission, this.#options.clock.monotonic() + transmission.timeout);
  }

  /** Puts a newer message into the place of an unacknowledged one, with a message ID of its own. */
  #renew(transmission: Transmission): void {
    if (transmission.listener.takeNewer === undefined) return;
    // Without a message ID the old one goes out again, and what is newer goes on waiting.
    const messageId = this.nextMessageId(transmission.peer);
    const message = messageId < 0 ? undefined : transmission.listener.takeNewer();
    if (message === undefined || transmission.phase !== Phase.InFlight) return;
    this.#untrack(transmission);
    transmission.messageId = messageId;
    transmission.datagram = encode(message, MessageType.CON, messageId);
    this.#track(transmission);
  }

  /** Tells everybody who waits that the endpoint is gone. */
  close(error: YaolianError): void {
    const all = [...this.#lanes.values()].flatMap((lane) => lane.waiting);
    all.push(...this.#outstanding.all());
    for (const lane of this.#lanes.values()) this.#options.deadlines.remove(lane);
    this.#lanes.clear();
    this.#outstanding.clear();
    this.#queued = 0;
    for (const transmission of all) {
      this.#options.deadlines.remove(transmission);
      transmission.phase = Phase.Done;
      transmission.listener.onFailed(error);
    }
  }

  /** @returns undefined when there is no message ID */
  #launch(transmission: Transmission): Transmission | undefined {
    const { clock, parameters, random, deadlines } = this.#options;
    const messageId = this.nextMessageId(transmission.peer);
    if (messageId < 0) return undefined;
    const type = transmission.confirmable ? MessageType.CON : MessageType.NON;
    const datagram = encode(transmission.message!, type, messageId);
    transmission.phase = Phase.InFlight;
    transmission.messageId = messageId;
    transmission.message = undefined;
    this.#track(transmission);
    if (transmission.confirmable) {
      transmission.datagram = datagram;
      // RFC 7252 §4.2: a random time from ACK_TIMEOUT to ACK_TIMEOUT * ACK_RANDOM_FACTOR.
      transmission.timeout = parameters.ackTimeout * (1 + random.fraction() * (parameters.ackRandomFactor - 1));
      deadlines.set(transmission, clock.monotonic() + transmission.timeout);
    }
    this.#transmit(datagram, transmission.peer, 'first');
    return transmission;
  }

  #transmit(datagram: Uint8Array, to: Peer, cause: SendCause): void {
    const { metrics, tap, port } = this.#options;
    metrics.sent.add();
    tap.current?.onSent(datagram, to, cause);
    port.send(datagram, to);
  }

  #release(transmission: Transmission, phase: Phase): void {
    transmission.phase = phase;
    transmission.datagram = undefined;
    this.#options.deadlines.remove(transmission);
    this.#untrack(transmission);
    if (transmission.limited) this.#leaveLane(transmission.peer);
  }

  #laneOf(peer: Peer): Lane {
    let lane = this.#lanes.get(peer.key);
    if (lane === undefined) {
      lane = new Lane(this, peer);
      this.#lanes.set(peer.key, lane);
    }
    return lane;
  }

  #leaveLane(peer: Peer): void {
    const lane = this.#lanes.get(peer.key);
    if (lane === undefined) return;
    lane.outstanding--;
    this.advance(lane);
  }

  /** @internal Sends what waits, as far as NSTART and the message IDs allow. */
  advance(lane: Lane): void {
    const { waiting } = lane;
    const { nstart } = this.#options.parameters;
    while (waiting.length > 0 && this.#messageIds.delay(lane.peer, this.#options.clock.monotonic()) === 0) {
      const index = waiting.findIndex(({ limited }) => !limited || lane.outstanding < nstart);
      if (index < 0) break;
      const next = waiting.splice(index, 1)[0]!;
      this.#queued--;
      const newer = next.listener.takeNewer?.();
      // Encoding what is newer may have ended it.
      if (next.phase !== Phase.Queued) continue;
      next.message = newer ?? next.message;
      if (next.limited) lane.outstanding++;
      this.#launch(next);
    }
    this.#awaitMessageId(lane);
    this.#tidy(lane);
  }

  /** RFC 7252 §4.4: what has no message ID waits until one may be used again. */
  #awaitMessageId(lane: Lane): void {
    if (lane.waiting.length === 0 || lane.queueIndex >= 0) return;
    const now = this.#options.clock.monotonic();
    const delay = this.#messageIds.delay(lane.peer, now);
    if (delay === 0) return;
    this.#options.metrics.messageIdsExhausted.add();
    for (const { listener } of lane.waiting) listener.onHeldBack?.(delay);
    this.#options.deadlines.set(lane, now + delay);
  }

  #tidy(lane: Lane): void {
    if (lane.outstanding > 0 || lane.waiting.length > 0) return;
    this.#options.deadlines.remove(lane);
    this.#lanes.delete(lane.peer.key);
  }

  #unqueue(transmission: Transmission): void {
    const lane = this.#lanes.get(transmission.peer.key);
    const index = lane?.waiting.indexOf(transmission) ?? -1;
    if (index < 0) return;
    lane!.waiting.splice(index, 1);
    this.#queued--;
    this.#tidy(lane!);
  }

  #track(transmission: Transmission): void {
    this.#outstanding.add(messageKey(transmission.peer, transmission.messageId), transmission);
  }

  #untrack(transmission: Transmission): void {
    this.#outstanding.remove(messageKey(transmission.peer, transmission.messageId), transmission);
  }
}

function gaveUp({ messageId, retransmissions }: Transmission): string {
  return `gave up: message ${messageId} was sent ${retransmissions + 1} times and nobody acknowledged it`;
}

function encode({ code, token, options, payload }: OutgoingMessage, type: MessageType, messageId: number): Uint8Array {
  const datagram = new Uint8Array(encodedSize(token.length, options, payload));
  encodeMessageInto(datagram, 0, type, code, messageId, token, options, payload);
  return datagram;
}
