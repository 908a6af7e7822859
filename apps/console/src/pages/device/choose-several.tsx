import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../platform/format.ts';
import { useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import type { DeviceData } from './device-data.ts';
import { askTogether } from './observing.ts';

/** Begins the choice of resources that are read or observed with one request. */
export function ChooseSeveral({ data: { choosing } }: { readonly data: DeviceData }) {
  const t = useText();
  const isOn = choosing.paths !== undefined;
  return (
    <button type="button" aria-pressed={isOn} onClick={isOn ? choosing.end : choosing.begin}>
      {t('several.choose')}
    </button>
  );
}

/** What may be done with the resources that are chosen. It stays in view. */
export function SeveralBar({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const may = useMay('operator');
  const [isBusy, setBusy] = useState(false);
  const { paths = [], end } = data.choosing;
  const ask = async (route: Parameters<typeof askTogether>[2]) => {
    setBusy(true);
    const isDone = await askTogether(data, paths, route);
    setBusy(false);
    if (isDone) end();
  };
  const isIdle = isBusy || paths.length === 0;
  return (
    <section class="card several" aria-label={t('several.choose')}>
      <p role="status">
        {paths.length === 0 ? t('several.lead') : t('several.chosen', { count: formatNumber(paths.length) })}
      </p>
      <div class="toolbar">
        <button type="button" disabled={isIdle} onClick={() => ask(routes.readComposite)}>
          <Icon name="read" /> {t('several.read')}
        </button>
        {may && (
          <button type="button" disabled={isIdle} onClick={() => ask(routes.observeComposite)}>
            <Icon name="chart" /> {t('several.observe')}
          </button>
        )}
        <button type="button" onClick={end}>
          {t('common.cancel')}
        </button>
      </div>
    </section>
  );
}
