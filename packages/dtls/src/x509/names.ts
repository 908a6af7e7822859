import { canonicalIPv6, isIPv4 } from '@yaolian/kernel';
import type { Certificate } from './certificate.ts';

/**
 * Whether a certificate bears a name (RFC 6125, RFC 9525): a DNS name, where `*.` in the certificate stands for one label, an
 * IP address, or a URI. Only where it has no subjectAltName at all, its common name counts (RFC 7925 §4.4.1: device
 * certificates carry an identifier there).
 */
export function bearsName(certificate: Certificate, name: string): boolean {
  const { dns, addresses, uris } = certificate.names;
  const wanted = name.toLowerCase();
  if (dns.length + addresses.length + uris.length === 0)
    return certificate.subject.commonName?.toLowerCase() === wanted;
  const address = isIPv4(name) ? name : addressHex(name);
  if (address !== undefined) return addresses.includes(address);
  return dns.some((pattern) => matchesName(pattern, wanted)) || uris.includes(name);
}

function matchesName(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === name;
  const dot = name.indexOf('.');
  // The wildcard is a whole label, and not the one in front of a top-level domain.
  return dot > 0 && name.slice(dot) === pattern.slice(1) && pattern.indexOf('.', 2) > 0;
}

function addressHex(host: string): string | undefined {
  const canonical = canonicalIPv6(host);
  if (canonical === undefined) return undefined;
  const [head = '', tail = ''] = canonical.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':')).map((group) => group.padStart(4, '0'));
  const [left, right] = [groups(head), canonical.includes('::') ? groups(tail) : []];
  return [...left, ...new Array<string>(8 - left.length - right.length).fill('0000'), ...right].join('');
}
