import { type Labels, tellProblem } from '../platform/problem-text.ts';
import { useText } from '../platform/text.ts';

/** A failure where its page or part should be: what went wrong, what to do, and the way to try again. */
export function ProblemNote({
  error,
  onRetry,
  labels,
}: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** What the form that failed calls its fields. */
  readonly labels?: Labels | undefined;
}) {
  const t = useText();
  const { title, advice, details } = tellProblem(error, t, labels);
  return (
    <div class="problem" role="alert">
      <strong>{title}</strong>
      <p>{advice}</p>
      {details.length > 0 && (
        <ul>
          {details.map(({ text, lang }) => (
            <li key={text} lang={lang}>
              {text}
            </li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t('common.retry')}
        </button>
      )}
    </div>
  );
}
