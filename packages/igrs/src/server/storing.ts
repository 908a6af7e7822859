/** What is told to who asked for what could not be stored. */
export const cannotStore = 'nothing can be stored now; try again later';

/** Whether an error with this code is of a disk that is full or fails: nothing was done. */
export function isOfDisk(code: unknown): boolean {
  return code === 'STORAGE_FULL' || code === 'STORAGE_FAILED';
}
