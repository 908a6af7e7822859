import { createPlainProfile, type EnrolmentProfile, type EnrolmentRules } from '@yaolian/lwm2m/server';
import type { Config } from '../config/settings.ts';

/** The profile that the configuration names. */
export function enrolmentProfile(name: Config['profile'], rules: EnrolmentRules): EnrolmentProfile {
  switch (name) {
    case 'china-mobile-a':
      return createPlainProfile(rules);
    case 'plain':
      return createPlainProfile(rules);
  }
}
