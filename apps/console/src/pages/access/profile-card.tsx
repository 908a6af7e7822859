import { routes } from '@yaolian/contract';
import { useLoad } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';

const profiles = ['plain', 'china-mobile-a', 'china-mobile-b', 'china-mobile-c', 'auto'] as const;
/** Those whose terminals need an appKey. */
const vendorProfiles: readonly (typeof profiles)[number][] = ['china-mobile-b', 'china-mobile-c', 'auto'];
const params = { setting: 'profile' };

/** How the names of terminals are read, from the next Register on. */
export function ProfileCard() {
  const t = useText();
  const may = useMay('admin');
  const { data, error, reload } = useLoad((signal) => call(routes.showSetting, { params, signal }), []);
  const choose = async (value: string) => {
    await call(routes.changeSetting, { params, body: { value } }).then(
      () => tellDone(t('profile.changed')),
      tellFailure,
    );
    reload();
  };
  const isFixed = data?.origin === 'start';
  const now = profiles.find((one) => one === data?.value);
  return (
    <section class="card">
      <h2>{t('profile.title')}</h2>
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      <fieldset class="segments" disabled={!may || isFixed}>
        <legend class="unseen">{t('profile.title')}</legend>
        {profiles.map((one) => (
          <button key={one} type="button" aria-pressed={one === now} onClick={() => choose(one)}>
            {t(`profile.${one}`)}
          </button>
        ))}
      </fieldset>
      {now !== undefined && (
        <p class="hint after">
          {t(`profile.${now}.names`)}{' '}
          {vendorProfiles.includes(now) && <a href="/settings/app-keys">{t('profile.app-keys')}</a>}
        </p>
      )}
      <p class="hint">
        {!may ? t('role.needed', { role: t('role.admin') }) : isFixed ? t('profile.fixed') : t('profile.lead')}
      </p>
    </section>
  );
}
