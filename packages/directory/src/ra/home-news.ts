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

/** Whose news for friends a user sees, and since when: the beginning of the friendship, in milliseconds since the epoch. */
export interface FriendOf {
  readonly user: string;
  readonly since: number;
}

/** Which news of one user. */
export interface NewsSpan {
  /** Milliseconds since the epoch; older ones are left out. */
  readonly since: number;
  /** Default: nobody's friend. */
  readonly friendOf?: readonly FriendOf[];
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
  /**
   * What the friends of a user are told: one line, however many they are. @param key as {@link addNews} has it
   * @returns as {@link addNews}
   */
  addNewsForFriends(
    account: string,
    news: { readonly key: string; readonly time: number; readonly event: string },
    bounds: HomeNewsBounds,
  ): Promise<number | undefined>;
  /** Those of the user and those for friends of others, each that happened once; the newest first, with numbers below `before`. */
  newsOf(
    account: string,
    query: NewsSpan & { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly HomeNews[]>;
  /** How many there are that the user has not read. */
  countUnread(account: string, span: NewsSpan): Promise<number>;
  /** All up to a number are read. What was read stays read. */
  readNews(account: string, upTo: number): Promise<void>;
  /** With what the user has read, and what its friends were told. */
  removeNews(account: string): Promise<void>;
}
