import type { Migration } from '../migrate.ts';

/** The tables of history. */
export const historySchema: Migration = {
  name: 'history of values',
  sql: `
    CREATE TABLE history_series (
      n INTEGER PRIMARY KEY,
      device TEXT NOT NULL,
      kind INTEGER NOT NULL,        -- 0 value, 1 event, 2 counter; 3: removed, device is n and path the journal's row
      path TEXT NOT NULL,
      UNIQUE (device, kind, path)
    ) STRICT;
    CREATE INDEX history_series_gone ON history_series (n) WHERE kind = 3;
    -- Runs of points, which do not overlap. Times are milliseconds since the epoch.
    CREATE TABLE history_chunk (
      id INTEGER PRIMARY KEY,
      series INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      count INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX history_chunk_place ON history_chunk (series, first);
    -- What is not in chunks yet, a row for each transaction.
    CREATE TABLE history_journal (
      n INTEGER PRIMARY KEY,
      data BLOB NOT NULL
    ) STRICT;`,
};

/** Which chunks may hold values that can be put together. */
export const historySpanSchema: Migration = {
  name: 'old values of history as spans',
  sql: `
    ALTER TABLE history_chunk ADD COLUMN raw INTEGER NOT NULL DEFAULT 1; -- 0: nothing in it is left to put together
    CREATE INDEX history_chunk_raw ON history_chunk (first) WHERE raw = 1;`,
};
