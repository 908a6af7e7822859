import type { Clock, Duration, Peer, Random } from '@yaolian/kernel';
import { emptyBytes } from '@yaolian/kernel';
import { ClientExchange, type ExchangeOwner } from './client-exchange.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { coapErrors } from './errors.ts';
import type { IncomingResponse, OutgoingRequest, RequestControl } from './exchange.ts';
import { ClientResponse, unrecognisedCriticalOption } from './incoming-response.ts';
import type { Message } from './message.ts';
import type { MessageSender, OutgoingMessage } from './messaging.ts';
import type { Option } from './options.ts';
import { requestOptions } from './outgoing-options.ts';
import { TokenTable } from './token-table.ts';

export interface ClientRoleOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly deadlines: DeadlineQueue;
  readonly sender: MessageSender;
  readonly exchangeLifetime: Duration;
  readonly maximumRequests: number;
  readonly additionalOptions: ReadonlySet<number>;
}

/** What one exchange sends. */
export interface ExchangeRequest {
  readonly method: number;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
  readonly confirmable: boolean;
}

/** The client half of an endpoint: asks, and matches what comes back. */
export class ClientRole implements ExchangeOwner {
  readonly tokens: TokenTable;
  readonly #options: ClientRoleOptions;
  #closed = false;

  constructor(options: ClientRoleOptions) {
    this.#options = options;
    this.tokens = new TokenTable(options.random);
  }

  async request(peer: Peer, request: OutgoingRequest, control: RequestControl = {}): Promise<IncomingResponse> {
    const outgoing = toExchangeRequest(request);
    const message = await this.exchange(peer, outgoing, control);
    return new ClientResponse(message, peer);
  }

  /** One request, one response. */
  exchange(
    peer: Peer,
    request: ExchangeRequest,
    control: RequestControl,
    token: Uint8Array = this.tokens.newToken(),
    onMessage?: (response: Message) => void,
  ): Promise<Message> {
    const { signal, timeout } = control;
    if (this.#closed) return Promise.reject(coapErrors.COAP_CLOSED());
    if (signal?.aborted) return Promise.reject(coapErrors.COAP_ABORTED(signal.reason));
    if (this.tokens.size >= this.#options.maximumRequests) {
      return Promise.reject(coapErrors.COAP_OVERLOADED(`${this.tokens.size} requests and observations`));
    }
    return new Promise((resolve, reject) => {
      const exchange = new ClientExchange(this, peer, token, resolve, reject, signal, onMessage);
      this.tokens.add(exchange);
      const { clock, deadlines, exchangeLifetime, sender } = this.#options;
      deadlines.set(exchange, clock.monotonic() + (timeout ?? exchangeLifetime));
      const message: OutgoingMessage = {
        code: request.method,
        token,
        options: request.options,
        payload: request.payload,
      };
      exchange.delivery = sender.send(peer, message, request.confirmable, exchange);
      if (exchange.delivery === undefined) {
        exchange.fail(coapErrors.COAP_OVERLOADED(`the queue of messages to ${peer.key} is full`));
      }
    });
  }

  /** @returns false when nobody waits for the message, or it must not be used */
  onResponse(message: Message, from: Peer): boolean {
    const owner = this.tokens.find(message, from);
    if (owner === undefined) return false;
    if (unrecognisedCriticalOption(message, this.#options.additionalOptions) !== undefined) return false;
    return owner.onResponse(message, from);
  }

  onExchangeEnded(exchange: ClientExchange): void {
    this.tokens.remove(exchange);
    this.#options.deadlines.remove(exchange);
  }

  close(): void {
    this.#closed = true;
    for (const owner of this.tokens.all()) {
      if (owner instanceof ClientExchange) owner.fail(coapErrors.COAP_CLOSED());
    }
  }
}

/** @throws RangeError when the request cannot be put into options */
export function toExchangeRequest(request: OutgoingRequest): ExchangeRequest {
  return {
    method: request.method,
    options: requestOptions(request),
    payload: request.payload ?? emptyBytes,
    confirmable: request.confirmable ?? true,
  };
}
