import { type JsonToken, type Role, roles, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { allPages } from '../../platform/all-pages.ts';
import { formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call, session } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RemoveButton } from '../../ui/remove-button.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

export function Tokens() {
  const t = useText();
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const { data, error, reload } = useLoad(
    (signal) => allPages((query) => call(routes.listTokens, { query, signal })),
    [],
  );
  // The newest first, which is what somebody looks for who has just made one.
  const tokens = data?.items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const add = (
    <button type="button" onClick={() => setMaking(true)}>
      <Icon name="plus" /> {t('tokens.add')}
    </button>
  );
  return (
    <Section title={t('tokens.title')} action={add} items={tokens} error={error} empty="">
      {secret !== undefined && <Secret title={t('tokens.secret')} hint={t('tokens.secret.hint')} text={secret} />}
      <table>
        <TableHead
          columns={[t('tokens.label'), t('tokens.role'), { wide: t('tokens.used') }, { wide: t('tokens.expires') }]}
          hasActions
        />
        <tbody>
          {tokens?.map((token) => (
            <TokenRow key={token.id} token={token} onRemoved={reload} />
          ))}
        </tbody>
      </table>
      {isMaking && <NewToken onClose={() => setMaking(false)} onMade={(token) => [setSecret(token), reload()]} />}
    </Section>
  );
}

function TokenRow({ token, onRemoved }: { readonly token: JsonToken; readonly onRemoved: () => void }) {
  const t = useText();
  const { id, kind, label, operator, role, createdAt, lastUsedAt, expiresAt } = token;
  const own = useStore(session);
  const isOwn = typeof own === 'object' && own.id === id;
  const name = label === '' ? t(`tokens.kind.${kind}`) : label;
  const remove = async () => {
    await call(routes.removeToken, { params: { token: id } });
    onRemoved();
  };
  return (
    <tr>
      <th scope="row">
        {isOwn ? t('tokens.own') : name}
        <small>{t('tokens.since', { operator, time: formatTime(createdAt) })}</small>
      </th>
      <td class="whole">{t(`role.${role}`)}</td>
      <td class="wide">{lastUsedAt === undefined ? '—' : formatTime(lastUsedAt)}</td>
      <td class="wide">{expiresAt === undefined ? t('tokens.never') : formatTime(expiresAt)}</td>
      <td class="row-actions">
        <RemoveButton
          title={t('tokens.remove', { label: name })}
          question={t(isOwn ? 'tokens.remove.own' : 'tokens.remove.ask')}
          onRemove={remove}
        />
      </td>
    </tr>
  );
}

const expiries = ['30d', '90d', '365d', ''] as const;

function NewToken({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (token: string) => void }) {
  const t = useText();
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [expiry, setExpiry] = useState<string>('90d');
  const make = async () => {
    if (label.trim() === '') return false;
    const body = { label: label.trim(), role, ...(expiry === '' ? {} : { expiresIn: expiry }) };
    onMade((await call(routes.createToken, { body })).token);
    return true;
  };
  return (
    <Dialog title={t('tokens.add')} action={t('tokens.add')} onAction={make} onClose={onClose}>
      <label class="field">
        <span>{t('tokens.label')}</span>
        <input value={label} maxLength={100} required onInput={(event) => setLabel(event.currentTarget.value)} />
      </label>
      <label class="field">
        <span>{t('tokens.role')}</span>
        <select value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('tokens.expiry')}</span>
        <select value={expiry} onChange={(event) => setExpiry(event.currentTarget.value)}>
          {expiries.map((one) => (
            <option key={one} value={one}>
              {one === '' ? t('tokens.never') : t('unit.day', { count: one.slice(0, -1) })}
            </option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}
