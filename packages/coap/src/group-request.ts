import type { Log, Peer } from '@yaolian/kernel';
import type { BlockwiseClient, ExchangeRequest } from './blockwise-client.ts';
import { isFirstOfMany } from './blockwise-client.ts';
import type { Deadline } from './deadline-queue.ts';
import type { IncomingResponse } from './exchange.ts';
import { ClientResponse } from './incoming-response.ts';
import type { Message } from './message.ts';
import type { TokenOwner } from './token-table.ts';

/** A request to a group: a token that anybody may answer until the window closes (RFC 7252 §8.2). */
export class GroupRequest implements TokenOwner, Deadline {
  deadline = 0;
  queueIndex = -1;
  nextWithKey: TokenOwner | undefined = undefined;
  readonly token: Uint8Array;
  readonly peer = undefined;
  readonly #request: ExchangeRequest;
  readonly #blockwise: BlockwiseClient;
  readonly #maximum: number;
  readonly #log: Log;
  readonly #onResponse: ((response: IncomingResponse) => void) | undefined;
  readonly #onDone: (group: GroupRequest) => void;
  readonly #responses: IncomingResponse[] = [];
  readonly #fetching = new Set<Promise<void>>();
  readonly #giveUp = new AbortController();
  #closed = false;

  constructor(options: {
    readonly log: Log;
    readonly token: Uint8Array;
    readonly request: ExchangeRequest;
    readonly blockwise: BlockwiseClient;
    readonly maximumResponses: number;
    readonly onResponse: ((response: IncomingResponse) => void) | undefined;
    readonly onDone: (group: GroupRequest) => void;
  }) {
    this.#log = options.log;
    this.token = options.token;
    this.#request = options.request;
    this.#blockwise = options.blockwise;
    this.#maximum = options.maximumResponses;
    this.#onResponse = options.onResponse;
    this.#onDone = options.onDone;
  }

  onResponse(message: Message, from: Peer): boolean {
    if (this.#responses.length + this.#fetching.size >= this.#maximum) return true;
    if (isFirstOfMany(message, false)) this.#fetchRest(message, from);
    else this.#take(new ClientResponse(message, from));
    return true;
  }

  /** RFC 7959 §2.8: the rest of a large response is fetched from its sender alone. */
  #fetchRest(first: Message, from: Peer): void {
    const request = { ...this.#request, confirmable: true };
    const fetching = this.#blockwise.complete(from, request, first, { signal: this.#giveUp.signal }).then(
      (response) => this.#take(response),
      () => undefined, // a member that breaks off is as good as one that did not answer
    );
    this.#fetching.add(fetching);
    void fetching.finally(() => this.#fetching.delete(fetching));
  }

  #take(response: IncomingResponse): void {
    this.#responses.push(response);
    try {
      this.#onResponse?.(response);
    } catch (error) {
      this.#log.error('a listener to a group failed', { peer: response.peer.key, error });
    }
  }

  /** The window is over; the second time, whoever sends large responses slowly has had time enough. */
  onDeadline(): void {
    if (this.#closed) this.abandon();
    this.#closed = true;
    this.#onDone(this);
  }

  /** Waits no longer for the rest of large responses. */
  abandon(): void {
    this.#giveUp.abort();
  }

  /** What came, block-wise transfers that are under way included. */
  async responses(): Promise<readonly IncomingResponse[]> {
    await Promise.all(this.#fetching);
    return this.#responses;
  }
}
