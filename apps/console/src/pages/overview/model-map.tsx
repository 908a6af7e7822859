import { type JsonModelMap, routes } from '@yaolian/contract';
import { formatNumber } from '../../platform/format.ts';
import { useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { ProblemNote } from '../../ui/problem.tsx';
import { placeOf } from '../devices/device-filter.ts';
import { ShareBar, type StateCounts, sizeOf } from './share-bar.tsx';

type Group = JsonModelMap['groups'][number];

/** How the devices of each model and firmware version are: where a model or a release is in trouble, its bar shows it. */
export function ModelMap() {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.showModelMap, { query: { limit: 12 }, signal }), []);
  useInterval(reload, 10_000);
  if (data?.groups.length === 0) return null;
  return (
    <section class="card">
      <h2>{t('overview.models')}</h2>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {data && <Groups map={data} />}
    </section>
  );
}

function Groups({ map: { groups, others } }: { readonly map: JsonModelMap }) {
  const t = useText();
  const largest = Math.max(...groups.map(sizeOf));
  return (
    <table class="model-map">
      <thead>
        <tr>
          <th>{t('overview.model')}</th>
          <th>{t('overview.firmware')}</th>
          <th>{t('overview.states')}</th>
          <th class="number">{t('overview.devices')}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={`${group.model}\n${group.version}`}>
            <th scope="row">
              <ModelName group={group} />
            </th>
            <td>{group.version ?? '—'}</td>
            <td>
              <ShareBar counts={group} scale={sizeOf(group) / largest} label={countsText(group, t)} />
            </td>
            <td class="number" title={countsText(group, t)}>
              {formatNumber(sizeOf(group))}
            </td>
          </tr>
        ))}
        {others.groups > 0 && (
          <tr>
            <th scope="row" colSpan={2}>
              {t('overview.models.others', { count: others.groups })}
            </th>
            <td>
              <ShareBar counts={others} scale={Math.min(1, sizeOf(others) / largest)} label={countsText(others, t)} />
            </td>
            <td class="number">{formatNumber(sizeOf(others))}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function ModelName({ group: { model, version } }: { readonly group: Group }) {
  const t = useText();
  if (model === undefined) return <span class="muted">{t('overview.models.unknown')}</span>;
  return <a href={placeOf({ model, version })}>{model}</a>;
}

function countsText(counts: StateCounts, t: ReturnType<typeof useText>): string {
  return t('overview.models.counts', {
    online: counts.online,
    sleeping: counts.sleeping,
    offline: counts.offline,
  });
}
