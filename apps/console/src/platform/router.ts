import { Store, useStore } from './store.ts';

const place = new Store(location.pathname + location.search);

// A page is drawn from what is asked anew: the browser would restore the place in one that is still empty.
history.scrollRestoration = 'manual';
let returnTo: number | undefined;

addEventListener('popstate', ({ state }) => {
  returnTo = scrollOf(state);
  place.set(location.pathname + location.search);
});

// How far an entry of the history was scrolled is kept in it: it is there after a reload too.
addEventListener('scrollend', keepScroll);

function keepScroll(): void {
  history.replaceState({ scroll: scrollY }, '');
}

function scrollOf(state: unknown): number {
  return (state as { readonly scroll?: number } | null)?.scroll ?? 0;
}

/** How far the page that is shown now was scrolled when it was left, where somebody comes back to it; told once. */
export function takeReturn(): number | undefined {
  const scroll = returnTo;
  returnTo = undefined;
  return scroll;
}

/** Goes to a page of the console. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === place.value) return;
  if (how === 'push') keepScroll();
  history[how === 'push' ? 'pushState' : 'replaceState'](how === 'push' ? null : history.state, '', to);
  place.set(location.pathname + location.search);
}

/** Where the console is: the parts of the path, decoded, and the query. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function usePlace(): Place {
  const [path, query] = useStore(place).split('?', 2);
  return { path: path!.split('/').filter(Boolean).map(decodePart), query: new URLSearchParams(query) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not percent-encoding: taken as it is
  }
}

/** A choice among `choices` that the address has under `name`: it outlives a reload, and can be sent to somebody. The first is what holds without. */
export function useChoice<T extends string>(name: string, choices: readonly T[]): readonly [T, (choice: T) => void] {
  const { query } = usePlace();
  const chosen = choices.find((one) => one === query.get(name)) ?? choices[0]!;
  const choose = (choice: T) => {
    const next = new URLSearchParams(location.search);
    if (choice === choices[0]) next.delete(name);
    else next.set(name, choice);
    navigate(location.pathname + (next.size === 0 ? '' : `?${next}`), 'replace');
  };
  return [chosen, choose];
}

/** Lets links inside the console change the page without loading it again; all that a browser does with modifiers stays. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest('a');
  if (link?.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (/^\/(api|openapi\.json|metrics)/.test(link.pathname)) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}
