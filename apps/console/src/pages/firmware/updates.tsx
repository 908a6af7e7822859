import { type JsonFirmwareUpdate, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { reasonText } from '../../platform/failure-text.ts';
import { formatTime } from '../../platform/format.ts';
import { useLoad, useSoon } from '../../platform/load.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
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
        <TableHead columns={[t('devices.name'), t('devices.state'), { wide: t('firmware.version') }]} hasActions />
        <tbody>
          {data?.items.map((update) => (
            <UpdateRow key={update.id} update={update} share={shares.get(update.id)} onChanged={reload} />
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

interface UpdateRowProps {
  readonly update: JsonFirmwareUpdate;
  readonly share: number | undefined;
  readonly onChanged: () => void;
}

function UpdateRow({ update, share, onChanged }: UpdateRowProps) {
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
      <td class="row-actions">
        <GiveUpButton update={update} onChanged={onChanged} />
      </td>
    </tr>
  );
}

/** Gives up an update that is under way, after one question. */
function GiveUpButton({ update, onChanged }: Pick<UpdateRowProps, 'update' | 'onChanged'>) {
  const t = useText();
  const may = useMay('operator');
  const [asks, setAsks] = useState(false);
  const { id, device, phase } = update;
  const isOpen = phase === 'waiting' || phase === 'delivering' || phase === 'installing';
  // The question stays, whatever becomes of the update meanwhile: the platform says so.
  if (!asks && !(may && isOpen)) return null;
  const title = t('updates.cancel', { device });
  const cancel = () => call(routes.cancelFirmwareUpdate, { params: { id } }).finally(onChanged);
  return (
    <>
      <button type="button" class="quiet icon-only" aria-label={title} title={title} onClick={() => setAsks(true)}>
        <Icon name="close" />
      </button>
      {asks && (
        <Dialog
          title={title}
          action={t('updates.cancel.action')}
          isDangerous
          onAction={cancel}
          onClose={() => setAsks(false)}
        >
          <p>{t('updates.cancel.ask')}</p>
        </Dialog>
      )}
    </>
  );
}
