import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage, type StorageOptions } from '../storage.ts';

/** A folder that goes away with `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'yaolian-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Opens a store of a storage in a new folder, for contract suites: a restart closes it and opens it again. */
export function storeInTemporaryFolder<Store>(pick: (storage: Storage) => Store, options?: Partial<StorageOptions>) {
  return async () => {
    const folder = temporaryFolder();
    const open = () => Storage.open({ folder: folder.path, ...options });
    let storage = open();
    return {
      store: pick(storage),
      async reopen(): Promise<Store> {
        await storage.close();
        storage = open();
        return pick(storage);
      },
      async close(): Promise<void> {
        await storage.close();
        folder.remove();
      },
    };
  };
}
