import type { DatabaseSync } from 'node:sqlite';

/** What `PRAGMA wal_checkpoint` tells, in pages of the write-ahead log. */
export interface CheckpointOutcome {
  readonly pagesInLog: number;
  readonly pagesMoved: number;
}

/** Moves as much of the write-ahead log into the database as goes without waiting for anybody. */
export function checkpoint(database: DatabaseSync): CheckpointOutcome {
  const { log, checkpointed } = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as Record<string, number>;
  return { pagesInLog: log!, pagesMoved: checkpointed! };
}
