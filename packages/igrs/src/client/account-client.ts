import { accountCodes } from '../account-codes.ts';
import { raClientErrors } from './errors.ts';

/**
 * Sends a document of JSON over HTTPS, follows no redirects, and gives back what came.
 * @throws when nothing came
 */
export type PostJson = (
  url: string,
  body: string,
  signal: AbortSignal | undefined,
) => Promise<{ readonly status: number; readonly body: string }>;

/** The account server said no: `code` is of {@link accountCodes}. */
export class AccountRefused extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message === '' ? `the account server refused (${code})` : message);
    this.name = 'AccountRefused';
    this.code = code;
  }
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly nick?: string | undefined;
  /** The invitation, where one is needed. */
  readonly token?: string | undefined;
}

export interface NewDevice extends NewUser {
  readonly verifyCode: string;
  readonly deviceType: string;
  readonly vendor: string;
  readonly model: string;
  /** Whether the device is asked before a user owns it. */
  readonly confirms?: boolean | undefined;
}

/** Who an account proves to be. */
export interface AccountProof {
  readonly name: string;
  readonly password: string;
}

interface Asking {
  readonly signal?: AbortSignal;
}

type Answer = Readonly<Record<string, unknown>>;

/** The account server of a platform (GB/T 29265.205 §7, GB/T 29265.206 §8.2) over HTTPS. All methods reject with {@link AccountRefused}. */
export class AccountClient {
  readonly #url: string;
  readonly #post: PostJson;

  /** @param url `https://home.example` */
  constructor({ url, post }: { readonly url: string; readonly post: PostJson }) {
    this.#url = url.replace(/\/+$/, '');
    this.#post = post;
  }

  /** §7.2. @returns the address of the account */
  async registerUser({ name, ...rest }: NewUser, asking: Asking = {}): Promise<string> {
    return idOf(await this.#ask('user/register', { userName: name, ...rest }, asking), this.#url);
  }

  /** §7.3. @returns the address of the account */
  async registerDevice({ name, confirms, ...rest }: NewDevice, asking: Asking = {}): Promise<string> {
    const confirm = confirms === true ? '1' : undefined;
    return idOf(await this.#ask('device/register', { deviceName: name, ...rest, confirm }, asking), this.#url);
  }

  /** What the server knows of the account, by name. */
  async read({ name, password }: AccountProof, asking: Asking = {}): Promise<Readonly<Record<string, string>>> {
    const { code: _, message: __, ...facts } = await this.#ask('user/read', { userName: name, password }, asking);
    return Object.fromEntries(
      Object.entries(facts).filter((fact): fact is [string, string] => typeof fact[1] === 'string'),
    );
  }

  /** GB/T 29265.206 §8.2.2. */
  async modify(
    { name, password }: AccountProof,
    change: {
      readonly newPassword?: string | undefined;
      readonly nick?: string | undefined;
      readonly deviceType?: string | undefined;
      readonly vendor?: string | undefined;
      readonly model?: string | undefined;
      /** Whether the device is asked before a user owns it. */
      readonly confirms?: boolean | undefined;
    },
    asking: Asking = {},
  ): Promise<void> {
    const { confirms, ...rest } = change;
    const confirm = confirms === undefined ? undefined : confirms ? '1' : '0';
    await this.#ask('user/modify', { userName: name, password, ...rest, confirm }, asking);
  }

  /** GB/T 29265.206 §8.2.3: with its bindings, friends and permissions. */
  async remove({ name, password }: AccountProof, asking: Asking = {}): Promise<void> {
    await this.#ask('user/delete', { userName: name, password }, asking);
  }

  /** GB/T 29265.206 §8.2.4: a new verification code of a device. */
  async resetCode({ name, password }: AccountProof, asking: Asking = {}): Promise<string> {
    const { verifyCode } = await this.#ask('device/verifycode', { deviceName: name, password }, asking);
    if (typeof verifyCode !== 'string') throw raClientErrors.RA_ANSWER_MALFORMED(this.#url);
    return verifyCode;
  }

  async #ask(path: string, fields: Readonly<Record<string, string | undefined>>, { signal }: Asking): Promise<Answer> {
    const { body } = await this.#post(`${this.#url}/rest/v1/${path}.json`, JSON.stringify(fields), signal);
    const answer = parse(body);
    const { code, message } = answer ?? {};
    if (answer === undefined || typeof code !== 'number') throw raClientErrors.RA_NO_ACCOUNT_SERVER(this.#url);
    if (code !== accountCodes.success) throw new AccountRefused(code, typeof message === 'string' ? message : '');
    return answer;
  }
}

function parse(body: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined; // no JSON: no account server
  }
}

function idOf({ id }: Answer, url: string): string {
  if (typeof id === 'string') return id;
  throw raClientErrors.RA_ANSWER_MALFORMED(url);
}
