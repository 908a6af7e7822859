import type { CloseReason, DtlsBounds } from '../options.ts';
import type { DtlsSession } from './session.ts';

/** How many sessions are looked at to find one that gives way. */
const evictionSample = 32;

/** All sessions of an endpoint, by key, by address and by the Connection ID that we gave them. */
export class SessionTable {
  readonly #bounds: DtlsBounds;
  /** Roughly in the order of use: those at the front were not heard of for long. */
  readonly #byKey = new Map<string, DtlsSession>();
  readonly #byAddress = new Map<string, DtlsSession>();
  /** Sessions whose handshake is not done yet are here too. */
  readonly #byCid = new Map<number, DtlsSession>();
  readonly #onRemoved: (session: DtlsSession, reason: CloseReason) => void;

  /** @param onRemoved hears of sessions that give way, while their keys are still good */
  constructor(bounds: DtlsBounds, onRemoved: (session: DtlsSession, reason: CloseReason) => void) {
    this.#bounds = bounds;
    this.#onRemoved = onRemoved;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get isFull(): boolean {
    return this.#byKey.size >= this.#bounds.maximumSessions;
  }

  values(): IterableIterator<DtlsSession> {
    return this.#byKey.values();
  }

  get(key: string): DtlsSession | undefined {
    return this.#byKey.get(key);
  }

  byAddress(key: string): DtlsSession | undefined {
    return this.#byAddress.get(key);
  }

  byCid(id: number): DtlsSession | undefined {
    return this.#byCid.get(id);
  }

  /** From now on records with the Connection ID of `session` find it. */
  addCid(session: DtlsSession): void {
    if (session.ownCidLength > 0) this.#byCid.set(session.ownCidNumber, session);
  }

  removeCid(session: DtlsSession): void {
    if (session.ownCidLength === 0) return;
    const id = session.ownCidNumber;
    if (this.#byCid.get(id) === session) this.#byCid.delete(id);
  }

  /** Adds an open session. One that had its key or its address gives way, unless it is found by its Connection ID. */
  add(session: DtlsSession): void {
    const before = this.#byKey.get(session.key);
    if (before !== undefined && before !== session) this.#remove(before, 'replaced');
    const neighbour = this.#byAddress.get(session.address.key);
    // RFC 6347 §4.2.8: the new association takes the place of the old. One with a Connection ID may have moved on behind a NAT.
    if (neighbour !== undefined && neighbour !== session && neighbour.ownCidLength === 0)
      this.#remove(neighbour, 'replaced');
    if (this.isFull) this.#evict();
    this.#byKey.set(session.key, session);
    this.#byAddress.set(session.address.key, session);
    this.addCid(session);
  }

  /** False when it was not there any more. */
  remove(session: DtlsSession): boolean {
    const isThere = this.#byKey.get(session.key) === session;
    if (isThere) this.#byKey.delete(session.key);
    if (this.#byAddress.get(session.address.key) === session) this.#byAddress.delete(session.address.key);
    this.removeCid(session);
    return isThere;
  }

  /** Files a session under the address that it has got. @param before the key of its address before */
  moved(session: DtlsSession, before: string): void {
    if (this.#byAddress.get(before) === session) this.#byAddress.delete(before);
    const neighbour = this.#byAddress.get(session.address.key);
    // Whoever is found by address alone keeps it: an address that moved there proves nothing about it.
    if (neighbour === undefined || neighbour.ownCidLength > 0) this.#byAddress.set(session.address.key, session);
  }

  #evict(): void {
    let oldest: DtlsSession | undefined;
    const seen: DtlsSession[] = [];
    for (const session of this.#byKey.values()) {
      seen.push(session);
      if (oldest === undefined || session.lastReceived < oldest.lastReceived) oldest = session;
      if (seen.length === evictionSample) break;
    }
    for (const session of seen) {
      if (session === oldest) continue;
      this.#byKey.delete(session.key);
      this.#byKey.set(session.key, session);
    }
    if (oldest !== undefined) this.#remove(oldest, 'evicted');
  }

  #remove(session: DtlsSession, reason: CloseReason): void {
    this.remove(session);
    this.#onRemoved(session, reason);
  }
}
