import { certificateUsages, type JsonBootstrapSecurity, matchingTypes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { PemField } from '../../ui/pem-field.tsx';
import { contextOf, emptyContext, OscoreFields, type TypedContext } from '../credentials/oscore-fields.tsx';
import { derOfPem } from '../credentials/pem.ts';

const modes = ['nosec', 'psk', 'rpk', 'x509', 'est', 'oscore'] as const;

/** What is undefined or empty goes away. */
type Change = { readonly [K in keyof JsonBootstrapSecurity]?: JsonBootstrapSecurity[K] | undefined };

interface SecurityFieldsProps {
  readonly security: JsonBootstrapSecurity | undefined;
  readonly onChange: (security: JsonBootstrapSecurity | undefined) => void;
}

/** How the terminal and one server prove themselves: resources 2 to 5 and 13 to 15 of object 0, and object 21. */
export function SecurityFields({ security, onChange }: SecurityFieldsProps) {
  const t = useText();
  const mode = security?.mode ?? 'nosec';
  const source = security?.issue ?? 'given';
  const choose = (next: (typeof modes)[number]) =>
    onChange(next === 'nosec' ? undefined : { mode: next, ...(next !== 'est' && { issue: 'new' }) });
  // With EST the terminal makes its key itself.
  const isGivenKeys = mode !== 'nosec' && mode !== 'est';
  const set = (change: Change) => onChange(without({ ...security, ...change }));
  return (
    <>
      <label class="field">
        <span>{t('security.mode')}</span>
        <select value={mode} onChange={(event) => choose(event.currentTarget.value as (typeof modes)[number])}>
          {modes.map((one) => (
            <option key={one} value={one}>
              {t(`security.mode.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {security && isGivenKeys && (
        <label class="field">
          <span>{t('security.keys')}</span>
          <select
            value={source}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...kept(security), ...(value !== 'given' && { issue: value as 'new' | 'stored' }) })
            }
          >
            {(['new', ...(mode === 'psk' || mode === 'oscore' ? (['stored'] as const) : []), 'given'] as const).map(
              (one) => (
                <option key={one} value={one}>
                  {t(`security.keys.${one}`)}
                </option>
              ),
            )}
          </select>
        </label>
      )}
      {security && isGivenKeys && source === 'given' && <OwnKeys key={mode} security={security} set={set} />}
      {security && (mode === 'rpk' || mode === 'x509' || mode === 'est') && <ServerKey security={security} set={set} />}
    </>
  );
}

interface PartProps {
  readonly security: JsonBootstrapSecurity;
  readonly set: (change: Change) => void;
}

function OwnKeys({ security, set }: PartProps) {
  const t = useText();
  const { mode, hasKey, identity = '', key = '' } = security;
  const hint = hasKey ? t('security.key.kept') : undefined;
  if (mode === 'psk') {
    return (
      <>
        <label class="field">
          <span>{t('credentials.identity')}</span>
          <input value={identity} maxLength={128} onInput={(event) => set({ identity: event.currentTarget.value })} />
        </label>
        <label class="field">
          <span>{t('credentials.key')}</span>
          <input
            type="password"
            autocomplete="new-password"
            value={key}
            maxLength={128}
            onInput={(event) => set({ key: event.currentTarget.value.trim() })}
          />
          <small>{hint ?? t('security.key.hex')}</small>
        </label>
      </>
    );
  }
  if (mode === 'oscore') return <OscoreContext security={security} set={set} hint={hint} />;
  return (
    <>
      {mode === 'rpk' ? (
        <DerField
          label={t('credentials.kind.rpk')}
          kind="PUBLIC KEY"
          der={security.publicKey}
          onDer={(publicKey) => set({ publicKey })}
        />
      ) : (
        <DerField
          label={t('credentials.kind.certificate')}
          kind="CERTIFICATE"
          der={security.certificate}
          onDer={(certificate) => set({ certificate })}
        />
      )}
      <DerField
        label={t('security.private-key')}
        kind="PRIVATE KEY"
        der={undefined}
        hint={hint}
        onDer={(privateKey) => set({ privateKey })}
      />
    </>
  );
}

function OscoreContext({ security, set, hint }: PartProps & { readonly hint: string | undefined }) {
  const t = useText();
  const [typed, setTyped] = useState<TypedContext>({ ...emptyContext, ...security });
  // An ID of no bytes is one, so what was not typed goes as it is.
  const take = (next: TypedContext) => {
    setTyped(next);
    const { masterSecret, ...context } = contextOf(next, next.masterSecret.trim());
    const isNamed = next.senderId !== '' || next.recipientId !== '';
    set({
      ...{ idContext: undefined, masterSalt: undefined, masterSecret },
      ...context,
      ...(!isNamed && { senderId: undefined, recipientId: undefined }),
    } as Change);
  };
  return <OscoreFields value={typed} secretHint={hint ?? t('security.secret.hex')} onInput={take} />;
}

function ServerKey({ security, set }: PartProps) {
  const t = useText();
  const { mode, serverPublicKey, serverName = '', usage = 'domain-issued', matching = 'exact' } = security;
  const onDer = (der: string | undefined) => set({ serverPublicKey: der });
  const hint = t('security.server-key.hint');
  if (mode === 'rpk') {
    return (
      <DerField label={t('security.server-key')} kind="PUBLIC KEY" der={serverPublicKey} hint={hint} onDer={onDer} />
    );
  }
  return (
    <>
      <DerField
        label={t('security.server-certificate')}
        kind="CERTIFICATE"
        der={serverPublicKey}
        hint={hint}
        onDer={onDer}
      />
      <label class="field">
        <span>{t('security.usage')}</span>
        <select value={usage} onChange={(event) => set({ usage: event.currentTarget.value as typeof usage })}>
          {certificateUsages.map((one) => (
            <option key={one} value={one}>
              {t(`security.usage.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('security.matching')}</span>
        <select value={matching} onChange={(event) => set({ matching: event.currentTarget.value as typeof matching })}>
          {matchingTypes.map((one) => (
            <option key={one} value={one}>
              {t(`security.matching.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('security.server-name')}</span>
        <input
          value={serverName}
          maxLength={253}
          onInput={(event) => set({ serverName: event.currentTarget.value.trim() })}
        />
      </label>
    </>
  );
}

interface DerFieldProps {
  readonly label: string;
  readonly kind: Parameters<typeof derOfPem>[1];
  readonly der: string | undefined;
  readonly hint?: string | undefined;
  readonly onDer: (der: string | undefined) => void;
}

function DerField({ label, kind, der, hint, onDer }: DerFieldProps) {
  const t = useText();
  const [text, setText] = useState(der ?? '');
  const isWrong = text.trim() !== '' && derOfPem(text, kind) === undefined;
  const take = (next: string) => {
    setText(next);
    onDer(derOfPem(next, kind));
  };
  return (
    <PemField
      label={label}
      value={text}
      hint={isWrong ? t('credentials.no-pem', { label: kind }) : hint}
      onInput={take}
    />
  );
}

/** What stays when the keys come from somewhere else. */
function kept({ mode, serverPublicKey, serverName, usage, matching }: JsonBootstrapSecurity): JsonBootstrapSecurity {
  return without({ mode, serverPublicKey, serverName, usage, matching });
}

/** Without what is empty. */
function without(security: Change): JsonBootstrapSecurity {
  const entries = Object.entries(security).filter(
    // An ID of OSCORE may be of no bytes.
    ([name, value]) => value !== undefined && (value !== '' || name === 'senderId' || name === 'recipientId'),
  );
  return Object.fromEntries(entries) as JsonBootstrapSecurity;
}
