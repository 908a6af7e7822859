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
  /** To be called when they cannot be stored: the records that wait are dropped, and sent again by those who sent them. */
  failed(): void;
}

/** What is known of a session that speaks. */
interface Mark {
  /** Records that are taken without waiting, and may be lost by a crash. */
  readonly reserve: number;
  /** Where the session stood when this mark was asked for. */
  readonly highest: number;
  /** So many records it sent from then until the mark was stored; half of what it was before where that is more. */
  came: number;
}

/** A session that speaks on loses fewer records by a crash than a CON has transmissions (RFC 7252 §4.8): none of its messages. */
const smallReserve = 2;
/** For one that sends much at once it is twice what comes while a mark is being stored, up to this. */
const largestReserve = 1024;

/**
 * Sees to it that no record is taken twice, whenever the process ends (RFC 6347 §4.1.2.6 over a crash). Before a record is taken, it is
 * stored that all numbers up to a mark may have been: a restart refuses those. The first record of a session that was silent is the mark
 * itself; one that speaks on stores a mark for each few records, and one that sends them in numbers stores the next while there is room
 * below the last. So what a crash costs follows from how much is under way at once, not from how long or fast a session spoke before.
 */
export class KeptProgress {
  readonly #marked = new Map<DtlsSession, Mark>();
  /** Marks that are being stored. */
  readonly #pending = new Map<DtlsSession, number>();
  readonly #held = new Map<DtlsSession, HeldRecord[]>();
  /** Sessions that need a higher mark, and where they stood when they asked for it. */
  readonly #due = new Map<DtlsSession, number>();
  readonly #maximumHeld: number;
  readonly #onDue: () => void;
  readonly #take: (session: DtlsSession, record: HeldRecord) => void;
  readonly #drop: (record: HeldRecord) => void;

  /**
   * @param maximumHeld records of one session that wait
   * @param onDue records wait for an export of what is `due`
   * @param take takes a record that has waited
   * @param drop told of one that has waited for nothing
   */
  constructor(
    maximumHeld: number,
    onDue: () => void,
    take: (session: DtlsSession, record: HeldRecord) => void,
    drop: (record: HeldRecord) => void,
  ) {
    this.#maximumHeld = maximumHeld;
    this.#onDue = onDue;
    this.#take = take;
    this.#drop = drop;
  }

  /** Whether a record that is authentic is to wait. Sessions that are not open are not stored yet. */
  hasToWait(session: DtlsSession, sequence: number): boolean {
    if (!session.isOpen) return false;
    if (sequence >= session.readEnd) return true;
    const reserve = this.#marked.get(session)?.reserve ?? 0;
    if (reserve > smallReserve && session.readEnd - sequence <= reserve / 2) this.#ask(session);
    return false;
  }

  /** False when too many wait already. */
  hold(session: DtlsSession, record: HeldRecord): boolean {
    const waiting = this.#held.get(session);
    if (waiting === undefined) this.#held.set(session, [record]);
    else if (waiting.length < this.#maximumHeld) waiting.push(record);
    else return false;
    this.#ask(session);
    return true;
  }

  export(selection: ProgressSelection): ProgressExport {
    const entries: ProgressEntry[] = [];
    const raised: DtlsSession[] = [];
    if (typeof selection !== 'string') for (const session of selection) entries.push(this.#asItStands(session));
    else if (selection === 'final') this.#settleAll(entries);
    else {
      for (const [session, highest] of this.#due) raised.push(this.#raise(session, highest, entries));
      this.#due.clear();
      if (selection === 'changed') this.#sweep(entries);
    }
    return {
      bytes: encodeProgress(entries),
      stored: () => {
        for (const session of raised) this.#onStored(session);
      },
      failed: () => {
        for (const session of raised) this.#onFailed(session);
      },
    };
  }

  forget(session: DtlsSession): void {
    this.#marked.delete(session);
    this.#pending.delete(session);
    this.#held.delete(session);
    this.#due.delete(session);
  }

  #ask(session: DtlsSession): void {
    if (this.#pending.has(session) || this.#due.has(session)) return;
    this.#due.set(session, session.readHighest);
    if (this.#due.size === 1) this.#onDue();
  }

  #raise(session: DtlsSession, highest: number, entries: ProgressEntry[]): DtlsSession {
    const before = this.#marked.get(session);
    const came = before?.came ?? 0;
    const reserve = before === undefined ? 0 : Math.min(Math.max(smallReserve, 2 * came), largestReserve);
    const end = Math.max(session.readEnd, session.readHighest + 1 + reserve);
    this.#marked.set(session, { reserve, highest, came: Math.floor(came / 2) });
    this.#pending.set(session, end);
    entries.push({ session, end });
    return session;
  }

  /** Those that fell silent: what they did not use is not lost by a crash. */
  #sweep(entries: ProgressEntry[]): void {
    for (const session of this.#marked.keys()) {
      if (!session.wasHeard && !this.#pending.has(session)) this.#settle(session, entries);
      session.wasHeard = false;
    }
  }

  #settle(session: DtlsSession, entries: ProgressEntry[]): void {
    this.#marked.delete(session);
    const end = session.readHighest + 1;
    if (end >= session.readEnd) return;
    // At once: from when it is stored, which may be any time now, a restart takes what comes next.
    session.readEnd = end;
    entries.push({ session, end });
  }

  #settleAll(entries: ProgressEntry[]): void {
    this.#held.clear();
    this.#pending.clear();
    this.#due.clear();
    for (const session of this.#marked.keys()) this.#settle(session, entries);
  }

  #asItStands(session: DtlsSession): ProgressEntry {
    return { session, end: Math.max(session.readHighest + 1, session.readEnd, this.#pending.get(session) ?? 0) };
  }

  #onStored(session: DtlsSession): void {
    const end = this.#pending.get(session);
    if (end === undefined || !session.isOpen) return;
    this.#pending.delete(session);
    session.readEnd = end;
    const mark = this.#marked.get(session);
    if (mark !== undefined) mark.came = Math.max(mark.came, session.readHighest - mark.highest);
    for (const record of this.#release(session)) {
      if (record.sequence >= session.readEnd) this.hold(session, record);
      else if (session.isOpen) this.#take(session, record);
    }
  }

  #onFailed(session: DtlsSession): void {
    if (!this.#pending.delete(session)) return;
    for (const record of this.#release(session)) this.#drop(record);
  }

  #release(session: DtlsSession): readonly HeldRecord[] {
    const waiting = this.#held.get(session) ?? [];
    this.#held.delete(session);
    return waiting;
  }
}
