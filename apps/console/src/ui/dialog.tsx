import { ApiProblemError } from '@yaolian/contract';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fieldOf, type Labels } from '../platform/problem-text.ts';
import { useText } from '../platform/text.ts';
import { keepFocusOf } from './kept-focus.ts';
import { tellFailure } from './notices.tsx';
import { ProblemNote } from './problem.tsx';

export interface DialogProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** There is nothing to decide: one button, which closes it. */
  readonly isTold?: boolean;
  /** Closing it stops what is under way, of which it shows how far it is. */
  readonly stopsOnClose?: boolean;
  /**
   * Does it. The dialog closes when it resolves, unless to false, and shows why when it fails: a control with the `name` that the platform
   * found fault with is marked, and has the focus. It may be closed meanwhile: what fails then is told in passing.
   */
  readonly onAction: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** A question with one answer. Escape and the cancel button close it; the browser keeps the focus inside and gives it back. */
export function Dialog({
  title,
  action,
  isDangerous = false,
  isTold = false,
  stopsOnClose = false,
  onAction,
  onClose,
  children,
}: DialogProps) {
  const t = useText();
  const element = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<{ readonly reason: unknown; readonly labels: Labels }>();
  useEffect(() => {
    const leave = keepFocusOf(document.activeElement);
    element.current?.showModal();
    return leave;
  }, []);
  const [mistake, setMistake] = useState<{ readonly field: string; readonly isEmpty: boolean }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    const form = event.currentTarget as HTMLFormElement;
    for (const field of form.querySelectorAll(`[${refused}]`)) unmark(field);
    const wrong = firstWrongField(form);
    setMistake(wrong && { field: nameOf(wrong), isEmpty: isEmpty(wrong) });
    setError(undefined);
    if (wrong) return wrong.focus();
    setBusy(true);
    try {
      if ((await onAction()) !== false) element.current?.close();
      else setLooks((count) => count + 1);
    } catch (reason) {
      if (!element.current?.open) return tellFailure(reason);
      setError({ reason, labels: markRefused(form, reason) });
      setLooks((count) => count + 1);
    }
    setBusy(false);
  };
  const [looks, setLooks] = useState(0);
  const isLong = useLong(isBusy && !stopsOnClose);
  // Once it is drawn: what is wrong may be far from the button that was pressed.
  useEffect(() => {
    if (looks === 0) return;
    const wrong = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    wrong?.focus();
    (wrong ?? element.current?.querySelector('[role="alert"]'))?.scrollIntoView({ block: 'nearest' });
  }, [looks]);
  return (
    <dialog ref={element} onClose={onClose} aria-label={title}>
      <form onSubmit={submit} noValidate>
        <h2>{title}</h2>
        {children}
        {mistake !== undefined && (
          <p class="wrong" role="alert">
            {t(mistake.isEmpty ? 'common.missing' : 'common.wrong', { field: mistake.field })}
          </p>
        )}
        {error !== undefined && <ProblemNote error={error.reason} labels={error.labels} />}
        {isLong && (
          <p class="hint" role="status">
            {t('common.working')}
          </p>
        )}
        <div class="dialog-actions">
          {!isTold && (
            <button type="button" onClick={() => element.current?.close()}>
              {t(isLong ? 'common.close' : 'common.cancel')}
            </button>
          )}
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} aria-disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Whether it is busy for so long that who waits wants to know. */
function useLong(isBusy: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isBusy) return;
    const timer = setTimeout(() => setLong(true), 700);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isBusy]);
  return isLong;
}

const refused = 'data-refused';

/** Marks the controls of the fields that the platform refuses. @returns what they are called */
function markRefused(form: HTMLFormElement, reason: unknown): Labels {
  const labels = new Map<string, string>();
  for (const { where } of reason instanceof ApiProblemError ? (reason.problem.errors ?? []) : []) {
    const name = fieldOf(where);
    // One of a list is in the control of the list.
    const [control] = name.split('/');
    const field = [...form.querySelectorAll<Field>('input, select, textarea')].find((one) => one.name === control);
    if (field === undefined || control === '') continue;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute(refused, '');
    labels.set(name, nameOf(field));
  }
  return labels;
}

function unmark(field: Element): void {
  field.removeAttribute('aria-invalid');
  field.removeAttribute(refused);
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The first field that needs a value and has none, or one that is not what its hint asks for. */
function firstWrongField(form: HTMLFormElement): Field | undefined {
  const fields = [...form.querySelectorAll<Field>('input, select, textarea')];
  return fields.find((field) => isEmpty(field) || isUnfit(field));
}

function isEmpty({ required, value }: Field): boolean {
  return required && value.trim() === '';
}

/** The browser says that it is too short only of what was typed: it is counted here. */
function isUnfit(field: Field): boolean {
  if (!(field instanceof HTMLInputElement)) return false;
  const { badInput, patternMismatch, rangeUnderflow, rangeOverflow, stepMismatch } = field.validity;
  if (badInput || patternMismatch || rangeUnderflow || rangeOverflow || stepMismatch) return true;
  return field.value !== '' && field.minLength > 0 && field.value.length < field.minLength;
}

/** What its label calls it. */
function nameOf(field: Field): string {
  return field.labels?.[0]?.querySelector('span')?.textContent ?? field.getAttribute('aria-label') ?? '';
}
