import { useChoice } from '../../platform/router.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { RaDevices } from './ra-devices.tsx';
import { RaSessions } from './ra-sessions.tsx';
import { Users } from './users.tsx';

const names = ['users', 'devices', 'sessions'] as const;

/** Remote Access: who uses it, with which devices, and who is there now. */
export function RemotePage() {
  const t = useText();
  const [tab, setTab] = useChoice('tab', names);
  const tabs = names.map((name) => ({ name, title: t(`remote.${name}`) }));
  return (
    <>
      <PageTitle text={t('remote.title')} />
      <Tabs label={t('remote.title')} tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === 'users' ? <Users /> : tab === 'devices' ? <RaDevices /> : <RaSessions />}
      </Tabs>
    </>
  );
}
