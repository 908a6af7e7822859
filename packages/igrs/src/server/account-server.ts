import { type Duration, type Log, silentLog, toSeconds } from '@yaolian/kernel';
import { prepareLocal } from '@yaolian/xmpp';
import { type AccountCode, accountCodes } from '../account-codes.ts';
import { cannotStore, isOfDisk } from './storing.ts';

/** The status of HTTP that goes with a code. */
export function httpStatusOf(code: AccountCode, isNew = false): number {
  switch (code) {
    case accountCodes.success:
      return isNew ? 201 : 200;
    case accountCodes.userExists:
    case accountCodes.deviceExists:
      return 409;
    case accountCodes.tooManyRequests:
    case accountCodes.serverError:
      return code;
    default:
      return 400;
  }
}

/** What the account server answers. */
export interface AccountAnswer {
  readonly code: AccountCode;
  readonly message: string;
  /** The address of the account. */
  readonly id?: string;
  /** A device's new verification code, in the one moment in which it is readable. */
  readonly verifyCode?: string;
  readonly expires?: string;
  /** What is known of a device or user. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly isNew?: boolean;
  /** Seconds to wait. */
  readonly retryAfter?: number;
}

/** Fields as forms and JSON carry them, by the originators' names. */
export type AccountFields = Readonly<Record<string, string | undefined>>;

export interface NewAccount {
  readonly name: string;
  readonly kind: 'user' | 'device';
  readonly password: string;
  readonly nick: string | undefined;
  readonly device:
    | {
        readonly verifyCode: string;
        readonly deviceType: string;
        readonly vendor: string;
        readonly model: string;
        readonly confirms: boolean;
      }
    | undefined;
}

/** Who keeps the accounts. */
export interface AccountKeeper {
  /** All of it or nothing. */
  register(account: NewAccount): Promise<'registered' | 'exists' | 'password-unfit' | 'code-unfit'>;
  /** Whether it is the account's password. */
  authenticate(
    name: string,
    password: string,
    address: string,
  ): Promise<'yes' | 'no' | { readonly retryAfter: number }>;
  facts(
    name: string,
  ): Promise<{ readonly kind: 'user' | 'device'; readonly facts: Readonly<Record<string, string>> } | undefined>;
  /** False when the password cannot be one. */
  modify(
    name: string,
    change: {
      readonly password?: string;
      readonly nick?: string;
      readonly vendor?: string;
      readonly model?: string;
      readonly deviceType?: string;
      readonly confirms?: boolean;
    },
  ): Promise<boolean>;
  remove(name: string): Promise<void>;
  /** Undefined when there is no such device (any more). */
  resetCode(device: string): Promise<{ readonly code: string; readonly expiresAt: number | undefined } | undefined>;
  /** How long the address has to wait before it may register another account, in seconds; 0: not at all. It is counted. */
  mayRegister(address: string): number;
}

export interface AccountServerOptions {
  readonly domain: string;
  readonly keeper: AccountKeeper;
  /** When set, only who tells it may register (`token`). */
  readonly invitation?: string | undefined;
  /**
   * Whoever asks is another server of the platform that has proved who it is (GB/T 29265.206 §8.2): it asks in the place of accounts, without
   * their passwords and without an invitation. Default: no.
   */
  readonly isTrusted?: boolean;
  readonly log?: Log;
}

/** Characters of a field. */
const longest = 256;

/** Characters of a password. */
export const shortestPassword = 6;

const unfitPassword = `has ${shortestPassword} characters at least, and none that no password may have`;

const nothingToChange =
  'nothing to change is named: newPassword or nick, of a device also deviceType, vendor, model or confirm';

/** GB/T 29265.206 §7.1: registers users and devices, and reads, changes and removes their accounts. */
export class AccountServer {
  readonly #options: AccountServerOptions;
  readonly #log: Log;

  constructor(options: AccountServerOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
  }

  /** §7.2. Fields: `userName`, `password`, and perhaps `version`, `domain`, `nick`, `token`. */
  registerUser(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#guarded(fields, async () => {
      const asked = this.#checked(fields, fields['userName'], address);
      if ('code' in asked) return asked;
      return this.#register({ ...asked, kind: 'user', nick: fields['nick'], device: undefined });
    });
  }

  /** §7.3. Fields: `deviceName`, `password`, `verifyCode`, `deviceType`, `vendor`, `model`, and perhaps `confirm`. */
  registerDevice(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#guarded(fields, async () => {
      const asked = this.#checked(fields, fields['deviceName'], address);
      if ('code' in asked) return asked;
      const { verifyCode = '', deviceType = '', vendor = '', model = '' } = fields;
      if (verifyCode === '') return refused(accountCodes.emptyVerificationCode, 'the verification code is empty');
      const confirms = flagIn(fields['confirm']) ?? false;
      if (confirms === 'unfit') return refused(accountCodes.badRequest, unfitFlag);
      const device = { verifyCode, deviceType, vendor, model, confirms };
      return this.#register({ ...asked, kind: 'device', nick: fields['nick'], device });
    });
  }

  async #register(account: NewAccount): Promise<AccountAnswer> {
    const { name, kind } = account;
    switch (await this.#options.keeper.register(account)) {
      case 'registered':
        return { code: accountCodes.success, message: 'registered', id: this.#idOf(name), isNew: true };
      case 'exists': {
        const code = kind === 'user' ? accountCodes.userExists : accountCodes.deviceExists;
        return refused(code, `there is an account "${name}" already`);
      }
      case 'code-unfit':
        return refused(accountCodes.badRequest, 'a verification code has 6 to 64 letters and digits');
      default:
        return refused(accountCodes.badRequest, `the password ${unfitPassword}`);
    }
  }

  /** Name, password, token, domain, and the rate of the address. */
  #checked(fields: AccountFields, given: string | undefined, address: string) {
    const { domain, keeper, isTrusted = false } = this.#options;
    const invitation = isTrusted ? undefined : this.#options.invitation;
    if (invitation !== undefined && fields['token'] !== invitation) {
      // Counted like a registration, so that guesses of the token are slowed too.
      const wait = keeper.mayRegister(address);
      return wait > 0 ? tooMany(wait) : refused(accountCodes.invalidToken, 'the token is not valid');
    }
    if (fields['domain'] && fields['domain'] !== domain) {
      return refused(accountCodes.badRequest, `accounts are of the domain ${domain}`);
    }
    const name = this.#nameIn(given);
    if (name === undefined)
      return refused(accountCodes.badRequest, `that cannot be the name of an account: what stands before @${domain}`);
    const { password = '' } = fields;
    if (password === '') return refused(accountCodes.emptyPassword, 'the password is empty');
    const wait = isTrusted ? 0 : keeper.mayRegister(address);
    return wait > 0 ? tooMany(wait) : { name, password };
  }

  /** What is known of the account that proves itself by its password. */
  read(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#asOwner(fields, address, async (name) => {
      const found = await this.#options.keeper.facts(name);
      return { code: accountCodes.success, message: 'ok', id: this.#idOf(name), facts: found?.facts ?? {} };
    });
  }

  /** 206 §8.2.2. Fields besides: `newPassword`, `nick`, `deviceType`, `vendor`, `model`, `confirm`. */
  modify(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#asOwner(fields, address, async (name) => {
      const { newPassword, nick, deviceType, vendor, model } = fields;
      if (newPassword === '') return refused(accountCodes.emptyPassword, 'the new password is empty');
      const confirms = flagIn(fields['confirm']);
      if (confirms === 'unfit') return refused(accountCodes.badRequest, unfitFlag);
      const given = { password: newPassword, nick, deviceType, vendor, model, confirms };
      const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      if (Object.keys(change).length === 0) return refused(accountCodes.badRequest, nothingToChange);
      const fits = await this.#options.keeper.modify(name, change);
      return fits
        ? { code: accountCodes.success, message: 'changed', id: this.#idOf(name) }
        : refused(accountCodes.badRequest, `the new password ${unfitPassword}`);
    });
  }

  /** 206 §8.2.3: with its bindings, friends and permissions. */
  remove(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#asOwner(fields, address, async (name) => {
      await this.#options.keeper.remove(name);
      return { code: accountCodes.success, message: 'removed', id: this.#idOf(name) };
    });
  }

  /** 206 §8.2.4: a device resets its verification code, and reads the new one here. */
  resetCode(fields: AccountFields, address: string): Promise<AccountAnswer> {
    return this.#asOwner(fields, address, async (name) => {
      const found = await this.#options.keeper.facts(name);
      if (found?.kind !== 'device') return refused(accountCodes.badRequest, 'users have no verification code');
      if (fields['verifyCode'])
        return refused(accountCodes.badRequest, 'the new code is made here; leave out verifyCode');
      const issued = await this.#options.keeper.resetCode(name);
      if (issued === undefined) return refused(accountCodes.badRequest, 'the account was removed meanwhile');
      const { code, expiresAt } = issued;
      const expires = expiresAt === undefined ? {} : { expires: new Date(expiresAt).toISOString() };
      return { code: accountCodes.success, message: 'reset', id: this.#idOf(name), verifyCode: code, ...expires };
    });
  }

  #asOwner(
    fields: AccountFields,
    address: string,
    work: (name: string) => Promise<AccountAnswer>,
  ): Promise<AccountAnswer> {
    return this.#guarded(fields, async () => {
      const name = this.#nameIn(fields['userName'] ?? fields['deviceName']);
      const { password = '' } = fields;
      if (this.#options.isTrusted === true) return this.#inPlaceOf(name, work);
      if (password === '') return refused(accountCodes.emptyPassword, 'the password is empty');
      const wrong = refused(accountCodes.badRequest, 'name or password is wrong');
      if (name === undefined) return wrong;
      const proof = await this.#options.keeper.authenticate(name, password, address);
      if (typeof proof === 'object') return tooMany(proof.retryAfter);
      return proof === 'yes' ? work(name) : wrong;
    });
  }

  async #inPlaceOf(name: string | undefined, work: (name: string) => Promise<AccountAnswer>): Promise<AccountAnswer> {
    const isThere = name !== undefined && (await this.#options.keeper.facts(name)) !== undefined;
    return isThere ? work(name) : refused(accountCodes.badRequest, 'there is no account of that name');
  }

  async #guarded(fields: AccountFields, work: () => Promise<AccountAnswer>): Promise<AccountAnswer> {
    try {
      return unfitField(fields) ?? (await work());
    } catch (error) {
      const { code, retryAfter } = error as { readonly code?: unknown; readonly retryAfter?: Duration };
      if (code === 'TOO_MANY_CHANGES') return tooMany(toSeconds(retryAfter!));
      this.#log.error('the account server failed', { error });
      if (isOfDisk(code)) return { ...refused(accountCodes.serverError, cannotStore), retryAfter: 30 };
      return refused(accountCodes.serverError, 'the server failed');
    }
  }

  /** The local part of an account: of its name, or of its whole address, which registrations answer. */
  #nameIn(given = ''): string | undefined {
    const own = `@${this.#options.domain}`;
    return prepareLocal(given.toLowerCase().endsWith(own) ? given.slice(0, -own.length) : given);
  }

  #idOf(name: string): string {
    return `${name}@${this.#options.domain}`;
  }
}

/** What is wrong with a field whatever it is for. Others show names and models to people, and send them on in XML. */
function unfitField(fields: AccountFields): AccountAnswer | undefined {
  for (const [name, value = ''] of Object.entries(fields)) {
    if (value.length > longest) {
      return refused(accountCodes.badRequest, `a field has at most ${longest} characters`);
    }
    // Passwords have a rule of their own (RFC 8265).
    if (!/password$/i.test(name) && /[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value)) {
      return refused(accountCodes.badRequest, 'a field has no control characters');
    }
  }
  return undefined;
}

const unfitFlag = 'confirm is 1 or 0, true or false';

/** Undefined when nothing is said. What is no flag is no `false` either: who wants to be asked must not go unasked. */
function flagIn(text = ''): boolean | 'unfit' | undefined {
  if (text === '') return undefined;
  if (text === '1' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : 'unfit';
}

function refused(code: AccountCode, message: string): AccountAnswer {
  return { code, message };
}

function tooMany(seconds: number): AccountAnswer {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  return { code: accountCodes.tooManyRequests, message: `try again in ${retryAfter} s`, retryAfter };
}
