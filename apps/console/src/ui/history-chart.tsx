import type { JsonHistory } from '@yaolian/contract';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLoad } from '../platform/load.ts';
import { useText } from '../platform/text.ts';
import { type CoursePoint, courseOf, rangeOf, type Span, spans, stepOf } from './course.ts';
import { Icon, type IconName } from './icon.tsx';
import { Plot, type TimeRange } from './plot.tsx';
import { ProblemNote } from './problem.tsx';

/** What is asked of history. */
export interface HistoryAsked {
  readonly from: string;
  readonly to?: string;
  readonly every: string;
  readonly limit: number;
}

interface HistoryChartProps {
  /** What the value is of: another one is asked anew. */
  readonly subject: string;
  readonly load: (asked: HistoryAsked, signal: AbortSignal) => Promise<Pick<JsonHistory, 'buckets'>>;
  /** What came since the page was opened, the oldest first; times in seconds. */
  readonly live: { readonly times: readonly number[]; readonly values: readonly number[] };
  /** It is on or off. */
  readonly isSwitch: boolean;
  /** A value as people read it. */
  readonly text: (value: number) => string;
  readonly label: (count: number) => string;
  /** What stands where there is nothing to show. */
  readonly empty: string;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** The course of a value: the last hour to the last month and on, or any part of it that is chosen with the pointer or the buttons. */
export function HistoryChart(props: HistoryChartProps) {
  const { subject, load, live, isSwitch, text, label, empty, span, onSpan } = props;
  const t = useText();
  const [zoom, setZoom] = useState<TimeRange>();
  const asked = zoom ?? rangeOf(span);
  const step = stepOf(asked);
  const { data, error, reload } = useLoad(
    (signal) => load({ ...askedOf(asked, zoom), every: `${step}s`, limit: 2000 }, signal),
    [subject, span, zoom],
  );
  const count = live.times.length;
  // What is seen moves on with what comes, and stands still in a part that was chosen.
  const range = useMemo(() => zoom ?? rangeOf(span), [zoom, span, data, count]);
  const points = useMemo(() => joined(data?.buckets ?? [], live, range, step), [data, count, range]);
  const course = useMemo(() => courseOf(points, step), [points]);
  const lines = useLines(course.values);
  useEffect(() => setZoom(undefined), [subject]);
  const move = (next: TimeRange) => setZoom(bounded(next));
  const choose = (next: Span) => {
    setZoom(undefined);
    onSpan(next);
  };
  return (
    <div class="history-chart">
      <div class="toolbar">
        <fieldset class="segments" aria-label={t('plot.span')}>
          {spans.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={zoom === undefined && span === one}
              onClick={() => choose(one)}
            >
              {t(`plot.span.${one}`)}
            </button>
          ))}
        </fieldset>
        <Moves range={range} onMove={move} />
      </div>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <p class="plot-room hint">{t('common.loading')}</p>}
      {data !== undefined && points.length === 0 && <p class="plot-room hint">{empty}</p>}
      {points.length > 0 && (
        <Plot
          times={course.times}
          lines={lines}
          {...(isSwitch ? {} : { band: course })}
          label={label(points.length)}
          range={range}
          isStepped={isSwitch}
          onRange={move}
          describe={([value]) => (value === null || value === undefined ? t('plot.gap') : text(value))}
        />
      )}
    </div>
  );
}

/** The same lines as long as the values are: a plot draws what is new. */
function useLines(values: readonly (number | null)[]) {
  return useMemo(() => [{ ink: 'accent-ink', values }] as const, [values]);
}

function Moves({
  range: { from, to },
  onMove,
}: {
  readonly range: TimeRange;
  readonly onMove: (next: TimeRange) => void;
}) {
  const width = to - from;
  const shift = (by: number) => () => onMove({ from: from + by * width, to: to + by * width });
  const zoom = (by: number) => () => onMove({ from: to - width * by, to });
  return (
    <span class="group">
      <Move icon="back" text="plot.earlier" onMove={shift(-0.5)} />
      <Move icon="forward" text="plot.later" onMove={shift(0.5)} />
      <Move icon="plus" text="plot.closer" onMove={zoom(0.5)} />
      <Move icon="minus" text="plot.wider" onMove={zoom(2)} />
    </span>
  );
}

interface MoveProps {
  readonly icon: IconName;
  readonly text: `plot.${'earlier' | 'later' | 'closer' | 'wider'}`;
  readonly onMove: () => void;
}

function Move({ icon, text, onMove }: MoveProps) {
  const t = useText();
  return (
    <button type="button" class="quiet icon-only" aria-label={t(text)} title={t(text)} onClick={onMove}>
      <Icon name={icon} />
    </button>
  );
}

/** A part of the past: ten seconds at least, ten years at most, nothing of the future. */
function bounded({ from, to }: TimeRange): TimeRange {
  const end = Math.min(to, Date.now() / 1000);
  const width = Math.min(Math.max(to - from, 10), 3650 * 86_400);
  return { from: end - width, to: end };
}

function askedOf({ from, to }: TimeRange, zoom: TimeRange | undefined): Pick<HistoryAsked, 'from' | 'to'> {
  const begin = { from: new Date(from * 1000).toISOString() };
  return zoom === undefined ? begin : { ...begin, to: new Date(to * 1000).toISOString() };
}

/** What history has, and behind it what came since. */
function joined(
  buckets: NonNullable<JsonHistory['buckets']>,
  live: HistoryChartProps['live'],
  range: TimeRange,
  step: number,
): readonly CoursePoint[] {
  const past = buckets.flatMap(({ time, last, mean, min, max }) => {
    const value = numberOf(typeof last === 'boolean' ? last : (mean ?? last));
    const at = Date.parse(time) / 1000;
    if (value === undefined) return [];
    return [{ time: Math.max(at, range.from), value, low: numberOf(min) ?? value, high: numberOf(max) ?? value }];
  });
  const known = (past.at(-1)?.time ?? 0) + step;
  const since = live.times.flatMap((time, index) => {
    const value = live.values[index]!;
    const isSeen = time >= Math.max(known, range.from) && time <= range.to;
    return isSeen ? [{ time, value, low: value, high: value }] : [];
  });
  return [...past, ...since];
}

/** What a plot can show: numbers, and booleans as 0 and 1. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : undefined;
}
