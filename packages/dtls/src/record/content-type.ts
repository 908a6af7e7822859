/** What a record carries (RFC 5246 §6.2.1, RFC 9146 §4, RFC 9853 §4). */
export const ContentType = {
  ChangeCipherSpec: 20,
  Alert: 21,
  Handshake: 22,
  ApplicationData: 23,
  /** A protected record with a Connection ID; the true type is inside. */
  Tls12Cid: 25,
  ReturnRoutabilityCheck: 27,
} as const;
export type ContentType = (typeof ContentType)[keyof typeof ContentType];

/** DTLS versions count downwards: 1.0 is { 254, 255 }, 1.2 is { 254, 253 }. */
export const dtls10 = 0xfeff;
export const dtls12 = 0xfefd;

/** RFC 6347 §4.1: a fragment of plaintext has at most 2^14 bytes, a protected one at most 2048 more. */
export const maximumPlaintext = 2 ** 14;
export const maximumCiphertext = 2 ** 14 + 2048;

/** RFC 6347 §4.1: sequence numbers have 48 bits. */
export const maximumSequence = 2 ** 48 - 1;
