import type { OscorePeer } from './oscore-peer.ts';
import type { SecurityContext } from './security-context.ts';

/** A peer, and the key of the transport that it is filed under. */
interface Place {
  readonly peer: OscorePeer;
  key: string;
}

/**
 * The peers of one endpoint: one for each context, found by the transport of their last message as well, so that the end of a
 * connection, which anybody can make and end, costs no look at all of them.
 */
export class PeerPlaces {
  readonly #places = new Map<string, Place>();
  /** By transport; a set only where several share one, as behind a proxy. */
  readonly #at = new Map<string, OscorePeer | Set<OscorePeer>>();

  get(context: SecurityContext): OscorePeer | undefined {
    return this.#places.get(context.holder)?.peer;
  }

  /** Takes a peer in, unless its context is ended or has one already, and files it under where it is now. */
  note(peer: OscorePeer): void {
    const place = this.#places.get(peer.context.holder);
    const { key } = peer.transport;
    if (place === undefined) {
      if (peer.context.sequence.ended) return;
      this.#places.set(peer.context.holder, { peer, key });
      this.#file(peer, key);
    } else if (place.key !== key && place.peer === peer) {
      this.#withdraw(peer, place.key);
      place.key = key;
      this.#file(peer, key);
    }
  }

  delete(context: SecurityContext): void {
    const place = this.#places.get(context.holder);
    if (place === undefined) return;
    this.#places.delete(context.holder);
    this.#withdraw(place.peer, place.key);
  }

  /** All of them. */
  all(): readonly OscorePeer[] {
    return [...this.#places.values()].map(({ peer }) => peer);
  }

  /** Who is reached by a transport. */
  at(key: string): readonly OscorePeer[] {
    const found = this.#at.get(key);
    if (found === undefined) return [];
    const peers = found instanceof Set ? [...found] : [found];
    return peers.filter((peer) => peer.transport.key === key);
  }

  #file(peer: OscorePeer, key: string): void {
    const others = this.#at.get(key);
    if (others === undefined) this.#at.set(key, peer);
    else if (others instanceof Set) others.add(peer);
    else this.#at.set(key, new Set([others, peer]));
  }

  #withdraw(peer: OscorePeer, key: string): void {
    const filed = this.#at.get(key);
    if (filed instanceof Set) filed.delete(peer);
    if (filed === peer || (filed instanceof Set && filed.size === 0)) this.#at.delete(key);
  }
}
