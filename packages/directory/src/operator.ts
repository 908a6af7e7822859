/** What an operator or a token may do. Each role may do everything that the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

/** True when somebody with role `held` may do what needs `needed`. */
export function roleCovers(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** The role that may do only what both may. */
export function lesserRole(a: Role, b: Role): Role {
  return roleCovers(a, b) ? b : a;
}

/** Somebody who runs the platform through REST, console or CLI. Times are milliseconds since the epoch. */
export interface Operator {
  /** Lower case: {@link isOperatorName}. */
  readonly name: string;
  readonly role: Role;
  /** What {@link PasswordHasher.hash} made. */
  readonly passwordHash: string;
  readonly createdAt: number;
  readonly passwordChangedAt: number;
}

/** 1 to 64 of a-z, 0-9, `.`, `_`, `-`, starting with a letter or digit. */
export function isOperatorName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
}

/** `session` tokens come from a login and end with a password change; `api` tokens are made by name and stay. */
export type TokenKind = 'session' | 'api';

/** An access token as it is kept: its secret only as a digest. Times are milliseconds since the epoch. */
export interface StoredToken {
  /** The public name of the token. */
  readonly id: string;
  readonly kind: TokenKind;
  /** The operator whose token it is. */
  readonly operator: string;
  readonly role: Role;
  /** What it is for, in words. */
  readonly label: string;
  /** SHA-256 of the secret: 32 bytes. */
  readonly secretDigest: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** To the minute or so, not to the request. */
  readonly lastUsedAt: number | undefined;
}

export interface TokenQuery {
  /** Tokens after this id, in the order of ids. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Where operators and their tokens are kept. A promise resolves when the change is on disk. Every adapter passes
 * `operatorStoreContract`.
 */
export interface OperatorStore {
  operator(name: string): Promise<Operator | undefined>;
  /** All of them, in the order of their names. */
  operators(): Promise<readonly Operator[]>;
  /** False, and nothing changed, when the name is taken. */
  addOperator(operator: Operator): Promise<boolean>;
  /** False when there is no such operator. */
  setPassword(name: string, passwordHash: string, time: number): Promise<boolean>;
  /** False when there is no such operator, or when no admin would be left. */
  setRole(name: string, role: Role): Promise<boolean>;
  /** Removes the operator with its tokens. False when there is no such operator. */
  removeOperator(name: string): Promise<boolean>;
  token(id: string): Promise<StoredToken | undefined>;
  tokens(query: TokenQuery): Promise<readonly StoredToken[]>;
  /** False, and nothing kept, when its operator is not there or its id is taken. */
  addToken(token: StoredToken): Promise<boolean>;
  /** Notes a use. Harmless when the token is gone. */
  touchToken(id: string, time: number): Promise<void>;
  removeToken(id: string): Promise<boolean>;
  /** Removes the session tokens of an operator but one; API tokens stay. Tells how many. */
  removeSessions(operator: string, exceptId: string | undefined): Promise<number>;
  /** Removes the sessions of an operator beyond the newest `most`; API tokens stay. Tells how many. */
  trimSessions(operator: string, most: number): Promise<number>;
  /** Removes tokens with `expiresAt <= now`. Tells how many. */
  removeExpiredTokens(now: number): Promise<number>;
}
