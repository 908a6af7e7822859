import { useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { unitText } from '../../platform/units.ts';
import type { ResourceType } from './value-input.ts';

interface ValueFieldProps {
  readonly label: string;
  readonly type: ResourceType;
  readonly range?: string | undefined;
  readonly units?: string | undefined;
  /** In the place of what the type says. */
  readonly hint?: string | undefined;
  readonly text: string;
  /** It may stay empty. */
  readonly isOptional?: boolean;
  /** What is wrong with the text, once that was tried. */
  readonly problem?: string | undefined;
  readonly onText: (text: string) => void;
}

const hints = { opaque: 'write.hint.opaque', objlnk: 'write.hint.objlnk' } as const;

/** The editor of one value: what it looks like goes by its type. */
export function ValueField({
  label,
  type,
  range,
  units,
  hint: ownHint,
  text,
  isOptional = false,
  problem,
  onText,
}: ValueFieldProps) {
  const t = useText();
  const unit = unitText(units);
  const hint =
    ownHint ??
    (type === 'opaque' || type === 'objlnk' ? t(hints[type]) : range ? t('write.hint.range', { range }) : undefined);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Editor is its control
    <label class="field">
      <span>
        {label}
        {unit !== '' && ` (${unit})`}
      </span>
      <Editor type={type} text={text} isOptional={isOptional} isWrong={problem !== undefined} onText={onText} />
      {hint !== undefined && <small>{hint}</small>}
      {problem !== undefined && (
        <small class="wrong" role="alert">
          {problem}
        </small>
      )}
    </label>
  );
}

interface EditorProps {
  readonly type: ResourceType;
  readonly text: string;
  readonly isOptional: boolean;
  readonly isWrong: boolean;
  readonly onText: (text: string) => void;
}

function Editor({ type, text, isOptional, isWrong, onText }: EditorProps) {
  const t = useText();
  // As it was when the editor opened: another control while one types would lose the caret.
  const [isLong] = useState(type === 'string' && text.length > 60);
  if (type === 'boolean') {
    return (
      <select value={text} onChange={(event) => onText(event.currentTarget.value)}>
        {isOptional && <option value="">—</option>}
        <option value="true">{t('common.yes')}</option>
        <option value="false">{t('common.no')}</option>
      </select>
    );
  }
  const shared = {
    value: text,
    'aria-invalid': isWrong,
    onInput: (event: Event) => onText((event.currentTarget as HTMLInputElement).value),
  };
  if (type === 'corelnk' || isLong) return <textarea rows={4} {...shared} />;
  if (type === 'time') return <input type="datetime-local" step={1} {...shared} />;
  return <input type="text" inputMode={keyboardFor(type)} autocomplete="off" {...shared} />;
}

/** What a phone shows. Its numeric keyboard has no sign, so that integers get the whole one. */
function keyboardFor(type: ResourceType): 'decimal' | 'numeric' | 'text' {
  if (type === 'unsigned') return 'numeric';
  return type === 'float' ? 'decimal' : 'text';
}
