import { useEffect } from 'preact/hooks';
import { formatFullTime, formatTime } from '../../platform/format.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { markRead, notices, unread } from '../model/home-model.ts';

/** What happened, also while no page was open. */
export function NewsPage() {
  const t = useText();
  const all = useStore(notices);
  const count = useStore(unread);
  useEffect(markRead, [all, count]);
  return (
    <>
      <PageTitle text={t('home.nav.notices')} />
      {all.length === 0 && <p class="hint">{t('home.notices.empty')}</p>}
      {all.length > 0 && (
        <ol class="events card">
          {all.map(({ id, time, text }) => (
            <li key={id}>
              <time dateTime={time} title={formatFullTime(time)}>
                {formatTime(time)}
              </time>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
