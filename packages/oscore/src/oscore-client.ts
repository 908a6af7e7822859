import {
  blockOf,
  blockOption,
  Code,
  coapErrors,
  describeCode,
  isSuccess,
  type Option,
  OptionNumber,
  uintOption,
} from '@yaolian/coap';
import {
  type Delivery,
  type DeliveryListener,
  type Message,
  type MessageSender,
  type OutgoingMessage,
  type ProtectedReceiver,
  type Taken,
  withOption,
} from '@yaolian/coap/messaging';
import { type Clock, decodeUtf8, emptyBytes, type Peer, type Random } from '@yaolian/kernel';
import { decodeCborBytes } from './cbor.ts';
import { decodePartialIv } from './cose.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { oscoreErrors } from './errors.ts';
import {
  checkRequest,
  decryptedMessage,
  openResponse,
  optionOf,
  type RequestBinding,
  rewritten,
  sealRequest,
} from './message-cipher.ts';
import type { OscoreMetrics } from './metrics.ts';
import { NotificationBlocks, type WholeNotification } from './notification-blocks.ts';
import { NumberedSends } from './numbered-sends.ts';
import { decodeOscoreOption, type OscoreOption } from './oscore-option.ts';
import { OscorePeer, useContext } from './oscore-peer.ts';
import { type OscoreTapSlot, watched } from './oscore-tap.ts';
import type { Rederivations } from './rederivations.ts';
import type { SecurityContext } from './security-context.ts';
import { SentRequest } from './sent-request.ts';

export interface OscoreClientOptions {
  readonly sender: MessageSender;
  readonly receiver: ProtectedReceiver;
  readonly crypto: OscoreCrypto;
  readonly tap: OscoreTapSlot | undefined;
  readonly metrics: OscoreMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly rederivations: Rederivations;
  readonly maximumWaiting: number;
  readonly maximumOptions: number;
  readonly maximumUnfragmented: number;
  readonly maximumOuterTransfers: number;
}

/** What became of a response: the message to hand on, or why there is none. */
type Opened = { readonly message: Message; readonly r2?: Uint8Array } | { readonly drop: string };

/** The client's side of OSCORE: seals requests (RFC 8613 §8.1), opens their responses and notifications (§8.4). */
export class OscoreClient {
  readonly #options: OscoreClientOptions;
  readonly #onMoved: (peer: OscorePeer) => void;
  readonly #numbered: NumberedSends;
  readonly #notificationBlocks: NotificationBlocks;
  /**
   * How requests were sent, by their tokens: the very objects, which whoever waits for messages keeps. So the association of
   * RFC 8613 §8 lasts as long as the exchange or the observation does.
   */
  #sent = new WeakMap<Uint8Array, SentRequest>();

  /** @param onMoved hears of a peer that notifies from elsewhere */
  constructor(options: OscoreClientOptions, onMoved: (peer: OscorePeer) => void) {
    this.#options = options;
    this.#onMoved = onMoved;
    this.#numbered = new NumberedSends(options.maximumWaiting);
    this.#notificationBlocks = new NotificationBlocks(options);
  }

  close(): void {
    this.#notificationBlocks.close();
    this.#sent = new WeakMap();
  }

  send(
    peer: OscorePeer,
    message: OutgoingMessage,
    confirmable: boolean,
    listener: DeliveryListener | undefined,
  ): Delivery | undefined {
    checkRequest(message.options);
    const request = new SentRequest(message, confirmable, listener, this.#sent.get(message.token));
    return this.#transmit(peer, request) ? request : undefined;
  }

  #transmit(peer: OscorePeer, request: SentRequest): boolean {
    const { message, confirmable, listener } = request.unanswered!;
    const { crypto, metrics, sender, tap } = this.#options;
    const { context } = peer;
    const kid = context.credentials.senderId;
    request.delivery = this.#numbered.send(peer, context, listener, (partialIv) => {
      const binding = { kid, partialIv, context };
      const sealed = sealRequest(watched(crypto, context, tap), context, message, binding);
      metrics.sealed.add();
      // Before it is sent: the answer may be faster than the return.
      request.binding = binding;
      request.sealed = sealed;
      this.#sent.set(message.token, request);
      return sender.send(peer.transport, sealed, confirmable, listener);
    });
    return request.delivery !== undefined;
  }

  onResponse(message: Message, from: Peer): Taken {
    const notification = this.#notificationBlocks.accept(message, from);
    if (notification !== undefined) {
      if (typeof notification === 'object') this.#onWhole(notification, from);
      else if (notification !== 'more') this.#options.metrics.dropped(notification);
      return true;
    }
    let isOurs = false;
    for (const { token, peer } of this.#options.receiver.awaiting(message)) {
      if (!(peer instanceof OscorePeer)) continue;
      const request = this.#sent.get(token);
      // An observation of an earlier process (RFC 8613 Appendix B.1.3): nobody knows what its notifications are bound to.
      if (request === undefined) continue;
      isOurs = true;
      const taken = this.#onAnswer(message, from, peer, request);
      if (taken) return taken;
    }
    // What could not be opened is no answer, and ends nothing (§8.4 step 8, §8.4.2).
    return isOurs || this.#options.receiver.onResponse(message, from);
  }

  /** @returns false when the message is not the peer's */
  #onAnswer(message: Message, from: Peer, peer: OscorePeer, request: SentRequest): Taken {
    const header = optionOf(message, OptionNumber.OSCORE);
    if (header === undefined) {
      this.#onUnprotected(message, peer, request);
      return true;
    }
    const sealed = this.#wholePayload(message, header, peer, request);
    if (sealed === undefined) return true;
    return this.#onWhole({ message, sealed, header, peer, request }, from);
  }

  /** @returns false when the message is not the peer's */
  #onWhole({ message, sealed, header, peer, request }: WholeNotification, from: Peer): Taken {
    const opened = this.#open(message, sealed, header, from, peer, request);
    if ('drop' in opened) {
      this.#options.metrics.dropped(opened.drop);
      return false;
    }
    if (opened.r2 !== undefined) {
      this.#onFirstResponse(opened.message, opened.r2, peer, request);
      return true;
    }
    this.#options.rederivations.confirm(request.binding!.context!);
    if (this.#repeatsWithEcho(opened.message, peer, request)) return true;
    const taken = this.#options.receiver.onResponse(opened.message, peer);
    request.settle();
    // Nobody rejects what was opened.
    return typeof taken === 'object' ? taken : true;
  }

  /**
   * RFC 8613 §8.2: what the server could not open it refuses unprotected; proxies answer so too. Who waits is told at once; that
   * somebody in between can tell him so too is no more than he could do by dropping messages.
   */
  #onUnprotected(message: Message, peer: OscorePeer, request: SentRequest): void {
    this.#options.metrics.dropped('not protected');
    const listener = request.unanswered?.listener;
    if (listener === undefined) return;
    if (isSuccess(message.code)) {
      listener.onFailed(oscoreErrors.OSCORE_NOT_PROTECTED(peer.key));
      return;
    }
    if (message.code === Code.Unauthorized && this.#asksAnew(peer, request)) return;
    const diagnostic = decodeUtf8(message.payload.subarray(0, 100)) ?? '';
    listener.onFailed(oscoreErrors.OSCORE_REFUSED(peer.key, describeCode(message.code), diagnostic));
  }

  /**
   * RFC 8613 §4.1.3.4.2: what a proxy cut into Outer blocks is put together first.
   * @returns undefined when more is to come, or nothing more is expected
   */
  #wholePayload(message: Message, header: Uint8Array, peer: OscorePeer, request: SentRequest): Uint8Array | undefined {
    const { maximumUnfragmented, metrics, sender } = this.#options;
    const block = blockOf(message, OptionNumber.Block2);
    if (block === undefined || (block.number === 0 && !block.more)) return message.payload;
    if (request.unanswered === undefined) {
      const refused = this.#notificationBlocks.begin(message, block, header, peer, request);
      if (refused !== undefined) metrics.dropped(refused);
      return undefined;
    }
    const next = request.takeFragment(block, message.payload, maximumUnfragmented);
    if (typeof next === 'string') {
      metrics.dropped(next);
      if (next === 'too large')
        request.unanswered?.listener?.onFailed(coapErrors.COAP_TOO_LARGE(`what ${peer.key} sent`));
      return undefined;
    }
    if (!block.more) return next;
    const { unanswered, sealed } = request;
    const wanted = blockOption(OptionNumber.Block2, { number: block.number + 1, more: false, size: block.size });
    const options = withOption(sealed!.options, wanted).filter(({ number }) => number !== OptionNumber.Observe);
    const { confirmable, listener } = unanswered!;
    request.delivery?.cancel();
    const ask = { code: sealed!.code, token: sealed!.token, options, payload: emptyBytes };
    request.delivery = sender.send(peer.transport, ask, confirmable, listener);
    if (request.delivery === undefined) listener?.onFailed(coapErrors.COAP_OVERLOADED(`messages to ${peer.key}`));
    return undefined;
  }

  #open(
    message: Message,
    sealed: Uint8Array,
    header: Uint8Array,
    from: Peer,
    peer: OscorePeer,
    request: SentRequest,
  ): Opened {
    const { crypto, maximumOptions, metrics, tap } = this.#options;
    const option = decodeOscoreOption(header);
    if (!option.ok) return { drop: option.error };
    const { partialIv } = option.value;
    if (request.binding === undefined) return { drop: 'not asked' };
    const context = request.binding.context!;
    const watching = watched(crypto, context, tap);
    const first = this.#openFirst(watching, sealed, option.value, context, request.binding);
    const plaintext = first?.plaintext ?? openResponse(watching, context, request.binding, partialIv, sealed);
    if (plaintext === undefined) return { drop: 'decryption failed' };
    metrics.opened.add();
    const inner = decryptedMessage(message, plaintext, maximumOptions);
    if (inner === undefined || inner.code < 0x40) return { drop: 'no response inside' };
    if (first !== undefined) return { message: inner, r2: first.r2 };
    if (optionOf(inner, OptionNumber.Observe) === undefined) return { message: inner };
    // §4.1.3.5.2: only who asked to observe is notified.
    if (!request.observing) return { drop: 'notification of no observation' };
    const sequence = partialIv && decodePartialIv(partialIv);
    if (!request.isNews(sequence)) return { drop: 'old notification' };
    if (sequence !== undefined && from.key !== peer.transport.key) {
      peer.transport = from;
      this.#onMoved(peer);
    }
    // The layers above order notifications by 24-bit numbers (RFC 7641 §3.4): they get some that say the same.
    const options = withOption(inner.options, uintOption(OptionNumber.Observe, request.nextOrdinal()));
    const ordered = rewritten(inner, options, maximumOptions);
    return ordered === undefined ? { drop: 'no response inside' } : { message: ordered };
  }

  /** RFC 8613 Appendix B.2: a response #1 names R2, and is protected with what R2 and the ID Context of the request give. */
  #openFirst(
    crypto: OscoreCrypto,
    sealed: Uint8Array,
    { kidContext, partialIv }: OscoreOption,
    context: SecurityContext,
    binding: RequestBinding,
  ): { readonly plaintext: Uint8Array; readonly r2: Uint8Array } | undefined {
    if (context.origin === undefined || kidContext === undefined) return undefined;
    const r2 = decodeCborBytes(kidContext)?.slice();
    const derived = r2 && this.#options.rederivations.answered(context, r2);
    const plaintext = derived && openResponse(crypto, derived, binding, partialIv, sealed);
    return plaintext && { plaintext, r2: r2! };
  }

  /** The server wants another context: we propose one, with the request that it did not serve, or with the next. */
  #onFirstResponse(answer: Message, r2: Uint8Array, peer: OscorePeer, request: SentRequest): void {
    const context = request.binding!.context!;
    const { listener } = request.unanswered ?? {};
    const isServed = answer.code !== Code.Unauthorized || request.unanswered === undefined || !request.tries();
    const proposed = context === peer.context ? this.#options.rederivations.propose(context, r2) : peer.context;
    void Promise.resolve(proposed).then(
      (next) => {
        if (peer.context === context) useContext(peer, next);
        if (!isServed && request.unanswered !== undefined) this.#again(peer, request);
      },
      (error: unknown) => {
        if (!isServed) listener?.onFailed(oscoreErrors.OSCORE_STATE_NOT_KEPT(peer.key, error));
      },
    );
    if (!isServed) return;
    this.#options.receiver.onResponse(answer, peer);
    request.settle();
  }

  /**
   * Appendix B.2: a context that the server does not know any more is made anew. That nobody proved what it says costs two round trips
   * at most, as often as is asked.
   */
  #asksAnew(peer: OscorePeer, request: SentRequest): boolean {
    const context = request.binding?.context;
    if (context?.origin === undefined || context.stage === 'asking' || !request.tries()) return false;
    const begun = context === peer.context ? this.#options.rederivations.begin(context) : peer.context;
    const { listener } = request.unanswered!;
    void Promise.resolve(begun).then(
      (next) => {
        next.peer = peer;
        if (peer.context === context) useContext(peer, next);
        if (request.unanswered !== undefined) this.#again(peer, request);
      },
      (error: unknown) => listener?.onFailed(oscoreErrors.OSCORE_STATE_NOT_KEPT(peer.key, error)),
    );
    return true;
  }

  #again(peer: OscorePeer, request: SentRequest): void {
    request.delivery?.cancel();
    if (!this.#transmit(peer, request)) {
      request.unanswered?.listener?.onFailed(coapErrors.COAP_OVERLOADED(`messages to ${peer.key}`));
    }
  }

  /** RFC 9175 §2.3: the server wants to see that we are alive, and gets the request once more, with what it sent. */
  #repeatsWithEcho(answer: Message, peer: OscorePeer, request: SentRequest): boolean {
    const { unanswered } = request;
    if (answer.code !== Code.Unauthorized || unanswered === undefined || request.repeated) return false;
    const value = optionOf(answer, OptionNumber.Echo);
    if (value === undefined || value.length === 0 || value.length > 40) return false;
    const echo: Option = { number: OptionNumber.Echo, value: value.slice() };
    request.repeat(withOption(unanswered.message.options, echo));
    if (!this.#transmit(peer, request)) return false;
    return true;
  }
}
