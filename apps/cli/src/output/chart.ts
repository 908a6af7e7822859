import { displayWidth, pad } from './display-width.ts';

/** A number over time, in spans: where the bars stand. */
export interface ChartBar {
  /** Which column, from 0. */
  readonly column: number;
  readonly value: number;
}

export interface ChartOptions {
  readonly columns: number;
  /** Rows of the terminal. Default 8. */
  readonly rows?: number;
  /** What stands under the first and the last column. */
  readonly ends: readonly [string, string];
}

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Bars from the least value to the greatest, with the scale at the left. Columns without a value stay empty. */
export function formatChart(bars: readonly ChartBar[], { columns, rows = 8, ends }: ChartOptions): string {
  const values = bars.map(({ value }) => value);
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  // One level at least, so that the least value shows.
  const steps = rows * blocks.length - 1;
  const levels = new Map(
    bars.map(({ column, value }) => [
      column,
      1 + (range === 0 ? Math.floor(steps / 2) : Math.round(((value - least) / range) * steps)),
    ]),
  );
  const scale = (row: number) => (range === 0 ? least : least + (range * (row + 0.5)) / rows);
  const labels = Array.from({ length: rows }, (_, row) => {
    const shown = row === 0 || row === rows - 1 || row === Math.floor(rows / 2);
    if (range === 0) return row === Math.floor(rows / 2) ? shortNumber(least) : '';
    return shown ? shortNumber(row === 0 ? least : row === rows - 1 ? least + range : scale(row)) : '';
  });
  const width = Math.max(...labels.map(displayWidth));
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) {
    const cells = Array.from({ length: columns }, (_, column) => cellOf(levels.get(column), row));
    lines.push(`${pad(labels[row]!, width, 'right')} ┤${cells.join('')}`.trimEnd());
  }
  const [first, last] = ends;
  const space = Math.max(1, columns - displayWidth(first) - displayWidth(last));
  lines.push(`${' '.repeat(width)} └${'─'.repeat(columns)}`);
  lines.push(`${' '.repeat(width + 2)}${first}${' '.repeat(space)}${last}`);
  return `${lines.join('\n')}\n`;
}

function cellOf(level: number | undefined, row: number): string {
  const height = (level ?? 0) - row * blocks.length;
  if (height <= 0) return ' ';
  return blocks[Math.min(height, blocks.length) - 1]!;
}

/** At most six digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
