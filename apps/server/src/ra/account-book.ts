import {
  AttemptLimiter,
  type AttemptLimits,
  type Bindings,
  defaultAccountLimits,
  defaultAddressLimits,
  isFitCode,
  networkKey,
  type OnDecided,
  type RaAccountStore,
  type RaDevice,
  type RaDeviceStore,
  type StoredCode,
} from '@yaolian/directory';
import { type AccountKeeper, type NewAccount, shortestPassword } from '@yaolian/igrs/server';
import { type Clock, encodeUtf8, toSeconds } from '@yaolian/kernel';
import { saslCrypto } from '@yaolian/node-runtime';
import { plainMechanism, type SaslChannel, scramKeysOf } from '@yaolian/xmpp';

export interface AccountBookOptions {
  readonly domain: string;
  readonly accounts: RaAccountStore;
  readonly devices: RaDeviceStore;
  readonly bindings: Bindings;
  readonly clock: Clock;
  /** Of SCRAM, for new passwords. */
  readonly iterations: number;
  /** A device registered that speaks for itself. */
  readonly onDevice: (account: string) => void;
  /** An account has another password: whoever is connected with the old one is not any more. */
  readonly onPassword: (account: string) => void;
  /** Removes an account with everything that names it. */
  readonly remove: (name: string) => Promise<void>;
  /** Registrations from one network address. Default {@link defaultRegistrationLimits}. */
  readonly registrations?: AttemptLimits;
}

/** A household registers its people and devices in one go; whoever fills the table waits longer and longer. */
const defaultRegistrationLimits: AttemptLimits = { ...defaultAddressLimits, freeFailures: 50 };

/** The accounts of the RA behind the account server: passwords as SCRAM keys, devices with their verification codes. */
export class AccountBook implements AccountKeeper {
  readonly #options: AccountBookOptions;
  readonly #registrations: AttemptLimiter;
  readonly #ofAccount: AttemptLimiter;
  readonly #ofAddress: AttemptLimiter;

  constructor(options: AccountBookOptions) {
    this.#options = options;
    this.#registrations = new AttemptLimiter(options.clock, options.registrations ?? defaultRegistrationLimits);
    this.#ofAccount = new AttemptLimiter(options.clock, defaultAccountLimits);
    this.#ofAddress = new AttemptLimiter(options.clock, defaultAddressLimits);
  }

  mayRegister(address: string): number {
    const network = networkKey(address);
    const wait = this.#registrations.wait(network);
    if (wait === 0) this.#registrations.began(network);
    return toSeconds(wait);
  }

  async register({ name, kind, password, nick, device }: NewAccount) {
    if (device !== undefined && !isFitCode(device.verifyCode)) return 'code-unfit' as const;
    if (password.length < shortestPassword) return 'password-unfit' as const;
    const { accounts, bindings, clock } = this.#options;
    if ((await accounts.account(name)) !== undefined) return 'exists' as const;
    const keys = await scramKeysOf(saslCrypto, password, this.#options.iterations);
    if (keys === undefined) return 'password-unfit' as const;
    const createdAt = clock.epoch();
    const account = { name, kind, keys, nick, createdAt };
    if (device === undefined)
      return (await accounts.addAccount(account)) ? ('registered' as const) : ('exists' as const);
    const keep = (code: StoredCode, onDecided: OnDecided<boolean>) =>
      accounts.addAccount(account, deviceOf(name, device, createdAt), code, onDecided);
    const issued = await bindings.issueFirstCode(name, { actor: name, door: 'https' }, keep, device.verifyCode);
    if (issued === undefined) return 'exists' as const;
    this.#options.onDevice(name);
    return 'registered' as const;
  }

  async authenticate(name: string, password: string, address: string) {
    const network = networkKey(address);
    const wait = Math.max(this.#ofAccount.wait(name), this.#ofAddress.wait(network));
    if (wait > 0) return { retryAfter: wait / 1000 };
    this.#ofAccount.began(name);
    this.#ofAddress.began(network);
    const { accounts, domain, iterations } = this.#options;
    const credentials = { keys: async (user: string) => (await accounts.account(user))?.keys };
    // The check of PLAIN takes the same time for accounts that are not there.
    const exchange = plainMechanism({ crypto: saslCrypto, credentials, iterations }).begin(insideTls(domain));
    const step = await exchange.start(encodeUtf8(`\0${name}\0${password}`));
    if (step.kind !== 'success') return 'no' as const;
    this.#ofAccount.succeeded(name);
    this.#ofAddress.withdrawn(network);
    return 'yes' as const;
  }

  async facts(name: string) {
    const account = await this.#options.accounts.account(name);
    if (account === undefined) return undefined;
    const device = await this.#options.devices.raDevice(name);
    const nick: Record<string, string> = account.nick === undefined ? {} : { nick: account.nick };
    const { deviceType = '', vendor = '', model = '', confirms = false } = device ?? {};
    const confirm = confirms ? '1' : '0';
    const described: Record<string, string> = account.kind === 'device' ? { deviceType, vendor, model, confirm } : {};
    return { kind: account.kind, facts: { kind: account.kind, ...nick, ...described } };
  }

  async modify(name: string, change: Parameters<AccountKeeper['modify']>[1]): Promise<boolean> {
    const { accounts, devices, bindings } = this.#options;
    const { password, nick, confirms, ...described } = change;
    if (password !== undefined) {
      const keys =
        password.length < shortestPassword
          ? undefined
          : await scramKeysOf(saslCrypto, password, this.#options.iterations);
      if (keys === undefined) return false;
      await accounts.setKeys(name, keys);
      this.#options.onPassword(name);
    }
    if (nick !== undefined) await accounts.setNick(name, nick === '' ? undefined : nick);
    if (Object.keys(described).length > 0) await devices.changeRaDevice(name, described);
    const isDevice = confirms !== undefined && (await devices.raDevice(name)) !== undefined;
    if (isDevice) await bindings.requireConfirmation(name, confirms, { actor: name, door: 'https' });
    return true;
  }

  remove(name: string): Promise<void> {
    return this.#options.remove(name);
  }

  resetCode(device: string) {
    return this.#options.bindings.issueCode(device, { actor: device, door: 'https' });
  }
}

function deviceOf(account: string, device: NonNullable<NewAccount['device']>, createdAt: number): RaDevice {
  const { deviceType, vendor, model, confirms } = device;
  return { account, terminal: undefined, deviceType, vendor, model, confirms, createdAt };
}

function insideTls(domain: string): SaslChannel {
  return {
    domain,
    isSecure: true,
    identity: undefined,
    channelBindingTypes: [],
    channelBinding: () => undefined,
    offeredMechanisms: ['PLAIN'],
  };
}
