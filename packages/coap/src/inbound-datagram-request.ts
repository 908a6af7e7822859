import type { Peer } from '@yaolian/kernel';
import type { Deadline } from './deadline-queue.ts';
import { Outcome } from './deduplication.ts';
import type { Inbox } from './inbox.ts';
import type { Chained } from './key-chains.ts';
import type { Message } from './message.ts';
import type { Delivery, DeliveryListener, InboundRequest, OutgoingMessage } from './messaging.ts';
import type { Option } from './options.ts';

const State = {
  /** Nothing was sent. */
  Open: 0,
  /** An empty ACK was sent; a response will be a message of its own. */
  Acknowledged: 1,
  /** The response to a multicast request waits for its time. */
  Resting: 2,
  Answered: 3,
} as const;
type State = (typeof State)[keyof typeof State];

/** A request that came in a datagram, until it is answered. */
export class InboundDatagramRequest implements InboundRequest, Deadline, Chained<InboundDatagramRequest> {
  deadline = 0;
  queueIndex = -1;
  readonly message: Message;
  readonly peer: Peer;
  readonly confirmable: boolean;
  readonly multicast: boolean;
  /** Whether it is in the table of pending requests. */
  pending = false;
  nextWithKey: InboundDatagramRequest | undefined = undefined;
  readonly #inbox: Inbox;
  #state: State = State.Open;
  #resting: OutgoingMessage | undefined = undefined;

  constructor(inbox: Inbox, message: Message, peer: Peer, confirmable: boolean, multicast: boolean) {
    this.#inbox = inbox;
    this.message = message;
    this.peer = peer;
    this.confirmable = confirmable;
    this.multicast = multicast;
  }

  get answered(): boolean {
    return this.#state === State.Answered;
  }

  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    const state = this.#state;
    if (state === State.Answered || state === State.Resting) return undefined;
    this.#state = State.Answered;
    if (this.confirmable && state === State.Open) {
      this.#inbox.piggyback(this, code, options, payload);
      return undefined;
    }
    const response = { code, token: this.message.token, options, payload };
    // RFC 7252 §5.2.2, §5.2.3: a separate response to a CON is a CON, the response to a NON is a NON.
    if (!this.multicast) return this.#inbox.sendSeparately(this.peer, response, this.confirmable, listener);
    if (this.#inbox.postponeAtLeisure(this)) {
      this.#state = State.Resting;
      this.#resting = response;
    }
    return undefined;
  }

  ignore(): void {
    const state = this.#state;
    this.#state = State.Answered;
    if (this.confirmable && state === State.Open) this.#inbox.conclude(this, Outcome.Acknowledged);
  }

  reject(): void {
    const state = this.#state;
    this.#state = State.Answered;
    if (this.confirmable && state === State.Open) this.#inbox.conclude(this, Outcome.Rejected);
  }

  /** The acknowledgement cannot wait any longer, or the leisure is over. */
  onDeadline(): void {
    if (this.#state === State.Resting) {
      this.#state = State.Answered;
      this.#inbox.sendRested(this, this.#resting!);
    } else if (this.#state === State.Open) {
      this.#state = State.Acknowledged;
      this.#inbox.conclude(this, Outcome.Acknowledged);
    }
  }
}
