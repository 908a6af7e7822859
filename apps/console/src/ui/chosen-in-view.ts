import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Scrolls a row of tabs that is wider than the page to the chosen one, with some of its neighbours on both sides. */
export function useChosenInView(row: RefObject<HTMLElement | null>, chosen: string): void {
  // the chosen tab is found by what it says of itself
  useLayoutEffect(() => {
    const tab = row.current?.querySelector('[aria-selected="true"], [aria-current]');
    if (!row.current || !tab) return;
    const [whole, part] = [row.current.getBoundingClientRect(), tab.getBoundingClientRect()];
    row.current.scrollLeft += part.left + part.width / 2 - (whole.left + whole.width / 2);
  }, [chosen]);
}
