import { type JsonHomeDeviceDetail, routes } from '@yaolian/contract';
import { useEffect } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { isProblem } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { LiveMark } from '../../ui/live-mark.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { changes, devices, isLive, read } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';
import { DeviceLine, Main } from '../parts/device-card.tsx';
import { Everything } from '../parts/everything.tsx';
import { FirmwareSection } from '../parts/firmware-section.tsx';
import { HistoryCard } from '../parts/history-card.tsx';
import { OwnerActions } from '../parts/owner-actions.tsx';
import { OwnersSection } from '../parts/owners-section.tsx';
import { SharingSection } from '../parts/sharing-section.tsx';
import { BackLink } from './add-page.tsx';

/** One device with all that it has. */
export function DevicePage({ name }: { readonly name: string }) {
  const t = useText();
  const { data, error, reload } = useLoad(
    (signal) => ask(routes.showHomeDevice, { params: { device: name }, signal }),
    [name],
  );
  const all = useStore(devices);
  const listed = all?.find((one) => shortName(one.device) === shortName(name));
  const live = useStore(isLive);
  const state = listed?.state ?? data?.state;
  // the name, the groups and the state of the list are newer
  const device: JsonHomeDeviceDetail | undefined =
    data && !isProblem(error, 'access-denied') ? { ...data, ...listed, instances: data.instances } : undefined;
  useReadOnce(data, state, reload);
  // It was given up, or other things are permitted than before.
  const isGone = all !== undefined && listed === undefined;
  const changed = useStore(changes);
  useEffect(() => {
    if (data !== undefined) reload();
  }, [isGone, changed]);
  return (
    <>
      <BackLink />
      {error !== undefined && device === undefined && <PageTitle text={shortName(name)} />}
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {device !== undefined && (
        <>
          <div class="home-head">
            <PageTitle text={device.name}>
              {device.name}
              <DeviceLine device={device} />
            </PageTitle>
            {/* Without the platform nobody knows how the device is. */}
            {live ? state !== undefined && <StateBadge state={state} /> : <LiveMark isLive={false} />}
          </div>
          {state !== 'ONLINE' && device.main.length > 0 && <p class="hint">{t('home.offline-hint')}</p>}
          {device.main.length > 0 && (
            <section class="card">
              <Main device={device} />
            </section>
          )}
          <HistoryCard device={device} />
          <Everything device={device} onRead={reload} />
          {device.relation === 'owner' && !device.pending && <SharingSection device={device} />}
          {device.relation === 'owner' && <OwnersSection device={device} onChange={reload} />}
          {device.relation === 'owner' && !device.pending && <FirmwareSection device={device} />}
          <About device={device} />
          {device.relation === 'owner' && <OwnerActions device={device} onChange={reload} />}
        </>
      )}
    </>
  );
}

/** Objects of which nothing is known yet are asked for when the page opens, one after the other. */
function useReadOnce(data: JsonHomeDeviceDetail | undefined, state: string | undefined, reload: () => void): void {
  const isThere = state === 'ONLINE' && data !== undefined;
  useEffect(() => {
    if (!isThere || data === undefined) return undefined;
    let isGone = false;
    const unknown = data.instances.filter(
      ({ resources }) =>
        resources.some(({ may }) => may.includes('read')) && resources.every(({ value }) => value === undefined),
    );
    const readAll = async () => {
      // What one of them does not tell is no matter for the others.
      for (const { path } of unknown) if (!isGone) await read(data, path).catch(() => undefined);
      if (!isGone && unknown.length > 0) reload();
    };
    void readAll();
    return () => {
      isGone = true;
    };
  }, [isThere, data?.device]);
}

function About({ device }: { readonly device: JsonHomeDeviceDetail }) {
  const t = useText();
  const make = [device.vendor, device.model].filter(Boolean).join(' ');
  return (
    <section class="card">
      <h2>{t('home.device.facts')}</h2>
      <dl class="facts">
        <dt>{t('home.device.address')}</dt>
        <dd>
          <code>{device.device}</code>
        </dd>
        {make !== '' && (
          <>
            <dt>{t('home.device.model')}</dt>
            <dd>{make}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
