import { type CipherPrimitives, ValueCipher } from './value-cipher.ts';

/** The passwords that the platform issued to vendors, by appKey; the directory's `AppKeyStore` is one. */
export interface VendorPasswords {
  /** Undefined when the key was never issued, or is revoked. Asked at every Register. */
  passwordOf(appKey: string): string | undefined;
}

/** The ciphers of vendors. They are few, and a key is derived once for each. */
export class VendorCiphers {
  readonly #passwords: VendorPasswords;
  readonly #primitives: CipherPrimitives;
  readonly #ciphers = new Map<string, { readonly password: string; readonly cipher: ValueCipher }>();

  constructor(passwords: VendorPasswords, primitives: CipherPrimitives) {
    this.#passwords = passwords;
    this.#primitives = primitives;
  }

  /** Undefined when the key is none of the platform's. */
  of(appKey: string): ValueCipher | undefined {
    const password = this.#passwords.passwordOf(appKey);
    const known = this.#ciphers.get(appKey);
    if (password === undefined) {
      if (known) this.#ciphers.delete(appKey);
      return undefined;
    }
    if (known?.password === password) return known.cipher;
    const cipher = new ValueCipher(this.#primitives, password);
    this.#ciphers.set(appKey, { password, cipher });
    return cipher;
  }
}
