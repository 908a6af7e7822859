import { useText } from '../platform/text.ts';
import { Icon } from '../ui/icon.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { sections, shownOnPhones } from './sections.ts';

/** On a phone: the sections that its bar has no room for. */
export function MorePage() {
  const t = useText();
  return (
    <>
      <PageTitle text={t('nav.more')} />
      <nav class="card flush more-list" aria-label={t('nav.more')}>
        {sections.slice(shownOnPhones).map(({ to, icon, title }) => (
          <a key={to} href={to}>
            <Icon name={icon} />
            <span>{t(title)}</span>
          </a>
        ))}
      </nav>
    </>
  );
}
