import { type Clock, type Duration, emptyBytes, hours, type Log, type Peer, type YaolianError } from '@yaolian/kernel';
import { Code, isResponseCode, isSuccess } from './codes.ts';
import type { Deadline, DeadlineQueue } from './deadline-queue.ts';
import type { Observer, OutgoingResponse } from './exchange.ts';
import type { Delivery, DeliveryListener, MessageSender, OutgoingMessage } from './messaging.ts';
import { nextSequence } from './observe-sequence.ts';
import { uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';
import { checkSize, responseOptions, withOption } from './outgoing-options.ts';
import type { OutgoingBody, ResponseCutter } from './response-cutter.ts';

/** RFC 7641 §4.5: at least this often a notification asks for an acknowledgement. */
const longestWithoutConfirmation = hours(24);

/** What an observer needs of the server that has it. */
export interface ObserverHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly sender: MessageSender;
  readonly cutter: ResponseCutter;
  /** Non-confirmable notifications come no faster than this on average (RFC 7641 §4.5.1). */
  readonly notificationInterval: Duration;
  /** So many may come at once before the average counts. */
  readonly notificationBurst: number;
  /** After so many non-confirmable notifications one is confirmable (RFC 7641 §7). */
  readonly maximumUnconfirmedNotifications: number;
  /** How long to wait after the message layer had no room. */
  readonly retryDelay: Duration;
  /** The observer is over, for whatever reason. */
  onObserverEnded(observer: ServerObserver): void;
}

/** What is known of an observer when it registers. */
export interface Registration {
  readonly peer: Peer;
  readonly token: Uint8Array;
  /** Identifies the request among those whose bodies are kept for block-wise transfer. */
  readonly requestKey: string;
  /** The SZX limit that the request carried, if any, as a Block2 value; -1 without. */
  readonly block2: number;
  /** Whether the request was a CON: then notifications are, unless they are told otherwise. */
  readonly confirmable: boolean;
  /** Bytes that keeping the request takes. */
  readonly memory: number;
  /** {@link OutgoingMessage.binding} of its notifications. */
  readonly binding: unknown;
  readonly onEnded: () => void;
}

interface Waiting {
  readonly response: OutgoingResponse;
  readonly confirmable: boolean;
}

/** Somebody who observes a resource of ours (RFC 7641 §4): what was sent, what waits, and how to tell that it is over. */
export class ServerObserver implements Observer, DeliveryListener, Deadline {
  deadline = 0;
  queueIndex = -1;
  readonly peer: Peer;
  readonly token: Uint8Array;
  readonly #host: ObserverHost;
  readonly #registration: Registration;
  #active = true;
  /** Whether the response to the registration is out; until then notifications wait. */
  #established = false;
  /** What the first representation came in; `null` as long as there was none. */
  #contentFormat: number | undefined | null = null;
  #sequence: number | undefined;
  #lastConfirmable: number;
  /** Non-confirmable notifications since then. */
  #unconfirmedCount = 0;
  /** A CON that is not acknowledged yet. */
  #inFlight: Delivery | undefined;
  /** The last NON, which may still be answered by a Reset. */
  #unconfirmed: Delivery | undefined;
  /** What is on its way as a CON. */
  #sending: Waiting | undefined;
  /** The latest state, when it could not be sent at once. */
  #waiting: Waiting | undefined;
  /** The pace of NON notifications: how many may go now, and when that was reckoned. */
  #allowance: number;
  #reckonedAt: number;

  constructor(host: ObserverHost, registration: Registration) {
    this.#host = host;
    this.#registration = registration;
    this.peer = registration.peer;
    this.token = registration.token;
    this.#lastConfirmable = host.clock.monotonic();
    this.#allowance = host.notificationBurst;
    this.#reckonedAt = this.#lastConfirmable;
  }

  get memory(): number {
    return this.#registration.memory;
  }

  get active(): boolean {
    return this.#active;
  }

  /** The sequence number for the response to the registration, which is the first notification. */
  establish(response: OutgoingResponse): number {
    this.#established = true;
    this.#keepsFormat(response);
    return this.#advance();
  }

  /** How the first notification fares, when it is a message of its own. */
  watch(delivery: Delivery | undefined): void {
    if (!this.#active) {
      delivery?.cancel();
      return;
    }
    if (this.#registration.confirmable) this.#inFlight = delivery;
    else this.#unconfirmed = delivery;
    this.#flush();
  }

  notify(response: OutgoingResponse, options: { readonly confirmable?: boolean } = {}): void {
    if (!this.#active) return;
    const confirmable = options.confirmable ?? this.#registration.confirmable;
    if (!isResponseCode(response.code)) throw new RangeError(`${response.code} is no response code`);
    if (!isSuccess(response.code)) {
      this.#sendLast(response, confirmable);
    } else if (this.#established && !this.#keepsFormat(response)) {
      // RFC 7641 §4.2: the Content-Format stays what it was; a server that cannot keep it says 4.06 and ends.
      this.#sendLast({ code: Code.NotAcceptable }, confirmable);
      this.#tellEnded();
    } else {
      // RFC 7641 §4.5.2: only the latest state waits.
      this.#waiting = { response, confirmable: confirmable || this.#waiting?.confirmable === true };
      this.#flush();
    }
  }

  /** Whether a representation has the Content-Format of those before. A 2.03 has none. */
  #keepsFormat({ code, contentFormat }: OutgoingResponse): boolean {
    if (code !== Code.Content) return true;
    if (this.#contentFormat === null) this.#contentFormat = contentFormat;
    return this.#contentFormat === contentFormat;
  }

  end(): void {
    this.#stop();
  }

  /** Ends it and tells its owner. */
  terminate(): void {
    if (!this.#active) return;
    this.#stop();
    this.#tellEnded();
  }

  #tellEnded(): void {
    try {
      this.#registration.onEnded();
    } catch (error) {
      this.#host.log.error('an observer could not be ended', { peer: this.peer.key, error });
    }
  }

  onAcknowledged(): void {
    this.#inFlight = undefined;
    this.#sending = undefined;
    this.#flush();
  }

  /** RFC 7641 §3.6: a Reset says that the peer is not interested any more. */
  onRejected(): void {
    this.terminate();
  }

  /** RFC 7641 §4.5: who does not acknowledge is not interested any more. That we are overloaded is not the peer's fault. */
  onFailed(error: YaolianError): void {
    if (error.code !== 'COAP_OVERLOADED') {
      this.terminate();
      return;
    }
    this.#inFlight = undefined;
    this.#waiting ??= this.#sending;
    this.#host.deadlines.set(this, this.#host.clock.monotonic() + this.#host.retryDelay);
  }

  /** RFC 7641 §4.5.2: instead of old news once more, the news. */
  takeNewer(): OutgoingMessage | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    this.#waiting = undefined;
    this.#sending = waiting;
    return this.#encode(waiting.response);
  }

  /** A pause is over: of the pace, or of a full queue. */
  onDeadline(): void {
    this.#flush();
  }

  #flush(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || !this.#active || !this.#established || this.#inFlight !== undefined) return;
    const { clock, deadlines } = this.#host;
    const now = clock.monotonic();
    const confirmable = waiting.confirmable || this.#isConfirmationDue(now);
    if (!confirmable) {
      const pause = this.#pause(now);
      if (pause > 0) {
        deadlines.set(this, now + pause);
        return;
      }
    }
    this.#waiting = undefined;
    this.#send(waiting, confirmable, now);
  }

  /**
   * RFC 7641 §4.5: the peer is asked once in 24 h whether it is still interested; §7: and once in so many notifications, so
   * that nobody can make us flood somebody else by one datagram with his address.
   */
  #isConfirmationDue(now: number): boolean {
    const { maximumUnconfirmedNotifications } = this.#host;
    if (this.#unconfirmedCount >= maximumUnconfirmedNotifications) return true;
    return now - this.#lastConfirmable >= longestWithoutConfirmation;
  }

  #send(waiting: Waiting, confirmable: boolean, now: number): void {
    const message = this.#encode(waiting.response);
    if (message === undefined) return;
    const delivery = this.#host.sender.send(this.peer, message, confirmable, this);
    if (delivery === undefined) {
      this.#waiting = waiting;
      this.#host.deadlines.set(this, now + this.#host.retryDelay);
    } else if (confirmable) {
      this.#lastConfirmable = now;
      this.#unconfirmedCount = 0;
      this.#inFlight = delivery;
      this.#sending = waiting;
    } else {
      this.#allowance--;
      this.#unconfirmedCount++;
      this.#unconfirmed?.cancel();
      this.#unconfirmed = delivery;
    }
  }

  /** Milliseconds until the next NON may go. */
  #pause(now: number): number {
    const { notificationInterval, notificationBurst } = this.#host;
    if (notificationInterval === 0) return 0;
    const earned = (now - this.#reckonedAt) / notificationInterval;
    this.#allowance = Math.min(notificationBurst, this.#allowance + earned);
    this.#reckonedAt = now;
    return this.#allowance >= 1 ? 0 : Math.ceil((1 - this.#allowance) * notificationInterval);
  }

  #advance(): number {
    this.#sequence = nextSequence(this.#sequence, this.#host.clock.epoch());
    return this.#sequence;
  }

  /** The message of a notification, or undefined when the response cannot be put into one: then the observation is over. */
  #encode(response: OutgoingResponse): OutgoingMessage | undefined {
    try {
      const { requestKey, block2, binding } = this.#registration;
      const body = bodyOf(response);
      const sizing = this.#host.sender.sizing(this.peer);
      const cut = this.#host.cutter.cut(body, () => requestKey, block2, sizing);
      const options = withOption(cut.options, uintOption(OptionNumber.Observe, this.#advance()));
      checkSize(options, cut.payload, sizing);
      return { code: cut.code, token: this.token, options, payload: cut.payload, binding };
    } catch (error) {
      this.#host.log.error('a notification cannot be encoded', { peer: this.peer.key, error });
      this.#sendLast({ code: Code.InternalServerError }, true);
      this.#tellEnded();
      return undefined;
    }
  }

  /** RFC 7641 §4.2: an error is the last notification, and has no Observe option. */
  #sendLast(response: OutgoingResponse, confirmable: boolean): void {
    const { code, options, payload } = bodyOf(response);
    checkSize(options, payload, this.#host.sender.sizing(this.peer));
    this.#stop();
    const { binding } = this.#registration;
    this.#host.sender.send(this.peer, { code, token: this.token, options, payload, binding }, confirmable);
  }

  #stop(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#waiting = undefined;
    this.#inFlight?.cancel();
    this.#unconfirmed?.cancel();
    this.#host.deadlines.remove(this);
    this.#host.onObserverEnded(this);
  }
}

function bodyOf(response: OutgoingResponse): OutgoingBody {
  return { code: response.code, options: responseOptions(response), payload: response.payload ?? emptyBytes };
}
