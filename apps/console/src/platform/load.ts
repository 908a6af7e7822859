import { type Inputs, useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { returns } from './reach.ts';

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Asks again; what is shown stays until the answer is there. */
  readonly reload: () => void;
}

/** What `load` answers. Asked again when `inputs` change, and when the platform is back; an older answer never overtakes a newer one. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, inputs: Inputs): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; isLoading: boolean }>({ isLoading: true });
  const [round, setRound] = useState(0);
  // the caller names the inputs of its function
  useEffect(() => {
    const leaving = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    load(leaving.signal).then(
      (data) => !leaving.signal.aborted && setState({ data, isLoading: false }),
      (error: unknown) => !leaving.signal.aborted && setState((before) => ({ ...before, error, isLoading: false })),
    );
    return () => leaving.abort();
  }, [...inputs, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  useReturn(reload);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}

/** Calls `onReturn` when the platform is heard again after a silence: what happened meanwhile was not told. */
export function useReturn(onReturn: () => void): void {
  useEffect(() => returns.watch(() => onReturn()), [onReturn]);
}

/** Calls `act` once within the next second, however often it is asked: a campaign tells of a thousand devices. */
export function useSoon(act: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      act();
    }, 1000);
  };
}

/** Calls `tick` now and then, for as long as the component is there and the page is seen. */
export function useInterval(tick: () => void, milliseconds: number): void {
  useEffect(() => {
    const timer = setInterval(() => document.hidden || tick(), milliseconds);
    return () => clearInterval(timer);
  }, [tick, milliseconds]);
}
