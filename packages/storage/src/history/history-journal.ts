import type { DatabaseSync } from 'node:sqlite';
import { ByteSink } from './byte-sink.ts';
import { NumberedPoints } from './numbered-points.ts';
import { encodePoint, PointReader } from './point-codec.ts';

/**
 * What was recorded and is not in chunks yet: a row for each transaction, so that recording costs one short append whatever
 * series the points are of.
 */
export class HistoryJournal {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #sink = new ByteSink();
  #last: number;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
    this.#last = (this.#statements.last.get() as { n: number | null }).n ?? 0;
  }

  /** The number of the newest row. Rows keep their numbers while the process runs. */
  get last(): number {
    return this.#last;
  }

  /** The number of the oldest row; undefined when there is none. */
  first(): number | undefined {
    return (this.#statements.first.get() as { n: number | null }).n ?? undefined;
  }

  append({ series, times, values }: NumberedPoints): void {
    const sink = this.#sink;
    sink.reset();
    let previous = 0;
    for (let i = 0; i < series.length; i++) {
      const time = times[i]!;
      sink.varint(series[i]!);
      encodePoint(sink, time, values[i]!, undefined, previous);
      previous = time;
    }
    this.#statements.append.run(++this.#last, sink.written());
  }

  /** Row by row. */
  *read(): Generator<NumberedPoints> {
    const rows = this.#statements.all.iterate() as Iterable<unknown> as Iterable<{ readonly data: Uint8Array }>;
    for (const { data } of rows) {
      const reader = new PointReader(data);
      const points = new NumberedPoints();
      for (let previous = 0; !reader.atEnd; ) {
        const series = reader.varint();
        const { time, value } = reader.point(previous);
        previous = time;
        points.add(series, time, value);
      }
      yield points;
    }
  }

  /** Removes rows up to a number, `limit` at most. @returns how many */
  removeUpTo(n: number, limit: number): number {
    return Number(this.#statements.remove.run(n, limit).changes);
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    append: database.prepare('INSERT INTO history_journal VALUES (?, ?)'),
    all: database.prepare('SELECT data FROM history_journal ORDER BY n'),
    first: database.prepare('SELECT min(n) AS n FROM history_journal'),
    last: database.prepare('SELECT max(n) AS n FROM history_journal'),
    remove: database.prepare(
      'DELETE FROM history_journal WHERE n IN (SELECT n FROM history_journal WHERE n <= ? ORDER BY n LIMIT ?)',
    ),
  };
}
