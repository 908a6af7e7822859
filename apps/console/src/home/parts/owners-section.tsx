import { type JsonHomeDeviceDetail, routes } from '@yaolian/contract';
import { useEffect, useRef } from 'preact/hooks';
import { formatFullTime } from '../../platform/format.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { tellDone } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { notices } from '../model/home-model.ts';
import { ask, user } from '../model/session.ts';
import { shortName } from '../model/short-name.ts';

interface OwnersSectionProps {
  readonly device: JsonHomeDeviceDetail;
  readonly onChange: () => void;
}

/** Who owns the device, the first first; those that came later can be removed. Nothing while there is one owner only. */
export function OwnersSection({ device, onChange }: OwnersSectionProps) {
  const t = useText();
  const signedIn = useStore(user);
  const me = signedIn === undefined || signedIn === 'unknown' ? undefined : signedIn.account;
  const news = useStore(notices)[0]?.id;
  const seen = useRef(news);
  useEffect(() => {
    // another one may have come or gone
    if (seen.current !== news) onChange();
    seen.current = news;
  }, [news]);
  const { owners = [] } = device;
  if (owners.length < 2) return null;
  const remove = async (owner: string) => {
    const { code } = await ask(routes.removeHomeOwner, { params: { device: device.device, user: owner } });
    tellDone(t('home.owners.removed', { code }));
    onChange();
  };
  return (
    <section class="card section">
      <div class="section-head">
        <h2>{t('home.owners')}</h2>
      </div>
      <ul class="home-list">
        {owners.map(({ user: owner, state, since, removable }) => (
          <li key={owner} class="home-row">
            <span class="grow">
              <strong>{owner === me ? t('home.owners.you') : shortName(owner)}</strong>{' '}
              <small>
                {state === 'pending' ? t('home.pending') : t('home.owners.since', { time: formatFullTime(since) })}
              </small>
            </span>
            {removable && (
              <RemoveButton
                title={t('home.owners.remove', { name: shortName(owner) })}
                question={t('home.owners.remove-question')}
                onRemove={() => remove(owner)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
