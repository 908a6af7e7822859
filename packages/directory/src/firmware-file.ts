/** A firmware package that the platform keeps. Its bytes are in a file. */
export interface FirmwareFile {
  /** Short, for people. */
  readonly id: string;
  readonly name: string;
  /** What devices say in 3/0/3 once they have it; undefined: nobody told. */
  readonly version: string | undefined;
  /** The model (3/0/1) that it is for; undefined: any. */
  readonly model: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** The part of its URL that cannot be guessed: terminals have no login. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
}

/** Where the descriptions of packages are kept. */
export interface FirmwareFileStore {
  file(id: string): Promise<FirmwareFile | undefined>;
  fileByToken(token: string): Promise<FirmwareFile | undefined>;
  /** The newest first. */
  files(): Promise<readonly FirmwareFile[]>;
  putFile(file: FirmwareFile): Promise<void>;
  /** True when it was there. */
  removeFile(id: string): Promise<boolean>;
}
