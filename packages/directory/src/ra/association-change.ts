import { encodeHex, type Log, type Random, silentLog } from '@yaolian/kernel';
import type { AccessSubject, Grant } from './access.ts';
import type { Binding, DeviceLink, Friendship, OnDecided } from './association.ts';

/** What changed between accounts: told after it is on disk, so that both sides can be pushed what is true. */
export type AssociationChange =
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'binding-asked'; readonly binding: Binding }
  | { readonly kind: 'binding-renamed'; readonly binding: Binding }
  /** `by` an account; undefined: whoever runs the platform. */
  | { readonly kind: 'unbound'; readonly binding: Binding; readonly by: string | undefined }
  | {
      readonly kind: 'code-reset';
      readonly device: string;
      readonly by: string | undefined;
      readonly expiresAt: number | undefined;
    }
  /** Whether the device is asked before a user owns it. */
  | {
      readonly kind: 'confirmation';
      readonly device: string;
      readonly required: boolean;
      readonly by: string | undefined;
    }
  | { readonly kind: 'friends'; readonly friendship: Friendship }
  /** `isUnknown`: there is no such user; only the one who asks is told. */
  | { readonly kind: 'friend-asked'; readonly user: string; readonly by: string; readonly isUnknown?: boolean }
  | { readonly kind: 'friend-renamed'; readonly friendship: Friendship }
  /** `isUnknown`: what ended is a request that nobody had heard of; only `by`, who made it, is told. */
  | {
      readonly kind: 'unfriended';
      readonly friendship: Friendship;
      readonly by: string;
      readonly isUnknown?: boolean;
    }
  | { readonly kind: 'linked'; readonly link: DeviceLink }
  | { readonly kind: 'unlinked'; readonly device: string; readonly other: string }
  | { readonly kind: 'granted'; readonly grant: Grant }
  | {
      readonly kind: 'revoked';
      readonly device: string;
      readonly subject: AccessSubject;
      readonly feature: string;
      readonly by: string;
    };

/** A change under an id that no other one has, before a restart or after. */
export interface KeptChange {
  readonly id: string;
  readonly change: AssociationChange;
}

/** Where changes wait until everybody has been told. A promise resolves when it is on disk. Every adapter passes `associationChangeStoreContract`. */
export interface AssociationChangeStore {
  /** What is asked for while the change is decided goes to disk with it. */
  keepChange(kept: KeptChange): Promise<void>;
  /** In the order in which they were kept. */
  keptChanges(): Promise<readonly KeptChange[]>;
  /** It is not told again. Resolves before that is on disk: a crash within the next moments has it told twice, under its id. */
  removeChange(id: string): Promise<void>;
}

/**
 * Told of every change in the order in which they were committed. Must not throw.
 * @returns resolves once those whom it concerns know, or will whatever happens; rejects when the change has to be told again after a restart
 */
export type AssociationListener = (change: AssociationChange, id: string) => unknown;

/**
 * Hands changes to all that listen. A change is kept in the transaction that makes it, and goes when everybody has been told: those that a crash left
 * are told after the next start.
 */
export class AssociationChanges {
  readonly #store: AssociationChangeStore;
  readonly #random: Random;
  readonly #log: Log;
  readonly #listeners = new Set<AssociationListener>();
  /** Everybody has been told of the changes so far. */
  #told: Promise<unknown> = Promise.resolve();

  constructor(options: { readonly store: AssociationChangeStore; readonly random: Random; readonly log?: Log }) {
    this.#store = options.store;
    this.#random = options.random;
    this.#log = options.log ?? silentLog;
  }

  /** @returns stops listening */
  listen(listener: AssociationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Changes associations, and tells what that changed once it is on disk.
   * @param apply makes one change of a store, which tells what it decided
   * @param changesOf what is to be told of it
   */
  async made<T>(
    apply: (onDecided: OnDecided<T>) => Promise<T>,
    changesOf: (outcome: T) => readonly AssociationChange[],
  ): Promise<T> {
    let kept: readonly KeptChange[] = [];
    const outcome = await apply((decided) => {
      kept = this.keep(changesOf(decided));
    });
    this.tell(kept);
    return outcome;
  }

  /** To be asked for while the changes are decided: they go to disk together. */
  keep(changes: readonly AssociationChange[]): readonly KeptChange[] {
    return changes.map((change) => {
      const kept = { id: encodeHex(this.#random.bytes(8)), change };
      this.#store.keepChange(kept).catch((error: unknown) => {
        this.#log.error('a change is not kept, and lost if the platform dies now', { kind: change.kind, error });
      });
      return kept;
    });
  }

  /** To be asked for once they are on disk. */
  tell(changes: readonly KeptChange[]): void {
    for (const { id, change } of changes) {
      const listening = [...this.#listeners].map((listener) => listener(change, id));
      // No change goes before an earlier one: what a crash leaves is told again in order, so that the last word is the last.
      const earlier = this.#told;
      this.#told = this.#forget(id, Promise.all(listening), earlier);
    }
  }

  /** Those that not everybody was told of when the platform ended. */
  left(): Promise<readonly KeptChange[]> {
    return this.#store.keptChanges();
  }

  /** Everybody has been told of one that was {@link left}. */
  done(id: string): Promise<void> {
    return this.#store.removeChange(id);
  }

  async #forget(id: string, told: Promise<unknown>, earlier: Promise<unknown>): Promise<void> {
    try {
      await told;
      await earlier;
      await this.#store.removeChange(id);
    } catch (error) {
      this.#log.error('a change was not told to everybody; it is told again after the next start', { id, error });
    }
  }
}
