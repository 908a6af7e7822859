/** A file that an account put, or is about to put, on the platform for others to get. */
export interface Upload {
  /** Not to be guessed: who knows it reads the file. */
  readonly id: string;
  /** The account that it is of. */
  readonly account: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** All of it has come. */
  readonly isThere: boolean;
}

/** What a file counts at least: a row and a block of the disk, so that an account has no end of empty files. */
export const leastUpload = 4096;

/** Bytes of what is there and of what is announced, {@link leastUpload} for each at least. */
export interface UploadLimits {
  readonly perAccount: number;
  readonly total: number;
}

/** Where it is noted which files there are. A promise resolves when the change is on disk. Every adapter passes `uploadStoreContract`. */
export interface UploadStore {
  upload(id: string): Promise<Upload | undefined>;
  /** False, and nothing noted, when that would be more than is allowed. */
  addUpload(upload: Upload, limits: UploadLimits): Promise<boolean>;
  /** All of it has come. False when it is not expected. */
  completeUpload(id: string): Promise<boolean>;
  removeUpload(id: string): Promise<boolean>;
  uploadsOf(account: string): Promise<readonly Upload[]>;
  /** The oldest of those that were made before `time`, or that were made before `announced` and have not come. */
  oldUploads(time: number, announced: number, limit: number): Promise<readonly Upload[]>;
}
