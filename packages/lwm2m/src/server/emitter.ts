/** An event says what it is by its `type`. */
export interface TypedEvent {
  readonly type: string;
}

type EventOf<E extends TypedEvent, Type extends E['type']> = Extract<E, { readonly type: Type }>;
type Listener<E> = (event: E) => unknown;

/** The side of an {@link Emitter} that is shown to listeners. */
export interface EventSource<E extends TypedEvent> {
  /** Calls `listener` for every event of this type, until the function that is returned has been called. */
  on<Type extends E['type']>(type: Type, listener: (event: EventOf<E, Type>) => unknown): () => void;
  /** Calls `listener` for every event. */
  onAny(listener: (event: E) => unknown): () => void;
}

/**
 * Tells listeners about events, in the order in which they were added, those for one type first. A listener that throws or
 * returns a promise that rejects is reported and disturbs nobody else.
 */
export class Emitter<E extends TypedEvent> implements EventSource<E> {
  // Replaced, never changed: whoever adds or removes a listener during an emit leaves that emit alone.
  readonly #listeners = new Map<string, readonly Listener<E>[]>();
  #anyListeners: readonly Listener<E>[] = [];
  readonly #onListenerError: (type: string, error: unknown) => void;

  constructor(onListenerError: (type: string, error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  on<Type extends E['type']>(type: Type, listener: (event: EventOf<E, Type>) => unknown): () => void {
    const entry: Listener<E> = (event) => listener(event as EventOf<E, Type>);
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), entry]);
    return () => {
      const rest = (this.#listeners.get(type) ?? []).filter((candidate) => candidate !== entry);
      if (rest.length > 0) this.#listeners.set(type, rest);
      else this.#listeners.delete(type);
    };
  }

  onAny(listener: (event: E) => unknown): () => void {
    const entry: Listener<E> = (event) => listener(event);
    this.#anyListeners = [...this.#anyListeners, entry];
    return () => {
      this.#anyListeners = this.#anyListeners.filter((candidate) => candidate !== entry);
    };
  }

  /** True when an event of this type would reach somebody: lets hot paths skip building it. */
  hasListeners(type: E['type']): boolean {
    return this.#anyListeners.length > 0 || this.#listeners.has(type);
  }

  emit(event: E): void {
    const listeners = this.#listeners.get(event.type);
    if (listeners) for (const listener of listeners) this.#call(listener, event);
    for (const listener of this.#anyListeners) this.#call(listener, event);
  }

  #call(listener: Listener<E>, event: E): void {
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch((error: unknown) => this.#onListenerError(event.type, error));
    } catch (error) {
      this.#onListenerError(event.type, error);
    }
  }
}
