import {
  type AuditRetention,
  defaultAuditRetention,
  defaultRefusalBounds,
  type RefusalBounds,
} from '@yaolian/directory';
import type { Config } from '../config/settings.ts';

/** How much of the audit trail is kept, as the settings `audit.*` have it. */
export function auditBounds(config: Config): { readonly retention: AuditRetention; readonly refusals: RefusalBounds } {
  const maxEntries = config['audit.max-entries'];
  const ofAccounts = config['audit.max-refusals'];
  return {
    retention: {
      maxAge: config['audit.keep'],
      maxEntries,
      pruneAfter: Math.min(defaultAuditRetention.pruneAfter, Math.ceil(maxEntries / 100)),
    },
    refusals: {
      ...defaultRefusalBounds,
      lines: { ra: ofAccounts, https: ofAccounts, rest: config['audit.max-operator-refusals'] },
    },
  };
}
