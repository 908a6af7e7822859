import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { TrialList } from './trial-list.tsx';

/** Starts a simulated device and leads to it. Nothing where that is off or not allowed, or where real devices have come and none runs. */
export function TryCard({ isFirst }: { readonly isFirst: boolean }) {
  const t = useText();
  const may = useMay('operator');
  const { data, reload } = useLoad((signal) => call(routes.listTrialDevices, { signal }), []);
  const [isBusy, setBusy] = useState(false);
  if (!may || !data || data.limit === 0 || (!isFirst && data.items.length === 0)) return null;
  const start = async () => {
    setBusy(true);
    try {
      const { endpoint } = await call(routes.startTrialDevice, {});
      navigate(`/devices/${encodeURIComponent(endpoint)}?tour`);
    } catch (error) {
      tellFailure(error);
    }
    setBusy(false);
  };
  return (
    <section class="card try-card">
      <div>
        <h2>{t('try.title')}</h2>
        <p class="hint">{t('try.lead')}</p>
      </div>
      <button type="button" class="primary" disabled={isBusy} onClick={start}>
        <Icon name="plus" /> {t(isBusy ? 'try.starting' : 'try.action')}
      </button>
      <TrialList devices={data.items} onChanged={reload} />
    </section>
  );
}
