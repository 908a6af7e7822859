import { type CoapEndpoint, type CoapUri, parseCoapUri } from '@yaolian/coap';
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
  /** How the certificate of the server is judged, and what is offered: resources 13 to 20, where they are. */
  readonly matchingType?: number;
  readonly sni?: string;
  readonly certificateUsage?: number;
  /** By IANA's numbers. */
  readonly ciphersuites?: readonly number[];
  /** By IANA's numbers. */
  readonly groups?: readonly number[];
  /** SignatureSchemes by IANA's numbers: those that the client may use, of those that the server can do (resources 19 and 20). */
  readonly signatureAlgorithms?: readonly number[];
}

/** The way to one server. */
export interface Connection {
  /** Carries our requests and brings the server's. */
  readonly endpoint: CoapEndpoint;
  readonly peer: Peer;
  /** Called once when the client needs the connection no more. The endpoint may serve other connections. */
  release?(): Promise<void> | void;
  /** The server did not answer: over DTLS it may have lost the session, so the next request makes another one. */
  renew?(): void;
  /** On streams: calls back when the server cannot reach us any more, until we ask it something. */
  onLost?(listener: () => void): void;
}

/** Makes connections. */
export interface Connector {
  /**
   * @param onAlert hears of each fatal TLS or DTLS alert of the server, as long as the connection lives (RFC 5246 §7.2: its AlertDescription)
   * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, or whatever the transport throws: it counts as unreachable
   */
  connect(access: ServerAccess, signal: AbortSignal, onAlert?: OnAlert): Promise<Connection>;
}

export type OnAlert = (description: number) => void;

/** Finds the address of a host name. */
export type Resolve = (host: string, port: number, signal: AbortSignal) => Promise<SocketAddress>;

/**
 * Connects to `coap://` servers over one endpoint, without security.
 * @param resolve for host names; without it URIs hold addresses
 */
export function plainConnector(endpoint: CoapEndpoint, resolve?: Resolve): Connector {
  return transportConnector({ datagrams: endpoint, ...(resolve && { resolve }) });
}

export interface TransportOptions {
  /** For `coap://`. It serves all servers and stays open. */
  readonly datagrams?: CoapEndpoint;
  /**
   * For `coaps://`: an endpoint over DTLS to one server, as its account says, once it has a session. It is closed with the account's connection.
   * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, or whatever keeps it from being made
   */
  readonly openSecureDatagrams?: (
    uri: CoapUri,
    access: ServerAccess,
    peer: SocketAddress,
    signal: AbortSignal,
    onAlert: OnAlert,
  ) => SecureDatagrams | Promise<SecureDatagrams>;
  /**
   * For `coap+tcp://`, `coaps+tcp://`, `coap+ws://` and `coaps+ws://`: an endpoint that connects to one server as its account says,
   * on demand and again after a loss. It is closed with the account's connection.
   * @param onLost to be called when a connection ended
   * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, or whatever keeps it from being made
   */
  readonly openStreams?: (uri: CoapUri, access: ServerAccess, onLost: () => void, onAlert: OnAlert) => CoapEndpoint;
  /** For host names; without it URIs hold addresses. */
  readonly resolve?: Resolve;
}

/** A CoAP endpoint over DTLS. */
export interface SecureDatagrams {
  readonly endpoint: CoapEndpoint;
  /** Ends the session with a server; the next request makes another. */
  disconnect(peer: Peer): void;
}

/** Connects to servers by the transport that their URI names (OMA-TS-LightweightM2M_Transport 1.1 §6.2). */
export function transportConnector(options: TransportOptions): Connector {
  const { datagrams, openSecureDatagrams, openStreams, resolve } = options;
  return {
    async connect(access, signal, onAlert = () => {}) {
      const uri = parseCoapUri(access.uri);
      if (!uri.ok) throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, uri.error);
      const cannot = (why: string) => clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, why);
      const { scheme, host, port } = uri.value;
      const isStream = scheme.includes('+');
      const isSecure = scheme.startsWith('coaps');
      if (isSecure === (access.securityMode === SecurityMode.NoSec)) {
        const right = isSecure ? 'it takes PreSharedKey, RawPublicKey or Certificate' : 'NoSec does';
        throw cannot(`${scheme} does not go with security mode ${access.securityMode}; ${right}`);
      }
      const way = isStream ? 'openStreams' : isSecure ? 'openSecureDatagrams' : 'datagrams';
      if (!options[way]) throw cannot(`this connector does not do ${scheme}; transportConnector takes ${way} for that`);
      let peer: SocketAddress;
      if (isIPv4(host) || isIPv6(host)) peer = socketAddress(host, port);
      else if (resolve) peer = await resolve(host, port, signal);
      else throw cannot('host names need a resolver, which plainConnector and transportConnector take');
      if (isStream) return streamConnection((onLost) => openStreams!(uri.value, access, onLost, onAlert), peer);
      if (!isSecure) return { endpoint: datagrams!, peer };
      const { endpoint, disconnect } = await openSecureDatagrams!(uri.value, access, peer, signal, onAlert);
      return { endpoint, peer, renew: () => disconnect(peer), release: () => endpoint.close() };
    },
  };
}

function streamConnection(open: (onLost: () => void) => CoapEndpoint, peer: Peer): Connection {
  let tell = () => {};
  const endpoint = open(() => tell());
  return {
    endpoint,
    peer,
    onLost: (listener) => {
      tell = listener;
    },
    release: () => {
      tell = () => {};
      return endpoint.close();
    },
  };
}
