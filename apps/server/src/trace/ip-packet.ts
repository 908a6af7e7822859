import { isIPv4 } from '@yaolian/kernel';

export interface End {
  readonly host: string;
  readonly port: number;
}

export interface PacketEnds {
  readonly from: End;
  readonly to: End;
}

const Protocol = { Tcp: 6, Udp: 17 } as const;
/** What fits the length field of UDP. */
const maximumPayload = 65_000;

/** A UDP datagram in an IP packet (RFC 768, RFC 791, RFC 8200), with checksums. */
export function ipPacket(ends: PacketEnds, payload: Uint8Array): Uint8Array {
  const content = payload.subarray(0, maximumPayload);
  const udp = new Uint8Array(8 + content.length);
  put16(udp, 0, ends.from.port);
  put16(udp, 2, ends.to.port);
  put16(udp, 4, udp.length);
  udp.set(content, 8);
  // RFC 768: zero says that there is no checksum, so a checksum of zero is written as all ones.
  put16(udp, 6, checksum(ends, Protocol.Udp, udp) || 0xffff);
  return withIp(ends, Protocol.Udp, udp);
}

/** TCP segments of conversations, with sequence numbers that go on (RFC 9293). */
export class TcpFlows {
  readonly #sent = new Map<string, { own: number; other: number }>();

  packet(ends: PacketEnds, payload: Uint8Array, isOurs: boolean): Uint8Array {
    const other = isOurs ? ends.to : ends.from;
    const key = `${other.host} ${other.port}`;
    const state = this.#sent.get(key) ?? { own: 1, other: 1 };
    this.#sent.set(key, state);
    const content = payload.subarray(0, maximumPayload);
    const tcp = new Uint8Array(20 + content.length);
    put16(tcp, 0, ends.from.port);
    put16(tcp, 2, ends.to.port);
    put32(tcp, 4, isOurs ? state.own : state.other);
    put32(tcp, 8, isOurs ? state.other : state.own);
    tcp[12] = 0x50; // a header of five words
    tcp[13] = 0x18; // PSH, ACK
    put16(tcp, 14, 0xffff);
    tcp.set(content, 20);
    put16(tcp, 16, checksum(ends, Protocol.Tcp, tcp));
    if (isOurs) state.own += content.length;
    else state.other += content.length;
    return withIp(ends, Protocol.Tcp, tcp);
  }
}

function withIp(ends: PacketEnds, protocol: number, content: Uint8Array): Uint8Array {
  const isV4 = isIPv4(ends.from.host);
  const header = new Uint8Array(isV4 ? 20 : 40);
  if (isV4) {
    header[0] = 0x45;
    put16(header, 2, 20 + content.length);
    header[8] = 64;
    header[9] = protocol;
    header.set(addressBytes(ends.from.host), 12);
    header.set(addressBytes(ends.to.host), 16);
    put16(header, 10, fold(sum(header)));
  } else {
    header[0] = 0x60;
    put16(header, 4, content.length);
    header[6] = protocol;
    header[7] = 64;
    header.set(addressBytes(ends.from.host), 8);
    header.set(addressBytes(ends.to.host), 24);
  }
  const packet = new Uint8Array(header.length + content.length);
  packet.set(header);
  packet.set(content, header.length);
  return packet;
}

/** RFC 1071, over the pseudo header too. */
function checksum({ from, to }: PacketEnds, protocol: number, content: Uint8Array): number {
  return fold(sum(addressBytes(from.host)) + sum(addressBytes(to.host)) + protocol + content.length + sum(content));
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i += 2) total += (bytes[i]! << 8) + (bytes[i + 1] ?? 0);
  return total;
}

function fold(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return ~rest & 0xffff;
}

/** The bytes of an address in canonical text. */
function addressBytes(host: string): Uint8Array {
  if (isIPv4(host)) return Uint8Array.from(host.split('.'), Number);
  const [head = '', tail] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':')).flatMap(groupBytes);
  const before = groups(head);
  const after = groups(tail ?? '');
  return Uint8Array.from([
    ...before,
    ...new Array<number>(Math.max(0, 16 - before.length - after.length)).fill(0),
    ...after,
  ]);
}

function groupBytes(group: string): number[] {
  if (group.includes('.')) return group.split('.').map(Number);
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value & 0xffff);
}
