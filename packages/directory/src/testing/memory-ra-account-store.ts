import type { AssociationStore, OnDecided } from '../ra/association.ts';
import type { RaDevice, RaDeviceStore } from '../ra/ra-device.ts';
import type { StoredCode } from '../ra/verification-code.ts';
import {
  type RaAccount,
  type RaAccountKind,
  type RaAccountQuery,
  type RaAccountStore,
  type ScramKeys,
  scramHashes,
} from '../ra-account.ts';
import { pageOf } from './key-order.ts';
import { MemoryRaDeviceStore } from './memory-ra-device-store.ts';

/** An {@link RaAccountStore} that lives as long as the process: for tests and simulations. */
export class MemoryRaAccountStore implements RaAccountStore {
  readonly #accounts = new Map<string, RaAccount>();
  readonly #devices: RaDeviceStore;
  readonly #codes: Pick<AssociationStore, 'putCode'> | undefined;

  /** @param devices where the devices of accounts go. Default: a store of its own @param codes where their codes go. Default: nowhere */
  constructor(devices: RaDeviceStore = new MemoryRaDeviceStore(), codes?: Pick<AssociationStore, 'putCode'>) {
    this.#devices = devices;
    this.#codes = codes;
  }

  async account(name: string): Promise<RaAccount | undefined> {
    const account = this.#accounts.get(name);
    return account && shown(account);
  }

  async kindOf(name: string): Promise<RaAccountKind | undefined> {
    return this.#accounts.get(name)?.kind;
  }

  async accounts(query: RaAccountQuery): Promise<readonly RaAccount[]> {
    const { kind } = query;
    const matching = [...this.#accounts.values()].filter((account) => kind === undefined || account.kind === kind);
    return pageOf(matching, (account) => account.name, query).map(shown);
  }

  async addAccount(
    account: RaAccount,
    device?: RaDevice,
    code?: StoredCode,
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean> {
    const added = await this.#add(account, device, code);
    onDecided?.(added);
    return added;
  }

  async #add(account: RaAccount, device: RaDevice | undefined, code: StoredCode | undefined): Promise<boolean> {
    if (this.#accounts.has(account.name)) return false;
    if (device !== undefined && !(await this.#devices.putRaDevice(device))) return false;
    this.#accounts.set(account.name, { ...account, keys: inOrder(account.keys) });
    if (code !== undefined) await this.#codes?.putCode(code);
    return true;
  }

  async setKeys(name: string, keys: readonly ScramKeys[]): Promise<boolean> {
    return this.#change(name, { keys: inOrder(keys) });
  }

  async setNick(name: string, nick: string | undefined): Promise<boolean> {
    return this.#change(name, { nick });
  }

  async setDisabled(name: string, disabledAt: number | undefined): Promise<boolean> {
    const { disabledAt: _, ...account } = this.#accounts.get(name) ?? {};
    if (!('name' in account)) return false;
    this.#accounts.set(name, { ...(account as RaAccount), ...(disabledAt === undefined ? {} : { disabledAt }) });
    return true;
  }

  async removeAccount(name: string): Promise<boolean> {
    return this.#accounts.delete(name);
  }

  #change(name: string, change: Partial<RaAccount>): boolean {
    const account = this.#accounts.get(name);
    if (account === undefined) return false;
    this.#accounts.set(name, { ...account, ...change });
    return true;
  }
}

function shown(account: RaAccount): RaAccount {
  return account.disabledAt === undefined ? account : { ...account, keys: [] };
}

function inOrder(keys: readonly ScramKeys[]): readonly ScramKeys[] {
  return keys
    .map((key) => structuredClone(key))
    .sort((a, b) => scramHashes.indexOf(a.hash) - scramHashes.indexOf(b.hash));
}
