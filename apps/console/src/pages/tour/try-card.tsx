import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { TrialList } from './trial-list.tsx';

/** What {@link TryCard} and {@link TryButton} start, or undefined where that is off or not allowed. */
function useTrial() {
  const may = useMay('operator');
  const { data, reload } = useLoad((signal) => call(routes.listTrialDevices, { signal }), []);
  const [isBusy, setBusy] = useState(false);
  if (!may || !data || data.limit === 0) return undefined;
  const start = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const { endpoint } = await call(routes.startTrialDevice, {});
      navigate(`/devices/${encodeURIComponent(endpoint)}?tour`);
    } catch (error) {
      tellFailure(error);
    }
    setBusy(false);
  };
  return { devices: data.items, reload, isBusy, start };
}

/** Starts a simulated device and leads to it. Nothing where real devices have come and none runs. */
export function TryCard({ isFirst }: { readonly isFirst: boolean }) {
  const t = useText();
  const trial = useTrial();
  if (trial === undefined || (!isFirst && trial.devices.length === 0)) return null;
  const { devices, reload, isBusy, start } = trial;
  return (
    <section class="card try-card">
      <div>
        <h2>{t('try.title')}</h2>
        <p class="hint">{t('try.lead')}</p>
      </div>
      <button type="button" class="primary" aria-disabled={isBusy} onClick={start}>
        <Icon name="plus" /> {t(isBusy ? 'try.starting' : 'try.action')}
      </button>
      <TrialList devices={devices} onChanged={reload} />
    </section>
  );
}

/** The same, among the actions of the list: for who has devices already. */
export function TryButton() {
  const t = useText();
  const trial = useTrial();
  if (trial === undefined) return null;
  return (
    <button type="button" aria-disabled={trial.isBusy} onClick={trial.start}>
      <Icon name="plus" /> {t(trial.isBusy ? 'try.starting' : 'try.action')}
    </button>
  );
}
