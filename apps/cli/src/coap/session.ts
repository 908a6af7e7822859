import {
  type BlockSize,
  type CoapEndpoint,
  type CoapUri,
  createCoapEndpoint,
  createStreamCoapEndpoint,
  type DatagramCoapEndpoint,
  formatCoapUri,
} from '@yaolian/coap';
import { createDtlsClient } from '@yaolian/dtls';
import {
  type DatagramPort,
  type Duration,
  formatDuration,
  hasCode,
  isIPv4,
  isIPv6,
  type SocketAddress,
  seconds,
} from '@yaolian/kernel';
import {
  coapStreamConnector,
  dtlsClientCredentials,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openCrypto,
  openUdpPort,
  type TlsClientOptions,
  UdpAdapter,
} from '@yaolian/node-runtime';
import type { CommandRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { resolveUri } from './resolve.ts';
import { tracedStreams } from './stream-trace.ts';
import { traced } from './trace.ts';

/** Options that every CoAP command has. */
export interface SessionOptions {
  readonly verbose?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly blockSize?: BlockSize;
  /** Absent: {@link defaultTimeout}. */
  readonly timeout?: Duration;
  /** For coaps+tcp and coaps+ws: a PEM file with whom to trust. */
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly pskIdentity?: string;
  readonly pskKey?: Uint8Array;
  /** PEM files with our own certificate and its key. */
  readonly cert?: string;
  readonly certKey?: string;
}

/** An endpoint of our own, and the address that the URI stands for. */
export interface CoapSession {
  readonly endpoint: CoapEndpoint;
  /** The same, where it is one that reaches groups. */
  readonly datagrams: DatagramCoapEndpoint | undefined;
  readonly peer: SocketAddress;
}

/** How long a person waits, where RFC 7252 would have four minutes of patience. */
export const defaultTimeout = seconds(30);

/** What a person may want to fetch or send: a firmware image, say. */
const largestBody = 256 * 1024 * 1024;

/** Opens an endpoint on a free port, runs `body` and closes it again. */
export async function withSession<T>(
  run: CommandRun<SessionOptions>,
  uri: CoapUri,
  body: (session: CoapSession) => Promise<T>,
): Promise<T> {
  const peer = await resolveUri(uri, run.options.ipv4 ? 4 : run.options.ipv6 ? 6 : 0);
  const isStream = uri.scheme.includes('+');
  const { endpoint, datagrams } = isStream ? await streamEndpoint(run, uri) : await datagramEndpoint(run, uri, peer);
  try {
    return await body({ endpoint, datagrams, peer });
  } catch (error) {
    const place = formatCoapUri(uri);
    if (hasCode(error, 'COAP_CONNECT_FAILED')) {
      throw cliErrors.CLI_UNREACHABLE(`${place} cannot be reached: ${adviceOf(error as Error)}`, error);
    }
    if (!hasCode(error, 'COAP_TIMEOUT')) throw error;
    const patience = formatDuration(run.options.timeout ?? defaultTimeout);
    throw cliErrors.CLI_TIMEOUT(`${place} did not answer within ${patience}; is it there, on that port?`, error);
  } finally {
    await endpoint.close();
  }
}

type Endpoints = Pick<CoapSession, 'endpoint' | 'datagrams'>;

async function datagramEndpoint(
  run: CommandRun<SessionOptions>,
  uri: CoapUri,
  peer: SocketAddress,
): Promise<Endpoints> {
  const host = peer.family === 4 ? '0.0.0.0' : '::';
  const isSecure = uri.scheme === 'coaps';
  const udp = await openUdpPort({ host, port: 0, adapter: UdpAdapter.Portable });
  const socket = isSecure ? await dtlsPort(run.options, uri, udp, peer) : udp;
  const start = nodeClock.monotonic();
  const say = (text: string): void => void run.host.stderr.write(text);
  const port = run.options.verbose ? traced(socket, () => nodeClock.monotonic() - start, say) : socket;
  const { blockSize } = run.options;
  const endpoint = createCoapEndpoint({
    port,
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    bounds: { maximumBodyBytes: largestBody },
    ...(blockSize === undefined ? {} : { blockSize }),
  });
  return { endpoint, datagrams: isSecure ? undefined : endpoint };
}

/** With a session already, so that what keeps it from being made is told at once. */
async function dtlsPort(
  options: SessionOptions,
  uri: CoapUri,
  port: DatagramPort,
  peer: SocketAddress,
): Promise<DatagramPort> {
  try {
    const tls = await tlsOptions(options);
    const crypto = await openCrypto();
    // RFC 6066 §3: addresses are no server names.
    const isName = !isIPv4(uri.host) && !isIPv6(uri.host);
    const credentials = dtlsClientCredentials(isName ? { serverName: uri.host, ...tls } : tls, crypto);
    const bounds = { handshakeTimeout: options.timeout ?? defaultTimeout };
    const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
    const dtls = createDtlsClient({ port, crypto, credentials, bounds, ...runtime });
    await dtls.connect(peer);
    return dtls;
  } catch (error) {
    await port.close();
    if (!hasCode(error, 'DTLS_HANDSHAKE_FAILED')) throw error;
    throw cliErrors.CLI_UNREACHABLE(`${formatCoapUri(uri)} cannot be reached: ${dtlsAdviceOf(error as Error)}`, error);
  }
}

async function streamEndpoint(run: CommandRun<SessionOptions>, uri: CoapUri): Promise<Endpoints> {
  const plain = coapStreamConnector(uri, await tlsOptions(run.options));
  const start = nodeClock.monotonic();
  const say = (text: string): void => void run.host.stderr.write(text);
  const connector = run.options.verbose ? tracedStreams(plain, () => nodeClock.monotonic() - start, say) : plain;
  const { blockSize } = run.options;
  const endpoint = createStreamCoapEndpoint({
    connector,
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    bounds: { maximumBodyBytes: largestBody },
    ...(blockSize === undefined ? {} : { blockSize }),
  });
  return { endpoint, datagrams: undefined };
}

/** How a server is to prove who it is, and we. */
export async function tlsOptions(
  options: Pick<SessionOptions, 'ca' | 'insecure' | 'pskIdentity' | 'pskKey' | 'cert' | 'certKey'>,
): Promise<TlsClientOptions> {
  const { ca, insecure = false, pskIdentity, pskKey, cert, certKey } = options;
  if ((pskIdentity === undefined) !== (pskKey === undefined)) {
    throw cliErrors.CLI_USAGE('--psk-identity and --psk-key go together');
  }
  if ((cert === undefined) !== (certKey === undefined)) throw cliErrors.CLI_USAGE('--cert and --cert-key go together');
  return {
    insecure,
    ...(cert !== undefined && { credentials: { certificate: await readBytes(cert), key: await readBytes(certKey!) } }),
    ...(ca !== undefined && { authorities: await readBytes(ca) }),
    ...(pskIdentity !== undefined && { psk: { identity: pskIdentity, key: pskKey! } }),
  };
}

function dtlsAdviceOf({ message }: Error): string {
  if (/no authority/.test(message))
    return `${message}; give its certificate with --ca, or do without trust with --insecure`;
  const isSilent = /in time|too long|timeout/.test(message);
  return isSilent ? `${message}; is it there, and are identity and key the right ones?` : message;
}

function adviceOf(error: Error): string {
  const reason = error.message.replace(/; if the root CA is installed locally.*$/, '');
  const isTrust = /self-signed|unable to (?:get|verify)|certificate/.test(reason);
  return isTrust ? `${reason}; give its certificate with --ca, or do without trust with --insecure` : reason;
}
