import type { OnDecided } from './ra/association.ts';
import type { RaDevice } from './ra/ra-device.ts';
import type { StoredCode } from './ra/verification-code.ts';

/** Who an account of the RA stands for: GB/T's user, or a device. */
export const raAccountKinds = ['user', 'device'] as const;

export type RaAccountKind = (typeof raAccountKinds)[number];

export const scramHashes = ['SHA-1', 'SHA-256'] as const;

export type ScramHash = (typeof scramHashes)[number];

/** What a server keeps instead of a password (RFC 5802 §3): neither the password nor a log-in can be made from it. */
export interface ScramKeys {
  readonly hash: ScramHash;
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** An account of the message server. Times are milliseconds since the epoch. */
export interface RaAccount {
  /** The local part of its JID, prepared as RFC 7622 §3.3 says. */
  readonly name: string;
  readonly kind: RaAccountKind;
  /** One for each hash, in the order of {@link scramHashes}. Empty: nobody logs in with a password. */
  readonly keys: readonly ScramKeys[];
  /** What it wants to be called. */
  readonly nick: string | undefined;
  readonly createdAt: number;
  /** Since when nobody is let in by it, whatever the password; undefined: it is as it should be. Its keys are not told then. */
  readonly disabledAt?: number | undefined;
}

export interface RaAccountQuery {
  readonly kind?: RaAccountKind;
  /** Accounts after this name, in the order of names. */
  readonly after?: string;
  readonly limit: number;
}

/** Where accounts of the message server are kept. A promise resolves when the change is on disk. Every adapter passes `raAccountStoreContract`. */
export interface RaAccountStore {
  account(name: string): Promise<RaAccount | undefined>;
  /** What is asked of every stanza: whether there is such an account, disabled or not, and whose it is. */
  kindOf(name: string): Promise<RaAccountKind | undefined>;
  accounts(query: RaAccountQuery): Promise<readonly RaAccount[]>;
  /**
   * All or nothing: false, and nothing changed, when the name is taken or the terminal of the device has another account.
   * @param device what is known of the device that the account is of
   * @param code its first verification code
   */
  addAccount(
    account: RaAccount,
    device?: RaDevice,
    code?: StoredCode,
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean>;
  /** Replaces all keys. False when there is no such account. */
  setKeys(name: string, keys: readonly ScramKeys[]): Promise<boolean>;
  /** False when there is no such account. */
  setNick(name: string, nick: string | undefined): Promise<boolean>;
  /** Keeps everybody out, or lets them in again with the password there was. False when there is no such account. @param time undefined: in again */
  setDisabled(name: string, time: number | undefined): Promise<boolean>;
  /** False when there is no such account. */
  removeAccount(name: string): Promise<boolean>;
}
