import { displayWidth, pad, printable, truncate } from './display-width.ts';
import type { Paint } from './paint.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string | number | undefined;
  readonly align?: 'left' | 'right';
  /** May lose its end when the terminal is too narrow. */
  readonly shrinks?: boolean;
  readonly paint?: (row: T) => Paint | undefined;
}

export interface TableOptions {
  /** Undefined: as wide as it gets. */
  readonly width: number | undefined;
  readonly paint: (text: string, paint: Paint) => string;
}

const gap = '  ';
const narrowest = 8;

/** Rows under their titles, aligned by cells of the terminal, ending in a line break each. Columns without any value are left out. */
export function formatTable<T>(rows: readonly T[], columns: readonly Column<T>[], options: TableOptions): string {
  const texts = rows.map((row) => columns.map((column) => printable(String(column.value(row) ?? ''))));
  const shown = columns.map((_, index) => index).filter((index) => texts.some((cells) => cells[index] !== ''));
  const widths = new Map(
    shown.map((index) => [
      index,
      Math.max(displayWidth(columns[index]!.title), ...texts.map((cells) => displayWidth(cells[index]!))),
    ]),
  );
  shrink(widths, columns, options.width);
  const line = (cell: (index: number) => string, paint: (index: number) => Paint | undefined) => {
    const cells = shown.map((index, position) => {
      const column = columns[index]!;
      const isLast = position === shown.length - 1 && column.align !== 'right';
      const text = truncate(cell(index), widths.get(index)!);
      const spaces = pad(text, widths.get(index)!, column.align).length - text.length;
      const color = paint(index);
      const painted = color ? options.paint(text, color) : text;
      const space = ' '.repeat(isLast ? 0 : spaces);
      return column.align === 'right' ? space + painted : painted + space;
    });
    return `${cells.join(gap).trimEnd()}\n`;
  };
  const head = line(
    (index) => columns[index]!.title,
    () => 'bold',
  );
  const body = rows.map((row, at) =>
    line(
      (index) => texts[at]![index]!,
      (index) => columns[index]!.paint?.(row),
    ),
  );
  return head + body.join('');
}

/** Takes what is too much from the widest columns that may shrink. */
function shrink<T>(widths: Map<number, number>, columns: readonly Column<T>[], limit: number | undefined): void {
  if (limit === undefined) return;
  let excess = gap.length * (widths.size - 1) - limit;
  for (const width of widths.values()) excess += width;
  const shrinking = [...widths.keys()].filter((index) => columns[index]!.shrinks);
  while (excess > 0) {
    const widest = shrinking.reduce<number | undefined>(
      (best, index) => (best === undefined || widths.get(index)! > widths.get(best)! ? index : best),
      undefined,
    );
    if (widest === undefined || widths.get(widest)! <= narrowest) return;
    widths.set(widest, widths.get(widest)! - 1);
    excess--;
  }
}

/** A name and what there is to say under it, in a colour where one helps. */
export type Fact = readonly [name: string, value: string | number | undefined, paint?: Paint];

/** `name   value` lines for the facts of one thing; those without a value are left out. */
export function formatFacts(facts: readonly Fact[], paint: TableOptions['paint']): string {
  const known = facts.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => displayWidth(name)));
  return known
    .map(([name, value, color]) => {
      const text = printable(String(value));
      return `${paint(pad(printable(name), width), 'bold')}${gap}${color ? paint(text, color) : text}\n`;
    })
    .join('');
}
