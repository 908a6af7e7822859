import type { ComponentChildren } from 'preact';
import { useText } from '../platform/text.ts';
import { ProblemNote } from './problem.tsx';

interface SectionProps {
  readonly title: string;
  /** A button beside the title. */
  readonly action?: ComponentChildren;
  /** What is listed; undefined while it is fetched. */
  readonly items: readonly unknown[] | undefined;
  readonly error: unknown;
  /** What stands there when there is nothing: what this is, and how something gets here. */
  readonly empty: string;
  readonly children: ComponentChildren;
}

/** A list with its title. The table shows only when there is something in it; dialogs among the children always do. */
export function Section({ title, action, items, error, empty, children }: SectionProps) {
  const t = useText();
  const isEmpty = items?.length === 0;
  return (
    <section class={`card section${isEmpty ? ' is-empty' : ''}`}>
      <div class="section-head">
        <h2>{title}</h2>
        {action}
      </div>
      {error !== undefined && <ProblemNote error={error} />}
      {items === undefined && error === undefined && <p class="hint">{t('common.loading')}</p>}
      {isEmpty && <p class="hint">{empty}</p>}
      {children}
    </section>
  );
}
