import type { AssociationStore, Bookmark } from './association.ts';
import type { ChangePace } from './change-pace.ts';

/** What accounts keep for themselves under names, as fast as they may. */
export class Bookmarks {
  readonly #store: AssociationStore;
  readonly #pace: ChangePace;

  constructor({ store, pace }: { readonly store: AssociationStore; readonly pace: ChangePace }) {
    this.#store = store;
    this.#pace = pace;
  }

  bookmarks(account: string): Promise<readonly Bookmark[]> {
    return this.#store.bookmarks(account);
  }

  /** Replaces the one of the same name. False, and nothing kept, when there are `max` others. @throws TOO_MANY_CHANGES */
  async putBookmark(account: string, bookmark: Bookmark, max: number): Promise<boolean> {
    await this.#charge(account, 'bookmark', bookmark.name);
    return this.#store.putBookmark(account, bookmark, max);
  }

  /** False when there is none. @throws TOO_MANY_CHANGES */
  async removeBookmark(account: string, name: string): Promise<boolean> {
    await this.#charge(account, 'remove-bookmark', name);
    return this.#store.removeBookmark(account, name);
  }

  #charge(actor: string, action: string, subject: string): Promise<void> {
    return this.#pace.charge({ door: 'ra', actor, action, device: undefined, subject });
  }
}
