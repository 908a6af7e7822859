import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useReturn } from './load.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

interface State<T> {
  /** Undefined until the first page is there. */
  readonly items: readonly T[] | undefined;
  readonly next: string | undefined;
  readonly error: unknown;
}

/** A list in pages: the first at once, `more` fetches the next. */
export function useMorePages<T>(load: (cursor: string | undefined) => Promise<Page<T>>) {
  const [state, setState] = useState<State<T>>({ items: undefined, next: undefined, error: undefined });
  const latest = useRef(load);
  latest.current = load;
  const fetchPage = useCallback(async (cursor: string | undefined) => {
    try {
      const page = await latest.current(cursor);
      setState((before) => ({
        items: cursor === undefined ? page.items : [...(before.items ?? []), ...page.items],
        next: page.next,
        error: undefined,
      }));
    } catch (error) {
      setState((before) => ({ ...before, error }));
    }
  }, []);
  useEffect(() => void fetchPage(undefined), [fetchPage]);
  const reload = useCallback(() => void fetchPage(undefined), [fetchPage]);
  useReturn(reload);
  return { ...state, more: () => void fetchPage(state.next), reload };
}
