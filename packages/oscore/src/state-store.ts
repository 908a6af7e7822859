import { decodeHex, encodeHex } from '@yaolian/kernel';
import type { ReplayWindowState } from './replay-window.ts';

/** The parts of a security context that change (RFC 8613 §3.1), as they are kept. */
export interface OscoreState {
  /** Numbers below it may have been used; the context goes on with it. */
  readonly senderSequence: number;
  /** After an orderly end. Without it nobody knows what came before the restart (RFC 8613 §7.5). */
  readonly replayWindow?: ReplayWindowState;
  /**
   * Of a record that says which context took the place of the one that was agreed on (RFC 8613 Appendix B.2): its ID Context. Such a
   * record has an ID of its own.
   */
  readonly idContext?: Uint8Array;
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
  /** Forgets a context whose keys can never come again, as they were made from random numbers (Appendix B.2). Absent: all are kept. */
  remove?(id: string): void | Promise<void>;
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

  remove(id: string): void {
    this.#states.delete(id);
  }
}

/** A state as one line of text, for stores: `7`, `7 41 0b` with the replay window, `0 @37cb` with an ID Context. */
export function encodeOscoreState({ senderSequence, replayWindow, idContext }: OscoreState): string {
  if (idContext !== undefined) return `${senderSequence} @${encodeHex(idContext)}`;
  if (replayWindow === undefined) return `${senderSequence}`;
  return `${senderSequence} ${replayWindow.highest} ${encodeHex(replayWindow.seen)}`;
}

/** Reads what {@link encodeOscoreState} wrote. @throws RangeError for anything else: a context must not begin anew for that */
export function decodeOscoreState(text: string): OscoreState {
  const pointer = /^(\d{1,16}) @((?:[0-9a-f]{2})*)$/.exec(text.trim());
  if (pointer) return { senderSequence: Number(pointer[1]), idContext: decodeHex(pointer[2]!)! };
  const match = /^(\d{1,16})(?: (-1|\d{1,16}) ((?:[0-9a-f]{2})+))?$/.exec(text.trim());
  if (!match) throw new RangeError(`"${text.slice(0, 40)}" is no state of a security context`);
  const [, sequence, highest, seen] = match;
  const senderSequence = Number(sequence);
  if (highest === undefined) return { senderSequence };
  return { senderSequence, replayWindow: { highest: Number(highest), seen: decodeHex(seen!)! } };
}
