import { failure, type Result, success } from '@yaolian/kernel';
import type { ValueCipher } from './value-cipher.ts';

/** What kind of terminal speaks: A Android, L Linux, I interface. */
export const profileBTerminals = { A: 'android', L: 'linux', I: 'interface' } as const;

export type ProfileBTerminal = keyof typeof profileBTerminals;

/**
 * An endpoint name of profile B as it stands on the wire, `T@#@ENC(…)@#@appKey`, from report interface 2.0 on with
 * `@#@imei@#@dmVersion` behind it. Whose password the encrypted part has, the appKey tells.
 */
export interface ProfileBName {
  readonly terminal: ProfileBTerminal;
  /** Base64: {@link decryptProfileBIdentity}. */
  readonly encryptedIdentity: string;
  /** `M` and 9 digits. */
  readonly appKey: string;
  /** In the clear, from 2.0 on. */
  readonly imei: string | undefined;
  readonly dmVersion: string | undefined;
}

/** What the encrypted part of a name says: `imei1-imei2-imsi-dmVersion`. Undefined stands for `****`. */
export interface ProfileBIdentity {
  readonly imei1: string | undefined;
  readonly imei2: string | undefined;
  readonly imsi: string | undefined;
  readonly dmVersion: string | undefined;
}

const separator = '@#@';
const absent = '****';

/** A failure is a sentence that says what is right. */
export function parseProfileBName(name: string): Result<ProfileBName, string> {
  const parts = name.split(separator, 6);
  if (parts.length !== 3 && parts.length !== 5) {
    return failure(`the name has three or five parts with ${separator} between: T, identity, appKey, IMEI, version`);
  }
  const [terminal, encryptedIdentity, appKey, imei, dmVersion] = parts as [string, string, string, string?, string?];
  if (!Object.hasOwn(profileBTerminals, terminal)) return failure('part 1 (terminal) is A, L or I');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encryptedIdentity)) return failure('part 2 (identity) is Base64');
  if (!/^M\d{9}$/.test(appKey)) return failure('part 3 (appKey) is M and 9 digits');
  if (imei !== undefined && !isAbsentOr(/^\d{1,17}$/, imei))
    return failure('part 4 (IMEI) is at most 17 digits or ****');
  return success({
    terminal: terminal as ProfileBTerminal,
    encryptedIdentity,
    appKey,
    imei: present(imei),
    dmVersion: present(dmVersion),
  });
}

/** The inverse of {@link parseProfileBName}: with five parts when `imei` or `dmVersion` is there. */
export function formatProfileBName(name: ProfileBName): string {
  const parts: string[] = [name.terminal, name.encryptedIdentity, name.appKey];
  if (name.imei !== undefined || name.dmVersion !== undefined) {
    parts.push(name.imei ?? absent, name.dmVersion ?? absent);
  }
  return parts.join(separator);
}

/** Reads the encrypted part of a name. A failure is a sentence that says what is right. */
export function decryptProfileBIdentity(encrypted: string, cipher: ValueCipher): Result<ProfileBIdentity, string> {
  const text = cipher.decrypt(encrypted);
  if (!text.ok) return failure(`part 2 (identity): ${text.error}`);
  // The version comes last and may have a "-" of its own.
  const match = /^([^-]*)-([^-]*)-([^-]*)-(.*)$/s.exec(text.value);
  if (!match) return failure('the identity is imei1-imei2-imsi-dmVersion');
  const [imei1, imei2, imsi, dmVersion] = match.slice(1) as [string, string, string, string];
  for (const [field, value] of Object.entries({ imei1, imei2, imsi })) {
    if (!isAbsentOr(/^\d{1,17}$/, value)) return failure(`${field} of the identity is at most 17 digits or ****`);
  }
  return success({
    imei1: present(imei1),
    imei2: present(imei2),
    imsi: present(imsi),
    dmVersion: present(dmVersion),
  });
}

export function encryptProfileBIdentity(identity: ProfileBIdentity, cipher: ValueCipher): string {
  const { imei1, imei2, imsi, dmVersion } = identity;
  return cipher.encrypt([imei1, imei2, imsi, dmVersion].map((field) => field ?? absent).join('-'));
}

/** The device behind a name is its IMEI: the first, or the second where there is no first. */
export function profileBDeviceKey(identity: ProfileBIdentity): string | undefined {
  return identity.imei1 ?? identity.imei2;
}

function isAbsentOr(pattern: RegExp, text: string): boolean {
  return text === absent || pattern.test(text);
}

function present(text: string | undefined): string | undefined {
  return text === absent ? undefined : text;
}
