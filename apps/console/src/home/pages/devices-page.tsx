import { useState } from 'preact/hooks';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { devices, devicesError, isLive, loadDevices } from '../model/home-model.ts';
import { DeviceCard } from '../parts/device-card.tsx';

/** All devices of the user as cards. */
export function DevicesPage() {
  const t = useText();
  const all = useStore(devices);
  const error = useStore(devicesError);
  const live = useStore(isLive);
  const [group, setGroup] = useState<string | undefined>(undefined);
  const groups = [...new Set(all?.flatMap((device) => device.groups) ?? [])].sort();
  const chosen = group !== undefined && groups.includes(group) ? group : undefined;
  const shown = all?.filter((device) => chosen === undefined || device.groups.includes(chosen));
  return (
    <>
      <div class="home-head">
        <PageTitle text={t('home.title')}>
          {t('home.title')} <LiveMark isLive={live} />
        </PageTitle>
        {all !== undefined && all.length > 0 && (
          <a class="button primary" href="/home/add">
            <Icon name="plus" />
            {t('home.add')}
          </a>
        )}
      </div>
      {error !== undefined && <ProblemNote error={error} onRetry={() => void loadDevices()} />}
      {groups.length > 0 && (
        <fieldset class="segments home-groups" aria-label={t('home.add.group')}>
          {[undefined, ...groups].map((one) => (
            <button key={one ?? ''} type="button" aria-pressed={chosen === one} onClick={() => setGroup(one)}>
              {one ?? t('home.all-groups')}
            </button>
          ))}
        </fieldset>
      )}
      {all === undefined && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {all?.length === 0 && <NoDevice />}
      <ul class="home-cards">
        {shown?.map((device) => (
          <li key={device.device}>
            <DeviceCard device={device} />
          </li>
        ))}
      </ul>
    </>
  );
}

function NoDevice() {
  const t = useText();
  return (
    <div class="card empty">
      <Icon name="devices" />
      <h2>{t('home.empty.title')}</h2>
      <p>{t('home.empty.how')}</p>
      <a class="button primary" href="/home/add">
        <Icon name="plus" />
        {t('home.add')}
      </a>
      <p>{t('home.empty.friends')}</p>
    </div>
  );
}
