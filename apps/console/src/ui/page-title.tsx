import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
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
  useEffect(() => {
    document.title = text === product ? product : `${text} · ${product}`;
  }, [text, product]);
  return <h1>{children ?? text}</h1>;
}
