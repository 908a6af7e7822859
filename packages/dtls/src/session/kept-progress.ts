import type { Peer } from '@yaolian/kernel';
import type { DtlsSession } from './session.ts';
import { encodeProgress, type ProgressEntry } from './session-progress.ts';

/** A record that waits until it is stored that it may have been taken. */
export interface HeldRecord {
  readonly sequence: number;
  readonly type: number;
  readonly content: Uint8Array;
  readonly from: Peer;
  readonly isNewest: boolean;
  /** Of the record, header included. */
  readonly bytes: number;
}

/** Which sessions an export of progress is about; see {@link DtlsServer.exportProgress}. */
export type ProgressSelection = 'due' | 'changed' | 'final' | Iterable<DtlsSession>;

/** What {@link DtlsServer.exportProgress} gives. */
export interface ProgressExport {
  /** Empty: there is nothing to store. */
  readonly bytes: Uint8Array;
  /** To be called once the bytes are where a restart finds them: only then the records that wait are taken. */
  stored(): void;
}

/** So many sequence numbers are reserved at first, and lost by a crash: fewer than the transmissions of a CON (RFC 7252 §4.8). */
const firstReserve = 2;
/** A session that uses its reserve up gets twice as much, up to this. */
const largestReserve = 1024;
/** Records of one session that wait; more are dropped, and sent again by those who sent them. */
const maximumHeld = 16;

/**
 * Sees to it that no record is taken twice, whenever the process ends (RFC 6347 §4.1.2.6 over a crash). Before a record is taken, it is
 * stored that all numbers up to a mark, a few above it, may have been: a restart refuses those. So a session that speaks stores
 * something for its first record and then once in many; when it falls silent its window is stored as it is, and a crash costs it nothing.
 */
export class KeptProgress {
  /** Sessions with a mark, which is stored, and how far above what came the last one was. */
  readonly #marked = new Map<DtlsSession, number>();
  /** Marks that are being stored. */
  readonly #pending = new Map<DtlsSession, number>();
  readonly #held = new Map<DtlsSession, HeldRecord[]>();
  readonly #onDue: () => void;
  readonly #take: (session: DtlsSession, record: HeldRecord) => void;
  #isAsked = false;

  /** @param onDue records wait for an export of what is `due` @param take takes one that has waited */
  constructor(onDue: () => void, take: (session: DtlsSession, record: HeldRecord) => void) {
    this.#onDue = onDue;
    this.#take = take;
  }

  /** Whether a record that is authentic is to wait. Sessions that are not open are not stored yet. */
  hasToWait(session: DtlsSession, sequence: number): boolean {
    return session.isOpen && sequence >= session.readEnd;
  }

  /** False when too many wait already. */
  hold(session: DtlsSession, record: HeldRecord): boolean {
    const waiting = this.#held.get(session);
    if (waiting === undefined) this.#held.set(session, [record]);
    else if (waiting.length < maximumHeld) waiting.push(record);
    else return false;
    if (!this.#isAsked && !this.#pending.has(session)) {
      this.#isAsked = true;
      this.#onDue();
    }
    return true;
  }

  export(selection: ProgressSelection): ProgressExport {
    const entries: ProgressEntry[] = [];
    const raised: DtlsSession[] = [];
    if (typeof selection !== 'string') for (const session of selection) entries.push(this.#asItIs(session));
    else if (selection === 'final') this.#settleAll(entries);
    else {
      this.#raiseDue(entries, raised);
      if (selection === 'changed') this.#sweep(entries, raised);
    }
    return { bytes: encodeProgress(entries), stored: () => this.#onStored(raised) };
  }

  forget(session: DtlsSession): void {
    this.#marked.delete(session);
    this.#pending.delete(session);
    this.#held.delete(session);
  }

  #raiseDue(entries: ProgressEntry[], raised: DtlsSession[]): void {
    this.#isAsked = false;
    for (const session of this.#held.keys()) {
      if (!this.#pending.has(session)) this.#raise(session, entries, raised);
    }
  }

  #raise(session: DtlsSession, entries: ProgressEntry[], raised: DtlsSession[]): void {
    const before = this.#marked.get(session);
    const reserve = before === undefined ? firstReserve : Math.min(2 * before, largestReserve);
    const end = session.readHighest + 1 + reserve;
    this.#marked.set(session, reserve);
    this.#pending.set(session, end);
    entries.push({ session, end });
    raised.push(session);
  }

  /** Those that fell silent are stored as they are; those that speak on are given more before it runs out. */
  #sweep(entries: ProgressEntry[], raised: DtlsSession[]): void {
    for (const [session, reserve] of this.#marked) {
      if (this.#pending.has(session)) continue;
      if (!session.wasHeard) this.#settle(session, entries);
      else if (session.readEnd - session.readHighest <= reserve / 2) this.#raise(session, entries, raised);
      session.wasHeard = false;
    }
  }

  #settle(session: DtlsSession, entries: ProgressEntry[]): void {
    // At once: from when it is stored, which may be any time now, a restart takes what comes next.
    session.readEnd = session.readHighest + 1;
    this.#marked.delete(session);
    entries.push({ session, end: undefined });
  }

  #settleAll(entries: ProgressEntry[]): void {
    this.#held.clear();
    this.#pending.clear();
    for (const session of this.#marked.keys()) this.#settle(session, entries);
  }

  #asItIs(session: DtlsSession): ProgressEntry {
    const isMarked = this.#marked.has(session);
    return { session, end: isMarked ? Math.max(session.readEnd, this.#pending.get(session) ?? 0) : undefined };
  }

  #onStored(raised: readonly DtlsSession[]): void {
    for (const session of raised) {
      const end = this.#pending.get(session);
      if (end === undefined || !session.isOpen) continue;
      this.#pending.delete(session);
      session.readEnd = end;
      const waiting = this.#held.get(session) ?? [];
      this.#held.delete(session);
      for (const record of waiting) {
        if (record.sequence >= session.readEnd) this.hold(session, record);
        else if (session.isOpen) this.#take(session, record);
      }
    }
  }
}
