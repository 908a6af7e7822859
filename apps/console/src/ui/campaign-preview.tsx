import { type JsonCampaignPreview, type RouteQuery, routes } from '@yaolian/contract';
import { formatNumber } from '../platform/format.ts';
import { useLoad } from '../platform/load.ts';
import { call } from '../platform/session.ts';
import { useText } from '../platform/text.ts';
import { countText, useSettled } from './device-count.tsx';
import { ProblemNote } from './problem.tsx';

/** What chooses the devices of a campaign. */
export type CampaignChoice = Omit<RouteQuery<typeof routes.previewCampaign>, 'file'>;

interface CampaignPreviewProps {
  /** Id of the package; empty: none is chosen. */
  readonly file: string;
  readonly choice: CampaignChoice;
  readonly onUnread: (unread: 'leave-out' | 'ask') => void;
}

/** Says how many devices a campaign would have and which, before it begins; what to do with those that nothing is known of. */
export function CampaignPreview({ file, choice, onUnread }: CampaignPreviewProps) {
  const t = useText();
  const wished = JSON.stringify({ file, ...choice });
  const wish = useSettled(wished);
  const { data, error, isLoading, reload } = useLoad(
    async (signal) => {
      const query = JSON.parse(wish) as RouteQuery<typeof routes.previewCampaign>;
      return query.file === '' ? undefined : call(routes.previewCampaign, { query, signal });
    },
    [wish],
  );
  if (file === '') return null;
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  const isOld = isLoading || wish !== wished;
  return (
    <>
      <p class="count" role="status">
        {data === undefined || isOld ? t('count.asked') : countText(t, data)}
        <small>{t('count.firmware')}</small>
      </p>
      {data !== undefined && data.unread > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={choice.unread === 'ask'}
            onChange={(event) => onUnread(event.currentTarget.checked ? 'ask' : 'leave-out')}
          />
          <span>
            {t('count.unread', { count: data.unread })}
            <small>{t('count.unread.hint')}</small>
          </span>
        </label>
      )}
      {data !== undefined && data.total > 0 && <Which preview={data} />}
    </>
  );
}

function Which({ preview: { total, devices } }: { readonly preview: JsonCampaignPreview }) {
  const t = useText();
  const more = total - devices.length;
  return (
    <details>
      <summary>{t('count.which')}</summary>
      <ul class="which-devices">
        {devices.map(({ key, endpoint = key, vendor, model, version }) => (
          <li key={key}>
            <b>{endpoint}</b> <small>{[vendor, model, version].filter(Boolean).join(' · ')}</small>
          </li>
        ))}
        {more > 0 && <li>{t('count.further', { count: formatNumber(more) })}</li>}
      </ul>
    </details>
  );
}
