import { useState } from 'preact/hooks';
import { formatNumber } from '../platform/format.ts';
import { useText } from '../platform/text.ts';

/** So many characters fill a phone. */
const shown = 400;

/** A text that may be longer than anybody wants to see at once. */
export function LongText({ text }: { readonly text: string }) {
  const t = useText();
  const [isWhole, setWhole] = useState(false);
  if (isWhole || text.length <= shown) return <>{text}</>;
  return (
    <>
      {text.slice(0, shown)}…{' '}
      <button type="button" class="quiet" onClick={() => setWhole(true)}>
        {t('value.all', { count: formatNumber(text.length) })}
      </button>
    </>
  );
}
