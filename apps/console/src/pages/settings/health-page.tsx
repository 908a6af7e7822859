import { type JsonHealthCheck, measureText, routes } from '@yaolian/contract';
import { connectionText } from '../../platform/connection-text.ts';
import { formatNumber } from '../../platform/format.ts';
import { useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { hasText, useText, type Values } from '../../platform/text.ts';
import { HealthBadge } from '../../ui/health-badge.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { SettingsNav } from './settings-nav.tsx';

/** Every part of the platform: how it is, and what to do where it is not well. */
export function HealthPage() {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.showHealth, { signal }), []);
  useInterval(reload, 10_000);
  return (
    <>
      <PageTitle text={t('health.title')} />
      <SettingsNav current="/settings/health" />
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <section class="card">
          <h2 aria-live="polite">
            <HealthBadge state={data.state} /> {t(`health.all.${data.state}`)}
          </h2>
          <p class="hint">{t('health.lead')}</p>
          <ul class="checks">
            {[...data.checks].sort(worstFirst).map((check) => (
              <Check key={`${check.part} ${check.subject}`} check={check} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const order = { failed: 0, degraded: 1, ok: 2 } as const;

function worstFirst(one: JsonHealthCheck, other: JsonHealthCheck): number {
  return order[one.state] - order[other.state];
}

function Check({ check }: { readonly check: JsonHealthCheck }) {
  const t = useText();
  const { part, subject, state, finding, values } = check;
  const told: Values = Object.fromEntries(
    Object.entries({ ...values, subject: subject ?? '' }).map(([name, value]) => [name, shown(name, value)]),
  );
  return (
    <li>
      <strong>
        {t(`health.part.${part}`)}
        {subject !== undefined && <small>{[values['receiver'], subject].filter(Boolean).join(' · ')}</small>}
      </strong>
      <HealthBadge state={state} />
      {finding === undefined ? (
        <Measured values={values} />
      ) : (
        <div>
          {t(`health.finding.${finding}`, told)}
          <p class="hint">{t(`health.advice.${finding}`, told)}</p>
        </div>
      )}
    </li>
  );
}

function Measured({ values }: { readonly values: JsonHealthCheck['values'] }) {
  const t = useText();
  const parts = Object.entries(values).flatMap(([name, value]) => {
    const key = `health.value.${name}`;
    return hasText(key) ? [`${t(key)} ${shown(name, value)}`] : [];
  });
  return <div>{parts.join(' · ')}</div>;
}

/** Counts as the language groups their digits, the rest with its unit; why something is not reached in words. */
function shown(name: string, value: string | number): string {
  if (name === 'reason') return connectionText(String(value));
  return /bytes$|seconds$/i.test(name) || typeof value === 'string' ? measureText(name, value) : formatNumber(value);
}
