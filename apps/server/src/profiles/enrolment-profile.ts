import { createProfileA } from '@yaolian/china-mobile-dm';
import { createPlainProfile, type EnrolmentProfile, type EnrolmentRules } from '@yaolian/lwm2m/server';
import type { Config } from '../config/settings.ts';

const profiles: Readonly<Record<Config['profile'], (rules: EnrolmentRules) => EnrolmentProfile>> = {
  plain: createPlainProfile,
  'china-mobile-a': createProfileA,
};

/** The profile that the configuration names. */
export function enrolmentProfile(name: Config['profile'], rules: EnrolmentRules): EnrolmentProfile {
  return profiles[name](rules);
}
