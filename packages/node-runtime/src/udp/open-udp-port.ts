import type { Result } from '@yaolian/kernel';
import { runtimeErrors } from '../errors.ts';
import { openBatchedUdpPort } from './batched-udp-port.ts';
import { openPortableUdpPort } from './portable-udp-port.ts';
import { loadSocketCalls, type SocketCalls } from './socket-calls.ts';
import { settleOptions, UdpAdapter, type UdpPort, type UdpPortOptions } from './udp-port.ts';

/**
 * Opens a UDP socket behind the datagram port, over the adapter that suits this machine best.
 * @throws YaolianError UDP_ADDRESS_IN_USE, UDP_ADDRESS_UNAVAILABLE, UDP_ACCESS_DENIED, UDP_OPEN_FAILED,
 * UDP_BATCHED_UNAVAILABLE (only when that adapter was asked for), UDP_GROUP_FAILED (only when an interface was named)
 * @throws RangeError when an option is out of its range
 */
export async function openUdpPort(options: UdpPortOptions): Promise<UdpPort> {
  const settings = settleOptions(options);
  const { log } = settings;
  if (settings.adapter === UdpAdapter.Portable) return openPortableUdpPort(settings);
  const calls: Result<SocketCalls, string> = await loadSocketCalls();
  if (!calls.ok) {
    if (settings.adapter === UdpAdapter.Batched) throw runtimeErrors.UDP_BATCHED_UNAVAILABLE(calls.error);
    log.info('UDP goes through the portable adapter', { local: settings.address.key, reason: calls.error });
    return openPortableUdpPort(settings);
  }
  const port = await openBatchedUdpPort(settings, calls.value);
  log.debug('UDP goes through the batched adapter', { local: port.localAddress.key });
  return port;
}
