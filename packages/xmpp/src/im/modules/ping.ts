import type { ImModule } from '../module.ts';

/** Ping (XEP-0199) of the server and of one's own account. */
export function pingModule(): ImModule {
  return {
    name: 'XEP-0199',
    serverFeatures: ['urn:xmpp:ping'],
    accountFeatures: ['urn:xmpp:ping'],
    handlers: [
      { namespace: 'urn:xmpp:ping', name: 'ping', types: ['get'], targets: ['server', 'own'], handle: () => undefined },
    ],
  };
}
