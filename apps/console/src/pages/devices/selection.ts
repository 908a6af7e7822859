import { useCallback, useEffect, useState } from 'preact/hooks';

/** What was chosen in the list: some devices, or all that the filter finds, those that are not shown yet too. */
export type Chosen = ReadonlySet<string> | 'all';

export interface Selection {
  readonly chosen: Chosen;
  readonly has: (key: string) => boolean;
  readonly toggle: (key: string) => void;
  readonly toggleAll: () => void;
  readonly clear: () => void;
}

const nobody: ReadonlySet<string> = new Set();

/** @param filter another one is another list: nothing is chosen of it */
export function useSelection(filter: string): Selection {
  const [chosen, setChosen] = useState<Chosen>(nobody);
  useEffect(() => setChosen(nobody), [filter]);
  const clear = useCallback(() => setChosen(nobody), []);
  const toggle = (key: string) =>
    setChosen((before) => {
      if (before === 'all') return before;
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return {
    chosen,
    has: (key) => chosen === 'all' || chosen.has(key),
    toggle,
    toggleAll: () => setChosen((before) => (before === 'all' ? nobody : 'all')),
    clear,
  };
}

export function isEmpty(chosen: Chosen): boolean {
  return chosen !== 'all' && chosen.size === 0;
}
