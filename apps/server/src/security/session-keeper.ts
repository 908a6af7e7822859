import type { SecureSessionStore } from '@yaolian/directory';
import {
  type DtlsServer,
  type DtlsSession,
  type ProvenIdentity,
  progressLength,
  type SessionListener,
} from '@yaolian/dtls';
import { type Clock, type Duration, type Log, type Timer, type Timers, zeroDuration } from '@yaolian/kernel';

export interface SessionKeeperOptions {
  readonly store: SecureSessionStore;
  /** Asked before a session goes on: what was withdrawn meanwhile is not good any more. */
  readonly isStillGood: (proof: ProvenIdentity) => Promise<boolean>;
  /** How often progress is stored. */
  readonly interval: Duration;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /**
   * What becomes of records of which it cannot be stored that they came, say because the disk is full: they are refused, and come again; or
   * taken, and could be replayed after a crash. Default `refuse`.
   */
  readonly unstored?: 'refuse' | 'take';
  /** Bytes of stored progress below which it is not put together. Default 1 MiB. */
  readonly minimumJournal?: number;
}

/** So many sessions are put together in one turn. */
const sliceLength = 2000;
/** What a batch takes besides, sealed and in its table. */
const batchOverhead = 48;
/** So many times what the progress of all sessions takes is stored before it is put together. */
const journalFactor = 4;

/**
 * Keeps the sessions of a DTLS server over restarts, kill -9 included. A session is stored once, when it opens; what may
 * be sent after a restart follows from that and from the number of the run (see `SessionImport`), so that sending stores
 * nothing but a new export after thousands of records. What came is stored before it is taken, in batches with a few bytes for each
 * session that spoke.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  #dtls: DtlsServer | undefined;
  #run = 0;
  /** Sessions whose stored state is not the newest. */
  readonly #outdated = new Set<DtlsSession>();
  #journalBytes = 0;
  #slices: Slices | undefined;
  #timer: Timer | undefined;
  /** Records wait while progress is being stored; what comes meanwhile is stored together. */
  #isStoringDue = false;
  #isDueAgain = false;
  #isFailing = false;
  #isStopped = false;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
  }

  /** For the server whose sessions are kept. */
  readonly listener: SessionListener = {
    onSessionOpened: (session) => this.#put(session),
    onExportDue: (session) => this.#put(session),
    onAddressChanged: (session) => this.#outdated.add(session),
    onSessionClosed: (session) => {
      this.#outdated.delete(session);
      if (!this.#isStopped) this.#settle(this.#options.store.remove(session.key));
    },
  };

  /** For the server: records wait. */
  readonly onProgressDue = (): void => {
    if (this.#isStoringDue) this.#isDueAgain = true;
    else void this.#storeDue();
  };

  /** Takes up the sessions of earlier runs. Before the server hears anything. */
  async restore(dtls: DtlsServer): Promise<void> {
    const { store, clock, log } = this.#options;
    this.#dtls = dtls;
    this.#run = await store.begin(Math.floor(clock.epoch() / 1000));
    const lost: string[] = [];
    for (const { key, run, state } of store.sessions()) {
      const session = dtls.importSession(state, { importedBefore: this.#run - run - 1 });
      state.fill(0);
      if (session === undefined) lost.push(key);
    }
    for (const batch of store.progress()) {
      dtls.importProgress(batch);
      this.#journalBytes += batch.length + batchOverhead;
    }
    for (const key of lost) this.#settle(store.remove(key));
    const withdrawn: DtlsSession[] = [];
    for (const session of dtls.sessions()) {
      if (!(await this.#options.isStillGood(session.proof))) withdrawn.push(session);
    }
    for (const session of withdrawn) dtls.closeSession(session);
    const counts = { sessions: dtls.size, lost: lost.length, withdrawn: withdrawn.length };
    if (Object.values(counts).some((count) => count > 0)) log.info('DTLS sessions restored', counts);
    this.#schedule(this.#options.interval);
  }

  /** Stores what is not stored yet. The server, suspended, sends and takes nothing from now on. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#timer?.cancel();
    for (const session of this.#outdated) this.#put(session);
    const progress = this.#dtls?.exportProgress('final');
    const suspended = this.#dtls?.suspend();
    await this.#addProgress(progress?.bytes);
    await suspended;
  }

  #schedule(delay: Duration): void {
    this.#timer = this.#options.timers.schedule(delay, () => void this.#sync());
  }

  async #sync(): Promise<void> {
    const outdated = [...this.#outdated];
    this.#outdated.clear();
    for (const session of outdated) this.#put(session);
    const isSlicing = this.#takeSlice();
    await this.#storeProgress('changed');
    if (!this.#isStopped) this.#schedule(isSlicing ? zeroDuration : this.#options.interval);
  }

  /** In the turn after the records came, so that those of many sessions are stored together. */
  async #storeDue(): Promise<void> {
    this.#isStoringDue = true;
    do {
      await Promise.resolve();
      this.#isDueAgain = false;
      if (this.#isStopped) break;
      await this.#storeProgress('due');
    } while (this.#isDueAgain);
    this.#isStoringDue = false;
  }

  async #storeProgress(selection: 'changed' | 'due'): Promise<void> {
    const { unstored = 'refuse', log } = this.#options;
    const progress = this.#dtls!.exportProgress(selection);
    if (progress.bytes.length === 0) return;
    const isStored = (await this.#addProgress(progress.bytes)) !== undefined;
    if (isStored === this.#isFailing) {
      this.#isFailing = !isStored;
      if (isStored) log.info('records of DTLS sessions are stored again');
      else log.error('records of DTLS sessions cannot be stored', { 'coap.unstored-records': unstored });
    }
    if (isStored || unstored === 'take') progress.stored();
    else progress.failed();
  }

  #put(session: DtlsSession): void {
    const exported = this.#dtls!.exportSession(session);
    const stored = this.#options.store.put({ key: session.key, run: this.#run, state: exported.state });
    exported.state.fill(0);
    stored.then(exported.stored, (error: unknown) => {
      if (session.isOpen) this.#outdated.add(session); // tried again
      this.#complain(error);
    });
  }

  async #addProgress(batch: Uint8Array | undefined): Promise<number | undefined> {
    if (batch === undefined || batch.length === 0) return undefined;
    try {
      const number = await this.#options.store.addProgress(batch);
      this.#journalBytes += batch.length + batchOverhead;
      return number;
    } catch (error) {
      this.#complain(error);
      return undefined;
    }
  }

  /**
   * Puts what was stored in many batches together, some sessions a turn: once all are stored again, what was stored before
   * says nothing new. True when there is more to do.
   */
  #takeSlice(): boolean {
    const dtls = this.#dtls!;
    if (this.#slices === undefined) {
      const bound = Math.max(this.#options.minimumJournal ?? 2 ** 20, journalFactor * progressLength * dtls.size);
      if (this.#journalBytes <= bound) return false;
      this.#slices = { sessions: dtls.sessions(), first: undefined, isWhole: true };
      this.#journalBytes = 0;
    }
    const slices = this.#slices;
    const batch = [...take(slices.sessions, sliceLength)];
    const isLast = batch.length < sliceLength;
    if (isLast) this.#slices = undefined;
    void this.#addProgress(dtls.exportProgress(batch).bytes).then((number) => {
      if (batch.length > 0 && number === undefined) slices.isWhole = false;
      slices.first ??= number;
      if (!isLast || !slices.isWhole || slices.first === undefined) return;
      this.#settle(this.#options.store.removeProgressBefore(slices.first));
    });
    return !isLast;
  }

  #settle(change: Promise<unknown>): void {
    change.catch((error: unknown) => this.#complain(error));
  }

  #complain(error: unknown): void {
    this.#options.log.warn('DTLS sessions cannot be stored: terminals shake hands again after a restart', { error });
  }
}

/** Progress that is being put together. */
interface Slices {
  readonly sessions: Iterator<DtlsSession>;
  /** Number of the first batch. */
  first: number | undefined;
  /** Whether every batch is stored. */
  isWhole: boolean;
}

function* take<T>(values: Iterator<T>, count: number): Generator<T> {
  for (let i = 0; i < count; i++) {
    const { done, value } = values.next();
    if (done) return;
    yield value;
  }
}
