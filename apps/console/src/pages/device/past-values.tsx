import type { JsonSeries } from '@yaolian/contract';
import { formatFullTime, formatRelative } from '../../platform/format.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { valueText } from '../../platform/node-text.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { withUnits } from '../../platform/units.ts';
import { Icon } from '../../ui/icon.tsx';
import { LongText } from '../../ui/long-text.tsx';
import type { DeviceData } from './device-data.ts';
import { ResourceHistory } from './resource-history.tsx';

/** What was last heard of a device that is away, with its history. */
export function PastValues({ data }: { readonly data: DeviceData }) {
  const t = useText();
  useStore(data.live.changes); // what can be plotted is known once the values are taken in
  if (data.past === undefined) return null;
  return (
    <section class="card">
      <h2>{t('device.past')}</h2>
      {data.past.length === 0 ? (
        <p class="hint">{t('device.past.none')}</p>
      ) : (
        <table class="resources">
          <thead class="unseen">
            <tr>
              <th scope="col">{t('resource.name')}</th>
              <th scope="col">{t('resource.value')}</th>
              <th scope="col">{t('common.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {data.past.map((series) => (
              <PastRow key={series.path} data={data} series={series} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function PastRow({ data, series }: { readonly data: DeviceData; readonly series: JsonSeries }) {
  const t = useText();
  const { path, name, units, type = '', last } = series;
  const label = useModelNames().resource(path, name) ?? path;
  const isPlotted = data.plots.shown.includes(path);
  const text = t('resource.history', { name: label });
  return (
    <>
      <tr data-path={path}>
        <th scope="row">
          {label}
          <small>
            <code>{path}</code>
          </small>
        </th>
        <td class="value">
          <span class="past" title={formatFullTime(last.time)}>
            <LongText text={withUnits(valueText(last.value, type), units)} /> <small>{formatRelative(last.time)}</small>
          </span>
        </td>
        <td class="row-actions">
          {data.live.isPlottable(path) && (
            <button
              type="button"
              class="quiet icon-only"
              aria-label={text}
              title={text}
              aria-pressed={isPlotted}
              onClick={() => data.plots.toggle(path)}
            >
              <Icon name="history" />
            </button>
          )}
        </td>
      </tr>
      {isPlotted && (
        <tr class="plot-row">
          <td colSpan={3}>
            <ResourceHistory data={data} path={path} name={label} units={units} />
          </td>
        </tr>
      )}
    </>
  );
}
