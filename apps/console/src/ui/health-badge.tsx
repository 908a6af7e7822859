import type { JsonHealthCheck } from '@yaolian/contract';
import { useText } from '../platform/text.ts';

export function HealthBadge({ state }: { readonly state: JsonHealthCheck['state'] }) {
  const t = useText();
  return <span class={`badge health-${state}`}>{t(`health.state.${state}`)}</span>;
}
