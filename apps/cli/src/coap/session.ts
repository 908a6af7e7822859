import {
  type BlockSize,
  type CoapEndpoint,
  type CoapUri,
  createCoapEndpoint,
  createStreamCoapEndpoint,
  type DatagramCoapEndpoint,
  formatCoapUri,
} from '@yaolian/coap';
import { type Duration, formatDuration, hasCode, type SocketAddress, seconds } from '@yaolian/kernel';
import {
  coapStreamConnector,
  nodeClock,
  nodeRandom,
  nodeTimers,
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
  const { endpoint, datagrams } = isStream ? await streamEndpoint(run, uri) : await datagramEndpoint(run, peer);
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

async function datagramEndpoint(run: CommandRun<SessionOptions>, peer: SocketAddress): Promise<Endpoints> {
  const host = peer.family === 4 ? '0.0.0.0' : '::';
  const socket = await openUdpPort({ host, port: 0, adapter: UdpAdapter.Portable });
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
  return { endpoint, datagrams: endpoint };
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
  options: Pick<SessionOptions, 'ca' | 'insecure' | 'pskIdentity' | 'pskKey'>,
): Promise<TlsClientOptions> {
  const { ca, insecure = false, pskIdentity, pskKey } = options;
  if ((pskIdentity === undefined) !== (pskKey === undefined)) {
    throw cliErrors.CLI_USAGE('--psk-identity and --psk-key go together');
  }
  return {
    insecure,
    ...(ca !== undefined && { authorities: await readBytes(ca) }),
    ...(pskIdentity !== undefined && { psk: { identity: pskIdentity, key: pskKey! } }),
  };
}

function adviceOf(error: Error): string {
  const reason = error.message.replace(/; if the root CA is installed locally.*$/, '');
  const isTrust = /self-signed|unable to (?:get|verify)|certificate/.test(reason);
  return isTrust ? `${reason}; give its certificate with --ca, or do without trust with --insecure` : reason;
}
