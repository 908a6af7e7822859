import type { RaAccount, RaAccountKind, RaAccountQuery, RaAccountStore } from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import {
  type AccountLookup,
  type AccountRegistrar,
  type CredentialStore,
  Jid,
  type SaslCrypto,
  type ScramKeys,
  scramKeysOf,
} from '@yaolian/xmpp';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import type { AccountNames } from './account-names.ts';

export interface MessageAccountsOptions {
  readonly store: RaAccountStore;
  readonly removal: AccountRemoval;
  readonly names: AccountNames;
  readonly crypto: SaslCrypto;
  /** Of SCRAM, for new passwords. */
  readonly iterations: number;
  readonly clock: Clock;
  /** Ends the sessions of an account, or the one with this resource. Default: there are none. */
  readonly endSessions?: (account: string, resource?: string) => void;
  /** The connections of an account. Default: there are none. */
  readonly connectionsOf?: (account: string) => readonly string[];
  /** Sends an account a message of the platform's own. Absent: there is no message server. */
  readonly tell?: (account: string, text: string) => Promise<void>;
}

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly kind: RaAccountKind;
  readonly nick: string | undefined;
}

/** Why an account is not added, or its password not set. */
export type AccountFault = 'bad-name' | 'bad-password' | 'name-taken' | 'unknown';

/** The accounts of the message server, with passwords as SCRAM keys only. */
export class MessageAccounts implements AccountLookup, AccountRegistrar, CredentialStore {
  readonly #options: MessageAccountsOptions;

  constructor(options: MessageAccountsOptions) {
    this.#options = options;
  }

  async exists(account: string): Promise<boolean> {
    return (await this.#options.store.account(account)) !== undefined;
  }

  async keys(account: string): Promise<readonly ScramKeys[] | undefined> {
    return (await this.#options.store.account(account))?.keys;
  }

  list(query: RaAccountQuery): Promise<readonly RaAccount[]> {
    return this.#options.store.accounts(query);
  }

  async find(name: string): Promise<RaAccount | undefined> {
    const account = this.#options.names.read(name);
    return account === undefined ? undefined : this.#options.store.account(account);
  }

  /** The address of an account that there is; undefined: there is none. */
  async addressOf(name: string): Promise<Jid | undefined> {
    const account = await this.find(name);
    const parts = account && this.#options.names.parts(account.name);
    return parts && Jid.parse(`${parts.local}@${parts.domain}`);
  }

  /** The resources of its connections. */
  connectionsOf(account: string): readonly string[] {
    return this.#options.connectionsOf?.(account) ?? [];
  }

  /** Ends its connections, or the one with this resource. */
  endSessions(account: string, resource?: string): void {
    this.#options.endSessions?.(account, resource);
  }

  /** Keeps it out, or lets it in again. False when there is no such account. */
  async setDisabled(name: string, isDisabled: boolean): Promise<boolean> {
    const { store, clock, endSessions } = this.#options;
    const account = this.#options.names.read(name);
    if (account === undefined) return false;
    if (!(await store.setDisabled(account, isDisabled ? clock.epoch() : undefined))) return false;
    if (isDisabled) endSessions?.(account);
    return true;
  }

  /** `off`: there is no message server. */
  async tell(name: string, text: string): Promise<'told' | 'unknown' | 'off'> {
    const account = await this.find(name);
    if (account === undefined) return 'unknown';
    if (this.#options.tell === undefined) return 'off';
    await this.#options.tell(account.name, text);
    return 'told';
  }

  async add({ name, password, kind, nick }: NewAccount): Promise<RaAccount | AccountFault> {
    const { store, crypto, iterations, clock } = this.#options;
    const prepared = this.#options.names.read(name);
    if (prepared === undefined) return 'bad-name';
    const keys = await scramKeysOf(crypto, password, iterations);
    if (keys === undefined) return 'bad-password';
    const account: RaAccount = { name: prepared, kind, keys, nick, createdAt: clock.epoch() };
    return (await store.addAccount(account)) ? account : 'name-taken';
  }

  /** Undefined when it is set. */
  async changePassword(name: string, password: string): Promise<AccountFault | undefined> {
    const keys = await scramKeysOf(this.#options.crypto, password, this.#options.iterations);
    if (keys === undefined) return 'bad-password';
    const account = this.#options.names.read(name);
    if (account === undefined || !(await this.#options.store.setKeys(account, keys))) return 'unknown';
    this.#options.endSessions?.(account);
    return undefined;
  }

  /** By its owner, whose sessions stay. */
  async setPassword(account: string, password: string): Promise<boolean> {
    const { crypto, iterations, store } = this.#options;
    const keys = await scramKeysOf(crypto, password, iterations);
    return keys !== undefined && (await store.setKeys(account, keys));
  }

  async remove(name: string): Promise<void> {
    await this.removeAccount(name);
  }

  /** False when there is no such account. */
  async removeAccount(name: string): Promise<boolean> {
    const account = this.#options.names.read(name);
    return account !== undefined && this.#options.removal.remove(account);
  }
}
