import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { type FieldMistake, mistakeAt } from '@yaolian/contract';

/** RFC 6890 and its registries: what is no address of a host in the internet, or may lead to this machine and its neighbours. */
const closed = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  closed.addSubnet(net, prefix, 'ipv4');
}
/** RFC 4291 §2.4: global unicast is 2000::/3; in it, 6to4 and Teredo carry IPv4 addresses. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
const tunnels = new BlockList();
tunnels.addSubnet('2002::', 16, 'ipv6');
tunnels.addSubnet('2001::', 32, 'ipv6');

/** True for addresses of hosts in the internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !closed.check(address, 'ipv4');
  return isIP(address) === 6 && open6.check(address, 'ipv6') && !tunnels.check(address, 'ipv6');
}

/** What is wrong with the URL of a webhook before anybody looks its name up; undefined: nothing. */
export function urlProblem(text: string, allowsPrivate: boolean): FieldMistake | undefined {
  if (!URL.canParse(text)) return unfit('it is no URL, such as https://example.com/hook', 'url-malformed');
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') {
    return unfit('name and password do not belong in it; deliveries are signed', 'url-with-password');
  }
  const isHttp = protocol === 'https:' || protocol === 'http:';
  if (allowsPrivate) return isHttp ? undefined : unfit('it begins with https: or http:', 'url-needs-http');
  if (protocol !== 'https:') {
    return unfit('it begins with https: (the setting webhooks.private-addresses lets http: be)', 'url-needs-https');
  }
  const host = hostname.replace(/^\[|\]$/g, '');
  const isClosed = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isPublicAddress(host);
  if (!isClosed) return undefined;
  const message = `${host} is no address of the internet (see the setting webhooks.private-addresses)`;
  return mistakeAt('/url', message, 'url-private', { host });
}

function unfit(message: string, reason: 'url-malformed' | 'url-with-password' | 'url-needs-http' | 'url-needs-https') {
  return mistakeAt('/url', message, reason);
}

/** Looks names up for a connection and lets only addresses of the internet through, so that no name leads inside. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const addresses = found.filter(({ address }) => isPublicAddress(address));
    const first = addresses[0];
    if (first === undefined) {
      return callback(new Error(`${hostname} is at no address of the internet (webhooks.private-addresses)`), '', 0);
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
