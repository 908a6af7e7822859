import type { SocketAddress } from '@yaolian/kernel';

/*
 * RFC 8489 §5:
 *
 *  0                   1                   2                   3
 * |0 0|     STUN Message Type     |         Message Length        |
 * |                         Magic Cookie                          |
 * |                     Transaction ID (96 bits)                  |
 */
const headerLength = 20;
const magicCookie = 0x2112a442;

const messageTypes = { bindingRequest: 0x0001, bindingSuccess: 0x0101, bindingError: 0x0111 } as const;
const attributeTypes = { errorCode: 0x0009, unknownAttributes: 0x000a, xorMappedAddress: 0x0020 } as const;
/** What a request may carry that has to be understood, and changes nothing in the answer: USERNAME, MESSAGE-INTEGRITY, ICE's. */
const harmless: ReadonlySet<number> = new Set([0x0006, 0x0008, 0x001c, 0x0024, 0x0025]);

export interface BindingRequest {
  /** With the magic cookie in front, as the answer repeats it. */
  readonly transaction: Uint8Array;
  /** Attributes that have to be understood and are not (RFC 8489 §15). */
  readonly unknown: readonly number[];
}

/** A binding request; undefined for every other datagram, which is not answered. */
export function decodeBindingRequest(datagram: Uint8Array): BindingRequest | undefined {
  if (datagram.length < headerLength || datagram.length > 1024) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  if (view.getUint16(0) !== messageTypes.bindingRequest || view.getUint32(4) !== magicCookie) return undefined;
  const length = view.getUint16(2);
  if (length % 4 !== 0 || length + headerLength !== datagram.length) return undefined;
  const unknown: number[] = [];
  for (let at = headerLength; at < datagram.length; ) {
    const type = view.getUint16(at);
    const end = at + 4 + ((view.getUint16(at + 2) + 3) & ~3);
    if (end > datagram.length) return undefined;
    // Below 0x8000 an attribute has to be understood.
    if (type < 0x8000 && !harmless.has(type) && unknown.length < 8) unknown.push(type);
    at = end;
  }
  return { transaction: datagram.slice(4, headerLength), unknown };
}

/** Says to the one who asked where the request came from (RFC 8489 §7.3.1.1). */
export function encodeBindingSuccess({ transaction }: BindingRequest, from: SocketAddress): Uint8Array {
  const address = addressBytes(from);
  const message = begin(messageTypes.bindingSuccess, transaction, 8 + address.length);
  const view = new DataView(message.buffer);
  view.setUint16(20, attributeTypes.xorMappedAddress);
  view.setUint16(22, 4 + address.length);
  view.setUint8(25, from.family === 4 ? 1 : 2);
  view.setUint16(26, from.port ^ (magicCookie >>> 16));
  for (const [index, byte] of address.entries()) message[28 + index] = byte ^ transaction[index]!;
  return message;
}

/** 420: what has to be understood is not (RFC 8489 §6.3.1). */
export function encodeUnknownAttributes({ transaction, unknown }: BindingRequest): Uint8Array {
  const padded = (2 * unknown.length + 3) & ~3;
  const message = begin(messageTypes.bindingError, transaction, 8 + 4 + padded);
  const view = new DataView(message.buffer);
  view.setUint16(20, attributeTypes.errorCode);
  view.setUint16(22, 4);
  view.setUint8(26, 4);
  view.setUint8(27, 20);
  view.setUint16(28, attributeTypes.unknownAttributes);
  view.setUint16(30, 2 * unknown.length);
  for (const [index, type] of unknown.entries()) view.setUint16(32 + 2 * index, type);
  return message;
}

function begin(type: number, transaction: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(headerLength + length);
  const view = new DataView(message.buffer);
  view.setUint16(0, type);
  view.setUint16(2, length);
  message.set(transaction, 4);
  return message;
}

/** 4 or 16 bytes of an address in canonical text. */
function addressBytes({ family, host }: SocketAddress): readonly number[] {
  if (family === 4) return host.split('.').map(Number);
  const [head = '', tail] = host.replace(/%.*$/, '').split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}
