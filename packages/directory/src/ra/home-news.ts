/** What a user is told of what happened at home. */
export interface HomeNews {
  /** Grows; no other one has it, of any user. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** JSON. */
  readonly event: string;
}

/** How much is kept of one user. */
export interface HomeNewsBounds {
  readonly count: number;
  /** Milliseconds since the epoch; what is older goes. */
  readonly since: number;
}

/** What users are told, kept until it is old. A promise resolves when it is on disk. Every adapter passes `homeNewsStoreContract`. */
export interface HomeNewsStore {
  /**
   * @param key what happened: who was told of it is not told again. Undefined: it happens once
   * @returns its number; undefined when it is there already
   */
  addNews(
    account: string,
    news: { readonly key: string | undefined; readonly time: number; readonly event: string },
    bounds: HomeNewsBounds,
  ): Promise<number | undefined>;
  /** The newest first, with numbers below `before`, not older than `since`. */
  newsOf(
    account: string,
    query: { readonly before?: number | undefined; readonly since: number; readonly limit: number },
  ): Promise<readonly HomeNews[]>;
  /** How many there are, not older than `since`, that the user has not read. */
  countUnread(account: string, since: number): Promise<number>;
  /** All up to a number are read. What was read stays read. */
  readNews(account: string, upTo: number): Promise<void>;
  /** With what the user has read. */
  removeNews(account: string): Promise<void>;
}
