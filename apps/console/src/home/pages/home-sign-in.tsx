import { useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { Choices } from '../../shell/choices.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { registerUser, signInUser } from '../model/session.ts';

type Way = 'sign-in' | 'register';

export function HomeSignIn() {
  const t = useText();
  const [way, setWay] = useState<Way>('sign-in');
  return (
    <main class="alone">
      <div class="card sign-in">
        <img src="/icon.svg" alt="" width="48" height="48" />
        <PageTitle text={t('home.title')} />
        <p class="lead">{t('home.sign-in.lead')}</p>
        <fieldset class="segments">
          {(['sign-in', 'register'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={way === one} onClick={() => setWay(one)}>
              {t(`home.${one}.tab`)}
            </button>
          ))}
        </fieldset>
        <HomeSignInForm key={way} way={way} />
        <p class="hint">
          <a href="/">{t('home.operators')}</a>
        </p>
        <Choices />
      </div>
    </main>
  );
}

/** @param account who has to sign in; absent: anybody */
export function HomeSignInForm({ way, account }: { readonly way: Way; readonly account?: string }) {
  const t = useText();
  const [name, setName] = useState(account ?? '');
  const [password, setPassword] = useState('');
  const [invitation, setInvitation] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isNew = way === 'register';
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    await (isNew ? registerUser(name.trim(), password, invitation.trim()) : signInUser(name.trim(), password)).catch(
      setError,
    );
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={submit}>
      <label class="field">
        <span>{t(isNew ? 'home.register.name' : 'sign-in.name')}</span>
        <input
          value={name}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          maxLength={255}
          required
          readOnly={account !== undefined}
          onInput={(e) => setName(e.currentTarget.value)}
        />
        {isNew && <small>{t('home.register.name-hint')}</small>}
      </label>
      <label class="field">
        <span>{t('sign-in.password')}</span>
        <input
          type="password"
          value={password}
          autocomplete={isNew ? 'new-password' : 'current-password'}
          minLength={isNew ? 6 : 1}
          maxLength={256}
          required
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
        {isNew && <small>{t('home.register.password-hint')}</small>}
      </label>
      {isNew && (
        <label class="field">
          <span>{t('home.register.invitation')}</span>
          <input value={invitation} maxLength={256} onInput={(e) => setInvitation(e.currentTarget.value)} />
        </label>
      )}
      {error !== undefined && <ProblemNote error={error} />}
      <button type="submit" class="primary" aria-disabled={isBusy}>
        {t(isNew ? 'home.register.action' : 'sign-in.action')}
      </button>
    </form>
  );
}
