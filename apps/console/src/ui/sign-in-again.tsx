import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Renewal } from '../platform/renewal.ts';
import { useStore } from '../platform/store.ts';
import { useText } from '../platform/text.ts';

interface SignInAgainProps {
  readonly renewal: Renewal;
  /** Asks whether another tab has a new session. */
  readonly look: () => Promise<void>;
  /** Goes back to the sign-in, and gives up what is on the page. */
  readonly onLeave: () => void;
  /** The form. */
  readonly children: ComponentChildren;
}

/** Over the page when the session has ended: what was typed stays, and what was asked goes on after the sign-in. */
export function SignInAgain(props: SignInAgainProps) {
  return useStore(props.renewal.isNeeded) ? <Shown {...props} /> : null;
}

function Shown({ look, onLeave, children }: SignInAgainProps) {
  const t = useText();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current!;
    // Escape closes nothing here: the page behind it can do nothing.
    const reopen = () => dialog.showModal();
    dialog.showModal();
    dialog.querySelector<HTMLElement>('input:not([readonly])')?.focus();
    dialog.addEventListener('close', reopen);
    addEventListener('focus', look);
    return () => {
      removeEventListener('focus', look);
      dialog.removeEventListener('close', reopen);
      dialog.close(); // which gives the focus back to where it was
    };
  }, [look]);
  return (
    <dialog ref={element} class="again" aria-label={t('again.title')} onCancel={(event) => event.preventDefault()}>
      <h2>{t('again.title')}</h2>
      <p>{t('again.lead')}</p>
      {children}
      <p class="hint">
        <button type="button" class="quiet" onClick={onLeave}>
          {t('again.leave')}
        </button>
      </p>
    </dialog>
  );
}
