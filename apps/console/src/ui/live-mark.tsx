import { useText } from '../platform/text.ts';

export function LiveMark({ isLive }: { readonly isLive: boolean }) {
  const t = useText();
  return <span class={`live-mark${isLive ? ' is-live' : ''}`}>{t(isLive ? 'common.live' : 'common.not-live')}</span>;
}
