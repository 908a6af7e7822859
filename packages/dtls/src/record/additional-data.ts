import { ContentType } from './content-type.ts';

/** The longest Connection ID is 255 bytes. */
const scratch = new Uint8Array(13 + 11 + 255);
const plain = scratch.subarray(0, 13);

/**
 * What is authenticated besides the content, for AEAD ciphers and in front of an encrypt-then-MAC content:
 *
 *   RFC 5246 §6.2.3.3:  epoch + seq_num (8), type, version, length
 *   RFC 9146 §5:        8 x 0xff, tls12_cid, cid_length, tls12_cid, version, epoch, seq_num, cid, length
 *
 * @param header where the record's header starts in `record`
 * @param cidLength 0: the record has no Connection ID
 * @param length of the plaintext (AEAD, with the inner type), or of IV and ciphertext (encrypt-then-MAC)
 * @returns a view that is good until the next call
 */
export function additionalData(record: Uint8Array, header: number, cidLength: number, length: number): Uint8Array {
  if (record[header] !== ContentType.Tls12Cid) {
    for (let i = 0; i < 8; i++) plain[i] = record[header + 3 + i]!;
    plain[8] = record[header]!;
    plain[9] = record[header + 1]!;
    plain[10] = record[header + 2]!;
    plain[11] = length >> 8;
    plain[12] = length;
    return plain;
  }
  scratch.fill(0xff, 0, 8);
  scratch[8] = ContentType.Tls12Cid;
  scratch[9] = cidLength;
  // Type, version, epoch, sequence number and Connection ID stand in the record in this order.
  const copied = 11 + cidLength;
  for (let i = 0; i < copied; i++) scratch[10 + i] = record[header + i]!;
  scratch[10 + copied] = length >> 8;
  scratch[11 + copied] = length;
  return scratch.subarray(0, 12 + copied);
}
