import { type JsonCampaign, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { reasonText } from '../../platform/failure-text.ts';
import { formatNumber } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { Section } from '../../ui/section.tsx';
import { CampaignResults } from './campaign-results.tsx';
import { NewCampaign } from './new-campaign.tsx';

export function Campaigns() {
  const t = useText();
  const may = useMay('operator');
  const [isMaking, setMaking] = useState(false);
  const [changed, setChanged] = useState<ReadonlyMap<string, JsonCampaign>>(new Map());
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listCampaigns, { query: cursor === undefined ? {} : { cursor } }),
  );
  useEvents({ types: ['campaign.changed'] }, (event) => {
    if (event.type === 'campaign.changed') setChanged((before) => new Map(before).set(event.data.id, event.data));
  });
  const add = may && (
    <button type="button" onClick={() => setMaking(true)}>
      <Icon name="plus" /> {t('campaigns.new')}
    </button>
  );
  return (
    <Section title={t('campaigns.title')} action={add} items={items} error={error} empty={t('campaigns.empty')}>
      {items?.map((campaign) => (
        <CampaignRow key={campaign.id} campaign={changed.get(campaign.id) ?? campaign} />
      ))}
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {isMaking && <NewCampaign onClose={() => setMaking(false)} onStarted={reload} />}
    </Section>
  );
}

const parts = ['succeeded', 'failed', 'cancelled', 'skipped', 'running', 'pending'] as const;

function CampaignRow({ campaign }: { readonly campaign: JsonCampaign }) {
  const t = useText();
  const { name, state, wave, counts, total, reasons } = campaign;
  const { pending, running, failed, cancelled, skipped } = counts;
  const text = [
    t('campaigns.progress', { done: total - pending - running, total, running, failed }),
    ...(cancelled > 0 ? [t('campaigns.cancelled', { count: cancelled })] : []),
    ...(skipped > 0 ? [t('campaigns.skipped', { count: skipped })] : []),
  ].join(t('common.comma'));
  const why = Object.entries(reasons).map(([reason, count]) => `${reasonText(reason, t)} × ${count}`);
  return (
    <div class="campaign">
      <div class="section-head">
        <h3>{name}</h3>
        <span class="badge">{t(`campaign.${state}`)}</span>
        {state === 'running' && <small>{t('campaigns.wave', { wave })}</small>}
        <CampaignActions campaign={campaign} />
      </div>
      <div class="share" role="img" aria-label={text}>
        {parts.map(
          (part) => counts[part] > 0 && <span key={part} class={`part-${part}`} style={{ flexGrow: counts[part] }} />,
        )}
      </div>
      <p class="hint">
        {text}
        {why.length > 0 && ` · ${why.join(', ')}`}
      </p>
      {state === 'stopped' && (
        <p>{t('campaigns.stopped.why', { percent: formatNumber(Math.round(campaign.stopAt * 1000) / 10) })}</p>
      )}
      <CampaignResults campaign={campaign} />
    </div>
  );
}

function CampaignActions({ campaign: { id, name, state, counts } }: { readonly campaign: JsonCampaign }) {
  const t = useText();
  const may = useMay('operator');
  const [asksEnd, setAsksEnd] = useState(false);
  if (!may) return null;
  const params = { id };
  const isOpen = state === 'running' || state === 'paused' || state === 'stopped';
  const end = async () => void (await call(routes.cancelCampaign, { params }));
  const act = (route: typeof routes.pauseCampaign | typeof routes.resumeCampaign | typeof routes.retryCampaign) => () =>
    void call(route, { params }).catch(tellFailure);
  return (
    <span class="end group">
      {state === 'running' && (
        <button type="button" onClick={act(routes.pauseCampaign)}>
          {t('campaigns.pause')}
        </button>
      )}
      {(state === 'paused' || state === 'stopped') && (
        <button type="button" onClick={act(routes.resumeCampaign)}>
          {t('campaigns.resume')}
        </button>
      )}
      {counts.failed + counts.cancelled > 0 && state !== 'cancelled' && (
        <button type="button" onClick={act(routes.retryCampaign)}>
          {t('campaigns.retry')}
        </button>
      )}
      {isOpen && (
        <button type="button" onClick={() => setAsksEnd(true)}>
          {t('campaigns.cancel')}
        </button>
      )}
      {asksEnd && (
        <Dialog
          title={`${t('campaigns.cancel')}: ${name}`}
          action={t('campaigns.cancel')}
          isDangerous
          onAction={end}
          onClose={() => setAsksEnd(false)}
        >
          <p>{t('campaigns.cancel.ask')}</p>
        </Dialog>
      )}
    </span>
  );
}
