import { type JsonHomeDeviceDetail, type JsonHomeResource, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { lazyPage } from '../../platform/lazy-page.tsx';
import { useLoad } from '../../platform/load.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { ProblemNote } from '../../ui/problem.tsx';
import { latest, shownValue } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { labelOf, unitText, valueText } from '../model/value-text.ts';

const Plot = lazyPage(async () => (await import('../../ui/plot.tsx')).Plot);

/** Each span with the length of its steps: some two hundred of them. */
const spans = { '1h': '20s', '24h': '8m', '7d': '1h', '30d': '4h' } as const;
type Span = keyof typeof spans;

/** The course of a number or a switch of the device. */
export function HistoryCard({ device }: { readonly device: JsonHomeDeviceDetail }) {
  const t = useText();
  const plotted = plottable(device);
  const [path, setPath] = useState<string | undefined>(undefined);
  const [span, setSpan] = useState<Span>('24h');
  const chosen = plotted.find((one) => one.path === path) ?? plotted[0];
  if (chosen === undefined) return null;
  return (
    <section class="card home-history">
      <h2>{t('home.device.history')}</h2>
      <div class="toolbar">
        {plotted.length > 1 && (
          <select
            aria-label={t('home.device.history-of')}
            value={chosen.path}
            onChange={(e) => setPath(e.currentTarget.value)}
          >
            {plotted.map((one) => (
              <option key={one.path} value={one.path}>
                {labelOf(one.path, one.name, t)}
              </option>
            ))}
          </select>
        )}
        <fieldset class="segments" aria-label={t('home.device.history')}>
          {(Object.keys(spans) as Span[]).map((one) => (
            <button key={one} type="button" aria-pressed={span === one} onClick={() => setSpan(one)}>
              {t(`home.device.span.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <Course key={`${chosen.path} ${span}`} device={device} resource={chosen} span={span} />
    </section>
  );
}

function plottable({ main, instances }: JsonHomeDeviceDetail): readonly JsonHomeResource[] {
  const all = new Map([...main, ...instances.flatMap(({ resources }) => resources)].map((one) => [one.path, one]));
  return [...all.values()].filter(
    ({ type, value, may }) =>
      may.includes('read') && value !== undefined && (type === 'boolean' || typeof value === 'number'),
  );
}

function Course({
  device,
  resource,
  span,
}: {
  readonly device: JsonHomeDeviceDetail;
  readonly resource: JsonHomeResource;
  readonly span: Span;
}) {
  const t = useText();
  const { path } = resource;
  const now = shownValue(useStore(latest), device.device, resource);
  const { data, error, reload } = useLoad(
    (signal) => {
      const query = { path, from: span, every: spans[span], limit: 1000 };
      return ask(routes.showHomeHistory, { params: { device: device.device }, query, signal });
    },
    [path, span],
  );
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (data === undefined) return <p class="loading">{t('common.loading')}</p>;
  const points = (data.buckets ?? []).map(
    ({ time, mean, last }) => [Date.parse(time) / 1000, numberOf(mean ?? last)] as const,
  );
  if (now !== undefined)
    points.push([Math.max(points.at(-1)?.[0] ?? 0, Date.parse(now.time) / 1000), numberOf(now.value)]);
  const known = points.filter(([, value]) => value !== null);
  if (known.length === 0) return <p class="hint">{t('home.device.no-history')}</p>;
  const label = t('home.device.plot', {
    name: labelOf(path, resource.name, t),
    count: known.length,
    value: now === undefined ? '' : `${valueText(resource, now.value, t)} ${unitText(resource.units)}`,
  });
  return (
    <Plot
      times={points.map(([time]) => time)}
      lines={[{ ink: 'accent-ink', values: points.map(([, value]) => value) }]}
      label={label}
    />
  );
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : null;
}
