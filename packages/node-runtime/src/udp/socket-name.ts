import { canonicalIPv6, SocketAddress } from '@yaolian/kernel';

/** What `struct sockaddr_in` and `struct sockaddr_in6` are on 64-bit little-endian Linux. */
export const nameLayout = {
  4: { family: 2, bytes: 16, words: 2 },
  6: { family: 10, bytes: 28, words: 7 },
} as const;

/** 32-bit words between one name and the next in an array of names. */
export const nameStride = 8;

/** How the interfaces of this machine are numbered (`if_nametoindex` and back). */
export interface InterfaceNumbers {
  /** 0 when there is no such interface. */
  indexOf(name: string): number;
  nameOf(index: number): string | undefined;
}

/**
 * A peer together with its name in the operating system's form, so that sending takes no parsing. The words are those of
 * the `sockaddr`, read as little-endian 32-bit numbers; an IPv4 name has the first two only.
 *
 * ```
 * word 0      word 1                  words 2-5       word 6
 * fam | port  IPv4 address/flow info  IPv6 address    scope
 * ```
 */
export class NamedPeer extends SocketAddress {
  /** Of the socket: a peer of family 4 has an IPv6 name (`::ffff:a.b.c.d`) on a socket for both. */
  readonly nameFamily: 4 | 6;
  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  readonly word4: number;
  readonly word5: number;
  readonly word6: number;

  /** @param host what the name at `names[at]` stands for: {@link decodeHost} */
  constructor(host: string, nameFamily: 4 | 6, names: Int32Array, at: number) {
    super(host.includes(':') ? 6 : 4, host, decodePort(names, at));
    const long = nameFamily === 6;
    this.nameFamily = nameFamily;
    this.word0 = names[at]!;
    this.word1 = long ? 0 : names[at + 1]!;
    this.word2 = long ? names[at + 2]! : 0;
    this.word3 = long ? names[at + 3]! : 0;
    this.word4 = long ? names[at + 4]! : 0;
    this.word5 = long ? names[at + 5]! : 0;
    this.word6 = long ? names[at + 6]! : 0;
  }

  hasName(names: Int32Array, at: number): boolean {
    if (this.word0 !== names[at]) return false;
    if (this.nameFamily === 4) return this.word1 === names[at + 1];
    return (
      this.word5 === names[at + 5] &&
      this.word4 === names[at + 4] &&
      this.word3 === names[at + 3] &&
      this.word2 === names[at + 2] &&
      this.word6 === names[at + 6]
    );
  }

  writeName(names: Int32Array, at: number): void {
    names[at] = this.word0;
    names[at + 1] = this.word1;
    if (this.nameFamily === 4) return;
    names[at + 2] = this.word2;
    names[at + 3] = this.word3;
    names[at + 4] = this.word4;
    names[at + 5] = this.word5;
    names[at + 6] = this.word6;
  }
}

const mappedPrefixWord = 0xffff0000 | 0; // 00 00 ff ff, read little-endian

export function decodePort(names: Int32Array, at: number): number {
  const word = names[at]!;
  return ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** The address that a name stands for; an IPv4 address when it is one in IPv6 clothes (RFC 4291 §2.5.5.2). */
export function decodeHost(names: Int32Array, at: number, interfaces: InterfaceNumbers): string {
  if ((names[at]! & 0xffff) === nameLayout[4].family) return dotted(names[at + 1]!);
  if (names[at + 2] === 0 && names[at + 3] === 0 && names[at + 4] === mappedPrefixWord) return dotted(names[at + 5]!);
  const groups: string[] = [];
  for (let i = at + 2; i < at + 6; i++) groups.push(networkHex(names[i]! & 0xffff), networkHex(names[i]! >>> 16));
  const scope = names[at + 6]!;
  const zone = scope === 0 ? '' : `%${interfaces.nameOf(scope) ?? scope}`;
  return canonicalIPv6(groups.join(':') + zone)!; // eight groups: always an address
}

function dotted(word: number): string {
  return `${word & 255}.${(word >>> 8) & 255}.${(word >>> 16) & 255}.${word >>> 24}`;
}

function networkHex(half: number): string {
  return (((half & 0xff) << 8) | (half >>> 8)).toString(16);
}

/**
 * Writes the name of an address for a socket of family `nameFamily`.
 * @param host an IPv4 or IPv6 address as text, with a zone where it needs one
 * @returns false when such a socket cannot reach it: an IPv6 address from an IPv4 socket, or a zone that does not exist
 */
export function encodeName(
  host: string,
  port: number,
  nameFamily: 4 | 6,
  names: Int32Array,
  at: number,
  interfaces: InterfaceNumbers,
): boolean {
  names[at] = nameLayout[nameFamily].family | ((port & 0xff) << 24) | ((port >>> 8) << 16);
  const colon = host.indexOf(':') >= 0;
  if (nameFamily === 4) {
    if (!colon) names[at + 1] = dottedWord(host);
    return !colon;
  }
  names.fill(0, at + 1, at + nameLayout[6].words);
  if (colon) return encodeIPv6(host, names, at, interfaces);
  names[at + 4] = mappedPrefixWord;
  names[at + 5] = dottedWord(host);
  return true;
}

/** The four bytes of `192.0.2.1`, as a little-endian number. */
function dottedWord(host: string): number {
  let word = 0;
  let byte = 0;
  let shift = 0;
  for (let i = 0; i < host.length; i++) {
    const digit = host.charCodeAt(i) - 48;
    if (digit >= 0) {
      byte = byte * 10 + digit;
    } else {
      word |= byte << shift;
      shift += 8;
      byte = 0;
    }
  }
  return word | (byte << 24);
}

function encodeIPv6(host: string, names: Int32Array, at: number, interfaces: InterfaceNumbers): boolean {
  const [text, zone] = host.split('%') as [string, string?];
  const bytes = new Uint8Array(names.buffer, names.byteOffset + 4 * (at + 2), 16);
  const [left, right] = text.split('::').map(groupBytes) as [number[], number[]?];
  bytes.set(left);
  if (right) bytes.set(right, 16 - right.length);
  if (zone === undefined) return true;
  const scope = /^\d+$/.test(zone) ? Number(zone) : interfaces.indexOf(zone);
  names[at + 6] = scope;
  return scope !== 0;
}

/** The bytes of `2001:db8` or `ffff:192.0.2.1`: half of a canonical address. */
function groupBytes(half: string): number[] {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
