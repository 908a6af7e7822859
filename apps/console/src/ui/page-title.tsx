import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { closedIn } from '../platform/closed-in.ts';
import { useText } from '../platform/text.ts';

interface PageTitleProps {
  readonly text: string;
  /** What stands there instead of the text alone. */
  readonly children?: ComponentChildren;
}

/** The heading of a page, which is what the window is called too (WCAG 2.4.2). */
export function PageTitle({ text, children }: PageTitleProps) {
  const t = useText();
  const product = t('app.name');
  const name = closedIn(text);
  useEffect(() => {
    document.title = name === product ? product : `${name} · ${product}`;
  }, [name, product]);
  return <h1>{children ?? name}</h1>;
}
