import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useMorePages } from '../../platform/more-pages.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Section } from '../../ui/section.tsx';
import { TableHead } from '../../ui/table-head.tsx';

/** Everybody who has an account. */
export function Users() {
  const t = useText();
  const may = useMay('admin');
  const [isAdding, setAdding] = useState(false);
  const { items, next, error, more, reload } = useMorePages((cursor) =>
    call(routes.listUsers, { query: { kind: 'user', ...(cursor === undefined ? {} : { cursor }) } }),
  );
  const add = may && (
    <button type="button" onClick={() => setAdding(true)}>
      <Icon name="plus" /> {t('remote.users.add')}
    </button>
  );
  return (
    <Section title={t('remote.users')} action={add} items={items} error={error} empty={t('remote.users.empty')}>
      <table>
        <TableHead
          columns={[t('remote.user'), t('remote.state'), { wide: t('remote.nick') }, { wide: t('remote.since') }]}
        />
        <tbody>
          {items?.map(({ name, nick, createdAt, disabledAt }) => (
            <tr key={name}>
              <th scope="row">
                <a href={`/people/${encodeURIComponent(name)}`}>{name}</a>
              </th>
              <td>{t(disabledAt === undefined ? 'remote.state.good' : 'remote.state.disabled')}</td>
              <td class="wide">{nick ?? '—'}</td>
              <td class="wide">{formatTime(createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <button type="button" onClick={more}>
          {t('common.more')}
        </button>
      )}
      {isAdding && <NewUser onClose={() => setAdding(false)} onAdded={reload} />}
    </Section>
  );
}

/** For who does not register alone. */
function NewUser({ onClose, onAdded }: { readonly onClose: () => void; readonly onAdded: () => void }) {
  const t = useText();
  const [name, setName] = useState('');
  const [nick, setNick] = useState('');
  const [password, setPassword] = useState('');
  const add = async () => {
    const called = nick.trim() === '' ? {} : { nick: nick.trim() };
    const user = await call(routes.addUser, { params: { name: name.trim() }, body: { password, ...called } });
    tellDone(t('remote.users.added', { name: user.name }));
    onAdded();
  };
  return (
    <Dialog title={t('remote.users.add')} action={t('common.add')} onAction={add} onClose={onClose}>
      <label class="field">
        <span>{t('remote.user')}</span>
        <input
          name="name"
          value={name}
          required
          maxLength={1023}
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <small>{t('remote.users.name.hint')}</small>
      </label>
      <label class="field">
        <span>{t('remote.nick.optional')}</span>
        <input
          name="nick"
          value={nick}
          maxLength={100}
          autocomplete="off"
          onInput={(event) => setNick(event.currentTarget.value)}
        />
      </label>
      <PasswordField
        label={t('operators.password')}
        value={password}
        onValue={setPassword}
        minLength={8}
        hint={t('remote.password.hint')}
      />
    </Dialog>
  );
}
