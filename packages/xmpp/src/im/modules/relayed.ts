import type { ImModule } from '../module.ts';

/**
 * Extensions between clients in which the server has no part but to leave them as they are: nicks (XEP-0172), receipts (XEP-0184),
 * and delays (XEP-0203), which it puts on messages that waited (XEP-0160).
 */
export function relayedModules(): readonly ImModule[] {
  return [
    { name: 'XEP-0172' },
    { name: 'XEP-0184' },
    { name: 'XEP-0203', serverFeatures: ['urn:xmpp:delay'] },
    { name: 'XEP-0160', serverFeatures: ['msgoffline'] },
  ];
}
