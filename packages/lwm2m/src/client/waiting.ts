/** Those who wait for something to change. */
export class Waiting {
  readonly #wakes = new Set<() => void>();

  /** Resolves with the next {@link wake}, or when the signal aborts. */
  next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakes.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  wake(): void {
    for (const wake of this.#wakes) wake();
  }
}
