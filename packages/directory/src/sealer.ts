/**
 * Authenticated encryption of small secrets that have to be read again: pre-shared keys, session states. Passwords are
 * hashed instead. The key is the adapter's and is kept outside the database.
 */
export interface Sealer {
  /**
   * Another text each time, also of the same secret.
   * @param context what the secret is and whose (`credential/17`): it is authenticated, so that a sealed secret opens in
   *   its own place only
   */
  seal(secret: Uint8Array, context: string): Uint8Array;
  /** Undefined when it was changed, sealed for another context or with another key, or is no sealed secret at all. */
  open(sealed: Uint8Array, context: string): Uint8Array | undefined;
}
