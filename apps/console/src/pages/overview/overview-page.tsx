import { type JsonStatus, routes } from '@yaolian/contract';
import type { TextKey } from '../../catalogue/index.ts';
import { formatBytes, formatNumber, formatRate, formatSeconds } from '../../platform/format.ts';
import { lazyPage } from '../../platform/lazy-page.tsx';
import { useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { TryCard } from '../tour/try-card.tsx';
import { HealthCard } from './health-card.tsx';
import { ModelMap } from './model-map.tsx';
import { useRates } from './rates.ts';
import { RecentEvents } from './recent-events.tsx';
import { ShareBar, shownStates } from './share-bar.tsx';

const Trends = lazyPage(async () => (await import('./trends.tsx')).Trends);

/** The fleet in ten seconds: how many devices are how, and what happens now. */
export function OverviewPage() {
  const t = useText();
  const { data, error, reload } = useLoad((signal) => call(routes.showStatus, { signal }), []);
  useInterval(reload, 5000);
  if (!data)
    return error === undefined ? (
      <p class="loading">{t('common.loading')}</p>
    ) : (
      <ProblemNote error={error} onRetry={reload} />
    );
  return (
    <>
      <PageTitle text={t('nav.overview')} />
      <HealthCard />
      <States status={data} />
      <TryCard isFirst={data.devices.total === 0} />
      <ModelMap />
      <Trends />
      <div class="columns">
        <RecentEvents />
        <Platform status={data} />
      </div>
    </>
  );
}

function States({ status }: { readonly status: JsonStatus }) {
  const t = useText();
  const counts = status.devices;
  const rates = useRates(status);
  return (
    <section class="card states" aria-label={t('overview.share')}>
      <div class="figures">
        <a class="figure" href="/devices">
          <strong>{formatNumber(counts.total)}</strong>
          <span>{t('overview.devices')}</span>
        </a>
        {shownStates.map((state) => (
          <a key={state} class="figure" href={`/devices?state=${state.toUpperCase()}`}>
            <strong>{formatNumber(counts[state])}</strong>
            <span class={`dot state-${state}`}>{t(`overview.${state}`)}</span>
          </a>
        ))}
        <Rate perSecond={rates?.registrations} title="overview.registrations-rate" />
        <Rate perSecond={rates?.messages} title="overview.messages-rate" />
      </div>
      <ShareBar counts={counts} />
    </section>
  );
}

function Rate({ perSecond, title }: { readonly perSecond: number | undefined; readonly title: TextKey }) {
  const t = useText();
  return (
    <div class="figure">
      <strong>{perSecond === undefined ? '…' : formatRate(perSecond)}</strong>
      <span>{t(title)}</span>
    </div>
  );
}

function Platform({ status }: { readonly status: JsonStatus }) {
  const t = useText();
  const isListed = status.enrolment === 'allow-list';
  return (
    <section class="card">
      <h2>{t('overview.platform')}</h2>
      <dl class="facts">
        <dt>{t('overview.version')}</dt>
        <dd>{status.version}</dd>
        <dt>{t('overview.uptime')}</dt>
        <dd>{formatSeconds(status.uptime)}</dd>
        <dt>{t('overview.profile')}</dt>
        <dd>{status.profile}</dd>
        <dt>{t('overview.enrolment')}</dt>
        <dd>{t(isListed ? 'enrolment.allow-list' : 'enrolment.open')}</dd>
        <dt>{t('overview.observations')}</dt>
        <dd>{formatNumber(status.observations)}</dd>
        <dt>{t('overview.memory')}</dt>
        <dd>{formatBytes(status.memory.rss)}</dd>
        <dt>{t('overview.listening')}</dt>
        <dd>
          {status.listening.map(({ url }) => (
            <code key={url} class="block">
              {url}
            </code>
          ))}
        </dd>
      </dl>
    </section>
  );
}
