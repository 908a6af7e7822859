import { networkInterfaces } from 'node:os';
import { isIPv4, isIPv6, type SocketAddress, socketAddress } from '@yaolian/kernel';

/** Where CoAP is served, by scheme. */
export type CoapAddresses = { readonly [S in 'coap' | 'coaps' | 'coap+tcp' | 'coaps+tcp']?: SocketAddress };

/** Addresses of this machine that other machines may reach, IPv4 and IPv6. */
export function ownAddresses(): readonly { readonly family: 4 | 6; readonly host: string; readonly prefix: string }[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ family, address }) => ({
      family: family === 'IPv4' ? (4 as const) : (6 as const),
      host: address,
      prefix: address
        .split(family === 'IPv4' ? '.' : ':')
        .slice(0, family === 'IPv4' ? 3 : 4)
        .join('.'),
    }));
}

/**
 * An address of ours that a peer probably reaches: the one that is bound, loopback for a peer on this machine, else one of its
 * network, else the first of its family.
 */
export function ownAddressFor(peer: SocketAddress, bound: SocketAddress): string | undefined {
  const isAny = bound.host === '::' || bound.host === '0.0.0.0';
  const mapped = peer.host.startsWith('::ffff:') ? peer.host.slice(7) : peer.host;
  const isLoopback = mapped === '::1' || mapped.startsWith('127.');
  if (!isAny) return bound.host;
  if (isLoopback) return mapped === '::1' ? '::1' : '127.0.0.1';
  const family = isIPv4(mapped) ? 4 : 6;
  const own = ownAddresses().filter((one) => one.family === family);
  const same = own.find(({ prefix }) =>
    mapped
      .split(family === 4 ? '.' : ':')
      .join('.')
      .startsWith(`${prefix}.`),
  );
  return (same ?? own[0])?.host;
}

/** `coap://192.0.2.1:5683` */
export function baseUri(scheme: string, host: string, port: number): string {
  return `${scheme}://${isIPv4(host) || isIPv6(host) ? socketAddress(host, port).key : `${host}:${port}`}`;
}
