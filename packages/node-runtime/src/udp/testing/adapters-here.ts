import type { TestContext } from 'node:test';
import { openUdpPort } from '../open-udp-port.ts';
import { loadSocketCalls } from '../socket-calls.ts';
import type { UdpPort, UdpPortOptions } from '../udp-port.ts';

/** The adapters that work on this machine. `open-udp-port.test.ts` sees to it that on Linux it is both. */
export async function adaptersHere(): Promise<readonly ('portable' | 'batched')[]> {
  const calls = await loadSocketCalls();
  return calls.ok ? ['portable', 'batched'] : ['portable'];
}

/** Opens a port on 127.0.0.1 (or what `options` say) that closes when the test ends. */
export async function openFor(t: TestContext, options: Partial<UdpPortOptions>): Promise<UdpPort> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, ...options });
  t.after(() => port.close());
  return port;
}
