import { routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, isProblem, signIn } from '../platform/session.ts';
import { translate, useText } from '../platform/text.ts';
import { tellWait } from '../ui/notices.tsx';
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

/** The app shows six digits; a recovery code works once. */
function isRecoveryCode(code: string): boolean {
  return code.trim() !== '' && !/^\d{3} ?\d{3}$/.test(code.trim());
}

async function tellCodesLeft(): Promise<void> {
  const { recoveryCodes } = await call(routes.showSecondFactor, {});
  tellWait(translate(recoveryCodes === 0 ? 'sign-in.no-codes-left' : 'sign-in.codes-left', { count: recoveryCodes }));
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
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await signIn(name, password, code.trim());
      if (isRecoveryCode(code)) await tellCodesLeft().catch(() => undefined); // Settings tell it too
    } catch (reason) {
      // That a code is needed is no mistake: its field says so.
      if (isProblem(reason, 'second-factor-needed')) setNeedsCode(true);
      else setError(reason);
    }
    setBusy(false);
  };
  const codeField = useRef<HTMLInputElement>(null);
  useEffect(() => codeField.current?.focus(), [needsCode]);
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
            ref={codeField}
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
      <button type="submit" class="primary" aria-disabled={isBusy}>
        {t('sign-in.action')}
      </button>
    </form>
  );
}
