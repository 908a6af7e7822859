import { type Block, blockOf, blockOption, OptionNumber } from '@yaolian/coap';
import { type Delivery, type Message, type MessageSender, withOption } from '@yaolian/coap/messaging';
import {
  type Clock,
  concatBytes,
  emptyBytes,
  encodeHex,
  equalBytes,
  type Peer,
  type Random,
  seconds,
} from '@yaolian/kernel';
import { OuterCode, optionOf, requestHeader, rewritten } from './message-cipher.ts';
import type { OscorePeer } from './oscore-peer.ts';
import type { SentRequest } from './sent-request.ts';

export interface NotificationBlocksOptions {
  readonly sender: MessageSender;
  readonly clock: Clock;
  readonly random: Random;
  readonly maximumOptions: number;
  /** MAX_UNFRAGMENTED_SIZE; what is larger is given up. */
  readonly maximumUnfragmented: number;
  readonly maximumOuterTransfers: number;
}

/** A notification of which all blocks came. */
export interface WholeNotification {
  /** Its first block, of which all but the payload is that of the whole. */
  readonly message: Message;
  readonly sealed: Uint8Array;
  readonly header: Uint8Array;
  readonly peer: OscorePeer;
  readonly request: SentRequest;
}

interface Fetch extends Omit<WholeNotification, 'sealed'> {
  readonly token: Uint8Array;
  readonly size: Block['size'];
  readonly parts: Uint8Array[];
  received: number;
  usedAt: number;
  /** Whom the next block was asked of, by key. */
  asked: string;
  delivery: Delivery | undefined;
}

/** A transfer that pauses for longer is given up. */
const patience = seconds(60);
/** Requests of the layers above have tokens of 8 bytes. */
const tokenBytes = 7;

/**
 * Asks for the blocks of notifications that a proxy cut (RFC 8613 §4.1.3.4.2, RFC 7959 §3.4): by requests with tokens of their own, since
 * that of the observation is for notifications. Nothing proves a block; bounded in size, number and time, and one for each observation.
 */
export class NotificationBlocks {
  readonly #options: NotificationBlocksOptions;
  /** By token, in order of last use. */
  readonly #fetches = new Map<string, Fetch>();

  constructor(options: NotificationBlocksOptions) {
    this.#options = options;
  }

  /** Takes the first block of a notification, and asks for the next. @returns why it is not taken */
  begin(
    message: Message,
    block: Block,
    header: Uint8Array,
    peer: OscorePeer,
    request: SentRequest,
  ): string | undefined {
    if (!block.more || block.number !== 0 || !request.observing) return 'outer block out of order';
    // Its bytes are those of the datagram, which are others soon.
    const first = rewritten(message, message.options, this.#options.maximumOptions);
    if (first === undefined || request.binding === undefined) return 'outer block out of order';
    // RFC 7959 §3.4: a newer notification takes the place of one that is not whole.
    for (const other of this.#fetches.values()) if (other.request === request) this.#end(other);
    const now = this.#options.clock.monotonic();
    for (const oldest of this.#fetches.values()) {
      // One that was acknowledged and never answered ends here: nothing else would tell.
      const goesOn = now - oldest.usedAt <= patience;
      if (goesOn && this.#fetches.size < this.#options.maximumOuterTransfers) break;
      this.#end(oldest);
    }
    const fetch: Fetch = {
      ...{ message: first, header: header.slice(), peer, request, size: block.size },
      ...{ token: this.#newToken(), parts: [], received: 0, delivery: undefined },
      usedAt: this.#options.clock.monotonic(),
      asked: '',
    };
    this.#fetches.set(encodeHex(fetch.token), fetch);
    return this.#take(fetch, message.payload, block);
  }

  /**
   * A block counts only from where it was asked for (RFC 7252 §5.3.2): whoever else knows the token ends nothing.
   * @returns undefined: it is no block of a notification; a text: why there is no more of it; 'more' when it goes on
   */
  accept(message: Message, from: Peer): WholeNotification | string | undefined {
    if (this.#fetches.size === 0 || message.tokenLength !== tokenBytes) return undefined;
    const fetch = this.#fetches.get(encodeHex(message.token));
    if (fetch === undefined || fetch.asked !== from.key) return undefined;
    fetch.delivery?.cancel();
    const refuse = (reason: string) => {
      this.#end(fetch);
      return reason;
    };
    const header = optionOf(message, OptionNumber.OSCORE);
    const block = blockOf(message, OptionNumber.Block2);
    if (header === undefined || block === undefined) return refuse('not protected');
    // Another Partial IV: the proxy has a newer one by now, and says so by itself.
    if (!equalBytes(header, fetch.header)) return refuse('outer block of another notification');
    if (block.size !== fetch.size || block.number * block.size !== fetch.received) {
      return refuse('outer block out of order');
    }
    if (this.#options.clock.monotonic() - fetch.usedAt > patience) return refuse('outer block too late');
    const refused = this.#take(fetch, message.payload, block);
    if (refused !== undefined) return refused;
    if (block.more) return 'more';
    this.#end(fetch);
    const { message: first, peer, request } = fetch;
    return { message: first, sealed: concatBytes(fetch.parts), header: fetch.header, peer, request };
  }

  close(): void {
    for (const fetch of this.#fetches.values()) this.#end(fetch);
  }

  /** @returns why it is not taken */
  #take(fetch: Fetch, payload: Uint8Array, block: Block): string | undefined {
    const isWrong = block.more && payload.length !== block.size;
    const isTooLarge = fetch.received + payload.length > this.#options.maximumUnfragmented;
    if (isWrong || isTooLarge) {
      this.#end(fetch);
      return isWrong ? 'outer block out of order' : 'too large';
    }
    fetch.parts.push(payload.slice());
    fetch.received += payload.length;
    if (block.more && !this.#ask(fetch, block.number + 1)) {
      this.#end(fetch);
      return 'no room to ask for outer blocks';
    }
    return undefined;
  }

  #ask(fetch: Fetch, number: number): boolean {
    const { peer, request, token, size } = fetch;
    const key = encodeHex(token);
    this.#fetches.delete(key);
    this.#fetches.set(key, fetch);
    fetch.usedAt = this.#options.clock.monotonic();
    fetch.asked = peer.transport.key;
    // Without Observe: nothing new is to be observed.
    const header = {
      number: OptionNumber.OSCORE,
      value: requestHeader(request.binding!.context ?? peer.context, request.binding!),
    };
    const block = blockOption(OptionNumber.Block2, { number, more: false, size });
    const options = withOption(withOption(request.visible, header), block);
    const end = () => this.#end(fetch);
    const listener = { onAcknowledged: () => {}, onRejected: end, onFailed: end };
    const ask = { code: OuterCode.Fetch, token, options, payload: emptyBytes };
    fetch.delivery = this.#options.sender.send(peer.transport, ask, true, listener);
    return fetch.delivery !== undefined;
  }

  #end(fetch: Fetch): void {
    fetch.delivery?.cancel();
    this.#fetches.delete(encodeHex(fetch.token));
  }

  #newToken(): Uint8Array {
    let token: Uint8Array;
    do token = this.#options.random.bytes(tokenBytes);
    while (this.#fetches.has(encodeHex(token)));
    return token;
  }
}
