import { useState } from 'preact/hooks';
import { useText } from '../platform/text.ts';
import { Icon } from './icon.tsx';
import { tellFailure } from './notices.tsx';

interface SecretProps {
  readonly title: string;
  readonly hint: string;
  readonly text: string;
}

/** A secret that is shown this once, with a button that copies it. */
export function Secret({ title, hint, text }: SecretProps) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  return (
    <div class="secret" role="status">
      <strong>{title}</strong>
      <code class="block">{text}</code>
      <p class="hint">{hint}</p>
      <button
        type="button"
        onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true), tellFailure)}
      >
        <Icon name="copy" /> {t(isCopied ? 'common.copied' : 'common.copy')}
      </button>
    </div>
  );
}
