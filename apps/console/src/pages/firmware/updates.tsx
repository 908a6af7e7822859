import { type JsonFirmwareUpdate, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { reasonText } from '../../platform/failure-text.ts';
import { formatTime } from '../../platform/format.ts';
import { useLoad, useSoon } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

const first = 10;
/** As many as the platform gives at a time. */
const most = 1000;

/** The last updates of devices, with live progress. */
export function Updates() {
  const t = useText();
  const [shares, setShares] = useState<ReadonlyMap<string, number>>(new Map());
  const [limit, setLimit] = useState(first);
  const { data, error, reload } = useLoad(
    (signal) => call(routes.listFirmwareUpdates, { query: { limit }, signal }),
    [limit],
  );
  const reloadSoon = useSoon(reload);
  useEvents({ types: ['firmware.changed', 'firmware.progress'] }, (event) => {
    if (event.type === 'firmware.changed') reloadSoon();
    if (event.type !== 'firmware.progress') return;
    const { update, sent, size } = event.data;
    setShares((before) => new Map(before).set(update, sent / Math.max(1, size)));
  });
  return (
    <Section title={t('updates.title')} items={data?.items} error={error} empty={t('updates.empty')}>
      <table>
        <TableHead columns={[t('devices.name'), t('devices.state'), { wide: t('firmware.version') }]} />
        <tbody>
          {data?.items.map((update) => (
            <UpdateRow key={update.id} update={update} share={shares.get(update.id)} />
          ))}
        </tbody>
      </table>
      {data?.next !== undefined && limit < most && (
        <button type="button" onClick={() => setLimit(Math.min(most, limit * 5))}>
          {t('common.more')}
        </button>
      )}
    </Section>
  );
}

function UpdateRow({ update, share }: { readonly update: JsonFirmwareUpdate; readonly share: number | undefined }) {
  const t = useText();
  const { device, software, phase, fromVersion, toVersion, failure, note, changedAt } = update;
  return (
    <tr>
      <th scope="row">
        <a href={`/devices/${encodeURIComponent(device)}`}>{device}</a>
        <small>{formatTime(changedAt)}</small>
      </th>
      <td>
        {t(`update.${phase}`)}
        {phase === 'delivering' && share !== undefined && (
          <progress value={share} aria-label={t('update.delivering')} />
        )}
        {failure !== undefined && <small title={note}>{reasonText(failure, t)}</small>}
      </td>
      <td class="wide">
        {software !== undefined && `${software} `}
        {fromVersion ?? '—'} → {toVersion ?? '—'}
      </td>
    </tr>
  );
}
