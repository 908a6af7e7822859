import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatFullTime, formatNumber } from '../platform/format.ts';
import { useStore } from '../platform/store.ts';
import { language, useText } from '../platform/text.ts';
import { theme } from '../platform/theme.ts';
import { TableHead } from './table-head.tsx';
import { timeMarks } from './time-marks.ts';

/** A class of styles/device.css that has the colour of a line as its text colour. */
export type Ink = 'accent-ink' | 'good-ink' | 'calm-ink' | 'muted-ink';

export interface Line {
  readonly ink: Ink;
  /** One for each time; null where there is none: the line is broken there. */
  readonly values: readonly (number | null)[];
}

/** Seconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

interface PlotProps {
  /** Seconds since the epoch, growing. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  /** The axis begins at zero: for counts. */
  readonly fromZero?: boolean;
  /** What the time axis shows; absent: from the first time to the last. */
  readonly range?: TimeRange;
  /** Between which values each time had: a band behind the first line. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  /** A value holds until the next one: of switches. */
  readonly isStepped?: boolean;
  /** Somebody chose a part of the time by dragging. Absent: nothing can be chosen. */
  readonly onRange?: (range: TimeRange) => void;
  /** The values at a time in words, in the order of `lines`; absent: the numbers. */
  readonly describe?: (values: readonly (number | null)[]) => string;
}

const height = 180;
/** A shorter drag is a click. */
const leastDrag = 8;

/** Lines over time. The pointer, or the arrow keys, read them value by value. */
export function Plot(props: PlotProps) {
  const t = useText();
  const { times, lines, label, fromZero = false, range, band, isStepped = false, onRange } = props;
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [at, setAt] = useState<number>();
  const [isRead, setRead] = useState(false);
  const inks = lines.map(({ ink }) => ink).join(' ');
  const present = useStore(theme);
  const words = useStore(language);
  // Colours and words are read when it is made: another theme makes another one.
  useEffect(() => {
    const box = element.current!;
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [(made) => setAt(made.cursor.idx ?? undefined)],
      setSelect: [(made) => choose(made, latest.current.onRange)],
    };
    const name = (value: number) => latest.current.describe?.([value]) ?? formatNumber(value);
    const shape = { name, fromZero, isStepped, hasBand: band !== undefined, canChoose: onRange !== undefined };
    const made = new uPlot({ ...options(box, inks.split(' '), shape), hooks }, dataOf(latest.current), box);
    plot.current = made;
    show(made, latest.current.range);
    const resized = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [inks, fromZero, isStepped, band !== undefined, onRange !== undefined, present, words]);
  useEffect(() => {
    const made = plot.current!;
    made.setData(dataOf(latest.current), latest.current.range === undefined);
    show(made, latest.current.range);
  }, [times, lines, band, range?.from, range?.to]);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = times.length - 1;
    const keys = { ArrowRight: (at ?? last) + 1, ArrowLeft: at === undefined ? last : at - 1, Home: 0, End: last };
    const wanted = (keys as Readonly<Record<string, number>>)[event.key];
    if (wanted === undefined || times.length === 0) return;
    event.preventDefault();
    const next = Math.min(last, Math.max(0, wanted));
    const made = plot.current!;
    made.setCursor({ left: made.valToPos(times[next]!, 'x'), top: 0 });
  };
  return (
    <>
      <div
        ref={element}
        class="plot"
        role="img"
        aria-label={`${label} ${t('plot.keys')}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read it value by value
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setRead(true)}
        onBlur={() => setRead(false)}
      />
      {/* What the pointer passes over is not said. */}
      <p class="plot-at" aria-live={isRead ? 'polite' : 'off'}>
        {at === undefined ? '' : textAt(props, at)}
      </p>
      <PlotTable {...props} />
    </>
  );
}

/** The same as a table, the newest first: for those who would rather read it, or copy it. */
function PlotTable(props: PlotProps) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const { times, label } = props;
  return (
    <details class="plot-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('plot.table')}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
        <section class="scroll" tabIndex={0} aria-label={label}>
          <table>
            <TableHead columns={[t('plot.time'), t('plot.values')]} />
            <tbody>
              {times
                .map((_, i) => times.length - 1 - i)
                .map((at) => (
                  <tr key={times[at]}>
                    <th scope="row">{formatFullTime(times[at]! * 1000)}</th>
                    <td>{valuesAt(props, at)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}

function textAt(props: PlotProps, at: number): string {
  const time = props.times[at];
  return time === undefined ? '' : `${formatFullTime(time * 1000)} · ${valuesAt(props, at)}`;
}

function valuesAt({ lines, describe }: PlotProps, at: number): string {
  const values = lines.map(({ values }) => values[at] ?? null);
  return describe ? describe(values) : values.map((value) => (value === null ? '—' : formatNumber(value))).join(', ');
}

function choose(made: uPlot, onRange: PlotProps['onRange']): void {
  const { left, width } = made.select;
  if (width < leastDrag) return;
  onRange?.({ from: made.posToVal(left, 'x'), to: made.posToVal(left + width, 'x') });
  made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function show(made: uPlot, range: TimeRange | undefined): void {
  if (range !== undefined) made.setScale('x', { min: range.from, max: range.to });
}

function dataOf({ times, lines, band }: PlotProps): uPlot.AlignedData {
  const columns = [...lines.map(({ values }) => values), ...(band ? [band.high, band.low] : [])];
  return [times, ...columns] as uPlot.AlignedData;
}

interface Shape {
  /** The two states of a switch, 0 and 1, in words. */
  readonly name: (value: number) => string;
  readonly fromZero: boolean;
  readonly isStepped: boolean;
  readonly hasBand: boolean;
  readonly canChoose: boolean;
}

function options(box: HTMLElement, inks: readonly string[], shape: Shape): uPlot.Options {
  const muted = inkOf(box, 'muted-ink');
  const grid = { stroke: inkOf(box, 'line-ink'), width: 1 };
  const axis = { stroke: muted, grid, ticks: { show: false }, font: `12px ${getComputedStyle(box).fontFamily}` };
  const range = (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => {
    if (low === null || high === null) return [0, 1];
    if (shape.fromZero) return [0, Math.max(1, high * 1.1)];
    if (shape.isStepped) return [-0.1, 1.1];
    return low === high ? [low - 1, high + 1] : uPlot.rangeNum(low, high, 0.1, false);
  };
  const bandInk = `${inkOf(box, inks[0]!).replace('rgb(', 'rgba(').replace(')', ', 0.18)')}`;
  const hidden = { stroke: 'transparent', width: 0, points: { show: false } };
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    cursor: { drag: { x: shape.canChoose, y: false, setScale: false, dist: leastDrag }, points: { size: 7 } },
    axes: [
      { ...axis, space: 80, size: 30, values: (_, splits) => timeMarks(splits) },
      { ...axis, size: 56, values: (_, splits) => splits.map((split) => markOf(split, shape)) },
    ],
    scales: { y: { range } },
    series: [
      {},
      ...inks.map((ink) => lineOptions(inkOf(box, ink), shape.isStepped)),
      ...(shape.hasBand ? [hidden, hidden] : []),
    ],
    bands: shape.hasBand ? [{ series: [inks.length + 1, inks.length + 2], fill: bandInk }] : [],
  };
}

/** What stands at a mark of the axis: of a switch, its two states. */
function markOf(mark: number | null, { isStepped, name }: Shape): string {
  if (mark === null) return '';
  if (!isStepped) return formatNumber(mark);
  return mark === 0 || mark === 1 ? name(mark) : '';
}

function lineOptions(stroke: string, isStepped: boolean): uPlot.Series {
  const paths = isStepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {};
  return { stroke, width: 2, spanGaps: false, points: { size: 5, fill: stroke }, ...paths };
}

/** The browser works light-dark() out only where a colour is used: asks an element that uses it. */
function inkOf(box: HTMLElement, className: string): string {
  const probe = document.createElement('span');
  probe.className = className;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
