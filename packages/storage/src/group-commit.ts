import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Counter, Histogram, Meter } from '@yaolian/kernel';
import { deafMeter } from '@yaolian/kernel';
import { isRowRefusal, messageOf, storageErrors, storageFailure } from './errors.ts';

export interface GroupCommitOptions {
  readonly meter?: Meter;
  /** So many changes are committed at the latest, without waiting for the end of the turn. Default 4096. */
  readonly maxChanges?: number;
  /** Arranges for `flush` to run soon after the present turn of the event loop. Default `setImmediate`. */
  readonly schedule?: (flush: () => void) => void;
}

/** Keeps something in memory beside the tables, and is told what became of its changes. */
export interface CommitListener {
  /** The transaction is about to be committed: the last moment to put something into it. */
  committing?(): void;
  committed?(changes: number): void;
  /** The changes since the last commit never happened. */
  rolledBack?(): void;
}

/** How the last transactions went. */
export interface CommitState {
  /** Seconds that the last one took, the disk included; undefined before the first. */
  readonly lastSeconds: number | undefined;
  /** Why the last one failed; undefined when it did not. */
  readonly failure: string | undefined;
}

/** The transaction that is open now, and the one promise that all who changed something in it wait for. */
interface Batch {
  changes: number;
  readonly durable: PromiseWithResolvers<void>;
}

const secondsBuckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/**
 * Puts all changes of a turn of the event loop into one durable transaction. While a commit waits for the disk the process
 * takes nothing in, so what arrived meanwhile makes up the next turn and the next transaction: the slower the disk, the larger
 * the groups.
 *
 * A change runs at once inside the open transaction, so a row that SQLite refuses is refused to its caller alone. When the
 * transaction fails, everybody in it is told.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #maxChanges: number;
  readonly #schedule: (flush: () => void) => void;
  readonly #statements: Record<'begin' | 'commit' | 'mark' | 'release' | 'undo', StatementSync>;
  readonly #listeners: CommitListener[] = [];
  readonly #commits: Counter;
  readonly #changes: Counter;
  readonly #failures: Counter;
  readonly #refusals: Counter;
  readonly #seconds: Histogram;
  readonly #scheduled = () => this.#flushScheduled();
  #flushIsScheduled = false;
  #batch: Batch | undefined;
  /** Changes of several statements that are being made: what is changed meanwhile belongs to them. */
  #depth = 0;
  #closed = false;
  #lastSeconds: number | undefined;
  #failure: string | undefined;

  constructor(database: DatabaseSync, options: GroupCommitOptions = {}) {
    const { meter = deafMeter, maxChanges = 4096, schedule = setImmediate } = options;
    if (!(maxChanges >= 1)) throw new RangeError(`maxChanges is at least 1, not ${maxChanges}`);
    this.#database = database;
    this.#maxChanges = maxChanges;
    this.#schedule = schedule;
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      mark: database.prepare('SAVEPOINT together'),
      release: database.prepare('RELEASE together'),
      undo: database.prepare('ROLLBACK TO together'),
    };
    this.#commits = meter.counter('storage_commits_total', 'Durable transactions');
    this.#changes = meter.counter('storage_changes_total', 'Changes made durable');
    this.#failures = meter.counter('storage_commit_failures_total', 'Transactions that failed as a whole');
    this.#refusals = meter.counter('storage_refused_changes_total', 'Changes that the database refused one by one');
    this.#seconds = meter.histogram('storage_commit_seconds', 'Time of a commit, the disk included', secondsBuckets);
  }

  get state(): CommitState {
    return { lastSeconds: this.#lastSeconds, failure: this.#failure };
  }

  /** Tells `listener` of every commit and rollback from now on. */
  listen(listener: CommitListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Makes a change: `apply` runs now and executes one statement. Changes of a turn share the promise.
   * @returns resolves when the change is on disk; rejects with STORAGE_FULL or STORAGE_FAILED when the transaction failed,
   * ROW_REFUSED when only this change did, STORAGE_CLOSED after {@link close}
   */
  change(apply: () => void): Promise<void> {
    let batch: Batch;
    try {
      batch = this.#open();
      apply();
    } catch (error) {
      return this.#refused(error);
    }
    return this.#changed(batch);
  }

  /**
   * As {@link change}, for an `apply` of several statements that happen together or not at all. Changes that `apply` asks for are in the same
   * transaction.
   */
  changeTogether(apply: () => void): Promise<void> {
    let batch: Batch | undefined;
    try {
      batch = this.#open();
      this.#statements.mark.run();
      this.#applyMarked(apply);
    } catch (error) {
      if (batch === undefined || batch === this.#batch) return this.#refused(error);
      // The transaction failed with something that was changed meanwhile, and what came after is none of its.
      if (this.#batch !== undefined) this.#fail(this.#batch, error);
      return batch.durable.promise;
    }
    return this.#changed(batch);
  }

  /** Resolves when everything that was changed until now is on disk. */
  settled(): Promise<void> {
    return this.#batch === undefined ? Promise.resolve() : this.#batch.durable.promise;
  }

  /** Commits what is open now. Resolves when it is on disk, with nothing to do at once. */
  flush(): Promise<void> {
    const batch = this.#batch;
    if (batch === undefined) return Promise.resolve();
    this.#commit(batch);
    return batch.durable.promise;
  }

  /** Commits what is open and takes no more. */
  close(): Promise<void> {
    const flushed = this.flush();
    this.#closed = true;
    return flushed;
  }

  #open(): Batch {
    if (this.#batch !== undefined) return this.#batch;
    if (this.#closed) throw storageErrors.STORAGE_CLOSED();
    this.#statements.begin.run();
    const batch: Batch = { changes: 0, durable: Promise.withResolvers<void>() };
    // Whoever waits sees the rejection; that nobody waits must not end the process.
    batch.durable.promise.catch(() => {});
    this.#batch = batch;
    if (!this.#flushIsScheduled) {
      this.#flushIsScheduled = true;
      this.#schedule(this.#scheduled);
    }
    return batch;
  }

  #applyMarked(apply: () => void): void {
    this.#depth++;
    try {
      apply();
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#statements.undo.run();
        this.#statements.release.run();
      }
      throw error;
    } finally {
      this.#depth--;
    }
    this.#statements.release.run();
  }

  #changed(batch: Batch): Promise<void> {
    batch.changes++;
    if (batch.changes >= this.#maxChanges && this.#depth === 0) this.#commit(batch);
    return batch.durable.promise;
  }

  /** Nothing of the change is in the transaction; whether the transaction still stands depends on the error. */
  #refused(error: unknown): Promise<never> {
    const batch = this.#batch;
    if (batch === undefined) {
      const closed = this.#closed ? error : undefined;
      if (closed === undefined) this.#failure = messageOf(error); // BEGIN failed
      return Promise.reject(closed ?? storageFailure(error));
    }
    if (isRowRefusal(error) && this.#database.isTransaction) {
      this.#refusals.add();
      return Promise.reject(storageErrors.ROW_REFUSED(messageOf(error), error));
    }
    this.#fail(batch, error);
    return batch.durable.promise as Promise<never>;
  }

  #flushScheduled(): void {
    this.#flushIsScheduled = false;
    if (this.#batch !== undefined) this.#commit(this.#batch);
  }

  #commit(batch: Batch): void {
    const start = performance.now();
    try {
      for (const listener of this.#listeners) listener.committing?.();
      this.#statements.commit.run();
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    this.#batch = undefined;
    this.#lastSeconds = (performance.now() - start) / 1000;
    this.#failure = undefined;
    this.#seconds.record(this.#lastSeconds);
    this.#commits.add();
    this.#changes.add(batch.changes);
    for (const listener of this.#listeners) listener.committed?.(batch.changes);
    batch.durable.resolve();
  }

  #fail(batch: Batch, error: unknown): void {
    this.#batch = undefined;
    // SQLite has rolled back by itself after some errors, not after others.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    this.#failures.add();
    this.#failure = messageOf(error);
    for (const listener of this.#listeners) listener.rolledBack?.();
    batch.durable.reject(storageFailure(error));
  }
}
