import { useState } from 'preact/hooks';

/** Resources at most that one request names. */
export const mostChosen = 64;

/** Resources that are chosen to be asked together. */
export interface Choosing {
  /** Undefined: nothing is being chosen. */
  readonly paths: readonly string[] | undefined;
  readonly begin: () => void;
  readonly end: () => void;
  readonly toggle: (path: string) => void;
}

export function useChoosing(): Choosing {
  const [paths, setPaths] = useState<readonly string[]>();
  const toggled = (before: readonly string[] = [], path: string) =>
    before.includes(path) ? before.filter((one) => one !== path) : [...before, path].slice(0, mostChosen);
  return {
    paths,
    begin: () => setPaths([]),
    end: () => setPaths(undefined),
    toggle: (path) => setPaths((before) => toggled(before, path)),
  };
}
