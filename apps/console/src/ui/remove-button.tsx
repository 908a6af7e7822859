import { useState } from 'preact/hooks';
import { useText } from '../platform/text.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';

interface RemoveButtonProps {
  readonly title: string;
  /** What removing means; it is asked once. */
  readonly question: string;
  /** What the button says that does it. Default: delete. */
  readonly action?: string;
  readonly onRemove: () => Promise<void>;
}

/** Removes something after one question. */
export function RemoveButton({ title, question, action, onRemove }: RemoveButtonProps) {
  const t = useText();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <button type="button" class="quiet icon-only" aria-label={title} title={title} onClick={() => setAsks(true)}>
        <Icon name="trash" />
      </button>
      {asks && (
        <Dialog
          title={title}
          action={action ?? t('common.delete')}
          isDangerous
          onAction={onRemove}
          onClose={() => setAsks(false)}
        >
          <p>{question}</p>
        </Dialog>
      )}
    </>
  );
}
