import { useChoice } from '../../platform/router.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { RaDevices } from './ra-devices.tsx';
import { Users } from './users.tsx';

const names = ['users', 'devices'] as const;

/** Remote Access: who uses it, and with which devices. */
export function RemotePage() {
  const t = useText();
  const [tab, setTab] = useChoice('tab', names);
  const tabs = names.map((name) => ({ name, title: t(`remote.${name}`) }));
  return (
    <>
      <PageTitle text={t('remote.title')} />
      <Tabs label={t('remote.title')} tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === 'users' ? <Users /> : <RaDevices />}
      </Tabs>
    </>
  );
}
