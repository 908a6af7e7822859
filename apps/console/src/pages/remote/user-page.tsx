import { type JsonUserDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { formatFullTime, formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { navigate } from '../../platform/router.ts';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure } from '../../ui/notices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { EndConnectionDialog } from './end-connection-dialog.tsx';

/** One user: devices, friends, connections, and what an operator can do. */
export function UserPage({ name }: { readonly name: string }) {
  const t = useText();
  const params = { name };
  const { data, error, reload } = useLoad((signal) => call(routes.showUser, { params, signal }), [name]);
  return (
    <>
      <a class="back" href="/people">
        <Icon name="back" />
        {t('remote.back')}
      </a>
      <PageTitle text={name} />
      {error !== undefined && <ProblemNote error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <p class="loading">{t('common.loading')}</p>}
      {data !== undefined && (
        <>
          <Facts user={data} onChange={reload} />
          <Actions user={data} onChange={reload} />
          <Joined user={data} />
          <MessageForm name={name} />
        </>
      )}
    </>
  );
}

function Facts({ user, onChange }: { readonly user: JsonUserDetail; readonly onChange: () => void }) {
  const t = useText();
  const may = useMay('admin');
  const { name, nick, createdAt, disabledAt, connections, pages } = user;
  const [ending, setEnding] = useState<string>();
  const end = async (connection: string) => {
    await call(routes.endUserSessions, { params: { name }, query: { connection } });
    tellDone(t('remote.connection.ended', { connection }));
    onChange();
  };
  return (
    <section class="card">
      <dl class="facts">
        <dt>{t('remote.state')}</dt>
        <dd>
          {t(disabledAt === undefined ? 'remote.state.good' : 'remote.state.disabled')}
          {disabledAt !== undefined && <small>{formatFullTime(disabledAt)}</small>}
        </dd>
        {nick !== undefined && (
          <>
            <dt>{t('remote.nick')}</dt>
            <dd>{nick}</dd>
          </>
        )}
        <dt>{t('remote.since')}</dt>
        <dd>{formatFullTime(createdAt)}</dd>
        <dt>{t('remote.connections')}</dt>
        <dd>
          {connections.map((connection) => (
            <div key={connection}>
              {connection}{' '}
              {may && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={t('remote.connection.end', { connection })}
                  onClick={() => setEnding(connection)}
                >
                  {t('remote.connection.end.short')}
                </button>
              )}
            </div>
          ))}
          {pages > 0 && t('remote.pages', { count: pages })}
          {connections.length === 0 && pages === 0 && t('remote.connections.none')}
        </dd>
      </dl>
      {ending !== undefined && (
        <EndConnectionDialog connection={ending} onEnd={() => end(ending)} onClose={() => setEnding(undefined)} />
      )}
    </section>
  );
}

function Actions({ user, onChange }: { readonly user: JsonUserDetail; readonly onChange: () => void }) {
  const t = useText();
  const may = useMay('admin');
  const [asked, setAsked] = useState<'password' | 'sign-out' | 'disable' | 'delete' | undefined>(undefined);
  const { name } = user;
  const params = { name };
  if (!may) return null;
  const enable = async () => {
    await call(routes.enableUser, { params });
    tellDone(t('remote.enabled', { name }));
    onChange();
  };
  const signOut = async () => {
    await call(routes.endUserSessions, { params });
    tellDone(t('remote.signed-out', { name }));
    onChange();
  };
  const disable = async () => {
    await call(routes.disableUser, { params });
    tellDone(t('remote.disabled', { name }));
    onChange();
  };
  const remove = async () => {
    await call(routes.removeUser, { params });
    tellDone(t('remote.deleted', { name }));
    navigate('/people', 'replace');
  };
  const close = () => setAsked(undefined);
  const does = { 'sign-out': signOut, disable, delete: remove };
  return (
    <div class="toolbar">
      <button type="button" onClick={() => setAsked('password')}>
        {t('remote.password')}
      </button>
      <button type="button" onClick={() => setAsked('sign-out')}>
        {t('remote.sign-out')}
      </button>
      {user.disabledAt === undefined ? (
        <button type="button" class="danger" onClick={() => setAsked('disable')}>
          {t('remote.disable')}
        </button>
      ) : (
        <button type="button" onClick={() => void enable().catch(tellFailure)}>
          {t('remote.enable')}
        </button>
      )}
      <button type="button" class="danger" onClick={() => setAsked('delete')}>
        {t('remote.delete')}
      </button>
      {asked === 'password' && <NewPassword name={name} onClose={close} onSet={onChange} />}
      {asked !== undefined && asked !== 'password' && (
        <Dialog
          title={`${t(`remote.${asked}`)}: ${name}`}
          action={t(`remote.${asked}`)}
          isDangerous
          onAction={does[asked]}
          onClose={close}
        >
          <p>{t(`remote.${asked}.ask`, { name })}</p>
        </Dialog>
      )}
    </div>
  );
}

interface NewPasswordProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onSet: () => void;
}

/** For who forgot the password. */
function NewPassword({ name, onClose, onSet }: NewPasswordProps) {
  const t = useText();
  const [password, setPassword] = useState('');
  const set = async () => {
    await call(routes.setUserPassword, { params: { name }, body: { password } });
    tellDone(t('remote.password.set', { name }));
    onSet();
  };
  const title = t('remote.password');
  return (
    <Dialog title={`${title}: ${name}`} action={t('common.save')} isDangerous onAction={set} onClose={onClose}>
      <p>{t('remote.password.ask', { name })}</p>
      <PasswordField
        label={t('password.new')}
        value={password}
        onValue={setPassword}
        minLength={8}
        hint={t('remote.password.hint')}
      />
    </Dialog>
  );
}

function Joined({ user: { devices, friends } }: { readonly user: JsonUserDetail }) {
  const t = useText();
  return (
    <>
      <Section title={t('remote.bindings')} items={devices} error={undefined} empty={t('remote.bindings.empty')}>
        <ul class="plain-list">
          {devices.map(({ device, name, state, since }) => (
            <li key={device}>
              <span>
                {name}
                <small>
                  {device}
                  {state === 'pending' && ` · ${t('remote.pending')}`}
                </small>
              </span>
              <time dateTime={since}>{formatTime(since)}</time>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('remote.friends')} items={friends} error={undefined} empty={t('remote.friends.empty')}>
        <ul class="plain-list">
          {friends.map(({ user, state }) => (
            <li key={user}>
              <a href={`/people/${encodeURIComponent(user.split('@')[0]!)}`}>{user.split('@')[0]}</a>
              <span>{t(`remote.friend.${state}`)}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function MessageForm({ name }: { readonly name: string }) {
  const t = useText();
  const may = useMay('operator');
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>();
  if (!may) return null;
  const send = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      await call(routes.tellUser, { params: { name }, body: { text } });
      tellDone(t('remote.message.sent'));
      setText('');
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form class="card stack" onSubmit={send}>
      <h2>{t('remote.message')}</h2>
      <label class="field">
        <span>{t('remote.message.text')}</span>
        <textarea
          rows={3}
          required
          maxLength={4000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <small>{t('remote.message.hint')}</small>
      </label>
      {error !== undefined && <ProblemNote error={error} />}
      <button type="submit">{t('remote.message.send')}</button>
    </form>
  );
}
