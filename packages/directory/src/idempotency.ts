/** What an API answered to a request with a key. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that came with a key. */
export interface KeyedRequest {
  /** SHA-256 of who asked and the key. */
  readonly id: Uint8Array;
  /** SHA-256 of what was asked. */
  readonly fingerprint: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Undefined: it was begun, and nobody knows what became of it. */
  readonly answer: KeptAnswer | undefined;
}

/** Where requests with keys are remembered, the latest of them. A promise resolves when the change is on disk. */
export interface IdempotencyStore {
  find(id: Uint8Array): Promise<KeyedRequest | undefined>;
  /** Before it is worked on. Forgets those from before `since`, and the oldest beyond `keep`. */
  begin(
    request: Omit<KeyedRequest, 'answer'>,
    bounds: { readonly since: number; readonly keep: number },
  ): Promise<void>;
  /** Before it is answered. */
  finish(id: Uint8Array, answer: KeptAnswer): Promise<void>;
  /** Nothing was done: as if it had not come. */
  release(id: Uint8Array): Promise<void>;
}
