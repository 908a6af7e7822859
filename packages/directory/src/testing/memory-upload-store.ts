import { leastUpload, type Upload, type UploadLimits, type UploadStore } from '../upload.ts';

/** Which files there are, in memory, for tests. */
export class MemoryUploadStore implements UploadStore {
  readonly #uploads = new Map<string, Upload>();

  async upload(id: string): Promise<Upload | undefined> {
    return this.#uploads.get(id);
  }

  async addUpload(upload: Upload, { perAccount, total }: UploadLimits): Promise<boolean> {
    const bytes = (uploads: readonly Upload[]) =>
      [...uploads, upload].reduce((sum, { size }) => sum + Math.max(size, leastUpload), 0);
    if (bytes([...this.#uploads.values()]) > total) return false;
    if (bytes(await this.uploadsOf(upload.account)) > perAccount) return false;
    this.#uploads.set(upload.id, upload);
    return true;
  }

  async completeUpload(id: string): Promise<boolean> {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.isThere) return false;
    this.#uploads.set(id, { ...upload, isThere: true });
    return true;
  }

  async removeUpload(id: string): Promise<boolean> {
    return this.#uploads.delete(id);
  }

  async uploadsOf(account: string): Promise<readonly Upload[]> {
    return [...this.#uploads.values()].filter((one) => one.account === account);
  }

  async oldUploads(time: number, announced: number, limit: number): Promise<readonly Upload[]> {
    return [...this.#uploads.values()]
      .filter(({ createdAt, isThere }) => createdAt < time || (!isThere && createdAt < announced))
      .sort((a, b) => a.createdAt - b.createdAt)
      .slice(0, limit);
  }
}
