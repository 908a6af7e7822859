import {
  type Clock,
  type Duration,
  failure,
  hasCode,
  type Log,
  minutes,
  type Random,
  type Result,
  seconds,
  silentLog,
  success,
  toMilliseconds,
} from '@yaolian/kernel';
import {
  createAccessToken,
  createPassword,
  formatAccessToken,
  matchesDigest,
  parseAccessToken,
} from './access-token.ts';
import { AttemptLimiter, type AttemptLimits, defaultAccountLimits, defaultAddressLimits } from './attempt-limiter.ts';
import { directoryErrors } from './errors.ts';
import { networkKey } from './network-key.ts';
import {
  isOperatorName,
  lesserRole,
  type Operator,
  type OperatorStore,
  type Role,
  roleCovers,
  type StoredToken,
  type TokenQuery,
} from './operator.ts';
import type { SecondFactors } from './second-factor.ts';
import type { PasswordHasher, SecretDigest } from './secrets.ts';

export const passwordLength = { least: 12, most: 256 } as const;

const maxTouchedTokens = 1000;

export interface OperatorAccountsOptions {
  readonly store: OperatorStore;
  readonly hasher: PasswordHasher;
  readonly digest: SecretDigest;
  readonly random: Random;
  readonly clock: Clock;
  readonly log?: Log;
  readonly accountLimits?: AttemptLimits;
  readonly addressLimits?: AttemptLimits;
  /** A token's last use is written at most so often. */
  readonly touchInterval?: Duration;
  /** Sessions of one operator; the oldest ends when there are more. Default 50. */
  readonly maxSessions?: number;
  /** Absent: nobody has one. */
  readonly secondFactors?: SecondFactors;
}

/** A token without its secret: what may be shown. */
export type TokenDescription = Omit<StoredToken, 'secretDigest'>;

export interface IssuedToken extends TokenDescription {
  /** The secret text, which exists only here: {@link formatAccessToken}. */
  readonly token: string;
}

/** Why somebody was not let in. */
export type AccessRefusal =
  | { readonly reason: 'wrong-password' }
  /** The password is right, and a code of the second factor is needed too. */
  | { readonly reason: 'code-needed' }
  | { readonly reason: 'wrong-code' }
  | { readonly reason: 'too-many-attempts'; readonly retryAfter: Duration };

export interface LoginAttempt {
  readonly name: string;
  readonly password: string;
  /** Of the second factor, or a recovery code. */
  readonly code?: string;
  /** The network address it comes from, without the port. */
  readonly address: string;
}

/** Operators, their passwords and tokens: who may use the platform, and as what. */
export class OperatorAccounts {
  readonly #store: OperatorStore;
  readonly #hasher: PasswordHasher;
  readonly #digest: SecretDigest;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #touchInterval: number;
  readonly #secondFactors: SecondFactors | undefined;
  readonly #accounts: AttemptLimiter;
  readonly #addresses: AttemptLimiter;
  /** When the use of a token was last sent to the store: requests come faster than it answers. */
  readonly #maxSessions: number;
  readonly #touched = new Map<string, number>();
  #decoyHash: Promise<string> | undefined;

  constructor(options: OperatorAccountsOptions) {
    this.#store = options.store;
    this.#hasher = options.hasher;
    this.#digest = options.digest;
    this.#random = options.random;
    this.#clock = options.clock;
    this.#log = options.log ?? silentLog;
    this.#secondFactors = options.secondFactors;
    this.#maxSessions = options.maxSessions ?? 50;
    this.#touchInterval = toMilliseconds(options.touchInterval ?? minutes(1));
    this.#accounts = new AttemptLimiter(options.clock, options.accountLimits ?? defaultAccountLimits);
    this.#addresses = new AttemptLimiter(options.clock, options.addressLimits ?? defaultAddressLimits);
  }

  /** At the first start: makes an admin `name` and tells its password. Undefined when there are operators already. */
  async ensureFirstAdmin(name = 'admin'): Promise<string | undefined> {
    if ((await this.#store.operators()).length > 0) return undefined;
    const password = createPassword(this.#random);
    await this.addOperator({ name, role: 'admin', password });
    return password;
  }

  /** All of them, in the order of their names. */
  operators(): Promise<readonly Operator[]> {
    return this.#store.operators();
  }

  /** Removes an operator with its tokens. False when there is no such operator. */
  async removeOperator(name: string): Promise<boolean> {
    const isRemoved = await this.#store.removeOperator(name);
    // Whoever gets the name later begins without.
    if (isRemoved) await this.#secondFactors?.remove(name);
    return isRemoved;
  }

  /** @throws OPERATOR_NAME_INVALID, PASSWORD_UNFIT, OPERATOR_EXISTS */
  async addOperator(operator: {
    readonly name: string;
    readonly role: Role;
    readonly password: string;
  }): Promise<Operator> {
    if (!isOperatorName(operator.name)) throw directoryErrors.OPERATOR_NAME_INVALID(operator.name);
    const passwordHash = await this.#hash(operator.password);
    const time = this.#clock.epoch();
    const { name, role } = operator;
    const added: Operator = { name, role, passwordHash, createdAt: time, passwordChangedAt: time };
    if (!(await this.#store.addOperator(added))) throw directoryErrors.OPERATOR_EXISTS(name);
    return added;
  }

  /**
   * Changes what somebody else may do, or how they log in: for admins. A new password ends its sessions; a lesser role holds for the
   * tokens that there are, too.
   * @returns undefined when there is no such operator; `last-admin`, and nothing changed, when no admin would be left
   * @throws PASSWORD_UNFIT
   */
  async changeOperator(
    name: string,
    { role, password }: { readonly role?: Role | undefined; readonly password?: string | undefined },
  ): Promise<Operator | 'last-admin' | undefined> {
    const hash = password === undefined ? undefined : await this.#hash(password);
    if (role !== undefined && !(await this.#store.setRole(name, role))) {
      return (await this.#store.operator(name)) && 'last-admin';
    }
    if (hash !== undefined && (await this.#store.setPassword(name, hash, this.#clock.epoch()))) {
      await this.#store.removeSessions(name, undefined);
      this.#accounts.succeeded(name);
    }
    return this.#store.operator(name);
  }

  /**
   * Gives an operator a new random password, takes its second factor away and ends its sessions: for whoever has the machine and lost
   * what lets in.
   * @throws OPERATOR_UNKNOWN
   */
  async resetPassword(name: string): Promise<string> {
    const password = createPassword(this.#random);
    const hash = await this.#hash(password);
    if (!(await this.#store.setPassword(name, hash, this.#clock.epoch()))) {
      throw directoryErrors.OPERATOR_UNKNOWN(name);
    }
    await this.#secondFactors?.remove(name);
    await this.#store.removeSessions(name, undefined);
    this.#accounts.succeeded(name);
    return password;
  }

  /** A session token for a password. `lifetime` is the session's. */
  async login(attempt: LoginAttempt, lifetime: Duration): Promise<Result<IssuedToken, AccessRefusal>> {
    const checked = await this.#checkPassword(attempt);
    if (!checked.ok) return checked;
    const refusal = await this.#checkCode(checked.value.name, attempt);
    if (refusal !== undefined) return failure(refusal);
    return success(
      await this.#issue(checked.value, { kind: 'session', role: checked.value.role, label: '', lifetime }),
    );
  }

  /**
   * Changes a password with the help of the old one, and ends the operator's other sessions; API tokens stay.
   * @param keepTokenId the session that asked
   * @throws PASSWORD_UNFIT
   */
  async changePassword(
    attempt: LoginAttempt,
    newPassword: string,
    keepTokenId: string | undefined,
  ): Promise<Result<undefined, AccessRefusal>> {
    requireFit(newPassword);
    const checked = await this.#checkPassword(attempt);
    if (!checked.ok) return checked;
    const { name } = checked.value;
    await this.#store.setPassword(name, await this.#hash(newPassword), this.#clock.epoch());
    await this.#store.removeSessions(name, keepTokenId);
    return success(undefined);
  }

  /**
   * Makes an API token, which may do no more than its operator.
   * @param lifetime undefined: it does not expire
   * @throws OPERATOR_UNKNOWN, ROLE_TOO_HIGH
   */
  async issueToken(wanted: {
    readonly operator: string;
    readonly role: Role;
    readonly label: string;
    readonly lifetime: Duration | undefined;
  }): Promise<IssuedToken> {
    const operator = await this.#store.operator(wanted.operator);
    if (operator === undefined) throw directoryErrors.OPERATOR_UNKNOWN(wanted.operator);
    if (!roleCovers(operator.role, wanted.role)) throw directoryErrors.ROLE_TOO_HIGH(wanted.role, operator.role);
    return this.#issue(operator, { kind: 'api', role: wanted.role, label: wanted.label, lifetime: wanted.lifetime });
  }

  /**
   * Whose token this is, or undefined when it is unknown, expired or malformed. Its role is never above its operator's
   * present one.
   */
  async verifyToken(text: string): Promise<TokenDescription | undefined> {
    const presented = parseAccessToken(text);
    if (presented === undefined) return undefined;
    const stored = await this.#store.token(presented.id);
    if (stored === undefined || !matchesDigest(presented, stored.secretDigest, this.#digest)) return undefined;
    const now = this.#clock.epoch();
    if (stored.expiresAt !== undefined && stored.expiresAt <= now) return undefined;
    const operator = await this.#store.operator(stored.operator);
    if (operator === undefined) return undefined;
    this.#touch(stored, now);
    return { ...describe(stored), role: lesserRole(stored.role, operator.role) };
  }

  /** Tokens and sessions that have not expired, in the order of ids. A page may be shorter than its limit. */
  async tokens(query: TokenQuery): Promise<readonly TokenDescription[]> {
    await this.#store.removeExpiredTokens(this.#clock.epoch());
    return (await this.#store.tokens(query)).map(describe);
  }

  /** True when it was there. */
  removeToken(id: string): Promise<boolean> {
    return this.#store.removeToken(id);
  }

  /** Whether this is the password of an operator; limited as a login is. */
  async confirmPassword(attempt: LoginAttempt): Promise<AccessRefusal | undefined> {
    const checked = await this.#checkPassword(attempt);
    return checked.ok ? undefined : checked.error;
  }

  async #checkCode(operator: string, { code, address }: LoginAttempt): Promise<AccessRefusal | undefined> {
    if (this.#secondFactors === undefined || !(await this.#secondFactors.isOn(operator))) return undefined;
    if (code === undefined) return { reason: 'code-needed' };
    const refusal = await this.#secondFactors.check(operator, code);
    if (refusal !== undefined) this.#log.warn('second factor refused', { operator, address, reason: refusal.reason });
    return refusal;
  }

  async #checkPassword(attempt: LoginAttempt): Promise<Result<Operator, AccessRefusal>> {
    const name = attempt.name.toLowerCase();
    const network = networkKey(attempt.address);
    const wait = Math.max(this.#accounts.wait(name), this.#addresses.wait(network));
    if (wait > 0) return failure({ reason: 'too-many-attempts', retryAfter: wait as Duration });
    this.#accounts.began(name);
    this.#addresses.began(network);
    const checked = await this.#verify(name, attempt.password.slice(0, passwordLength.most + 1));
    if (checked === 'busy') {
      this.#accounts.withdrawn(name);
      this.#addresses.withdrawn(network);
      return failure({ reason: 'too-many-attempts', retryAfter: seconds(1) });
    }
    if (checked === undefined) {
      this.#log.warn('login refused', { operator: name, address: attempt.address });
      return failure({ reason: 'wrong-password' });
    }
    this.#accounts.succeeded(name);
    // Only this attempt is forgiven: a guest with an account of his own must not buy free guesses at another's.
    this.#addresses.withdrawn(network);
    return success(checked);
  }

  async #verify(name: string, password: string): Promise<Operator | 'busy' | undefined> {
    const operator = await this.#store.operator(name);
    try {
      // An unknown name costs as much as a wrong password, so that time does not tell which names exist.
      const hash = operator?.passwordHash ?? (await this.#decoy());
      const matches = await this.#hasher.verify(password.normalize('NFC'), hash);
      return matches ? operator : undefined;
    } catch (error) {
      if (hasCode(error, 'PASSWORD_HASHER_BUSY')) return 'busy';
      throw error;
    }
  }

  #decoy(): Promise<string> {
    if (this.#decoyHash === undefined) {
      this.#decoyHash = this.#hasher.hash(createPassword(this.#random));
      this.#decoyHash.catch(() => {
        this.#decoyHash = undefined; // the caller has the error; the next one tries again
      });
    }
    return this.#decoyHash;
  }

  #hash(password: string): Promise<string> {
    requireFit(password);
    return this.#hasher.hash(password.normalize('NFC'));
  }

  async #issue(
    operator: Operator,
    wanted: Pick<StoredToken, 'kind' | 'role' | 'label'> & { readonly lifetime: Duration | undefined },
  ): Promise<IssuedToken> {
    const token = createAccessToken(this.#random);
    const createdAt = this.#clock.epoch();
    const stored: StoredToken = {
      id: token.id,
      kind: wanted.kind,
      operator: operator.name,
      role: wanted.role,
      label: wanted.label,
      secretDigest: this.#digest.sha256(token.secret),
      createdAt,
      expiresAt: wanted.lifetime === undefined ? undefined : createdAt + toMilliseconds(wanted.lifetime),
      lastUsedAt: undefined,
    };
    await this.#store.removeExpiredTokens(createdAt);
    if (!(await this.#store.addToken(stored))) throw directoryErrors.OPERATOR_UNKNOWN(operator.name);
    if (wanted.kind === 'session') await this.#store.trimSessions(operator.name, this.#maxSessions);
    return { ...describe(stored), token: formatAccessToken(token) };
  }

  #touch(token: StoredToken, now: number): void {
    const touchedAt = this.#touched.get(token.id) ?? token.lastUsedAt;
    if (touchedAt !== undefined && now - touchedAt < this.#touchInterval) return;
    if (this.#touched.size >= maxTouchedTokens) this.#touched.clear(); // costs a write each, loses nothing
    this.#touched.set(token.id, now);
    this.#store.touchToken(token.id, now).catch((error: unknown) => {
      this.#log.warn('the last use of a token was not stored', { token: token.id, error });
    });
  }
}

function requireFit(password: string): void {
  const { length } = password;
  const { least, most } = passwordLength;
  if (length < least || length > most) throw directoryErrors.PASSWORD_UNFIT(least, most);
}

function describe(token: StoredToken): TokenDescription {
  const { secretDigest: _, ...description } = token;
  return description;
}
