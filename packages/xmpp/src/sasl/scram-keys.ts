import { encodeUtf8 } from '@yaolian/kernel';
import { type SaslCrypto, type ScramHash, scramHashes } from './crypto.ts';
import { preparePassword } from './password.ts';

/** What a server keeps instead of a password (RFC 5802 §3): neither the password nor a log-in can be made from it. */
export interface ScramKeys {
  readonly hash: ScramHash;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Where the keys of accounts are kept. */
export interface CredentialStore {
  /** @param username a prepared local part @returns undefined when there is no such account */
  keys(username: string): Promise<readonly ScramKeys[] | undefined>;
}

/** RFC 7677 §4 wants at least 4,096; this takes a few milliseconds of a core. */
export const defaultIterations = 10_000;

const clientKeyLabel = encodeUtf8('Client Key');
const serverKeyLabel = encodeUtf8('Server Key');

/** The two keys that come from a salted password. */
export async function keysOfSaltedPassword(
  crypto: SaslCrypto,
  hash: ScramHash,
  saltedPassword: Uint8Array,
): Promise<{ clientKey: Uint8Array; storedKey: Uint8Array; serverKey: Uint8Array }> {
  const clientKey = await crypto.hmac(hash, saltedPassword, clientKeyLabel);
  return {
    clientKey,
    storedKey: await crypto.hash(hash, clientKey),
    serverKey: await crypto.hmac(hash, saltedPassword, serverKeyLabel),
  };
}

/**
 * Makes the keys of a new password, one set for each hash, each with a salt of its own.
 * @param iterations default {@link defaultIterations}
 * @returns undefined when it cannot be a password
 */
export async function scramKeysOf(
  crypto: SaslCrypto,
  password: string,
  iterations: number = defaultIterations,
): Promise<readonly ScramKeys[] | undefined> {
  const prepared = preparePassword(password);
  if (prepared === undefined) return undefined;
  return Promise.all(
    scramHashes.map(async (hash) => {
      const salt = crypto.random(16);
      const salted = await crypto.pbkdf2(hash, prepared, salt, iterations);
      const { storedKey, serverKey } = await keysOfSaltedPassword(crypto, hash, salted);
      return { hash, salt, iterations, storedKey, serverKey };
    }),
  );
}
