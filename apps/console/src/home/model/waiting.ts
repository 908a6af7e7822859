import { Store } from '../../platform/store.ts';

/** What was asked of a value while its device slept. */
interface Waiting<T> {
  /** What the value was; undefined: nobody knew. */
  readonly before: T | undefined;
  /** By the numbers of requests: what each will make of it. */
  readonly asked: ReadonlyMap<string, T>;
}

const mostEarly = 20;

/**
 * Values that a device was asked to take, and has not taken yet, by key. They show at once; one that comes to nothing is shown no longer.
 */
export class WaitingValues<T> {
  readonly store = new Store<ReadonlyMap<string, Waiting<T>>>(new Map());
  /** Outcomes that came before the platform had said that the request waits. */
  readonly #early = new Map<string, boolean>();
  readonly #restore: (key: string, value: T | undefined) => void;

  constructor(restore: (key: string, value: T | undefined) => void) {
    this.#restore = restore;
  }

  /** @param before what is known of the value without the request */
  add(key: string, id: string, { before, after }: { readonly before: T | undefined; readonly after: T }): void {
    const there = this.store.value.get(key);
    const asked = new Map(there?.asked).set(id, after);
    this.#set(key, { before: there === undefined ? before : there.before, asked });
    const isDone = this.#early.get(id);
    if (isDone !== undefined) this.settle(id, isDone);
  }

  /** @param isDone the device took it */
  settle(id: string, isDone: boolean): void {
    this.#early.delete(id);
    const found = [...this.store.value].find(([, { asked }]) => asked.has(id));
    if (found === undefined) {
      this.#early.set(id, isDone);
      for (const oldest of [...this.#early.keys()].slice(0, -mostEarly)) this.#early.delete(oldest);
      return;
    }
    const [key, { before, asked }] = found;
    const rest = new Map(asked);
    rest.delete(id);
    const now = isDone ? asked.get(id) : before;
    this.#set(key, rest.size === 0 ? undefined : { before: now, asked: rest });
    if (rest.size === 0 && !isDone) this.#restore(key, before);
  }

  clear(): void {
    this.#early.clear();
    this.store.set(new Map());
  }

  #set(key: string, waiting: Waiting<T> | undefined): void {
    const next = new Map(this.store.value);
    if (waiting === undefined) next.delete(key);
    else next.set(key, waiting);
    this.store.set(next);
  }
}
