import type { Stanza } from './stanza.ts';

const chatStates = 'http://jabber.org/protocol/chatstates';

export interface InactiveBounds {
  readonly stanzas: number;
  readonly bytes: number;
}

/**
 * XEP-0352: what a client that nobody looks at can do without until somebody does: presence, the last of each sender, and what says by what
 * a later one takes its place ({@link Stanza.supersededBy}). In the order in which the last ones came.
 */
export class InactiveQueue {
  readonly #bounds: InactiveBounds;
  readonly #waiting = new Map<string, Stanza>();
  #bytes = 0;

  constructor(bounds: InactiveBounds) {
    this.#bounds = bounds;
  }

  /** @returns false when the stanza is not to wait; then those that do go before it */
  keep(stanza: Stanza): boolean {
    if (isChatStateOnly(stanza)) return true;
    const key = keyOf(stanza);
    if (key === undefined) return false;
    // The last one stands where it came.
    this.#bytes -= this.#waiting.get(key)?.bytes.length ?? 0;
    this.#waiting.delete(key);
    const isFull = this.#waiting.size >= this.#bounds.stanzas || this.#bytes + stanza.bytes.length > this.#bounds.bytes;
    if (isFull) return false;
    this.#waiting.set(key, stanza);
    this.#bytes += stanza.bytes.length;
    return true;
  }

  /** What waited, which waits no more. */
  take(): Stanza[] {
    const stanzas = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#bytes = 0;
    return stanzas;
  }
}

function keyOf({ element, supersededBy }: Stanza): string | undefined {
  if (supersededBy !== undefined) return `message ${supersededBy}`;
  const { type, from = '' } = element.attributes;
  const isPresence = element.name === 'presence' && (type === undefined || type === 'unavailable');
  return isPresence ? `presence ${from}` : undefined;
}

/** Somebody types: nobody is there to see. Such a message is dropped. */
function isChatStateOnly({ element }: Stanza): boolean {
  if (element.name !== 'message') return false;
  const children = element.elements();
  return children.length > 0 && children.every(({ namespace, name }) => namespace === chatStates || name === 'thread');
}
