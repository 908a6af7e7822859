import { useText } from '../platform/text.ts';

interface PemFieldProps {
  readonly label: string;
  /** What the request calls it. */
  readonly name?: string;
  readonly value: string;
  readonly isRequired?: boolean;
  readonly hint?: string | undefined;
  readonly onInput: (text: string) => void;
}

/** A text in PEM, pasted or from a file. */
export function PemField({ label, name, value, isRequired = false, hint, onInput }: PemFieldProps) {
  const t = useText();
  const take = async (file: File | undefined) => {
    if (file) onInput(await file.text());
  };
  return (
    <div class="field">
      <label class="field">
        <span>{label}</span>
        <textarea
          class="code"
          name={name}
          rows={3}
          value={value}
          required={isRequired}
          spellcheck={false}
          autocomplete="off"
          placeholder="-----BEGIN …-----"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </label>
      <input
        type="file"
        accept=".pem,.crt,.cer,.key,text/plain"
        aria-label={t('credentials.file', { what: label })}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      {hint !== undefined && <small>{hint}</small>}
    </div>
  );
}
