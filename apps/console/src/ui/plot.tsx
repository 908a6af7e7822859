import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useStore } from '../platform/store.ts';
import { language, localeOf } from '../platform/text.ts';
import { theme } from '../platform/theme.ts';

/** A class of styles/device.css that has the colour of a line as its text colour. */
export type Ink = 'accent-ink' | 'good-ink' | 'calm-ink' | 'muted-ink';

export interface Line {
  readonly ink: Ink;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface PlotProps {
  /** Seconds since the epoch, growing. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** What it shows, in words, for those who do not see it. */
  readonly label: string;
  /** The axis begins at zero: for counts. */
  readonly fromZero?: boolean;
}

const height = 180;

/** Lines over time. */
export function Plot({ times, lines, label, fromZero = false }: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const inks = lines.map(({ ink }) => ink).join(' ');
  const present = useStore(theme);
  // Colours are read when it is made: another theme makes another one.
  useEffect(() => {
    const box = element.current!;
    const made = new uPlot(options(box, inks.split(' '), fromZero), dataOf(times, lines), box);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [inks, fromZero, present]);
  useEffect(() => plot.current?.setData(dataOf(times, lines)));
  return <div ref={element} class="plot" role="img" aria-label={label} />;
}

function dataOf(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [times, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
}

function options(box: HTMLElement, inks: readonly string[], fromZero: boolean): uPlot.Options {
  const muted = inkOf(box, 'muted-ink');
  const grid = { stroke: inkOf(box, 'line-ink'), width: 1 };
  const axis = { stroke: muted, grid, ticks: { show: false }, font: `12px ${getComputedStyle(box).fontFamily}` };
  const range = (_: uPlot, low: number, high: number): uPlot.Range.MinMax => {
    if (fromZero) return [0, Math.max(1, high * 1.1)];
    return low === high ? [low - 1, high + 1] : uPlot.rangeNum(low, high, 0.1, false);
  };
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    axes: [
      { ...axis, space: 80, values: (_, splits) => clockTexts(splits) },
      { ...axis, size: 56 },
    ],
    scales: { y: { range } },
    series: [{}, ...inks.map((ink) => lineOptions(inkOf(box, ink)))],
  };
}

function lineOptions(stroke: string): uPlot.Series {
  return { stroke, width: 2, spanGaps: true, points: { size: 5, fill: stroke } };
}

/** Seconds only where the marks are so close. */
function clockTexts(splits: readonly number[]): string[] {
  const isClose = splits.length > 1 && splits[1]! - splits[0]! < 60;
  const style = { timeStyle: isClose ? 'medium' : 'short', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat(localeOf(language.value), style);
  return splits.map((split) => format.format(split * 1000));
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
