/**
 * Slow one-way hashing of passwords, with a salt of its own for each. Adapters bound how many run at once: each takes
 * megabytes and tens of milliseconds.
 */
export interface PasswordHasher {
  /** A text that carries algorithm, parameters, salt and hash: `$scrypt$ln=15,r=8,p=1$…$…`. */
  hash(password: string): Promise<string>;
  /**
   * False when the password is another one, or `hash` is not a text that this hasher can read.
   * @throws PASSWORD_HASHER_BUSY when too many are waiting
   */
  verify(password: string, hash: string): Promise<boolean>;
}

/** Fast digests for secrets that are random and long, which need no slow hash. */
export interface SecretDigest {
  /** SHA-256: 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
}
