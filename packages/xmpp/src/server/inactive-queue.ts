import type { Stanza } from './stanza.ts';

const chatStates = 'http://jabber.org/protocol/chatstates';
const capacity = 500;

/** XEP-0352: what a client that nobody looks at can do without until somebody does: presence, the last of each sender. */
export class InactiveQueue {
  readonly #presences = new Map<string, Stanza>();

  /** @returns false when the stanza is not to wait; then those that do go before it */
  keep(stanza: Stanza): boolean {
    const { element } = stanza;
    if (element.name === 'message') return isChatStateOnly(stanza);
    const { type, from = '' } = element.attributes;
    if (element.name !== 'presence' || (type !== undefined && type !== 'unavailable')) return false;
    // The last of a sender stands where it came.
    this.#presences.delete(from);
    if (this.#presences.size >= capacity) return false;
    this.#presences.set(from, stanza);
    return true;
  }

  /** What waited, which waits no more. */
  take(): Stanza[] {
    const stanzas = [...this.#presences.values()];
    this.#presences.clear();
    return stanzas;
  }
}

/** Somebody types: nobody is there to see. Such a message is dropped. */
function isChatStateOnly({ element }: Stanza): boolean {
  const children = element.elements();
  return children.length > 0 && children.every(({ namespace, name }) => namespace === chatStates || name === 'thread');
}
