import { failure, type Result, success } from './result.ts';

/**
 * Who is at the other end of a datagram port: a {@link SocketAddress} on plain UDP, a session on DTLS. Ports hand out the
 * same object for the same peer as long as they remember it, so that `key`'s hash is computed once.
 */
export interface Peer {
  /** Equal for equal peers, and only for them. */
  readonly key: string;
  /** 32 bits derived from `key`, for tables that hash by number. */
  readonly hash: number;
  /** Where datagrams to this peer go now. */
  readonly address: SocketAddress;
  /** Absent where the transport asks for no proof, as plain UDP and TCP. */
  readonly identity?: PeerIdentity;
  /** Of a security context above a transport (OSCORE): through which peer of the transport it is reached now. */
  readonly transport?: Peer;
}

/** With what a peer proved who it is, where the transport asked for proof. */
export type PeerIdentity =
  | { readonly kind: 'psk'; readonly identity: string }
  /** A raw public key (RFC 7250): SubjectPublicKeyInfo, DER. */
  | { readonly kind: 'rpk'; readonly publicKey: Uint8Array }
  | {
      readonly kind: 'certificate';
      /** DER. */
      readonly certificate: Uint8Array;
      /** The common name of its subject, if any, and the names and URIs of subjectAltName. */
      readonly names: readonly string[];
    }
  /** A security context of OSCORE (RFC 8613): each message of the peer proves that it holds it. */
  | {
      readonly kind: 'oscore';
      /** What the context is called by whoever set it up; otherwise the two that follow in hexadecimal. */
      readonly identity: string;
      /** The peer's Sender ID, which is our Recipient ID. */
      readonly recipientId: Uint8Array;
      readonly idContext: Uint8Array | undefined;
    };

/** An IP address and a UDP or TCP port. Immutable. Build one with {@link socketAddress} or {@link parseSocketAddress}. */
export class SocketAddress implements Peer {
  readonly family: 4 | 6;
  /** Dotted decimal, or RFC 5952 canonical text (with a `%zone` for link-local addresses). */
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly hash: number;

  constructor(family: 4 | 6, host: string, port: number) {
    this.family = family;
    this.host = host;
    this.port = port;
    this.key = family === 4 ? `${host}:${port}` : `[${host}]:${port}`;
    this.hash = hashText(this.key);
  }

  get address(): SocketAddress {
    return this;
  }

  toString(): string {
    return this.key;
  }
}

/** FNV-1a over UTF-16 code units, as an unsigned 32-bit number. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * @param host an IPv4 or IPv6 address, never a name
 * @throws RangeError when host is not an address or the port not in 0..65535
 */
export function socketAddress(host: string, port: number): SocketAddress {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`a port is a whole number from 0 to 65535, not ${port}`);
  }
  if (isIPv4(host)) return new SocketAddress(4, host, port);
  const canonical = canonicalIPv6(host);
  if (canonical === undefined) throw new RangeError(`"${host}" is not an IPv4 or IPv6 address`);
  return new SocketAddress(6, canonical, port);
}

/** Reads `192.0.2.1:5683` and `[2001:db8::1]:5683`: the inverse of {@link SocketAddress.key}. */
export function parseSocketAddress(text: string): Result<SocketAddress, string> {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (!match || host === undefined) return failure(`"${text}" is not address:port or [address]:port`);
  try {
    return success(socketAddress(host, Number(match[3])));
  } catch (error) {
    return failure((error as RangeError).message);
  }
}

const ipv4Text = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

export function isIPv4(host: string): boolean {
  return ipv4Text.test(host);
}

export function isIPv6(host: string): boolean {
  return canonicalIPv6(host) !== undefined;
}

/** RFC 5952 text of an IPv6 address (a zone is kept as it is), or undefined when `host` is none. */
export function canonicalIPv6(host: string): string | undefined {
  const [address, zone, ...more] = host.split('%');
  if (more.length > 0 || zone === '' || !address?.includes(':')) return undefined;
  const groups = parseGroups(address);
  if (!groups) return undefined;
  const text = formatGroups(groups);
  return zone === undefined ? text : `${text}%${zone}`;
}

function parseGroups(address: string): number[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const head = parseHalf(left!, right === undefined);
  const tail = parseHalf(right ?? [], true);
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseHalf(parts: readonly string[], mayEndInIPv4: boolean): number[] | undefined {
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (mayEndInIPv4 && index === parts.length - 1 && isIPv4(part)) {
      const [a, b, c, d] = part.split('.').map(Number);
      groups.push(a! * 256 + b!, c! * 256 + d!);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function formatGroups(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${groups[6]! >> 8}.${groups[6]! & 255}.${groups[7]! >> 8}.${groups[7]! & 255}`;
  }
  const [start, length] = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best[1]) best = [start, length];
  }
  return best;
}
