import { useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';

interface ActButtonProps {
  readonly icon: IconName;
  readonly text: `resource.${'read' | 'write' | 'execute' | 'observe' | 'history' | 'attributes'}`;
  /** Of what it is done with. */
  readonly name: string;
  /** Of what can be on and off. */
  readonly isOn?: boolean;
  readonly onAct: () => unknown;
}

/** One thing that may be done with a resource, an instance or an object. While it is done the button keeps the focus, which `disabled` would take away. */
export function ActButton({ icon, text, name, isOn, onAct }: ActButtonProps) {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const label = t(text, { name });
  const act = async () => {
    if (isBusy) return;
    setBusy(true);
    await onAct();
    setBusy(false);
  };
  return (
    <button
      type="button"
      class="quiet icon-only"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      data-act={text}
      aria-disabled={isBusy}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}
