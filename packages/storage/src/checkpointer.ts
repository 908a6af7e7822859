import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type Log, silentLog } from '@yaolian/kernel';
import { type CheckpointOutcome, checkpoint } from './checkpoint.ts';
import { messageOf } from './errors.ts';
import type { CommitListener, GroupCommit } from './group-commit.ts';

export interface CheckpointerOptions {
  readonly database: DatabaseSync;
  readonly commit: GroupCommit;
  /** The database file. */
  readonly file: string;
  readonly log?: Log;
  /** A checkpoint begins after so many changes. Default 16,384. */
  readonly afterChanges?: number;
  /** In a thread of its own (the default), or between two turns of the event loop. */
  readonly where?: 'thread' | 'inline';
}

/** What the thread left behind while commits went on is moved inline when it is no more than this: a few milliseconds. */
const maxInlinePages = 1000;

/** So many changes without a complete checkpoint, and one is made inline whatever it takes: the log's bound. */
const forcedAfter = 16;

/**
 * Keeps the write-ahead log short. SQLite's own way, a checkpoint inside every thousandth commit, would hold up all terminals
 * for tens of milliseconds; here a thread moves the bulk, and only the rest of the last moments is moved in between, so that
 * the log starts over.
 */
export class Checkpointer implements CommitListener {
  readonly #options: CheckpointerOptions;
  readonly #log: Log;
  readonly #afterChanges: number;
  #worker: Worker | undefined;
  #threadFailed = false;
  #running = false;
  #changes = 0;
  /** Times that `afterChanges` went by since the log last started over. */
  #overdue = 0;
  #closed = false;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#afterChanges = options.afterChanges ?? 16_384;
    this.#threadFailed = options.where === 'inline';
    options.commit.listen(this);
  }

  committed(changes: number): void {
    this.#changes += changes;
    if (this.#changes < this.#afterChanges || this.#closed) return;
    this.#changes = 0;
    this.#overdue++;
    if (this.#threadFailed || this.#overdue > forcedAfter) setImmediate(() => this.#checkpointInline());
    else if (!this.#running) this.#askThread();
  }

  /** Ends the thread. The rest of the log is for whoever closes the database. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #askThread(): void {
    this.#running = true;
    this.#worker ??= this.#startThread();
    this.#worker.postMessage('checkpoint');
  }

  #startThread(): Worker {
    const { file } = this.#options;
    // The same file name in the sources and in what is built from them.
    const script = new URL(`./checkpoint-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
    const worker = new Worker(script, { workerData: { file }, resourceLimits: { maxOldGenerationSizeMb: 16 } });
    worker.unref();
    worker.on('message', (outcome: CheckpointOutcome) => this.#threadDone(outcome));
    worker.on('error', (error) => this.#threadBroke(error));
    return worker;
  }

  #threadDone(outcome: CheckpointOutcome): void {
    this.#running = false;
    if (this.#closed) return;
    if (outcome.pagesInLog - outcome.pagesMoved > maxInlinePages) this.#askThread();
    else this.#checkpointInline();
  }

  #threadBroke(error: unknown): void {
    this.#running = false;
    this.#threadFailed = true;
    this.#worker = undefined;
    this.#log.error('the checkpoint thread failed; checkpoints go on without it', { error });
  }

  #checkpointInline(): void {
    if (this.#closed) return;
    const { commit, database } = this.#options;
    void commit.flush().catch(() => {}); // whoever made the changes is told; a checkpoint needs no open transaction
    try {
      const { pagesInLog, pagesMoved } = checkpoint(database);
      if (pagesMoved >= pagesInLog) this.#overdue = 0;
    } catch (error) {
      // Nothing is lost: the log goes on growing until a later one succeeds.
      this.#log.warn('a checkpoint failed', { reason: messageOf(error) });
    }
  }
}
