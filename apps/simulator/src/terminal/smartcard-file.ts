import { readFile } from 'node:fs/promises';
import { hasCode } from '@yaolian/kernel';
import type { Smartcard } from '@yaolian/lwm2m/client';

/** A file in the place of EF LwM2M_Bootstrap; while it is not there, no card is in. */
export function smartcardFile(path: string): Smartcard {
  return {
    async read() {
      try {
        return await readFile(path);
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
  };
}
