import {
  createProfileA,
  createProfileAuto,
  createProfileB,
  createProfileC,
  type VendorCiphers,
  type VendorPasswords,
} from '@yaolian/china-mobile-dm';
import { createPlainProfile, type EnrolmentProfile, type EnrolmentRules } from '@yaolian/lwm2m/server';
import type { Config } from '../config/settings.ts';

/** What the platform issued to vendors, for profiles B and C. */
export interface Vendors {
  readonly passwords: VendorPasswords;
  readonly ciphers: VendorCiphers;
}

const profiles: Readonly<Record<Config['profile'], (rules: EnrolmentRules, vendors: Vendors) => EnrolmentProfile>> = {
  plain: createPlainProfile,
  'china-mobile-a': createProfileA,
  'china-mobile-b': (rules, { ciphers }) => createProfileB(rules, ciphers),
  'china-mobile-c': (rules, { passwords }) => createProfileC(rules, passwords),
  auto: (rules, { passwords, ciphers }) =>
    createProfileAuto({
      a: createProfileA(rules),
      b: createProfileB(rules, ciphers),
      c: createProfileC(rules, passwords),
      plain: createPlainProfile(rules),
    }),
};

/** The profile that the configuration names. */
export function enrolmentProfile(name: Config['profile'], rules: EnrolmentRules, vendors: Vendors): EnrolmentProfile {
  return profiles[name](rules, vendors);
}

/** Which of profiles B and C terminals may be of, so that what they report is read. */
export function reportingProfiles(name: Config['profile']): ReadonlySet<'b' | 'c'> {
  if (name === 'auto') return new Set(['b', 'c']);
  if (name === 'china-mobile-b') return new Set(['b']);
  return new Set(name === 'china-mobile-c' ? ['c'] : []);
}
