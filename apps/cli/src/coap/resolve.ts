import { lookup } from 'node:dns/promises';
import { type CoapUri, type DatagramCoapEndpoint, parseCoapUri } from '@yaolian/coap';
import { isIPv4, isIPv6, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { cliErrors } from '../errors.ts';

/** A CoAP URI from the command line; the scheme may be left out. */
export function uriArgument(text: string): CoapUri {
  const uri = parseCoapUri(text.includes('://') ? text : `coap://${text}`);
  if (!uri.ok) throw cliErrors.CLI_USAGE(uri.error);
  return uri.value;
}

/**
 * The address that a URI's host stands for: itself, or the first that the system's resolver finds.
 * @param family 4 or 6 to have only such an address; 0 for either
 */
export async function resolveUri(uri: CoapUri, family: 0 | 4 | 6): Promise<SocketAddress> {
  const { host, port } = uri;
  if (isIPv4(host) || isIPv6(host)) {
    const address = socketAddress(host, port);
    if (family === 0 || family === address.family) return address;
    throw cliErrors.CLI_USAGE(`${host} is no IPv${family} address; leave out -${family}`);
  }
  try {
    const { address } = await lookup(host, { family });
    return socketAddress(address, port);
  } catch (error) {
    const kind = family === 0 ? 'address' : `IPv${family} address`;
    throw cliErrors.CLI_UNREACHABLE(
      `there is no ${kind} for the name "${host}"; check it, or write the address itself`,
      error,
    );
  }
}

/** RFC 5771: 224.0.0.0/4. RFC 4291 §2.7: ff00::/8. */
export function isGroup(address: SocketAddress): boolean {
  if (address.family === 6) return address.host.startsWith('ff');
  const first = Number.parseInt(address.host, 10);
  return first >= 224 && first <= 239;
}

/** RFC 7252 §8.1: nothing that wants an acknowledgement goes to a group. */
export function refuseGroup(peer: SocketAddress): void {
  if (isGroup(peer))
    throw cliErrors.CLI_USAGE(`${peer.host} is a group; "coap discover" finds its members, take one of them`);
}

/** The endpoint that reaches groups. */
export function groupEndpoint(datagrams: DatagramCoapEndpoint | undefined, uri: string): DatagramCoapEndpoint {
  if (datagrams !== undefined) return datagrams;
  throw cliErrors.CLI_USAGE(`${uri} is a group, and groups are reached by coap:// alone`);
}
