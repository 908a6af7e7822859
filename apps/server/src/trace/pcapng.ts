import {
  encodeUtf8,
  hashText,
  isIPv4,
  parseSocketAddress,
  type SocketAddress,
  socketAddress,
  success,
} from '@yaolian/kernel';
import { type Frame, isStream, isWebSocket } from './frame.ts';
import { ipPacket, type PacketEnds, TcpFlows } from './ip-packet.ts';
import { innerDatagram, outerMessageOf } from './messages-of-frame.ts';

/*
 * pcapng as Wireshark reads it (draft-ietf-opsawg-pcapng): a Section Header, an Interface of raw IP (LINKTYPE_RAW, 101) or
 * two, a Decryption Secrets Block where asked for, and an Enhanced Packet Block for each message, in little-endian order.
 */
const BlockType = { Section: 0x0a0d0d0a, Interface: 1, Packet: 6, Secrets: 10 } as const;
const Option = { Comment: 1, InterfaceName: 2, TimestampResolution: 9, Flags: 2 } as const;
const rawIp = 101;
/** `TLSK`: lines of an SSLKEYLOGFILE. */
const tlsKeyLog = 0x544c534b;
/** IANA's port numbers, under which Wireshark looks for CoAP and for DTLS. */
const coapPort = 5683;
const coapsPort = 5684;

/** Where the platform seems to be: elsewhere on the second interface, so that no token, message id or byte of TCP seems to come twice. */
type OwnHosts = { readonly v4: string; readonly v6: string };
const firstHosts: OwnHosts = { v4: '127.0.0.1', v6: '::1' };
const secondHosts: OwnHosts = { v4: '127.0.0.2', v6: '::2' };

export interface PcapngOptions {
  /** Datagrams as they were on the wire, DTLS, OSCORE and all, instead of the messages in them. */
  readonly wire: boolean;
  /**
   * With `wire`: behind a datagram of DTLS or OSCORE comes the message in it, on the interface `decrypted`. Not every session can be decrypted from
   * a file: Wireshark 4.0 knows no ECDHE_PSK with GCM or CCM (RFC 8442), takes another nonce for ChaCha20-Poly1305 in DTLS, and needs the handshake.
   */
  readonly decrypted?: boolean;
  /** Lines of the key log. */
  readonly secrets: readonly string[];
  /** Says of a frame what no byte says. */
  readonly commentOf: (frame: Frame) => string;
}

/** Writes frames as a file for Wireshark, block by block. Headers of IP, UDP and TCP are made up. */
export function* encodePcapng(frames: Iterable<Frame>, options: PcapngOptions): Generator<Uint8Array> {
  yield block(BlockType.Section, [uint32(0x1a2b3c4d), uint16(1), uint16(0), uint32(0xffffffff), uint32(0xffffffff)]);
  const showsBoth = options.wire && options.decrypted === true;
  for (const name of showsBoth ? ['wire', 'decrypted'] : [options.wire ? 'wire' : 'decrypted'])
    yield interfaceBlock(name);
  if (options.secrets.length > 0) {
    const lines = encodeUtf8(options.secrets.map((line) => `${line}\n`).join(''));
    yield block(BlockType.Secrets, [uint32(tlsKeyLog), uint32(lines.length), padded(lines)]);
  }
  const flows = new TcpFlows();
  const decryptedFlows = new TcpFlows();
  for (const frame of frames) {
    const comment = frame.transport === 'mqtt' ? `${frame.peer} ${options.commentOf(frame)}` : options.commentOf(frame);
    const packet = packetOf(frame, options.wire, flows, firstHosts);
    if (packet !== undefined) yield packetBlock(frame, 0, packet, comment);
    if (!showsBoth || !isProtected(frame)) continue;
    const decrypted = packetOf(frame, false, decryptedFlows, secondHosts);
    if (decrypted !== undefined) yield packetBlock(frame, 1, decrypted, comment);
  }
}

function interfaceBlock(name: string): Uint8Array {
  const resolution = option(Option.TimestampResolution, Uint8Array.of(6));
  const named = option(Option.InterfaceName, encodeUtf8(name));
  return block(BlockType.Interface, [uint16(rawIp), uint16(0), uint32(0), named, resolution, endOfOptions]);
}

/** Whether what was inside is known and is something else than what was on the wire. */
function isProtected({ wire, message, plaintext }: Frame): boolean {
  return (wire !== undefined && message !== undefined) || plaintext !== undefined;
}

function packetBlock({ time, direction }: Frame, place: 0 | 1, packet: Uint8Array, comment: string): Uint8Array {
  const micros = BigInt(Math.round(time * 1000));
  const text = encodeUtf8(comment.slice(0, 1000));
  const flags = direction === 'event' ? [] : [option(Option.Flags, uint32(direction === 'in' ? 1 : 2))];
  return block(BlockType.Packet, [
    uint32(place),
    uint32(Number(micros >> 32n)),
    uint32(Number(micros & 0xffffffffn)),
    uint32(packet.length),
    uint32(packet.length),
    padded(packet),
    ...(text.length === 0 ? [] : [option(Option.Comment, text)]),
    ...flags,
    endOfOptions,
  ]);
}

/** Undefined where there is nothing to show: a datagram that was asked for and is not there. */
function packetOf(frame: Frame, wire: boolean, flows: TcpFlows, hosts: OwnHosts): Uint8Array | undefined {
  const peer = frame.transport === 'mqtt' ? success(addressOfTopic(frame.peer)) : parseSocketAddress(frame.peer);
  if (!peer.ok) return undefined;
  const { host, port } = peer.value;
  const showsWire = frame.wire !== undefined && (wire || frame.message === undefined);
  const own = { host: isIPv4(host) ? hosts.v4 : hosts.v6, port: showsWire ? coapsPort : coapPort };
  const other = { host: host.replace(/%.*$/, ''), port };
  const ends: PacketEnds = frame.direction === 'out' ? { from: own, to: other } : { from: other, to: own };
  // An event is an empty datagram with a comment.
  if (frame.event !== undefined) return ipPacket(ends, new Uint8Array(0));
  const bytes = showsWire ? frame.wire : frame.message;
  if (bytes === undefined) return undefined;
  const inner = wire ? undefined : insideOf(frame);
  if (inner !== undefined)
    return isStream(frame.transport)
      ? flows.packet(ends, withLength(inner), frame.direction === 'out')
      : ipPacket(ends, inner);
  if (!isStream(frame.transport)) return ipPacket(ends, bytes);
  return flows.packet(ends, isWebSocket(frame.transport) ? withLength(bytes) : bytes, frame.direction === 'out');
}

/** Where a terminal at a broker seems to be: an address for each topic, of those that nobody has (RFC 3849). The comment has the topic. */
function addressOfTopic(topic: string): SocketAddress {
  const hash = hashText(topic);
  return socketAddress(`2001:db8::${(hash >>> 16).toString(16)}:${(hash & 0xffff).toString(16)}`, coapPort);
}

/** What OSCORE had inside as the message that it would be without: a datagram, or on streams a message of a WebSocket. */
function insideOf(frame: Frame): Uint8Array | undefined {
  const outer = frame.plaintext && outerMessageOf(frame);
  if (outer === undefined) return undefined;
  const datagram = innerDatagram(outer, frame.plaintext!);
  return isStream(frame.transport)
    ? join([Uint8Array.of(outer.tokenLength, datagram[1]!), datagram.subarray(4)])
    : datagram;
}

/** A message of a WebSocket with the length that RFC 8323 §3.2 has on TCP. */
function withLength(bytes: Uint8Array): Uint8Array {
  const tokenLength = bytes[0]! & 15;
  const length = Math.max(0, bytes.length - 2 - tokenLength);
  const [nibble, extension] =
    length < 13
      ? [length, []]
      : length < 269
        ? [13, [length - 13]]
        : length < 65_805
          ? [14, [(length - 269) >> 8, (length - 269) & 255]]
          : [15, [...uint32(length - 65_805)].reverse()];
  return Uint8Array.of((nibble << 4) | tokenLength, ...extension, ...bytes.subarray(1));
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  return join([uint32(type), uint32(length), ...parts, uint32(length)]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return join([uint16(code), uint16(value.length), padded(value)]);
}

const endOfOptions = new Uint8Array(4);

/** Blocks and options are whole words. */
function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : join([bytes, new Uint8Array(4 - rest)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
