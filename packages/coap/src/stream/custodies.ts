import type { InboundStreamRequest } from './inbound-stream-request.ts';

/** Pings with Custody that wait for requests; further ones are answered at once and without it. */
const most = 8;

/** RFC 8323 §5.4.1: a Pong with Custody says that everything that came before the Ping was processed. */
export class Custodies {
  #waiting: { readonly token: Uint8Array; readonly requests: Set<InboundStreamRequest> }[] = [];

  /** False when there are too many. */
  add(token: Uint8Array, requests: Iterable<InboundStreamRequest>): boolean {
    if (this.#waiting.length >= most) return false;
    this.#waiting.push({ token, requests: new Set(requests) });
    return true;
  }

  /** A request is dealt with. @returns the tokens of the Pings that waited for no other */
  settle(request: InboundStreamRequest): readonly Uint8Array[] {
    if (this.#waiting.length === 0) return [];
    for (const { requests } of this.#waiting) requests.delete(request);
    const over = this.#waiting.filter(({ requests }) => requests.size === 0);
    if (over.length > 0) this.#waiting = this.#waiting.filter(({ requests }) => requests.size > 0);
    return over.map(({ token }) => token);
  }

  clear(): void {
    this.#waiting = [];
  }
}
