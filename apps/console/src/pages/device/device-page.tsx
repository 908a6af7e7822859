import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime, formatNumber } from '../../platform/format.ts';
import { lazyPage } from '../../platform/lazy-page.tsx';
import { navigate, useChoice } from '../../platform/router.ts';
import { call, useMay } from '../../platform/session.ts';
import { type Translate, useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Tour } from '../tour/tour.tsx';
import { About } from './about.tsx';
import { type DeviceData, useDeviceData } from './device-data.ts';
import { ObjectList } from './object-list.tsx';
import { ObservedPanel } from './observed-panel.tsx';
import { PastValues } from './past-values.tsx';
import { PlotPanel } from './plot-panel.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { Sharing } from './sharing.tsx';
import { TimelinePanel } from './timeline-panel.tsx';

const tabs = ['resources', 'queue', 'timeline', 'messages', 'about'] as const;

const MessagesPanel = lazyPage(async () => (await import('../messages/messages-panel.tsx')).MessagesPanel);

/** Everything about one device. */
export function DevicePage({ device }: { readonly device: string }) {
  const t = useText();
  const data = useDeviceData(device);
  const mayTrace = useMay('operator');
  const shown = tabs.filter((name) => {
    if (name === 'queue') return !data.speaksRa;
    return name !== 'messages' || (mayTrace && !data.speaksRa);
  });
  const [tab, setTab] = useChoice('tab', shown);
  const { detail, error, reload } = data;
  return (
    <>
      <a class="back" href="/devices">
        <Icon name="back" /> {t('device.back')}
      </a>
      {!detail && error !== undefined && <PageTitle text={device} />}
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!detail && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {detail && (
        <>
          <Heading data={data} />
          <Tour data={data} onTab={setTab} />
          <Tabs
            label={t('tab.label')}
            tabs={shown.map((name) => ({ name, title: name === 'queue' ? queueTitle(data, t) : t(`tab.${name}`) }))}
            chosen={tab}
            onChoose={setTab}
          >
            {tab === 'resources' && <Resources data={data} />}
            {tab === 'queue' && <QueuePanel data={data} />}
            {tab === 'timeline' && <TimelinePanel data={data} />}
            {tab === 'messages' && <MessagesPanel subject={detail.endpoint ?? detail.key} />}
            {tab === 'about' && (
              <>
                <About detail={detail} />
                <Sharing detail={detail} onChanged={reload} />
              </>
            )}
          </Tabs>
        </>
      )}
    </>
  );
}

/** How many wait is seen from the other tabs. */
function queueTitle({ queue }: DeviceData, t: Translate): string {
  const count = queue.data?.items.filter(({ state }) => state === 'queued' || state === 'sent').length ?? 0;
  return count === 0 ? t('tab.queue') : t('tab.queue.count', { count: formatNumber(count) });
}

function Resources({ data }: { readonly data: DeviceData }) {
  const t = useText();
  if (data.detail === undefined || data.detail.links.length === 0)
    return (
      <>
        <p class="card">
          {data.detail?.lastRegisteredAt !== undefined &&
            `${t('device.away.since', { time: formatFullTime(data.detail.lastRegisteredAt) })} `}
          {t('device.away')}
        </p>
        <ObservedPanel data={data} />
        <PastValues data={data} />
      </>
    );
  return (
    <>
      <PlotPanel data={data} />
      <ObservedPanel data={data} />
      <ObjectList data={data} />
    </>
  );
}

function Heading({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const mayRemove = useMay('admin');
  const [asksRemoval, setAsksRemoval] = useState(false);
  const { key, endpoint, state } = data.detail!;
  const name = endpoint ?? key;
  const remove = async () => {
    await call(routes.removeDevice, { params: { device: key } });
    tellDone(t('device.removed', { name }));
    navigate('/devices');
  };
  return (
    <div class="heading">
      <PageTitle text={name} />
      <StateBadge state={state} />
      <LiveMark isLive={data.isLive} />
      {mayRemove && (
        <button type="button" class="quiet end" onClick={() => setAsksRemoval(true)}>
          <Icon name="trash" /> {t('device.remove')}
        </button>
      )}
      {asksRemoval && (
        <Dialog
          title={t('device.remove')}
          action={t('device.remove')}
          isDangerous
          onAction={remove}
          onClose={() => setAsksRemoval(false)}
        >
          <p>{t('device.remove.ask')}</p>
        </Dialog>
      )}
    </div>
  );
}
