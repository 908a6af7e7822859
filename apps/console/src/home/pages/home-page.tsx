import { lazyPage } from '../../platform/lazy-page.tsx';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { DevicesPage } from './devices-page.tsx';

const DevicePage = lazyPage(async () => (await import('./device-page.tsx')).DevicePage);
const AddPage = lazyPage(async () => (await import('./add-page.tsx')).AddPage);
const FriendsPage = lazyPage(async () => (await import('./friends-page.tsx')).FriendsPage);
const NewsPage = lazyPage(async () => (await import('./news-page.tsx')).NewsPage);
const AccountPage = lazyPage(async () => (await import('./account-page.tsx')).AccountPage);

/** The page that a path below `/home` names. */
export function HomePage({ path }: { readonly path: readonly string[] }) {
  const t = useText();
  const [section, name] = path;
  if (section === undefined) return <DevicesPage />;
  if (section === 'devices' && name !== undefined) return <DevicePage key={name} name={name} />;
  if (section === 'add') return <AddPage />;
  if (section === 'friends') return <FriendsPage />;
  if (section === 'news') return <NewsPage />;
  if (section === 'account') return <AccountPage />;
  return (
    <div class="empty">
      <PageTitle text={t('lost.title')} />
      <a href="/home">{t('home.device.back')}</a>
    </div>
  );
}
