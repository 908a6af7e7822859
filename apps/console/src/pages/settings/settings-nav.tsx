import { useRef } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { useChosenInView } from '../../ui/chosen-in-view.ts';

const pages = [
  { to: '/settings', title: 'settings.people' },
  { to: '/settings/health', title: 'health.title' },
  { to: '/settings/reports', title: 'reports.title' },
  { to: '/settings/app-keys', title: 'app-keys.title' },
  { to: '/settings/certificates', title: 'certificates.title' },
  { to: '/settings/objects', title: 'objects.title' },
  { to: '/settings/webhooks', title: 'webhooks.title' },
  { to: '/settings/limits', title: 'limits.title' },
] as const;

/** From one page of the settings to the others. */
export function SettingsNav({ current }: { readonly current: (typeof pages)[number]['to'] }) {
  const t = useText();
  const row = useRef<HTMLElement>(null);
  useChosenInView(row, current);
  return (
    <nav class="tabs" ref={row} aria-label={t('nav.settings')}>
      {pages.map(({ to, title }) => (
        <a key={to} href={to} aria-current={to === current ? 'page' : undefined}>
          {t(title)}
        </a>
      ))}
    </nav>
  );
}
