import type { Peer } from '@yaolian/kernel';
import type { ClientRole } from './client-role.ts';
import type { ProtectedReceiver } from './messaging.ts';
import type { ServerRole } from './server-role.ts';

/** The two roles of an endpoint as what is below them sees them; they need it first, so they come later. */
export function protectedRoles(
  client: () => ClientRole,
  server: () => ServerRole,
  onMoved: (peer: Peer) => void = () => {},
): ProtectedReceiver {
  return {
    onRequest: (request) => server().onRequest(request),
    onResponse: (message, peer) => client().onResponse(message, peer),
    awaiting: (message) => client().tokens.withToken(message),
    onMoved,
    onRenewed: (peer) => {
      server().onDisconnected(peer);
      client().onDisconnected(peer);
    },
  };
}
