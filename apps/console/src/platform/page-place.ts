import { useEffect, useRef } from 'preact/hooks';
import { takeReturn } from './router.ts';

/** How long a page that somebody comes back to may grow until it is as long as it was. */
const patience = 3000;

/** A new address is a new page: readers and keyboards begin at its top. Who comes back finds it where it was left. */
export function usePagePlace(main: { readonly current: HTMLElement | null }, address: string): void {
  const isFirst = useRef(true);
  useEffect(() => {
    const before = isFirst.current ? (history.state as { readonly scroll?: number } | null)?.scroll : takeReturn();
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
    if (!before) {
      scrollTo(0, 0);
      return undefined;
    }
    return scrollWhenLong(main.current!, before);
  }, [address]);
}

/** Scrolls there as the page grows, which has lists fetch what comes next, unless the user scrolls or presses something first. */
function scrollWhenLong(page: HTMLElement, top: number): () => void {
  const look = () => {
    scrollTo(0, top);
    if (document.documentElement.scrollHeight - innerHeight >= top) stop();
  };
  const grows = new ResizeObserver(look);
  const given = setTimeout(stop, patience);
  const own = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
  function stop() {
    grows.disconnect();
    clearTimeout(given);
    for (const type of own) removeEventListener(type, stop);
  }
  for (const type of own) addEventListener(type, stop, { passive: true });
  grows.observe(page);
  return stop;
}
