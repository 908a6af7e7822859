import { Store, useStore } from './store.ts';

const place = new Store(location.pathname + location.search);

addEventListener('popstate', () => place.set(location.pathname + location.search));

/** Goes to a page of the console. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === place.value) return;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to);
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
