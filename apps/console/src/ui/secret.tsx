import { CopyButton } from './copy-button.tsx';

interface SecretProps {
  readonly title: string;
  readonly hint: string;
  readonly text: string;
}

/** A secret that is shown this once, with a button that copies it. */
export function Secret({ title, hint, text }: SecretProps) {
  return (
    <div class="secret" role="status">
      <strong>{title}</strong>
      <code class="block">{text}</code>
      <p class="hint">{hint}</p>
      <CopyButton text={text} />
    </div>
  );
}
