import { type JsonCampaign, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { reasonText } from '../../platform/failure-text.ts';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { saveFile } from '../../platform/save-file.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { type PageAsked, targetsAsCsv } from '../devices/targets-csv.ts';

const states = ['failed', 'running', 'pending', 'succeeded', 'skipped', 'cancelled'] as const;
type State = (typeof states)[number];

/** What came of each device of a campaign: what failed is looked at first. */
export function CampaignResults({ campaign }: { readonly campaign: JsonCampaign }) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const { id, counts } = campaign;
  const there = states.filter((state) => counts[state] > 0);
  const [chosen, setChosen] = useState<State>();
  const shown = chosen ?? there[0] ?? 'pending';
  const save = async () => {
    const page = (query: PageAsked) => call(routes.listCampaignDevices, { params: { id }, query });
    saveFile(await targetsAsCsv(page), `campaign-${id}.csv`);
  };
  return (
    <details class="results" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('campaigns.results')}</summary>
      {isOpen && (
        <>
          <div class="toolbar">
            <select
              aria-label={t('campaigns.results.state')}
              value={shown}
              onChange={(event) => setChosen(event.currentTarget.value as State)}
            >
              {states.map((state) => (
                <option key={state} value={state}>
                  {t(`target.${state}`)} ({counts[state]})
                </option>
              ))}
            </select>
            <button type="button" class="quiet" onClick={() => void save().catch(tellFailure)}>
              {t('campaigns.results.csv')}
            </button>
          </div>
          {/* What changed its state is asked for again. */}
          <Targets key={`${shown} ${counts[shown]}`} id={id} state={shown} />
        </>
      )}
    </details>
  );
}

function Targets({ id, state }: { readonly id: string; readonly state: State }) {
  const t = useText();
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listCampaignDevices, {
      params: { id },
      query: { state, limit: 20, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (items === undefined) return <p class="hint">{t('common.loading')}</p>;
  if (items.length === 0) return <p class="hint">{t('campaigns.results.none')}</p>;
  return (
    <>
      <ul class="target-list">
        {items.map(({ device, reason, changedAt }) => (
          <li key={device}>
            <a href={`/devices/${encodeURIComponent(device)}`}>{device}</a>
            <span>{reason === undefined ? '' : reasonText(reason, t)}</span>
            <small>{formatTime(changedAt)}</small>
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
    </>
  );
}
