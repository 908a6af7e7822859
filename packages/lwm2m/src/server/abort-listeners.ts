/** Who is told of the abortion of a signal. One listener of the signal tells all. */
const listeners = new WeakMap<AbortSignal, { readonly told: Set<() => void>; readonly tell: () => void }>();

/**
 * Tells `listener` when `signal` is aborted. A signal looks at all its listeners for each that is added or removed: where many operations
 * share one, this does not.
 * @returns ends it
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let known = listeners.get(signal);
  if (known === undefined) {
    const told = new Set<() => void>();
    const tell = () => {
      for (const one of told) one();
    };
    known = { told, tell };
    listeners.set(signal, known);
    signal.addEventListener('abort', known.tell);
  }
  const { told, tell } = known;
  told.add(listener);
  return () => {
    if (!told.delete(listener) || told.size > 0) return;
    // A signal that somebody listens to is kept from being collected.
    listeners.delete(signal);
    signal.removeEventListener('abort', tell);
  };
}
