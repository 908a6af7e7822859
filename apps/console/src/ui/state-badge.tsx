import type { JsonDevice } from '@yaolian/contract';
import { useText } from '../platform/text.ts';

export function StateBadge({ state }: { readonly state: JsonDevice['state'] }) {
  const t = useText();
  return <span class={`badge state-${state.toLowerCase()}`}>{t(`state.${state}`)}</span>;
}
