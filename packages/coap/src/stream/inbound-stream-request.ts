import { emptyBytes, type Peer } from '@yaolian/kernel';
import { Code } from '../codes.ts';
import type { Message } from '../message.ts';
import type { Delivery, DeliveryListener, InboundRequest } from '../messaging.ts';
import type { Option } from '../options.ts';
import type { StreamConnection } from './connection.ts';

/** A request that came over a stream, until it is answered. */
export class InboundStreamRequest implements InboundRequest {
  readonly message: Message;
  /** RFC 8323 §2: the transport sees to it that everything arrives, so everything is as good as confirmable. */
  readonly confirmable = true;
  readonly multicast = false;
  readonly #connection: StreamConnection;
  #answered = false;

  constructor(connection: StreamConnection, message: Message) {
    this.#connection = connection;
    this.message = message;
  }

  get peer(): Peer {
    return this.#connection.peer;
  }

  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    if (this.#answered) return undefined;
    this.#answered = true;
    return this.#connection.answer(this, { code, token: this.message.token, options, payload }, listener);
  }

  ignore(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#connection.settle(this);
  }

  /** There is no Reset on streams (RFC 8323 §2). */
  reject(): void {
    this.respond(Code.BadRequest, [], emptyBytes);
  }
}
