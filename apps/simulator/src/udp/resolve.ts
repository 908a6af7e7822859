import { lookup } from 'node:dns/promises';
import { parseCoapUri } from '@yaolian/coap';
import { isIPv4, isIPv6, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { parseMqttUri } from '@yaolian/lwm2m/mqtt';
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

/** Whether a URI leads to an MQTT broker. */
export function isMqtt(uri: string): boolean {
  return /^mqtts?:/i.test(uri);
}

/**
 * Where a URI of a server leads, to a broker among others.
 * @throws YaolianError SIMULATOR_BAD_OPTION, SIMULATOR_CANNOT_RESOLVE
 */
export async function resolveServer(option: string, uri: string): Promise<SocketAddress> {
  if (!isMqtt(uri)) return resolveUri(option, uri);
  const parsed = parseMqttUri(uri);
  if (!parsed.ok) throw simulatorErrors.SIMULATOR_BAD_OPTION(option, parsed.error);
  return resolveHost(parsed.value.host, parsed.value.port);
}

/**
 * Where a URI of a server leads that speaks CoAP.
 * @throws YaolianError SIMULATOR_BAD_OPTION, SIMULATOR_CANNOT_RESOLVE
 */
export async function resolveUri(option: string, uri: string): Promise<SocketAddress> {
  if (isMqtt(uri)) throw simulatorErrors.SIMULATOR_BAD_OPTION(option, 'only a single terminal comes over MQTT');
  const parsed = parseCoapUri(uri);
  if (!parsed.ok) throw simulatorErrors.SIMULATOR_BAD_OPTION(option, parsed.error);
  return resolveHost(parsed.value.host, parsed.value.port);
}
