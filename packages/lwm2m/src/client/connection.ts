import { type CoapEndpoint, parseCoapUri } from '@yaolian/coap';
import { isIPv4, isIPv6, type Peer, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { clientErrors } from './errors.ts';
import { SecurityMode } from './objects/security.ts';

/** A server's address and what to prove oneself with: an instance of the Security object. */
export interface ServerAccess {
  readonly uri: string;
  /** One of {@link SecurityMode}. */
  readonly securityMode: number;
  readonly publicKeyOrIdentity: Uint8Array;
  readonly serverPublicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** The way to one server. */
export interface Connection {
  /** Carries our requests and brings the server's. */
  readonly endpoint: CoapEndpoint;
  readonly peer: Peer;
  /** Called once when the client needs the connection no more. The endpoint may serve other connections. */
  release?(): Promise<void> | void;
}

/** Makes connections: plain UDP here, DTLS elsewhere. */
export interface Connector {
  /** @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, or whatever the transport throws: it counts as unreachable */
  connect(access: ServerAccess, signal: AbortSignal): Promise<Connection>;
}

/** Finds the address of a host name. */
export type Resolve = (host: string, port: number, signal: AbortSignal) => Promise<SocketAddress>;

/**
 * Connects to `coap://` servers over one endpoint, without security.
 * @param resolve for host names; without it URIs hold addresses
 */
export function plainConnector(endpoint: CoapEndpoint, resolve?: Resolve): Connector {
  return {
    async connect(access, signal) {
      const uri = parseCoapUri(access.uri);
      if (!uri.ok) throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, uri.error);
      const { scheme, host, port } = uri.value;
      if (scheme !== 'coap' || access.securityMode !== SecurityMode.NoSec) {
        throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, 'this connector does coap without security only');
      }
      if (isIPv4(host) || isIPv6(host)) return { endpoint, peer: socketAddress(host, port) };
      if (!resolve) throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, 'host names need a resolver');
      return { endpoint, peer: await resolve(host, port, signal) };
    },
  };
}
