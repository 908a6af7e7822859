import { lookup } from 'node:dns/promises';
import { parseCoapUri } from '@yaolian/coap';
import { isIPv4, isIPv6, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { simulatorErrors } from '../errors.ts';

/** The first address of a host name, as the system gives it. @throws YaolianError SIMULATOR_CANNOT_RESOLVE */
export async function resolveHost(host: string, port: number): Promise<SocketAddress> {
  if (isIPv4(host) || isIPv6(host)) return socketAddress(host, port);
  try {
    const { address } = await lookup(host);
    return socketAddress(address, port);
  } catch (error) {
    throw simulatorErrors.SIMULATOR_CANNOT_RESOLVE(host, error);
  }
}

/**
 * Where a URI of a server leads.
 * @throws YaolianError SIMULATOR_BAD_OPTION, SIMULATOR_CANNOT_RESOLVE
 */
export async function resolveUri(option: string, uri: string): Promise<SocketAddress> {
  const parsed = parseCoapUri(uri);
  if (!parsed.ok) throw simulatorErrors.SIMULATOR_BAD_OPTION(option, parsed.error);
  return resolveHost(parsed.value.host, parsed.value.port);
}
