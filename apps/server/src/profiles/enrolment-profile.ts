import {
  createProfileA,
  createProfileAuto,
  createProfileB,
  createProfileC,
  profileOfName,
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

/** Names of one form, which a profile of China Mobile has. */
const formOf = { 'china-mobile-a': 'a', 'china-mobile-b': 'b', 'china-mobile-c': 'c' } as const;

/**
 * The profile that the configuration names, which may change at any time. Who registered by another one stays so until its next Register:
 * its Updates are judged by no profile that its name is not of.
 */
export function enrolmentProfile(
  current: () => Config['profile'],
  rules: EnrolmentRules,
  vendors: Vendors,
): EnrolmentProfile {
  const all = new Map(
    (Object.keys(profiles) as Config['profile'][]).map((name) => [name, profiles[name](rules, vendors)]),
  );
  const now = () => all.get(current())!;
  const of = (endpoint: string) => {
    const name = current();
    const isOther = name !== 'plain' && name !== 'auto' && profileOfName(endpoint) !== formOf[name];
    return isOther ? all.get('plain')! : now();
  };
  return {
    enrol: (request) => now().enrol(request),
    registered: (deviceKey, request) => of(request.endpoint).registered(deviceKey, request),
    versionOf: (endpoint) => of(endpoint).versionOf?.(endpoint),
    judgeUpdate: (update) => of(update.endpoint).judgeUpdate?.(update),
  };
}

/** Which of profiles B and C terminals may be of, so that what they report is read. */
export function reportingProfiles(name: Config['profile']): ReadonlySet<'b' | 'c'> {
  if (name === 'auto') return new Set(['b', 'c']);
  if (name === 'china-mobile-b') return new Set(['b']);
  return new Set(name === 'china-mobile-c' ? ['c'] : []);
}
