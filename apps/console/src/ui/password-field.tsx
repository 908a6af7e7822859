interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Of a password that is being chosen; absent: one that there is. */
  readonly minLength?: number;
  readonly hint?: string;
  /** It may stay empty. */
  readonly isOptional?: boolean;
}

/** A password that has to be typed, known to the browser for what it is. */
export function PasswordField({ label, value, onValue, minLength, hint, isOptional = false }: PasswordFieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="password"
        autocomplete={minLength === undefined ? 'current-password' : 'new-password'}
        required={!isOptional}
        {...(minLength === undefined ? {} : { minLength })}
        maxLength={256}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
