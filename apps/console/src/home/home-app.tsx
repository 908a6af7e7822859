import { useEffect, useRef, useState } from 'preact/hooks';
import type { TextKey } from '../catalogue/index.ts';
import { useInterval } from '../platform/load.ts';
import { usePagePlace } from '../platform/page-place.ts';
import { isAway } from '../platform/reach.ts';
import { followLinks, usePlace } from '../platform/router.ts';
import { useStore } from '../platform/store.ts';
import { useText } from '../platform/text.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Notices } from '../ui/notices.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SignInAgain } from '../ui/sign-in-again.tsx';
import { friends, listen, loadDevices, unread } from './model/home-model.ts';
import { leave, lookForUser, renewal, resumeUser, user } from './model/session.ts';
import { shortName } from './model/short-name.ts';
import { HomePage } from './pages/home-page.tsx';
import { HomeSignIn, HomeSignInForm } from './pages/home-sign-in.tsx';

/** The owner's side: the sign-in, or the home of whoever is signed in. */
export function HomeApp() {
  const t = useText();
  const present = useStore(user);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const resume = () => void resumeUser().then(() => setError(undefined), setError);
    resume();
    // The platform was away when the page was opened, and is back.
    return isAway.watch((away) => !away && typeof user.value !== 'object' && resume());
  }, []);
  if (error !== undefined && present === undefined) {
    return (
      <main class="alone">
        <ProblemNote error={error} onRetry={() => location.reload()} />
      </main>
    );
  }
  if (present === 'unknown') return <main class="alone">{t('common.loading')}</main>;
  return (
    <>
      {present === undefined ? <HomeSignIn /> : <HomeLayout />}
      {present !== undefined && (
        <SignInAgain renewal={renewal} look={lookForUser} onLeave={leave}>
          <HomeSignInForm way="sign-in" account={shortName(present.account)} />
        </SignInAgain>
      )}
      <Notices />
    </>
  );
}

const minute = 60_000;

interface Section {
  readonly to: string;
  readonly icon: IconName;
  readonly title: TextKey;
}

const sections: readonly Section[] = [
  { to: '/home', icon: 'home', title: 'home.nav.devices' },
  { to: '/home/friends', icon: 'friends', title: 'home.nav.friends' },
  { to: '/home/news', icon: 'bell', title: 'home.nav.notices' },
  { to: '/home/account', icon: 'person', title: 'home.nav.account' },
];

function HomeLayout() {
  const t = useText();
  const { path } = usePlace();
  const main = useRef<HTMLElement>(null);
  const address = path.join('/');
  useEffect(listen, []);
  // Devices that speak for themselves tell the platform no news of their state.
  useInterval(loadDevices, minute);
  usePagePlace(main, address);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the clicks of the links in it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard makes clicks of links by itself
    <div class="home" onClick={followLinks}>
      <main ref={main} tabIndex={-1}>
        <HomePage path={path.slice(1)} />
      </main>
      <nav class="home-nav" aria-label={t('nav.label')}>
        {sections.map((section) => (
          <NavLink key={section.to} section={section} isHere={isHere(section.to, path)} />
        ))}
      </nav>
    </div>
  );
}

function isHere(to: string, path: readonly string[]): boolean {
  const [, section = ''] = path;
  return to === '/home' ? section === '' || section === 'devices' || section === 'add' : to === `/home/${section}`;
}

function NavLink({
  section: { to, icon, title },
  isHere: here,
}: {
  readonly section: Section;
  readonly isHere: boolean;
}) {
  const t = useText();
  const asked = useStore(friends)?.filter(({ state }) => state === 'asked').length ?? 0;
  const news = useStore(unread);
  const count = to === '/home/friends' ? asked : to === '/home/news' ? news : 0;
  return (
    <a href={to} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{t(title)}</span>
      {count > 0 && <span class="count">{count}</span>}
    </a>
  );
}
