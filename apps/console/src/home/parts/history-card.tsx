import { type JsonHomeDeviceDetail, type JsonHomeResource, type JsonValue, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { lazyPage } from '../../platform/lazy-page.tsx';
import { useModelNames } from '../../platform/model-names.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { unitText } from '../../platform/units.ts';
import type { Span } from '../../ui/course.ts';
import { latest, shownValue } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { labelOf, valueText } from '../model/value-text.ts';

const HistoryChart = lazyPage(async () => (await import('../../ui/history-chart.tsx')).HistoryChart);

/** The course of a number or a switch of the device. */
export function HistoryCard({ device }: { readonly device: JsonHomeDeviceDetail }) {
  const t = useText();
  const names = useModelNames();
  const plotted = plottable(device);
  const [path, setPath] = useState<string | undefined>(undefined);
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
                {labelOf(one, t, names)}
              </option>
            ))}
          </select>
        )}
      </div>
      <Course device={device} resource={chosen} />
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

function Course({ device, resource }: { readonly device: JsonHomeDeviceDetail; readonly resource: JsonHomeResource }) {
  const t = useText();
  const names = useModelNames();
  const [span, setSpan] = useState<Span>('24h');
  const { path, units, type } = resource;
  const now = shownValue(useStore(latest), device.device, resource);
  const text = (value: JsonValue) => `${valueText(resource, value, t)} ${unitText(units)}`.trim();
  const last = numberOf(now?.value);
  return (
    <HistoryChart
      subject={path}
      load={(asked, signal) =>
        ask(routes.showHomeHistory, { params: { device: device.device }, query: { path, ...asked }, signal })
      }
      live={
        now === undefined || last === undefined ? nothing : { times: [Date.parse(now.time) / 1000], values: [last] }
      }
      isSwitch={type === 'boolean'}
      text={(value) => text(type === 'boolean' ? value === 1 : value)}
      label={(count) =>
        t('plot.label', { name: labelOf(resource, t, names), count, value: now === undefined ? '' : text(now.value) })
      }
      empty={t('plot.empty')}
      span={span}
      onSpan={setSpan}
    />
  );
}

const nothing = { times: [], values: [] };

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : undefined;
}
