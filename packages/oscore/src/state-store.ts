import { decodeHex, encodeHex } from '@yaolian/kernel';
import type { ReplayWindowState } from './replay-window.ts';

/** The parts of a security context that change (RFC 8613 §3.1), as they are kept. */
export interface OscoreState {
  /** Numbers below it may have been used; the context goes on with it. */
  readonly senderSequence: number;
  /** After an orderly end. Without it nobody knows what came before the restart (RFC 8613 §7.5). */
  readonly replayWindow?: ReplayWindowState;
}

/**
 * Keeps the state of security contexts over restarts (RFC 8613 Appendix B.1.1). Losing it while the keys stay in use gives
 * their messages away: nonces would repeat. A context is saved when it is opened, and then once in so many messages.
 */
export interface OscoreStateStore {
  /** What was saved last; undefined for a context that never was. @param id `[0-9a-f]{16}` */
  load(id: string): OscoreState | undefined | Promise<OscoreState | undefined>;
  /** Returns, or resolves, when the state is durable; it replaces what was there. */
  save(id: string, state: OscoreState): void | Promise<void>;
}

/** For keys that end with the process, as those of a key exchange, and for tests. Never for keys that outlive it. */
export class VolatileOscoreStates implements OscoreStateStore {
  readonly #states = new Map<string, OscoreState>();

  load(id: string): OscoreState | undefined {
    return this.#states.get(id);
  }

  save(id: string, state: OscoreState): void {
    this.#states.set(id, state);
  }
}

/** A state as one line of text, for stores: `7`, or `7 41 0b` with the replay window. */
export function encodeOscoreState({ senderSequence, replayWindow }: OscoreState): string {
  if (replayWindow === undefined) return `${senderSequence}`;
  return `${senderSequence} ${replayWindow.highest} ${encodeHex(replayWindow.seen)}`;
}

/** Reads what {@link encodeOscoreState} wrote. @throws RangeError for anything else: a context must not begin anew for that */
export function decodeOscoreState(text: string): OscoreState {
  const match = /^(\d{1,16})(?: (-1|\d{1,16}) ((?:[0-9a-f]{2})+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`"${text.slice(0, 40)}" is no state of a security context`);
  const [, sequence, highest, seen] = match;
  const senderSequence = Number(sequence);
  if (highest === undefined) return { senderSequence };
  return { senderSequence, replayWindow: { highest: Number(highest), seen: decodeHex(seen!)! } };
}
