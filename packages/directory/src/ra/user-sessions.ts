import { type Clock, concatBytes, type Duration, equalBytes, type Random, toMilliseconds } from '@yaolian/kernel';
import { createAccessToken, formatAccessToken, matchesDigest, parseAccessToken } from '../access-token.ts';
import type { RaAccount, RaAccountStore } from '../ra-account.ts';
import type { SecretDigest } from '../secrets.ts';
import type { UserSession, UserSessionStore } from './user-session.ts';

export interface UserSessionsOptions {
  readonly store: UserSessionStore;
  readonly accounts: Pick<RaAccountStore, 'account'>;
  readonly digest: SecretDigest;
  readonly random: Random;
  readonly clock: Clock;
  readonly lifetime: Duration;
  /** Of one account; the oldest beyond go. Default 20. */
  readonly maxPerAccount?: number;
}

/** Who is behind a session. */
export interface SignedInUser {
  readonly session: string;
  readonly account: RaAccount;
  readonly expiresAt: number;
}

/** Sessions of users of the RA in browsers. They know no operator, and operators' tokens know none of them. */
export class UserSessions {
  readonly #options: UserSessionsOptions;

  constructor(options: UserSessionsOptions) {
    this.#options = options;
  }

  get lifetime(): Duration {
    return this.#options.lifetime;
  }

  /** Begins a session of a user who was let in. @returns undefined when there is no such user (any more) */
  async begin(name: string): Promise<{ readonly token: string; readonly user: SignedInUser } | undefined> {
    const { store, accounts, digest, random, clock, lifetime, maxPerAccount = 20 } = this.#options;
    const account = await accounts.account(name);
    if (account?.kind !== 'user') return undefined;
    const token = createAccessToken(random);
    const createdAt = clock.epoch();
    const expiresAt = createdAt + toMilliseconds(lifetime);
    const secretDigest = digest.sha256(token.secret);
    await store.removeExpiredUserSessions(createdAt);
    const keysDigest = this.#keysDigest(account);
    await store.addUserSession(
      { id: token.id, account: name, secretDigest, keysDigest, createdAt, expiresAt },
      maxPerAccount,
    );
    return { token: formatAccessToken(token), user: { session: token.id, account, expiresAt } };
  }

  /** Whose session it is; undefined when it is none, is over, or the account has another password or is gone. */
  async verify(text: string): Promise<SignedInUser | undefined> {
    const { store, accounts, digest, clock } = this.#options;
    const token = parseAccessToken(text);
    const stored = token && (await store.userSession(token.id));
    if (stored === undefined || !matchesDigest(token!, stored.secretDigest, digest)) return undefined;
    if (stored.expiresAt <= clock.epoch()) return undefined;
    const account = await accounts.account(stored.account);
    if (account === undefined || !this.#isOf(stored, account)) return undefined;
    return { session: stored.id, account, expiresAt: stored.expiresAt };
  }

  async end(session: string): Promise<void> {
    await this.#options.store.removeUserSession(session);
  }

  async endAll(account: string): Promise<void> {
    await this.#options.store.removeUserSessions(account);
  }

  #isOf({ keysDigest }: UserSession, account: RaAccount): boolean {
    return account.kind === 'user' && equalBytes(keysDigest, this.#keysDigest(account));
  }

  /** Salts are random: neither an old password that is set again nor a new account of the same name has the same. */
  #keysDigest({ keys }: RaAccount): Uint8Array {
    return this.#options.digest.sha256(concatBytes(keys.flatMap(({ salt, storedKey }) => [salt, storedKey])));
  }
}
