import { DevicesPage } from '../pages/devices/devices-page.tsx';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { lazyPage } from '../platform/lazy-page.tsx';
import { useText } from '../platform/text.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { MorePage } from './more-page.tsx';

const DevicePage = lazyPage(async () => (await import('../pages/device/device-page.tsx')).DevicePage);

const FirmwarePage = lazyPage(async () => (await import('../pages/firmware/firmware-page.tsx')).FirmwarePage);
const AccessPage = lazyPage(async () => (await import('../pages/access/access-page.tsx')).AccessPage);
const RemotePage = lazyPage(async () => (await import('../pages/remote/remote-page.tsx')).RemotePage);
const UserPage = lazyPage(async () => (await import('../pages/remote/user-page.tsx')).UserPage);
const RoomsPage = lazyPage(async () => (await import('../pages/rooms/rooms-page.tsx')).RoomsPage);
const RoomPage = lazyPage(async () => (await import('../pages/rooms/room-page.tsx')).RoomPage);
const CredentialsPage = lazyPage(
  async () => (await import('../pages/credentials/credentials-page.tsx')).CredentialsPage,
);
const SettingsPage = lazyPage(async () => (await import('../pages/settings/settings-page.tsx')).SettingsPage);
const HealthPage = lazyPage(async () => (await import('../pages/settings/health-page.tsx')).HealthPage);
const ReportGroupsPage = lazyPage(
  async () => (await import('../pages/settings/report-groups-page.tsx')).ReportGroupsPage,
);
const AppKeysPage = lazyPage(async () => (await import('../pages/settings/app-keys-page.tsx')).AppKeysPage);
const CertificatesPage = lazyPage(
  async () => (await import('../pages/settings/certificates-page.tsx')).CertificatesPage,
);
const WebhooksPage = lazyPage(async () => (await import('../pages/settings/webhooks-page.tsx')).WebhooksPage);
const ObjectsPage = lazyPage(async () => (await import('../pages/settings/objects-page.tsx')).ObjectsPage);
const LimitsPage = lazyPage(async () => (await import('../pages/settings/limits-page.tsx')).LimitsPage);

/** The page that a path names. */
export function Page({ path }: { readonly path: readonly string[] }) {
  const [section, name] = path;
  if (section === undefined) return <OverviewPage />;
  if (section === 'devices' && name === undefined) return <DevicesPage />;
  if (section === 'devices' && name !== undefined) return <DevicePage key={name} device={name} />;
  if (name === undefined && section === 'firmware') return <FirmwarePage />;
  if (section === 'people' && name === undefined) return <RemotePage />;
  if (section === 'people' && name !== undefined) return <UserPage key={name} name={name} />;
  if (section === 'rooms' && name === undefined) return <RoomsPage />;
  if (section === 'rooms' && name !== undefined) return <RoomPage key={name} room={name} />;
  if (name === undefined && section === 'bootstrap') return <AccessPage />;
  if (name === undefined && section === 'credentials') return <CredentialsPage />;
  if (name === undefined && section === 'settings') return <SettingsPage />;
  if (section === 'settings' && name === 'health') return <HealthPage />;
  if (section === 'settings' && name === 'reports') return <ReportGroupsPage />;
  if (section === 'settings' && name === 'app-keys') return <AppKeysPage />;
  if (section === 'settings' && name === 'certificates') return <CertificatesPage />;
  if (section === 'more' && name === undefined) return <MorePage />;
  if (section === 'settings' && name === 'webhooks') return <WebhooksPage />;
  if (section === 'settings' && name === 'objects') return <ObjectsPage />;
  if (section === 'settings' && name === 'limits') return <LimitsPage />;
  return <LostPage />;
}

function LostPage() {
  const t = useText();
  return (
    <div class="empty">
      <PageTitle text={t('lost.title')} />
      <a href="/">{t('lost.back')}</a>
    </div>
  );
}
