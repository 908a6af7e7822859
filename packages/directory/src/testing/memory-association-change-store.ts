import type { AssociationChangeStore, KeptChange } from '../ra/association-change.ts';

/** Changes that not everybody was told of, in memory, for tests. */
export class MemoryAssociationChangeStore implements AssociationChangeStore {
  readonly #changes = new Map<string, KeptChange>();

  async keepChange(kept: KeptChange): Promise<void> {
    this.#changes.set(kept.id, kept);
  }

  async keptChanges(): Promise<readonly KeptChange[]> {
    return [...this.#changes.values()];
  }

  async removeChange(id: string): Promise<void> {
    this.#changes.delete(id);
  }
}
