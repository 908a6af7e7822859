import { routes } from '@yaolian/contract';
import { useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { HealthBadge } from '../../ui/health-badge.tsx';

/** Which parts of the platform are not well; nothing where all are. */
export function HealthCard() {
  const t = useText();
  const { data, reload } = useLoad((signal) => call(routes.showHealth, { signal }), []);
  useInterval(reload, 30_000);
  if (data === undefined || data.state === 'ok') return null;
  const parts = new Set(data.checks.filter(({ state }) => state !== 'ok').map(({ part }) => t(`health.part.${part}`)));
  return (
    <section class="card health-card" aria-label={t('health.title')}>
      <HealthBadge state={data.state} />
      <span>
        {t(`health.all.${data.state}`)}: {[...parts].join(t('common.comma'))}
      </span>
      <a href="/settings/health">{t('health.look')}</a>
    </section>
  );
}
