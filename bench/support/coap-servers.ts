import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Contender } from './contest.ts';
import { nodeServer } from './echo-servers.ts';
import { startPinned } from './pinned-process.ts';

/** Our server with /time over an adapter of the datagram port. */
export function coapTime(adapter: 'portable' | 'batched' | 'tcp'): Contender {
  return {
    name: adapter === 'tcp' ? 'Yaolian over TCP' : `Yaolian over the ${adapter} port`,
    load: 'get',
    start: (port) => startPinned(nodeServer('coap-time', adapter, String(port))),
  };
}

/** The same over DTLS with a crypto adapter. */
export function securedTime(crypto: 'libcrypto' | 'node'): Omit<Contender, 'load'> {
  return {
    name: `Yaolian over DTLS, ${crypto === 'node' ? 'node:crypto' : crypto}`,
    start: (port) => startPinned(nodeServer('coap-time', 'batched', String(port), crypto)),
  };
}

/** libcoap's example server on a TLS library, over DTLS on the port after `port`; undefined when it is not installed. */
export function libcoapSecuredTime(library: 'openssl' | 'gnutls'): Omit<Contender, 'load'> | undefined {
  const program = `coap-server-${library}`;
  if (!isInstalled(program)) return undefined;
  const key = ['-k', '0123456789abcdef', '-h', 'hint'];
  return {
    name: `libcoap's ${program}`,
    start: (port) =>
      startPinned([program, '-A', '127.0.0.1', '-p', String(port - 1), ...key], {
        isReady: () => answersPing(port - 1),
      }),
  };
}

/**
 * libcoap's example server, which has /time too.
 * @throws Error that says what to install when it is absent
 */
export function libcoapTime(): Contender {
  const program = ['coap-server-notls', 'coap-server'].find(isInstalled);
  if (program === undefined) throw new Error('the yardstick is missing: apt-get install libcoap3-bin');
  return {
    name: `libcoap's ${program}`,
    load: 'get',
    start: (port) =>
      startPinned([program, '-A', '127.0.0.1', '-p', String(port)], { isReady: () => answersPing(port) }),
  };
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // `which` says so by its exit code
  }
}

/** Resolves when a CoAP ping (RFC 7252 §4.3: an empty CON) was answered; asks every 50 ms. */
async function answersPing(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const ping = () => socket.send(Uint8Array.of(0x40, 0, 0, 1), port, '127.0.0.1');
  const repeated = setInterval(ping, 50);
  try {
    await once(socket, 'message', { signal: AbortSignal.timeout(5000) });
  } finally {
    clearInterval(repeated);
    socket.close();
  }
}
