import { concatBytes } from '@yaolian/kernel';
import { cborText } from './cbor.ts';

/** RFC 8613 §7.2.1: the largest Sender Sequence Number; it fits the 5 bytes of a Partial IV. */
export const maximumSequence = 2 ** 40 - 1;

/** A sequence number in as few bytes as possible, at least one (RFC 8613 §5). */
export function encodePartialIv(sequence: number): Uint8Array {
  let length = 1;
  for (let rest = Math.floor(sequence / 256); rest > 0; rest = Math.floor(rest / 256)) length++;
  const bytes = new Uint8Array(length);
  let rest = sequence;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** @param partialIv 1 to 5 bytes */
export function decodePartialIv(partialIv: Uint8Array): number {
  let sequence = 0;
  for (const byte of partialIv) sequence = sequence * 256 + byte;
  return sequence;
}

/**
 * RFC 8613 §5.2:
 *
 *    <- nonce length minus 6 B -> <-- 5 bytes -->
 *   +---+-------------------+--------+---------+-----+
 *   | S |      padding      | ID_PIV | padding | PIV |  xor Common IV
 *   +---+-------------------+--------+---------+-----+
 *
 * @param id the Sender ID of the endpoint that generated the Partial IV
 */
export function aeadNonce(commonIv: Uint8Array, id: Uint8Array, partialIv: Uint8Array): Uint8Array {
  const nonce = commonIv.slice();
  const { length } = nonce;
  nonce[0]! ^= id.length;
  for (let i = 0; i < id.length; i++) nonce[length - 5 - id.length + i]! ^= id[i]!;
  for (let i = 0; i < partialIv.length; i++) nonce[length - partialIv.length + i]! ^= partialIv[i]!;
  return nonce;
}

/** `["Encrypt0", h'', ` and the head of a byte string, whose length is added. */
const structure = concatBytes([Uint8Array.of(0x83), cborText('Encrypt0'), Uint8Array.of(0x40, 0x40)]);

/**
 * RFC 8613 §5.4: the same for a request and all its responses, so that these are bound to it (§7.1). There are no Class I options.
 * `["Encrypt0", h'', << [1, [alg_aead], request_kid, request_piv, h''] >>]`, whose parts are all shorter than 24 bytes.
 *
 * @param algorithm the AEAD's number, 0 to 255
 * @param kid of the request, at most 7 bytes
 * @param partialIv of the request
 */
export function additionalData(algorithm: number, kid: Uint8Array, partialIv: Uint8Array): Uint8Array {
  const isLong = algorithm > 23;
  const length = (isLong ? 8 : 7) + kid.length + partialIv.length;
  const data = new Uint8Array(structure.length + length);
  let at = structure.length;
  data.set(structure);
  data[at - 1]! |= length;
  data[at++] = 0x85;
  data[at++] = 1;
  data[at++] = 0x81;
  if (isLong) data[at++] = 24;
  data[at++] = algorithm;
  data[at++] = 0x40 | kid.length;
  for (let i = 0; i < kid.length; i++) data[at++] = kid[i]!;
  data[at++] = 0x40 | partialIv.length;
  for (let i = 0; i < partialIv.length; i++) data[at++] = partialIv[i]!;
  data[at] = 0x40;
  return data;
}
