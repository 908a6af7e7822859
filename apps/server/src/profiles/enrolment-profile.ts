import type { EnrolmentProfile } from '@yaolian/lwm2m/server';
import type { Config } from '../config/settings.ts';
import { type PlainProfileOptions, plainProfile } from './plain.ts';

/** The profile that the configuration names. */
export function enrolmentProfile(name: Config['profile'], options: PlainProfileOptions): EnrolmentProfile {
  switch (name) {
    case 'china-mobile-a':
      return plainProfile(options);
    case 'plain':
      return plainProfile(options);
  }
}
