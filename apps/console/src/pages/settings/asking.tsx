import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../../ui/dialog.tsx';

interface AskingProps {
  readonly action: string;
  readonly title: string;
  readonly isDangerous?: boolean;
  readonly onAction: () => Promise<unknown>;
  /** Once it is done, or was not to be done. */
  readonly onClose?: () => void;
  readonly children: ComponentChildren;
}

/** A button that asks before it does anything. */
export function Asking({ action, title, isDangerous = false, onAction, onClose, children }: AskingProps) {
  const [asks, setAsks] = useState(false);
  const close = () => {
    setAsks(false);
    onClose?.();
  };
  return (
    <>
      <button type="button" onClick={() => setAsks(true)}>
        {action}
      </button>
      {asks && (
        <Dialog title={title} action={action} isDangerous={isDangerous} onAction={onAction} onClose={close}>
          {children}
        </Dialog>
      )}
    </>
  );
}
