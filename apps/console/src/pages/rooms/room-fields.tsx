import type { TextKey } from '../../catalogue/index.ts';
import { useText } from '../../platform/text.ts';

/** A text of a room, as a dialog asks for it. */
export interface RoomText<K extends string> {
  readonly key: K;
  readonly label: TextKey;
  readonly hint?: TextKey;
  readonly maximum: number;
  readonly isRequired?: boolean;
}

interface RoomFieldsProps<T extends string, S extends string> {
  readonly texts: readonly RoomText<T>[];
  readonly switches: readonly { readonly key: S; readonly label: TextKey }[];
  readonly given: Readonly<Record<T, string>>;
  readonly chosen: Readonly<Record<S, boolean>>;
  readonly onText: (key: T, value: string) => void;
  readonly onSwitch: (key: S, isOn: boolean) => void;
}

/** What a room is called and how it is set up, where one is made and where one is changed. */
export function RoomFields<T extends string, S extends string>(props: RoomFieldsProps<T, S>) {
  const t = useText();
  const { texts, switches, given, chosen, onText, onSwitch } = props;
  return (
    <>
      {texts.map(({ key, label, hint, maximum, isRequired = false }) => (
        <label key={key} class="field">
          <span>{t(label)}</span>
          <input
            value={given[key]}
            maxLength={maximum}
            required={isRequired}
            onInput={(event) => onText(key, event.currentTarget.value)}
          />
          {hint !== undefined && <small>{t(hint)}</small>}
        </label>
      ))}
      {switches.map(({ key, label }) => (
        <label key={key} class="check">
          <input
            type="checkbox"
            checked={chosen[key]}
            onChange={(event) => onSwitch(key, event.currentTarget.checked)}
          />
          <span>{t(label)}</span>
        </label>
      ))}
    </>
  );
}

interface RoomPasswordProps {
  readonly value: string;
  readonly hint?: TextKey;
  readonly isRequired?: boolean;
  readonly onInput: (value: string) => void;
}

/** What who enters has to know. */
export function RoomPassword({ value, hint, isRequired = false, onInput }: RoomPasswordProps) {
  const t = useText();
  return (
    <label class="field">
      <span>{t('rooms.create.password')}</span>
      <input
        type="password"
        value={value}
        maxLength={256}
        required={isRequired}
        autocomplete="new-password"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint !== undefined && <small>{t(hint)}</small>}
    </label>
  );
}
