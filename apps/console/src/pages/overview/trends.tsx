import { type JsonOverviewHistory, routes } from '@yaolian/contract';
import { failureText, isFailure } from '../../platform/failure-text.ts';
import { formatNumber } from '../../platform/format.ts';
import { useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { type Ink, Plot } from '../../ui/plot.tsx';

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

type Curve = readonly [name: string, ink: Ink];

/** The last day: how many devices were in which state, how much they said, and what went wrong. */
export function Trends() {
  const { data, reload } = useLoad(
    (signal) => call(routes.showOverviewHistory, { query: { from: '24h' }, signal }),
    [],
  );
  useInterval(reload, 60_000);
  if (data === undefined) return null;
  return (
    <>
      <div class="columns even">
        <Chart data={data} curves={states} title="overview.history" unit={1} />
        <Chart data={data} curves={messages} title="overview.messages.history" unit={60} />
      </div>
      <Failures data={data} />
    </>
  );
}

interface ChartProps {
  readonly data: JsonOverviewHistory;
  readonly curves: readonly Curve[];
  readonly title: 'overview.history' | 'overview.messages.history';
  /** So many of what the platform counted are one of what is shown: 60 where minutes become seconds. */
  readonly unit: number;
}

function Chart({ data, curves, title, unit }: ChartProps) {
  const t = useText();
  const { times, lines } = linesOf(data, curves, unit);
  if (times.length < 2) return null; // the first minutes have no course yet
  return (
    <section class="card">
      <h2>{t(title)}</h2>
      <Plot times={times} lines={lines} label={t(title)} fromZero />
      <p class="legend">
        {curves.map(([name, ink]) => (
          <span key={name} class={ink}>
            {t(`overview.${name as (typeof states | typeof messages)[number][0]}`)}
          </span>
        ))}
      </p>
    </section>
  );
}

function Failures({ data }: { readonly data: JsonOverviewHistory }) {
  const t = useText();
  const found = failuresOf(data);
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
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostFailures);
}

function linesOf(data: JsonOverviewHistory, curves: readonly Curve[], unit: number) {
  const series = curves.map(([name, ink]) => ({
    ink,
    buckets: data.series.find((one) => one.name === name)?.buckets ?? [],
  }));
  const times = [...new Set(series.flatMap(({ buckets }) => buckets.map(({ time }) => Date.parse(time) / 1000)))].sort(
    (a, b) => a - b,
  );
  const lines = series.map(({ ink, buckets }) => {
    const known = new Map(buckets.map(({ time, mean }) => [Date.parse(time) / 1000, mean / unit]));
    return { ink, values: times.map((time) => known.get(time) ?? null) };
  });
  return { times, lines };
}
