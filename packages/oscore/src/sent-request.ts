import { type Block, findUint, type Option, OptionNumber } from '@yaolian/coap';
import type { Delivery, DeliveryListener, OutgoingMessage } from '@yaolian/coap/messaging';
import { concatBytes, emptyBytes } from '@yaolian/kernel';
import type { RequestBinding } from './message-cipher.ts';

/** What it takes to send a request once more. */
interface Unanswered {
  readonly message: OutgoingMessage;
  readonly confirmable: boolean;
  readonly listener: DeliveryListener | undefined;
}

const ordinals = 0x100_0000;
const none: readonly Option[] = [];
const notVisible: ReadonlySet<number> = new Set([OptionNumber.OSCORE, OptionNumber.Observe]);

/** A request that was sent protected: what its responses are bound to, and which notifications came. */
export class SentRequest implements Delivery {
  /** Present once it was sealed. */
  binding: RequestBinding | undefined = undefined;
  delivery: Delivery | undefined = undefined;
  /** What went out, until it is answered. */
  sealed: OutgoingMessage | undefined = undefined;
  /** Its options that are for proxies, with which further blocks of notifications are asked for too. */
  visible: readonly Option[] = none;
  #fragments: Uint8Array[] = [];
  #received = 0;
  /** Present until it is answered. */
  unanswered: Unanswered | undefined;
  /** Whether it went twice already, the second time with an Echo value. */
  repeated = false;
  /** How often it may go once more with another context (RFC 8613 Appendix B.2): both its steps, and those again. */
  #left = 4;
  /** Whether it asks to observe. */
  readonly observing: boolean;
  /** The Notification Number (RFC 8613 §4.1.3.5.2): the largest Partial IV of a notification; -1 before the first with one. */
  #notificationNumber = -1;
  #sawNotification = false;
  /** Notifications handed on, modulo 2^24. */
  #ordinal: number;

  /** @param before the request that was sent with this token earlier, as when an observation is refreshed */
  constructor(
    message: OutgoingMessage,
    confirmable: boolean,
    listener: DeliveryListener | undefined,
    before: SentRequest | undefined,
  ) {
    this.unanswered = { message, confirmable, listener };
    this.observing = findUint(message.options, OptionNumber.Observe) === 0;
    this.#ordinal = before === undefined ? 0 : before.#ordinal;
  }

  /** RFC 8613 §7.4.1: whether a notification is newer than all before. One without Partial IV is the oldest. */
  isNews(sequence: number | undefined): boolean {
    if (sequence === undefined) {
      if (this.#sawNotification) return false;
    } else {
      if (sequence <= this.#notificationNumber) return false;
      this.#notificationNumber = sequence;
    }
    this.#sawNotification = true;
    return true;
  }

  /**
   * Takes one Outer block of the response in.
   * @returns what came up to here, or why it is not taken
   */
  takeFragment({ number, size, more }: Block, payload: Uint8Array, most: number): Uint8Array | string {
    if (number === 0) {
      this.#fragments = [];
      this.#received = 0;
    }
    if (number * size !== this.#received || (more && payload.length !== size)) return 'outer block out of order';
    if (this.#received + payload.length > most) return 'too large';
    // The datagram may be a view of much more memory.
    this.#fragments.push(payload.slice());
    this.#received += payload.length;
    return more ? emptyBytes : concatBytes(this.#fragments);
  }

  /** The place of a notification among those handed on. */
  nextOrdinal(): number {
    this.#ordinal = (this.#ordinal + 1) % ordinals;
    return this.#ordinal;
  }

  /** Takes one of the times that it may go with another context. @returns false when there is none left */
  tries(): boolean {
    return this.#left-- > 0;
  }

  /** Makes it go once more, with other options. */
  repeat(options: readonly Option[]): void {
    const { message, confirmable, listener } = this.unanswered!;
    this.delivery?.cancel();
    this.repeated = true;
    this.unanswered = { message: { ...message, options }, confirmable, listener };
  }

  /** It is answered: nobody will ask for it again. */
  settle(): void {
    const visible = this.observing ? this.sealed?.options.filter(({ number }) => !notVisible.has(number)) : undefined;
    if (visible !== undefined && visible.length > 0) this.visible = visible;
    this.unanswered = undefined;
    this.delivery = undefined;
    this.sealed = undefined;
    this.#fragments = [];
  }

  cancel(): void {
    this.delivery?.cancel();
    this.settle();
  }
}
