import type { Random } from '@yaolian/kernel';

/** What the platform issues to a vendor of terminals, so that it knows whose they are (China Mobile, profiles B and C). */
export interface AppKey {
  /** `M` and 9 digits. */
  readonly appKey: string;
  /** Whose it is, for people. */
  readonly vendor: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

export interface AppKeyQuery {
  /** Keys after this one, in their order. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Where appKeys are kept; passwords are sealed. A promise resolves when the change is on disk. Every adapter passes
 * `appKeyStoreContract`.
 */
export interface AppKeyStore {
  /** False, and nothing changed, when the key is taken. */
  addAppKey(appKey: AppKey, password: string): Promise<boolean>;
  appKeys(query: AppKeyQuery): Promise<readonly AppKey[]>;
  /** False when there is no such key. */
  removeAppKey(appKey: string): Promise<boolean>;
  /** Synchronous and in memory: asked at every Register. Undefined when the key was never issued, or is revoked. */
  passwordOf(appKey: string): string | undefined;
}

export interface IssuedAppKey extends AppKey {
  /** 32 hex digits, told once. */
  readonly password: string;
}

/** Issues a key and its password, both from a source of secrets. */
export async function issueAppKey(
  store: AppKeyStore,
  { vendor, time, random }: { readonly vendor: string; readonly time: number; readonly random: Random },
): Promise<IssuedAppKey> {
  for (;;) {
    const appKey: AppKey = { appKey: `M${randomDigits(random, 9)}`, vendor, issuedAt: time };
    const password = hex(random.bytes(16));
    if (await store.addAppKey(appKey, password)) return { ...appKey, password };
  }
}

function randomDigits(random: Random, count: number): string {
  let digits = '';
  while (digits.length < count) {
    // 250 is the greatest multiple of ten below 256: every digit is as likely as the others.
    for (const byte of random.bytes(count)) if (byte < 250 && digits.length < count) digits += String(byte % 10);
  }
  return digits;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
