import { createCoapEndpoint } from '@yaolian/coap';
import {
  type Clock,
  type Duration,
  isIPv4,
  type Random,
  type SocketAddress,
  socketAddress,
  type Timers,
} from '@yaolian/kernel';
import { openUdpPort } from '@yaolian/node-runtime';

export interface PingOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly patience: Duration;
}

/**
 * Pings a CoAP server of this machine over UDP (RFC 7252 §4.3), as any terminal could: socket, loop and message layer answer, or they do not.
 * @returns seconds, or why there was no answer
 */
export async function pingCoap(bound: SocketAddress, { patience, ...machine }: PingOptions): Promise<number | string> {
  const start = machine.clock.monotonic();
  try {
    const port = await openUdpPort({
      host: isIPv4(nearest(bound).host) ? '0.0.0.0' : '::',
      port: 0,
      rememberedPeers: 1,
    });
    const coap = createCoapEndpoint({ ...machine, port });
    try {
      await coap.ping(nearest(bound), { timeout: patience });
    } finally {
      await coap.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
  return (machine.clock.monotonic() - start) / 1000;
}

/** Where this machine reaches a socket that is bound to every address. */
function nearest(bound: SocketAddress): SocketAddress {
  if (bound.host === '::' || bound.host === '0.0.0.0') return socketAddress('127.0.0.1', bound.port);
  return bound;
}
