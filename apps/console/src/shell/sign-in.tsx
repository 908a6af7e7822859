import { useState } from 'preact/hooks';
import { isProblem, signIn } from '../platform/session.ts';
import { useText } from '../platform/text.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Choices } from './choices.tsx';

export function SignIn() {
  const t = useText();
  return (
    <main class="alone">
      <div class="card sign-in">
        <img src="/icon.svg" alt="" width="48" height="48" />
        <PageTitle text={t('app.name')} />
        <p class="lead">{t('sign-in.lead')}</p>
        <SignInForm />
        <p class="hint">{t('sign-in.hint')}</p>
        <p class="hint">
          <a href="/home">{t('home.owners')}</a>
        </p>
        <Choices />
      </div>
    </main>
  );
}

/** @param operator who has to sign in; absent: anybody */
export function SignInForm({ operator }: { readonly operator?: string }) {
  const t = useText();
  const [name, setName] = useState(operator ?? 'admin');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    await signIn(name, password, code.trim()).catch((reason: unknown) => {
      if (isProblem(reason, 'second-factor-needed')) setNeedsCode(true);
      setError(reason);
    });
    setBusy(false);
  };
  return (
    <form class="stack" onSubmit={submit}>
      <label class="field">
        <span>{t('sign-in.name')}</span>
        <input
          value={name}
          autocomplete="username"
          maxLength={64}
          required
          readOnly={operator !== undefined}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t('sign-in.password')}</span>
        <input
          type="password"
          value={password}
          autocomplete="current-password"
          maxLength={256}
          required
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </label>
      {needsCode && (
        <label class="field">
          <span>{t('sign-in.code')}</span>
          <input
            value={code}
            autocomplete="one-time-code"
            inputMode="text"
            minLength={6}
            maxLength={64}
            required
            onInput={(e) => setCode(e.currentTarget.value)}
          />
        </label>
      )}
      {error !== undefined && <ProblemNote error={error} />}
      <button type="submit" class="primary" disabled={isBusy}>
        {t('sign-in.action')}
      </button>
    </form>
  );
}
