import { type JsonOverviewHistory, routes } from '@yaolian/contract';
import { useMemo, useState } from 'preact/hooks';
import { failureText, isFailure } from '../../platform/failure-text.ts';
import { formatNumber, formatRate } from '../../platform/format.ts';
import { useInterval, useLoad } from '../../platform/load.ts';
import { useChoice } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { rangeOf, type Span, spans } from '../../ui/course.ts';
import { type Ink, Plot, type TimeRange } from '../../ui/plot.tsx';

const states = [
  ['devices.online', 'good-ink'],
  ['devices.sleeping', 'calm-ink'],
  ['devices.offline', 'muted-ink'],
] as const satisfies readonly Curve[];

const messages = [
  ['messages.registered', 'accent-ink'],
  ['messages.updated', 'calm-ink'],
  ['messages.notified', 'good-ink'],
  ['messages.sent', 'muted-ink'],
] as const satisfies readonly Curve[];

type Figure =
  | `devices.${'online' | 'sleeping' | 'offline'}`
  | `messages.${'registered' | 'updated' | 'notified' | 'sent'}`;
type Curve = readonly [name: Figure, ink: Ink];

/** How many devices were in which state, how much they said, and what went wrong: of the last hour to the last month, or of a part that is chosen. */
export function Trends() {
  const t = useText();
  const [span, setSpan] = useChoice('span', overviewSpans);
  const [zoom, setZoom] = useState<TimeRange>();
  const asked = zoom ?? rangeOf(span);
  const { data, reload } = useLoad(
    (signal) => {
      const to = zoom === undefined ? {} : { to: new Date(zoom.to * 1000).toISOString() };
      const query = { from: new Date(asked.from * 1000).toISOString(), ...to };
      return call(routes.showOverviewHistory, { query, signal });
    },
    [span, zoom],
  );
  useInterval(reload, 60_000);
  if (data === undefined) return null;
  const choose = (next: Span) => {
    setZoom(undefined);
    setSpan(next);
  };
  return (
    <>
      <div class="toolbar trends">
        <h2>{t('overview.trends')}</h2>
        <fieldset class="segments end" aria-label={t('plot.span')}>
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
      </div>
      <div class="columns even">
        <Chart data={data} curves={states} title="overview.history" unit={1} onRange={setZoom} />
        <Chart data={data} curves={messages} title="overview.messages.history" unit={60} onRange={setZoom} />
      </div>
      <Failures data={data} />
    </>
  );
}

/** A day comes first: what holds where the address says nothing. */
const overviewSpans = ['24h', ...spans.filter((one) => one !== '24h')] as const;

interface ChartProps {
  readonly data: JsonOverviewHistory;
  readonly curves: readonly Curve[];
  readonly title: 'overview.history' | 'overview.messages.history';
  /** So many of what the platform counted are one of what is shown: 60 where minutes become seconds. */
  readonly unit: number;
  readonly onRange: (range: TimeRange) => void;
}

function Chart({ data, curves, title, unit, onRange }: ChartProps) {
  const t = useText();
  const { times, lines } = useMemo(() => linesOf(data, curves, unit), [data, curves, unit]);
  const range = useMemo(() => ({ from: Date.parse(data.from) / 1000, to: Date.parse(data.to) / 1000 }), [data]);
  const names = curves.map(([name]) => t(`overview.${name}`));
  const describe = (values: readonly (number | null)[]) =>
    names.map((name, index) => `${name} ${values[index] == null ? '—' : formatRate(values[index])}`).join(', ');
  return (
    <section class="card">
      <h3>{t(title)}</h3>
      {times.length < 2 ? (
        <p class="hint">{t('overview.trends.soon')}</p>
      ) : (
        <Plot
          times={times}
          lines={lines}
          label={t(title)}
          range={range}
          fromZero
          onRange={onRange}
          describe={describe}
        />
      )}
      <p class="legend">
        {curves.map(([name, ink], index) => (
          <span key={name} class={ink}>
            {names[index]}
          </span>
        ))}
      </p>
    </section>
  );
}

function Failures({ data }: { readonly data: JsonOverviewHistory }) {
  const t = useText();
  const all = failuresOf(data);
  const found = all.slice(0, mostFailures);
  const others = all.slice(mostFailures).reduce((sum, { count }) => sum + count, 0);
  const most = found[0]?.count ?? 0;
  return (
    <section class="card">
      <h2>{t('overview.failures')}</h2>
      {found.length === 0 ? (
        <p class="hint">{t('overview.failures.none')}</p>
      ) : (
        <table class="model-map failures">
          <tbody>
            {found.map(({ name, count }) => (
              <tr key={name}>
                <th scope="row">{failureText(name, t)}</th>
                <td>
                  <div class="share failures" aria-hidden="true" style={{ width: `${(100 * count) / most}%` }}>
                    <span />
                  </div>
                </td>
                <td class="number">{formatNumber(count)}</td>
              </tr>
            ))}
            {others > 0 && (
              <tr>
                <th scope="row">{t('overview.failures.others', { count: all.length - mostFailures })}</th>
                <td />
                <td class="number">{formatNumber(others)}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}

const mostFailures = 8;

/** How often each failure came, the most frequent first. */
function failuresOf({ series }: JsonOverviewHistory): readonly { readonly name: string; readonly count: number }[] {
  return series
    .filter(({ name }) => isFailure(name))
    .map(({ name, buckets }) => ({
      name,
      count: Math.round(buckets.reduce((sum, { mean, count }) => sum + mean * count, 0)),
    }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

function linesOf(data: JsonOverviewHistory, curves: readonly Curve[], unit: number) {
  const series = curves.map(([name, ink]) => ({
    ink,
    known: new Map(
      (data.series.find((one) => one.name === name)?.buckets ?? []).map(({ time, mean }) => [
        Date.parse(time),
        mean / unit,
      ]),
    ),
  }));
  const known = [...new Set(series.flatMap(({ known }) => [...known.keys()]))].sort((a, b) => a - b);
  // Each span has a figure while the platform runs: where one is missing it did not, and the line is broken.
  const moments = known.flatMap((time, index) => {
    const isAfterGap = index > 0 && time - known[index - 1]! > 1.5 * data.every;
    return isAfterGap ? [time - data.every, time] : [time];
  });
  const lines = series.map(({ ink, known }) => ({ ink, values: moments.map((time) => known.get(time) ?? null) }));
  return { times: moments.map((time) => time / 1000), lines };
}
