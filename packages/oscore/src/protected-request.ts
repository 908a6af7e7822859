import { findOption, type Option, OptionNumber } from '@yaolian/coap';
import type { Delivery, DeliveryListener, InboundRequest, Message } from '@yaolian/coap/messaging';
import { encodePartialIv } from './cose.ts';
import { checkedInner, type RequestBinding } from './message-cipher.ts';
import type { OscorePeer } from './oscore-peer.ts';
import type { OscoreServer } from './oscore-server.ts';

/** A request that came protected, until it is answered. */
export class ProtectedRequest implements InboundRequest {
  readonly message: Message;
  readonly peer: OscorePeer;
  readonly binding: RequestBinding;
  readonly #server: OscoreServer;
  readonly #inbound: InboundRequest;
  #answered = false;

  constructor(
    server: OscoreServer,
    inbound: InboundRequest,
    peer: OscorePeer,
    binding: RequestBinding,
    message: Message,
  ) {
    this.#server = server;
    this.#inbound = inbound;
    this.peer = peer;
    this.binding = binding;
    this.message = message;
  }

  get confirmable(): boolean {
    return this.#inbound.confirmable;
  }

  get multicast(): boolean {
    return this.#inbound.multicast;
  }

  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    // The nonce of the request is good for one response.
    if (this.#answered) return undefined;
    checkedInner(options);
    this.#answered = true;
    const context = this.binding.context!;
    // RFC 8613 §4.1.3.5.2: the first notification may do without a Partial IV, but some clients take the later ones for older then.
    const isNotification = findOption(options, OptionNumber.Observe) !== undefined;
    const number = isNotification ? context.sequence.take() : undefined;
    const partialIv = number === undefined ? undefined : encodePartialIv(number);
    const sealed = this.#server.seal(context, code, options, payload, this.binding, partialIv);
    const watched = listener && this.#server.observing(this.peer, listener, context);
    return this.#inbound.respond(sealed.code, sealed.options, sealed.payload, watched);
  }

  ignore(): void {
    this.#answered = true;
    this.#inbound.ignore();
  }

  reject(): void {
    this.#answered = true;
    this.#inbound.reject();
  }
}
