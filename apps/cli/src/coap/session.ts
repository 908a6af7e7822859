import {
  type BlockSize,
  type CoapUri,
  createCoapEndpoint,
  type DatagramCoapEndpoint,
  formatCoapUri,
} from '@yaolian/coap';
import { type Duration, formatDuration, hasCode, type SocketAddress, seconds } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, UdpAdapter } from '@yaolian/node-runtime';
import type { CommandRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { resolveUri } from './resolve.ts';
import { traced } from './trace.ts';

/** Options that every CoAP command has. */
export interface SessionOptions {
  readonly verbose?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly blockSize?: BlockSize;
  /** Absent: {@link defaultTimeout}. */
  readonly timeout?: Duration;
}

/** An endpoint of our own, and the address that the URI stands for. */
export interface CoapSession {
  readonly endpoint: DatagramCoapEndpoint;
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
  try {
    return await body({ endpoint, peer });
  } catch (error) {
    if (!hasCode(error, 'COAP_TIMEOUT')) throw error;
    const patience = formatDuration(run.options.timeout ?? defaultTimeout);
    throw cliErrors.CLI_TIMEOUT(
      `${formatCoapUri(uri)} did not answer within ${patience}; is it there, on that port?`,
      error,
    );
  } finally {
    await endpoint.close();
  }
}
