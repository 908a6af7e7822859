import type { Peer } from '@yaolian/kernel';

interface Silence {
  /** Bytes sent since the peer was last heard. */
  bytes: number;
  /** When the first of them was sent, in monotonic milliseconds. */
  readonly since: number;
}

/** Silent peers that are remembered; beyond, the one that has been silent for longest is forgotten. */
const maximumSilentPeers = 10_000;

/** RFC 7252 §4.7: what may go unasked-for to a peer that does not answer, PROBING_RATE on average. */
export class ProbingBudget {
  readonly #rate: number;
  readonly #burst: number;
  readonly #silent = new Map<string, Silence>();

  /**
   * @param rate bytes a second
   * @param burst bytes that may go at once
   */
  constructor(rate: number, burst: number) {
    this.#rate = rate;
    this.#burst = burst;
  }

  /** Whether `bytes` more may go to `peer`; if so they are on its account. */
  spend(peer: Peer, bytes: number, now: number): boolean {
    const silence = this.#silent.get(peer.key);
    if (silence === undefined) {
      this.#remember(peer, { bytes, since: now });
      return true;
    }
    const allowed = this.#burst + ((now - silence.since) / 1000) * this.#rate;
    if (silence.bytes + bytes > allowed) return false;
    silence.bytes += bytes;
    return true;
  }

  /** Something came from the peer: it answers. */
  heard(peer: Peer): void {
    if (this.#silent.size > 0) this.#silent.delete(peer.key);
  }

  #remember(peer: Peer, silence: Silence): void {
    if (this.#silent.size >= maximumSilentPeers) {
      for (const oldest of this.#silent.keys()) {
        this.#silent.delete(oldest);
        break;
      }
    }
    this.#silent.set(peer.key, silence);
  }
}
