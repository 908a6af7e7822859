import { type JsonNewSecondFactor, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTime } from '../../platform/format.ts';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellDone } from '../../ui/notices.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import { Secret } from '../../ui/secret.tsx';

/** The second factor of whoever is signed in. */
export function SecondFactorCard() {
  const t = useText();
  const { data, reload } = useLoad((signal) => call(routes.showSecondFactor, { signal }), []);
  const [password, setPassword] = useState('');
  const [made, setMade] = useState<JsonNewSecondFactor>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [error, setError] = useState<unknown>();
  const attempt = (action: () => Promise<void>) => (event: Event) => {
    event.preventDefault();
    setError(undefined);
    action().catch(setError);
  };
  const begin = async () => {
    setMade(await call(routes.beginSecondFactor, { body: { password } }));
    setPassword('');
  };
  const remove = async () => {
    await call(routes.removeSecondFactor, { body: { password } });
    setPassword('');
    tellDone(t('second-factor.removed'));
    reload();
  };
  if (!data) return null;
  const isOn = data.since !== undefined;
  return (
    <section class="card stack">
      <h2>{t('second-factor.title')}</h2>
      {codes ? (
        <>
          <Secret title={t('second-factor.codes.title')} hint={t('second-factor.codes')} text={codes.join('\n')} />
          <button type="button" class="primary" onClick={() => setCodes(undefined)}>
            {t('second-factor.codes.kept')}
          </button>
        </>
      ) : made ? (
        <Confirmation
          made={made}
          onCancel={() => setMade(undefined)}
          onDone={(recovery) => {
            setMade(undefined);
            setCodes(recovery);
            reload();
          }}
        />
      ) : (
        <form class="stack" onSubmit={attempt(isOn ? remove : begin)}>
          <p>
            {isOn
              ? t('second-factor.on', { since: formatTime(data.since!), count: data.recoveryCodes })
              : t('second-factor.off')}
          </p>
          <PasswordField label={t('password.current')} value={password} onValue={setPassword} />
          <button type="submit">{t(isOn ? 'second-factor.remove' : 'second-factor.begin')}</button>
        </form>
      )}
      {error !== undefined && <ProblemNote error={error} />}
    </section>
  );
}

interface ConfirmationProps {
  readonly made: JsonNewSecondFactor;
  readonly onCancel: () => void;
  readonly onDone: (recoveryCodes: readonly string[]) => void;
}

function Confirmation({ made, onCancel, onDone }: ConfirmationProps) {
  const t = useText();
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [error, setError] = useState<unknown>();
  const confirm = (event: Event) => {
    event.preventDefault();
    setError(undefined);
    call(routes.confirmSecondFactor, { body: { code } }).then(({ recoveryCodes }) => onDone(recoveryCodes), setError);
  };
  return (
    <form class="stack" onSubmit={confirm}>
      <p>{t('second-factor.scan')}</p>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(made.qrSvg)}`}
        alt={t('second-factor.qr')}
        width="200"
        height="200"
      />
      <p>
        <a href={made.uri}>{t('second-factor.open')}</a>
      </p>
      <p>
        {t('second-factor.secret')}: <code>{made.secret.match(/.{1,4}/g)!.join(' ')}</code>
      </p>
      <label class="field">
        <span>{t('second-factor.code')}</span>
        <input
          value={code}
          autocomplete="one-time-code"
          inputMode="numeric"
          pattern="[0-9]{3} ?[0-9]{3}"
          maxLength={7}
          ref={field}
          required
          onInput={(e) => setCode(e.currentTarget.value)}
        />
      </label>
      {error !== undefined && <ProblemNote error={error} />}
      <div class="dialog-actions">
        <button type="button" onClick={onCancel}>
          {t('common.cancel')}
        </button>
        <button type="submit" class="primary">
          {t('second-factor.confirm')}
        </button>
      </div>
    </form>
  );
}
