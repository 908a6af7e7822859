import { type JsonRaDevice, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, isProblem, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TableHead } from '../../ui/table-head.tsx';

/** Devices of Remote Access: terminals that are shared, and those that speak for themselves. */
export function RaDevices() {
  const t = useText();
  const may = useMay('operator');
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listRaDevices, { query: cursor === undefined ? {} : { cursor } }),
  );
  if (isProblem(error, 'unavailable')) return <p class="hint card">{t('remote.off')}</p>;
  return (
    <Section
      title={t('remote.devices')}
      items={items}
      error={error}
      empty={t(may ? 'remote.devices.empty' : 'remote.devices.empty.looking')}
    >
      <table>
        <TableHead
          columns={[t('remote.account'), t('remote.state'), { wide: t('remote.kind') }, { wide: t('remote.owners') }]}
          hasActions
        />
        <tbody>
          {items?.map((device) => (
            <Row key={device.account} device={device} onChange={reload} />
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
    </Section>
  );
}

function Row({ device, onChange }: { readonly device: JsonRaDevice; readonly onChange: () => void }) {
  const t = useText();
  const may = useMay('operator');
  const { account, device: terminal, state, deviceType, vendor, model, owners } = device;
  const remove = async () => {
    await call(routes.removeRaDevice, { params: { account } });
    onChange();
  };
  return (
    <tr>
      <th scope="row">
        {terminal === undefined ? account : <a href={`/devices/${encodeURIComponent(terminal)}`}>{account}</a>}
        {terminal === undefined && <small>{t('remote.terminal.none')}</small>}
      </th>
      <td>
        <StateBadge state={state} />
      </td>
      <td class="wide">{[deviceType, vendor, model].filter(Boolean).join(' · ') || '—'}</td>
      <td class="wide">
        {owners.length === 0 && t('remote.owners.none')}
        {owners.map(({ user, state: binding }, index) => (
          <span key={user}>
            {index > 0 && ', '}
            <a href={`/people/${encodeURIComponent(user.split('@')[0]!)}`}>{user.split('@')[0]}</a>
            {binding === 'pending' && ` (${t('remote.pending')})`}
          </span>
        ))}
      </td>
      <td class="row-actions">
        {may && (
          <>
            <CodeButton account={account} />
            <RemoveButton
              title={t('remote.unshare', { name: account })}
              question={t('remote.unshare.ask')}
              onRemove={remove}
            />
          </>
        )}
      </td>
    </tr>
  );
}

function CodeButton({ account }: { readonly account: string }) {
  const t = useText();
  const [asks, setAsks] = useState(false);
  const [code, setCode] = useState<string | undefined>(undefined);
  const reset = async () => {
    if (code !== undefined) return true;
    const issued = await call(routes.resetVerificationCode, { params: { account } });
    setCode(issued.code);
    tellDone(t('remote.code.is', { name: account, code: issued.code }));
    return false;
  };
  const title = t('remote.code', { name: account });
  return (
    <>
      <button type="button" class="quiet icon-only" aria-label={title} title={title} onClick={() => setAsks(true)}>
        <Icon name="key" />
      </button>
      {asks && (
        <Dialog
          title={title}
          action={t(code === undefined ? 'remote.code.action' : 'common.close')}
          isTold={code !== undefined}
          onAction={reset}
          onClose={() => {
            setAsks(false);
            setCode(undefined);
          }}
        >
          {code === undefined ? (
            <p>{t('remote.code.ask')}</p>
          ) : (
            <p role="status">{t('remote.code.is', { name: account, code })}</p>
          )}
        </Dialog>
      )}
    </>
  );
}
