import { type CoapEndpoint, type CoapUri, createCoapEndpoint, createStreamCoapEndpoint } from '@yaolian/coap';
import { createDtlsClient, type DtlsClient } from '@yaolian/dtls';
import { type DatagramPort, equalBytes, type Peer, type SocketAddress, seconds } from '@yaolian/kernel';
import {
  type Connector,
  clientErrors,
  type MqttAccess,
  type ServerAccess,
  transportConnector,
} from '@yaolian/lwm2m/client';
import { createMqttTerminalEndpoint, MqttTopics, type MqttUri } from '@yaolian/lwm2m/mqtt';
import {
  coapStreamConnector,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openCrypto,
  openMqttPort,
  openUdpPort,
  type TlsClientOptions,
  UdpAdapter,
} from '@yaolian/node-runtime';
import type { Oscore, OscoreCredentials } from '@yaolian/oscore';
import { resolveHost } from '../udp/resolve.ts';
import { dtlsCredentialsOf, dtlsOffersOf, tlsCredentialsOf } from './account-credentials.ts';

/** Opens a UDP port of its own for a server that is reached by DTLS. */
export type OpenPort = (server: SocketAddress) => Promise<DatagramPort>;

const openPort: OpenPort = ({ family }) =>
  openUdpPort({ host: family === 6 ? '::' : '0.0.0.0', port: 0, adapter: UdpAdapter.Portable });

/** As long as CoAP waits for an answer: MAX_TRANSMIT_WAIT. */
const bounds = { handshakeTimeout: seconds(93) };

/**
 * The way to servers by every transport.
 * @param tls what goes for all servers, beside their accounts
 * @param oscore what `datagrams` is protected with, for accounts with OSCORE
 * @param rederiving the Master Secret of a context that both sides make anew where one lost its state (RFC 8613 Appendix B.2)
 * @param endpointName the terminal's, which its topics at MQTT brokers have; without it there is no MQTT
 */
export function terminalConnector(
  datagrams: CoapEndpoint | undefined,
  tls: TlsClientOptions = {},
  open: OpenPort = openPort,
  oscore?: Oscore,
  endpointName?: string,
  rederiving?: Uint8Array,
): Connector {
  return transportConnector({
    ...(datagrams && { datagrams }),
    ...(oscore && {
      openOscore: (access, server) => {
        const rederives = rederiving !== undefined && equalBytes(rederiving, access.masterSecret);
        return oscore.open({ ...(access as OscoreCredentials), ...(rederives && { rederives }) }, server);
      },
    }),
    resolve: resolveHost,
    openSecureDatagrams: async (uri, access, peer, signal, onAlert) => {
      const crypto = await openCrypto();
      const credentials = dtlsCredentialsOf(access, uri, tls, crypto);
      const offers = dtlsOffersOf(access);
      const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
      const sessions = { onAlert: (_: unknown, description: number) => onAlert(description) };
      const port = await open(peer);
      const dtls = createDtlsClient({ port, crypto, credentials, bounds, sessions, ...offers, ...runtime });
      await shakeHands(dtls, peer, { uri: access.uri, signal });
      const endpoint = createCoapEndpoint({ port: dtls, ...runtime });
      return { endpoint, disconnect: (server) => dtls.disconnect(server) };
    },
    ...(endpointName !== undefined && {
      openMqtt: (uri, access, signal, onAlert) => openMqtt(uri, { access, endpointName, tls }, signal, onAlert),
    }),
    openStreams: (uri: CoapUri, access, onLost, onAlert) =>
      createStreamCoapEndpoint({
        connector: coapStreamConnector(uri, { ...tlsCredentialsOf(access, uri, tls), onAlert }),
        clock: nodeClock,
        timers: nodeTimers,
        random: nodeRandom,
        onDisconnected: onLost,
        ...(oscore && !uri.scheme.startsWith('coaps') && { protection: oscore }),
      }),
  });
}

interface MqttTerminal {
  readonly access: ServerAccess;
  readonly endpointName: string;
  readonly tls: TlsClientOptions;
}

/** OMA-TS-LightweightM2M_Transport 1.2 §8.3: the terminal is subscribed to its topic before it says anything there. */
async function openMqtt(
  uri: MqttUri,
  { access, endpointName, tls }: MqttTerminal,
  signal: AbortSignal,
  onAlert: (description: number) => void,
): Promise<{ readonly endpoint: CoapEndpoint; readonly peer: Peer }> {
  const { host, port, secure, prefix } = uri;
  const { mqtt } = access;
  const topics = new MqttTopics(prefix);
  let topic: string;
  try {
    topic = topics.topic(access.bootstrap ? 'bs' : 'rd', endpointName);
  } catch (error) {
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, (error as RangeError).message, error);
  }
  const connection = await openMqttPort({
    host,
    port,
    filters: [topic],
    ...(secure && { tls: { ...tlsCredentialsOf(access, { host }, tls), onAlert } }),
    ...(mqtt && accountOf(mqtt)),
  });
  try {
    await connection.subscribed(signal);
  } catch (error) {
    await connection.close();
    signal.throwIfAborted();
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(access.uri, (error as Error).message, error);
  }
  const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const endpoint = createMqttTerminalEndpoint({ port: connection, topics, ...runtime });
  return { endpoint, peer: topics.peer(topic, connection.remoteAddress)! };
}

function accountOf({ clientIdentifier, ...account }: MqttAccess) {
  return { clientId: clientIdentifier, ...account };
}

/** Who cannot have a session hears at once why, and not that a server of CoAP is silent. */
async function shakeHands(
  dtls: DtlsClient,
  peer: SocketAddress,
  { uri, signal }: { readonly uri: string; readonly signal: AbortSignal },
): Promise<void> {
  const close = () => void dtls.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await dtls.connect(peer);
  } catch (error) {
    await dtls.close();
    signal.throwIfAborted();
    throw clientErrors.LWM2M_CLIENT_CANNOT_CONNECT(uri, (error as Error).message, error);
  } finally {
    signal.removeEventListener('abort', close);
  }
}
