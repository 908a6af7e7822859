import { canonicalIPv6, encodeUtf8, failure, isIPv4, isIPv6, type Result, success } from '@yaolian/kernel';
import { type Option, OptionNumber } from './options.ts';

/** The default ports of RFC 7252 §12.6 and §12.7, and of RFC 8323 §8.1 to §8.4. */
export const defaultCoapPort = {
  coap: 5683,
  coaps: 5684,
  'coap+tcp': 5683,
  'coaps+tcp': 5684,
  'coap+ws': 80,
  'coaps+ws': 443,
} as const;

/** The schemes of CoAP, as people may write them. */
export const coapSchemes = Object.keys(defaultCoapPort) as readonly (keyof typeof defaultCoapPort)[];

/** A CoAP URI taken apart (RFC 7252 §6.1 to §6.4, RFC 8323 §8). */
export interface CoapUri {
  readonly scheme: keyof typeof defaultCoapPort;
  /** A name in lower case, a dotted IPv4 address, or an RFC 5952 IPv6 address without brackets: `fe80::1%eth0`. */
  readonly host: string;
  readonly port: number;
  /** One decoded segment per Uri-Path option. */
  readonly path: readonly string[];
  /** One decoded `name=value` per Uri-Query option. */
  readonly query: readonly string[];
}

// URI = scheme "://" authority path-abempty [ "?" query ] [ "#" fragment ] (RFC 3986 appendix B)
const uriText = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;

/** Reads a URI as RFC 7252 §6.4 takes it apart. The error is a sentence that says what is wrong and what would be right. */
export function parseCoapUri(text: string): Result<CoapUri, string> {
  const match = uriText.exec(text);
  if (!match) return failure(`"${text}" is not a CoAP URI; write coap://host[:port]/path[?query]`);
  const [, schemeText, authority, pathText, queryText, fragment] = match;
  const scheme = coapSchemes.find((known) => known === schemeText!.toLowerCase());
  if (scheme === undefined) {
    return failure(`the scheme "${schemeText}" is not supported; use ${coapSchemes.join(', ')}`);
  }
  // RFC 7252 §6.4 step 4: a fragment has no place in a request.
  if (fragment !== undefined) return failure(`a CoAP URI has no fragment; leave out "${fragment}"`);
  const parsedAuthority = parseAuthority(authority!, scheme);
  if (!parsedAuthority.ok) return parsedAuthority;
  const path = parseUriPath(pathText!);
  if (!path.ok) return path;
  const query = parseUriQuery(queryText);
  if (!query.ok) return query;
  return success({ scheme, ...parsedAuthority.value, path: path.value, query: query.value });
}

type Authority = Pick<CoapUri, 'host' | 'port'>;

function parseAuthority(text: string, scheme: CoapUri['scheme']): Result<Authority, string> {
  // RFC 7252 §6.1: authority is host and port alone.
  if (text.includes('@'))
    return failure(`a CoAP URI has no user; leave out "${text.slice(0, text.lastIndexOf('@') + 1)}"`);
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text);
  if (!match) return failure(`"${text}" is not host:port; write an IPv6 address in brackets, as in [2001:db8::1]:5683`);
  const host = match[1] === undefined ? parseName(match[2]!) : parseIPv6Literal(match[1]);
  if (!host.ok) return host;
  const port = parsePort(match[3], scheme);
  return port.ok ? success({ host: host.value, port: port.value }) : port;
}

function parseIPv6Literal(text: string): Result<string, string> {
  // RFC 6874: a zone follows "%25"; the bare "%" that people and operating systems write is understood too.
  const address = canonicalIPv6(text.replace(/%(?:25)?(?=.)/, '%'));
  return address === undefined ? failure(`"[${text}]" is not an IPv6 address`) : success(address);
}

function parseName(text: string): Result<string, string> {
  if (text === '') return failure('the URI has no host; write coap://host/path');
  const name = percentDecode(text);
  if (name === undefined || !/^(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(text)) {
    return failure(`"${text}" is not a host name`);
  }
  if (/^[\d.]+$/.test(name) && !isIPv4(name)) return failure(`"${text}" is not an IPv4 address`);
  return checkedLength(name.toLowerCase(), 'the host name');
}

function parsePort(text: string | undefined, scheme: CoapUri['scheme']): Result<number, string> {
  // RFC 7252 §6.1: an empty or absent port is the default one.
  if (text === undefined || text === '') return success(defaultCoapPort[scheme]);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? success(port) : failure(`a port is a number from 1 to 65535, not "${text}"`);
}

/**
 * The segments of a path as Uri-Path options carry them (RFC 7252 §6.4 step 8): `/a%2Fb/c;d` is `['a/b', 'c;d']`, `/` is `[]`,
 * `/a/` is `['a', '']`. `.` and `..` are resolved (RFC 3986 §5.2.4). A missing first slash is forgiven.
 */
export function parseUriPath(text: string): Result<readonly string[], string> {
  if (text === '' || text === '/') return success([]);
  const segments: string[] = [];
  const parts = (text.startsWith('/') ? text.slice(1) : text).split('/');
  for (const [index, part] of parts.entries()) {
    const segment = decodeComponent(part, 'the path segment');
    if (!segment.ok) return segment;
    const isDotSegment = segment.value === '.' || segment.value === '..';
    if (segment.value === '..') segments.pop();
    // RFC 3986 §5.2.4: a dot segment at the end leaves its slash.
    if (!isDotSegment) segments.push(segment.value);
    else if (index === parts.length - 1 && segments.length > 0) segments.push('');
  }
  // `/a/../` is `/`, which has no segments.
  if (segments.length === 1 && segments[0] === '') segments.pop();
  return success(segments);
}

/** The arguments of a query as Uri-Query options carry them (RFC 7252 §6.4 step 9): `a=1&b` is `['a=1', 'b']`. `+` stays `+`. */
export function parseUriQuery(text: string | undefined): Result<readonly string[], string> {
  if (text === undefined) return success([]);
  const values: string[] = [];
  for (const part of text.split('&')) {
    const value = decodeComponent(part, 'the query argument');
    if (!value.ok) return value;
    values.push(value.value);
  }
  return success(values);
}

function decodeComponent(text: string, what: string): Result<string, string> {
  const decoded = percentDecode(text);
  return decoded === undefined
    ? failure(`${what} "${text}" has a "%" that starts no UTF-8 escape`)
    : checkedLength(decoded, what);
}

/** RFC 7252 §5.10: Uri-Host, Uri-Path and Uri-Query hold at most 255 bytes. */
function checkedLength(text: string, what: string): Result<string, string> {
  const length = encodeUtf8(text).length;
  return length <= 255
    ? success(text)
    : failure(`${what} "${text.slice(0, 32)}…" has ${length} bytes; CoAP carries 255`);
}

function percentDecode(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined; // half a surrogate pair has no UTF-8
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // the one thing it throws for: a "%" that starts no escape, or escapes that are no UTF-8
  }
}

/** The URI of RFC 7252 §6.5, percent-encoded as little as it allows; the default port is left out. */
export function formatCoapUri(uri: CoapUri): string {
  const host = uri.host.includes(':') ? `[${uri.host.replace('%', '%25')}]` : percentEncode(uri.host, keptInHost);
  const port = uri.port === defaultCoapPort[uri.scheme] ? '' : `:${uri.port}`;
  return `${uri.scheme}://${host}${port}${formatUriPath(uri.path)}${formatUriQuery(uri.query)}`;
}

/** `/a%2Fb/c;d` for `['a/b', 'c;d']`; `/` for no segments (RFC 7252 §6.5 steps 6 and 7). */
export function formatUriPath(path: readonly string[]): string {
  return path.length === 0 ? '/' : path.map((segment) => `/${percentEncode(segment, keptInPath)}`).join('');
}

/** `?a=1&b` for `['a=1', 'b']`; nothing for no arguments (RFC 7252 §6.5 step 8). */
export function formatUriQuery(query: readonly string[]): string {
  return query.length === 0 ? '' : `?${query.map((value) => percentEncode(value, keptInQuery)).join('&')}`;
}

const keptInHost = /^[A-Za-z0-9\-._~!$&'()*+,;=]$/;
const keptInPath = /^[A-Za-z0-9\-._~!$&'()*+,;=:@]$/;
const keptInQuery = /^[A-Za-z0-9\-._~!$'()*+,;=:@/?]$/;

function percentEncode(text: string, kept: RegExp): string {
  let encoded = '';
  for (const byte of encodeUtf8(text)) {
    const character = String.fromCharCode(byte);
    encoded += kept.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/**
 * The Uri-Host option that a request to `uri` carries: none for an IP address, which is what the peer assumes anyway
 * (RFC 7252 §5.10.1). Path and query go into the request as they are.
 */
export function uriHostOptions(uri: CoapUri): readonly Option[] {
  if (isIPv4(uri.host) || isIPv6(uri.host)) return [];
  return [{ number: OptionNumber.UriHost, value: encodeUtf8(uri.host) }];
}
