import { useState } from 'preact/hooks';
import { useText } from '../platform/text.ts';
import { Icon } from './icon.tsx';
import { tellFailure } from './notices.tsx';

/** Copies a text. Nothing where the browser lets no page copy: over plain HTTP from another machine. */
export function CopyButton({ text }: { readonly text: string }) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  return (
    <button type="button" onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true), tellFailure)}>
      <Icon name="copy" /> {t(isCopied ? 'common.copied' : 'common.copy')}
    </button>
  );
}
