/** A secure session (DTLS) as it is kept. */
export interface StoredSession {
  readonly key: string;
  /** The run of the platform that stored it; see {@link SecureSessionStore.begin}. */
  readonly run: number;
  /** The transport's own format. It holds keys: adapters seal it. */
  readonly state: Uint8Array;
}

/**
 * Where secure sessions outlive the process: each session once, and beside it batches of what changes with every record. A
 * promise resolves when the change is on disk. Every adapter passes `secureSessionStoreContract`.
 */
export interface SecureSessionStore {
  /**
   * Begins another run: a number higher than all before, whatever happens afterwards.
   * @param atLeast seconds since 1970, so that a run that begins from an old copy of everything has a number of its own too
   */
  begin(atLeast: number): Promise<number>;
  /** All sessions, read while they are iterated over; without those that do not open any more. */
  sessions(): Iterable<StoredSession>;
  /** Stores a session in place of the one with its key. */
  put(session: StoredSession): Promise<void>;
  /** Harmless when it is not there. */
  remove(key: string): Promise<void>;
  /** Adds a batch behind the others. @returns its number: higher than those before */
  addProgress(batch: Uint8Array): Promise<number>;
  /** All batches in their order, without those that do not open any more. */
  progress(): Iterable<Uint8Array>;
  /** Removes the batches with lower numbers. */
  removeProgressBefore(number: number): Promise<void>;
  /** Removes everything, except the number of the run. */
  clear(): Promise<void>;
}
