import type { JsonObservation } from '@yaolian/contract';
import { pathsText } from '../../platform/event-text.ts';
import { formatRelative } from '../../platform/format.ts';
import { useModelNames } from '../../platform/model-names.ts';
import { useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import type { DeviceData } from './device-data.ts';
import { stopObserving } from './observing.ts';

/** Observations of more than one resource: of instances, of objects, and of several paths together. */
export function ObservedPanel({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const wide = data.observations.filter(({ path, composite }) => composite || !isResource(path));
  if (wide.length === 0) return null;
  return (
    <section class="card" aria-label={t('observed.title')}>
      <h2>{t('observed.title')}</h2>
      <ul class="plain-list">
        {wide.map((observation) => (
          <ObservedRow key={observation.path} data={data} observation={observation} />
        ))}
      </ul>
    </section>
  );
}

function isResource(path: string): boolean {
  return /\/\d+\/\d+\/\d+$/.test(path);
}

interface ObservedRowProps {
  readonly data: DeviceData;
  readonly observation: JsonObservation;
}

function ObservedRow({ data, observation }: ObservedRowProps) {
  const t = useText();
  const may = useMay('operator');
  useModelNames();
  const { path, state, startedAt } = observation;
  const name = pathsText(path.split(' '));
  return (
    <li>
      <span>
        {name}
        <small>{state === 'waiting' ? t('plot.away') : formatRelative(Date.parse(startedAt))}</small>
      </span>
      {may && (
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t('plot.stop', { name })}
          title={t('plot.stop', { name })}
          onClick={() => stopObserving(data, observation)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
