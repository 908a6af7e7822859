import { useModelNames } from '../../platform/model-names.ts';
import { nodeText } from '../../platform/node-text.ts';
import { useMay } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import type { DeviceData } from './device-data.ts';
import { useObserving } from './observing.ts';
import { ResourceHistory } from './resource-history.tsx';

/** The course of every observed number. */
export function PlotPanel({ data }: { readonly data: DeviceData }) {
  const t = useText();
  useStore(data.live.changes);
  const paths = data.observations.map(({ path }) => path).filter((path) => /^\/\d+\/\d+\/\d+$/.test(path));
  const shown = paths.filter((path) => {
    const resource = data.live.get(path)?.resource;
    return resource === undefined || data.live.series(path) !== undefined;
  });
  if (shown.length === 0) return null;
  return (
    <section aria-label={t('plot.title')} class="plots">
      {shown.map((path) => (
        <PlotCard key={path} data={data} path={path} />
      ))}
    </section>
  );
}

function PlotCard({ data, path }: { readonly data: DeviceData; readonly path: string }) {
  const t = useText();
  const may = useMay('operator');
  const observing = useObserving(data, { path });
  const value = data.live.get(path);
  const observation = data.observations.find((one) => one.path === path);
  const name = useModelNames().resource(path, value?.resource.name ?? observation?.name) ?? path;
  const text = value ? nodeText(value.resource) : '';
  return (
    <div class="card plot-card">
      <div class="plot-head">
        <h2>{name}</h2>
        <code>{path}</code>
        <strong>{text}</strong>
        {observation?.state === 'waiting' && <span class="hint">{t('plot.away')}</span>}
        {may && (
          <button
            type="button"
            class="quiet icon-only"
            aria-label={t('plot.stop', { name })}
            title={t('plot.stop', { name })}
            onClick={observing.toggle}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <ResourceHistory data={data} path={path} name={name} units={value?.resource.units} />
    </div>
  );
}
