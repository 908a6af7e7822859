import { emptyBytes, encodeHex } from '@yaolian/kernel';
import { aeadShape, kdfHash, OscoreAead, OscoreKdf } from './algorithms.ts';

/** What both sides agreed on beforehand (RFC 8613 §3.2). IDs are short byte strings, possibly empty, and differ from each other. */
export interface OscoreCredentials {
  /** Random and secret; 16 bytes or more. */
  readonly masterSecret: Uint8Array;
  /** Default: none. */
  readonly masterSalt?: Uint8Array;
  /** Ours; the peer's Recipient ID. At most as long as the nonce of the AEAD less 6: 7 bytes with the default. */
  readonly senderId: Uint8Array;
  /** The peer's Sender ID, which its requests name in `kid`. */
  readonly recipientId: Uint8Array;
  /** Tells contexts of one Master Secret apart. Default: none. At most 255 bytes. */
  readonly idContext?: Uint8Array | undefined;
  /** Default AES-CCM-16-64-128. */
  readonly aead?: OscoreAead;
  /** Default HKDF-SHA-256. */
  readonly kdf?: OscoreKdf;
  /** Whether our requests carry the ID Context (`kid context`), where there is one. Default true. */
  readonly sendsIdContext?: boolean;
  /**
   * Whether a side that lost its state, or wants other keys, makes a new context of the same Master Secret with the other (RFC 8613
   * Appendix B.2). Both sides have to have agreed on that. Default false.
   */
  readonly rederives?: boolean;
  /** What the peer is called: `peer.identity.identity`. Default: recipientId and idContext in hexadecimal. */
  readonly name?: string;
}

/** Credentials with nothing left out. */
export interface CompleteCredentials extends Required<Omit<OscoreCredentials, 'idContext'>> {
  readonly idContext: Uint8Array | undefined;
}

/** Shorter secrets can be guessed (RFC 8613 §12.3). */
const leastSecret = 16;

/** @throws RangeError when no context can be derived from them, saying why */
export function completeCredentials(credentials: OscoreCredentials): CompleteCredentials {
  const { masterSecret, senderId, recipientId, idContext } = credentials;
  const { aead = OscoreAead.AesCcm16_64_128, kdf = OscoreKdf.HkdfSha256 } = credentials;
  const longest = aeadShape(aead).nonceLength - 6;
  kdfHash(kdf);
  if (masterSecret.length < leastSecret) {
    throw new RangeError(`a Master Secret has at least ${leastSecret} bytes, not ${masterSecret.length}`);
  }
  for (const [name, id] of [
    ['Sender', senderId],
    ['Recipient', recipientId],
  ] as const) {
    if (id.length > longest) {
      throw new RangeError(`a ${name} ID has at most ${longest} bytes with this AEAD, not ${id.length}`);
    }
  }
  if (encodeHex(senderId) === encodeHex(recipientId)) {
    throw new RangeError('Sender ID and Recipient ID are the same: both sides would encrypt with one key');
  }
  if (idContext !== undefined && idContext.length > 255) {
    throw new RangeError(`an ID Context has at most 255 bytes, not ${idContext.length}`);
  }
  return {
    masterSecret,
    masterSalt: credentials.masterSalt ?? emptyBytes,
    senderId,
    recipientId,
    idContext,
    aead,
    kdf,
    sendsIdContext: credentials.sendsIdContext ?? true,
    rederives: credentials.rederives ?? false,
    name: credentials.name ?? nameOf(recipientId, idContext),
  };
}

function nameOf(recipientId: Uint8Array, idContext: Uint8Array | undefined): string {
  const id = encodeHex(recipientId);
  return idContext === undefined ? id : `${id}@${encodeHex(idContext)}`;
}
