import { type CoapEndpoint, type CoapUri, parseCoapUri } from '@yaolian/coap';
import { isIPv4, isIPv6, type Peer, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { type MqttUri, parseMqttUri } from '../mqtt/uri.ts';
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
  /** All messages with the server are protected by it: resource 17 leads to it. */
  readonly oscore?: OscoreAccess;
  /** The account is the Bootstrap-Server's. */
  readonly bootstrap?: boolean;
  /** As whom the terminal connects to the broker of an `mqtt://` URI: resource 26 leads to it. */
  readonly mqtt?: MqttAccess;
  /** All messages with the server have to be protected by COSE: resource 27 leads to an instance of object 23. */
  readonly cose?: boolean;
}

/** An instance of object 24 (OMA-TS-LightweightM2M_Core 1.2 appendix E.11). */
export interface MqttAccess {
  /** Empty: the broker makes one. */
  readonly clientIdentifier: string;
  readonly userName?: string;
  readonly password?: Uint8Array;
  /** Seconds. */
  readonly keepAlive?: number;
  readonly cleanSession?: boolean;
  readonly will?: {
    readonly topic: string;
    readonly message: string;
    readonly qos: number;
    readonly retain: boolean;
  };
}

/** A security context of OSCORE (RFC 8613 §3.2), as an instance of object 21 has it: the terminal's view. */
export interface OscoreAccess {
  readonly masterSecret: Uint8Array;
  readonly masterSalt?: Uint8Array;
  /** The terminal's. */
  readonly senderId: Uint8Array;
  /** The server's. */
  readonly recipientId: Uint8Array;
  readonly idContext?: Uint8Array;
  /** COSE's number of the AEAD; default 10, AES-CCM-16-64-128. */
  readonly aead?: number;
  /** COSE's number of the HKDF: -10 with SHA-256, the default, or -11 with SHA-512. */
  readonly kdf?: number;
  /** Whether both sides agreed on new contexts where one lost its state (RFC 8613 Appendix B.2). Object 21 has no resource for it. */
  readonly rederives?: boolean;
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
  /**
   * For accounts with OSCORE: the server as a holder of the context, whom the endpoints of this connector speak to under its protection.
   * `@yaolian/oscore` does that: `(access, address) => oscore.open(access, address)`.
   * @throws RangeError when no context can be made of it
   */
  readonly openOscore?: (access: OscoreAccess, server: SocketAddress) => Peer | Promise<Peer>;
  /**
   * For `mqtt://` and `mqtts://`: an endpoint over the broker (`createMqttTerminalEndpoint` of `@yaolian/lwm2m/mqtt`), once it is
   * subscribed to the terminal's topic, which is the peer. It is closed with the account's connection.
   * @throws YaolianError LWM2M_CLIENT_CANNOT_CONNECT, or whatever keeps it from being made
   */
  readonly openMqtt?: (
    uri: MqttUri,
    access: ServerAccess,
    signal: AbortSignal,
    onAlert: OnAlert,
  ) => Promise<{ readonly endpoint: CoapEndpoint; readonly peer: Peer }>;
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
  const { datagrams, openSecureDatagrams, openStreams, openOscore, resolve } = options;
  return {
    async connect(access, signal, onAlert = () => {}) {
      if (/^mqtts?:/i.test(access.uri)) return mqttConnection(options, access, signal, onAlert);
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
      let server: SocketAddress;
      if (isIPv4(host) || isIPv6(host)) server = socketAddress(host, port);
      else if (resolve) server = await resolve(host, port, signal);
      else throw cannot('host names need a resolver, which plainConnector and transportConnector take');
      const peer =
        access.oscore === undefined ? server : await protectedPeer(access.oscore, server, openOscore, cannot);
      if (isStream) return streamConnection((onLost) => openStreams!(uri.value, access, onLost, onAlert), peer);
      if (!isSecure) return { endpoint: datagrams!, peer };
      const { endpoint, disconnect } = await openSecureDatagrams!(uri.value, access, server, signal, onAlert);
      return { endpoint, peer, renew: () => disconnect(server), release: () => endpoint.close() };
    },
  };
}

async function mqttConnection(
  { openMqtt }: TransportOptions,
  access: ServerAccess,
  signal: AbortSignal,
  onAlert: OnAlert,
): Promise<Connection> {
  const cannot = (why: string) => clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, why);
  const uri = parseMqttUri(access.uri);
  if (!uri.ok) throw cannot(uri.error);
  if (!openMqtt) throw cannot('this connector does no MQTT; transportConnector takes openMqtt for that');
  // OMA-TS-LightweightM2M_Transport 1.2 §8.8: never without the protection that the account wants.
  if (access.cose) throw cannot('its account wants COSE (0/x/27), which is not done here');
  if (access.oscore) throw cannot('OSCORE protects messages of CoAP, not those of MQTT');
  if (!uri.value.secure && access.securityMode !== SecurityMode.NoSec) {
    throw cannot(`mqtt does not go with security mode ${access.securityMode}; NoSec does, and others with mqtts`);
  }
  const { endpoint, peer } = await openMqtt(uri.value, access, signal, onAlert);
  return { endpoint, peer, release: () => endpoint.close() };
}

/** Never in the clear: a terminal whose account wants protection does not speak without. */
async function protectedPeer(
  access: OscoreAccess,
  server: SocketAddress,
  open: TransportOptions['openOscore'],
  cannot: (why: string) => Error,
): Promise<Peer> {
  if (!open) throw cannot('this connector does no OSCORE; transportConnector takes openOscore for that');
  try {
    return await open(access, server);
  } catch (error) {
    throw error instanceof RangeError ? cannot(error.message) : error;
  }
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
