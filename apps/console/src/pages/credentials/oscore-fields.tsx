import {
  defaultOscoreAead,
  defaultOscoreHkdf,
  type JsonNewCredential,
  oscoreAeadNames,
  oscoreHkdfNames,
} from '@yaolian/contract';
import { useText } from '../../platform/text.ts';

/** A security context as it is typed: the terminal's view. */
export interface TypedContext {
  readonly senderId: string;
  readonly recipientId: string;
  readonly masterSecret: string;
  readonly masterSalt: string;
  readonly idContext: string;
  readonly aead: string;
  readonly hkdf: string;
  readonly rederives?: boolean;
}

export const emptyContext: TypedContext = {
  senderId: '',
  recipientId: '',
  masterSecret: '',
  masterSalt: '',
  idContext: '',
  aead: defaultOscoreAead,
  hkdf: defaultOscoreHkdf,
};

/** What goes to the platform: fields that are empty are left out, but for the IDs. */
export function contextOf(typed: TypedContext, masterSecret: string): Partial<JsonNewCredential> {
  const { senderId, recipientId, masterSalt, idContext } = typed;
  const aead = oscoreAeadNames.find((name) => name === typed.aead);
  const hkdf = oscoreHkdfNames.find((name) => name === typed.hkdf);
  return {
    senderId: senderId.trim(),
    recipientId: recipientId.trim(),
    masterSecret,
    ...(masterSalt.trim() !== '' && { masterSalt: masterSalt.trim() }),
    ...(idContext.trim() !== '' && { idContext: idContext.trim() }),
    ...(aead && { aead }),
    ...(hkdf && { hkdf }),
    ...(typed.rederives && { rederives: true }),
  };
}

interface OscoreFieldsProps {
  readonly value: TypedContext;
  /** Below the Master Secret, where another text than that of a new one is right. */
  readonly secretHint?: string | undefined;
  /** Whether it can be said that new contexts may be made (RFC 8613 Appendix B.2): object 21 has nothing of it. */
  readonly mayRederive?: boolean;
  readonly onInput: (value: TypedContext) => void;
}

const texts = [
  ['senderId', 'sender-id', 14],
  ['recipientId', 'recipient-id', 14],
  ['masterSecret', 'secret', 128],
  ['masterSalt', 'salt', 128],
  ['idContext', 'id-context', 510],
] as const;

const choices = [
  ['aead', oscoreAeadNames],
  ['hkdf', oscoreHkdfNames],
] as const;

export function OscoreFields({ value, secretHint, mayRederive = false, onInput }: OscoreFieldsProps) {
  const t = useText();
  return (
    <>
      <p class="hint">{t('credentials.oscore.view')}</p>
      {texts.map(([field, name, maxLength]) => (
        <label key={field} class="field">
          <span>{t(`credentials.oscore.${name}`)}</span>
          <input
            {...(field === 'masterSecret' ? ({ type: 'password' } as const) : ({ type: 'text' } as const))}
            value={value[field]}
            maxLength={maxLength}
            autocomplete={field === 'masterSecret' ? 'new-password' : 'off'}
            onInput={(event) => onInput({ ...value, [field]: event.currentTarget.value })}
          />
          {field === 'masterSecret' && <small>{secretHint ?? t('credentials.oscore.secret.hint')}</small>}
        </label>
      ))}
      {choices.map(([field, names]) => (
        <label key={field} class="field">
          <span>{t(`credentials.oscore.${field}`)}</span>
          <select value={value[field]} onChange={(event) => onInput({ ...value, [field]: event.currentTarget.value })}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ))}
      {mayRederive && (
        <label class="check">
          <input
            type="checkbox"
            checked={value.rederives ?? false}
            onChange={(event) => onInput({ ...value, rederives: event.currentTarget.checked })}
          />
          <span>{t('credentials.oscore.rederives')}</span>
        </label>
      )}
    </>
  );
}
