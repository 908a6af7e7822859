/** A session of a user's browser, as it is kept: its secret only as a digest. Times are milliseconds since the epoch. */
export interface UserSession {
  /** The public name of the session. */
  readonly id: string;
  /** The account of the RA whose session it is. */
  readonly account: string;
  /** SHA-256 of the secret: 32 bytes. */
  readonly secretDigest: Uint8Array;
  /** Of the keys that the account had: with another password the session is none any more, whoever changed it. */
  readonly keysDigest: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Where sessions of users are kept. A promise resolves when the change is on disk. Every adapter passes `userSessionStoreContract`. */
export interface UserSessionStore {
  userSession(id: string): Promise<UserSession | undefined>;
  /** Keeps it; of the account only the `max` that were made last stay. */
  addUserSession(session: UserSession, max: number): Promise<void>;
  removeUserSession(id: string): Promise<boolean>;
  /** All of an account. */
  removeUserSessions(account: string): Promise<number>;
  /** Removes sessions with `expiresAt <= now`. Tells how many. */
  removeExpiredUserSessions(now: number): Promise<number>;
}
