import type { PlainRequest } from './coap-parts.ts';
import type { MqttPeer } from './topics.ts';

/** What servers observe, by their tokens: a Cancel-Observe names nothing else (Transport 1.2 §8.3.4). */
export class ObservedRequests {
  readonly #maximum: number;
  /** Oldest first. */
  readonly #requests = new Map<string, PlainRequest>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  note(peer: MqttPeer, token: bigint, request: PlainRequest): void {
    const key = keyOf(peer, token);
    this.#requests.delete(key);
    if (this.#requests.size >= this.#maximum) this.#requests.delete(this.#requests.keys().next().value!);
    this.#requests.set(key, request);
  }

  /** @returns what it was, if it was known */
  forget(peer: MqttPeer, token: bigint): PlainRequest | undefined {
    const key = keyOf(peer, token);
    const request = this.#requests.get(key);
    this.#requests.delete(key);
    return request;
  }
}

function keyOf({ key }: MqttPeer, token: bigint): string {
  return `${key} ${token}`;
}
