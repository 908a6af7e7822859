import type { JsonToken } from '@yaolian/contract';
import { useRef } from 'preact/hooks';
import { usePagePlace } from '../platform/page-place.ts';
import { followLinks, usePlace } from '../platform/router.ts';
import { signOut } from '../platform/session.ts';
import { useText } from '../platform/text.ts';
import { Icon } from '../ui/icon.tsx';
import { tellFailure } from '../ui/notices.tsx';
import { Choices } from './choices.tsx';
import { Page } from './page.tsx';
import { sections, shownOnPhones } from './sections.ts';

/** Navigation around the page that the address names. */
export function Layout({ session }: { readonly session: JsonToken }) {
  const t = useText();
  const { path } = usePlace();
  const main = useRef<HTMLElement>(null);
  const address = path.join('/');
  usePagePlace(main, address);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the clicks of the links in it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard makes clicks of links by itself
    <div class="layout" onClick={followLinks}>
      {/* biome-ignore lint/a11y/useValidAnchor: a link by its nature; its target takes the focus besides */}
      <a class="skip" href="#main" onClick={(event) => skipTo(main.current, event)}>
        {t('app.skip')}
      </a>
      <header class="side">
        <a class="brand" href="/" aria-label={t('app.name')}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>{t('app.name')}</span>
        </a>
        <Navigation current={path[0]} />
        <Account session={session} />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Page path={path} />
      </main>
    </div>
  );
}

function skipTo(target: HTMLElement | null, event: Event): void {
  event.preventDefault();
  target?.focus();
}

function Navigation({ current }: { readonly current: string | undefined }) {
  const t = useText();
  const isRest = sections.slice(shownOnPhones).some(({ to }) => to === `/${current}`);
  return (
    <nav aria-label={t('nav.label')}>
      {sections.map(({ to, icon, title }, index) => (
        <a
          key={to}
          href={to}
          class={index < shownOnPhones ? '' : 'rest'}
          aria-current={to === `/${current ?? ''}` ? 'page' : undefined}
        >
          <Icon name={icon} />
          <span>{t(title)}</span>
        </a>
      ))}
      <a class="more" href="/more" aria-current={isRest || current === 'more' ? 'page' : undefined}>
        <Icon name="more" />
        <span>{t('nav.more')}</span>
      </a>
    </nav>
  );
}

function Account({ session }: { readonly session: JsonToken }) {
  const t = useText();
  return (
    <div class="account">
      <Choices />
      <div class="who">
        <span>{t('account.role', { name: session.operator, role: t(`role.${session.role}`) })}</span>
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t('sign-out.action')}
          title={t('sign-out.action')}
          onClick={() => signOut().catch(tellFailure)}
        >
          <Icon name="out" />
        </button>
      </div>
    </div>
  );
}
