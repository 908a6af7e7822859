import { concatBytes, type Peer, type PeerIdentity, type SocketAddress } from '@yaolian/kernel';
import type { CipherSuite } from '../cipher-suites.ts';
import type { Handshake } from '../handshake/handshake.ts';
import { type ProvenIdentity, peerIdentity } from '../identity.ts';
import { ContentType, dtls12, maximumSequence } from '../record/content-type.ts';
import type { Protection, Sender } from '../record/protection.ts';
import { type RecordView, writeEpochAndSequence } from '../record/record-header.ts';
import type { ReplayWindow } from '../record/replay-window.ts';
import { connectionIdNumber } from './connection-id.ts';

export interface SessionFields {
  readonly key: string;
  readonly hash: number;
  readonly address: SocketAddress;
  readonly suite: CipherSuite;
  readonly protection: Protection;
  readonly keys: Uint8Array;
  /** Which half of the keys is ours. */
  readonly sender: Sender;
  readonly ownCid: Uint8Array;
  readonly peerCid: Uint8Array;
  readonly contentLimit: number;
  readonly padTo: number;
  readonly routabilityCheck: boolean;
  readonly limitsRecords: boolean;
}

/** The only epoch with keys: there is no renegotiation. */
export const protectedEpoch = 1;

const recordHeader = 13;

/**
 * A DTLS session: a peer that keeps its identity while its address may change. Small on purpose: all keys in one buffer, no
 * timer, no closure, no handshake state once it is open.
 */
export class DtlsSession implements Peer, ReplayWindow {
  readonly key: string;
  readonly hash: number;
  /** Where the newest authentic record came from. */
  address: SocketAddress;
  /** Who the peer proved to be. */
  proof: ProvenIdentity;
  /** The same as every transport tells it. */
  identity?: PeerIdentity;
  readonly suite: CipherSuite;
  /** The name that the client asked for (RFC 6066 §3). */
  serverName: string | undefined;
  /** Whether it continues an earlier one. */
  isResumed = false;
  /** @internal */
  readonly protection: Protection;
  /**
   * @internal The key block (RFC 5246 §6.3), zeros when the session is closed; behind it the Connection IDs, ours first:
   * arrays of their own would be a fifth of an idle session.
   */
  readonly keys: Uint8Array;
  /** @internal */
  readonly sender: Sender;
  /** @internal Bytes of our Connection ID. */
  readonly ownCidLength: number;
  /** @internal */
  readonly peerCidLength: number;
  /** @internal The largest content that the peer takes in one record. */
  readonly contentLimit: number;
  /** @internal */
  readonly padTo: number;
  /** @internal Whether both sides know RFC 9853. */
  readonly routabilityCheck: boolean;
  /** @internal Whether the peer knows the largest content that we take (RFC 8449). */
  readonly limitsRecords: boolean;
  /** @internal */
  state: SessionState = 'handshake';
  /** @internal The sequence number of the next record. */
  writeSequence = 0;
  /** @internal Sequence numbers from here on are not ours to use. */
  writeEnd = maximumSequence + 1;
  readHighest = -1;
  readWindowLow = 0;
  readWindowHigh = 0;
  /** Monotonic milliseconds of the last authentic record. */
  lastReceived = 0;
  /** @internal Bytes that may still be sent to an address that is not validated; -1: it is. */
  unvalidatedBudget = -1;
  /** @internal Whether anything was sent to the present address. */
  hasSentHere = false;
  /** @internal Where progress is stored: records from this number on wait until a restart would refuse them. */
  readEnd = -1;
  /** @internal Where progress is stored: whether records came since that was last looked at. */
  wasHeard = false;
  /** @internal When this sequence number is reached, an export is about to run out of what it reserved; -1: never. */
  exportDueAt = -1;
  /** @internal The cookie of a return-routability check that is under way (RFC 9853). */
  pathCookie: Uint8Array | undefined;
  /** @internal Undefined once nothing of the handshake is needed any more. */
  handshake: Handshake | undefined;

  constructor(fields: SessionFields, proof: ProvenIdentity) {
    this.key = fields.key;
    this.hash = fields.hash;
    this.address = fields.address;
    this.proof = proof;
    this.suite = fields.suite;
    this.serverName = undefined;
    this.protection = fields.protection;
    this.keys = concatBytes([fields.keys, fields.ownCid, fields.peerCid]);
    this.sender = fields.sender;
    this.ownCidLength = fields.ownCid.length;
    this.peerCidLength = fields.peerCid.length;
    this.contentLimit = fields.contentLimit;
    this.padTo = fields.padTo;
    this.routabilityCheck = fields.routabilityCheck;
    this.limitsRecords = fields.limitsRecords;
    this.pathCookie = undefined;
    this.handshake = undefined;
  }

  /** @internal The handshake is done: the proof counts. */
  prove(proof: ProvenIdentity): void {
    this.proof = proof;
    const identity = peerIdentity(proof);
    if (identity !== undefined) this.identity = identity;
  }

  /** Whether the peer's records carry a Connection ID, so that its address may change (RFC 9146). */
  get hasConnectionId(): boolean {
    return this.ownCidLength > 0;
  }

  /** @internal Our Connection ID. */
  get ownCid(): Uint8Array {
    const start = this.protection.keyBlockLength;
    return this.keys.subarray(start, start + this.ownCidLength);
  }

  /** @internal The peer's Connection ID. */
  get peerCid(): Uint8Array {
    return this.keys.subarray(this.protection.keyBlockLength + this.ownCidLength);
  }

  /** @internal Our Connection ID as a number, which tables find quickly. */
  get ownCidNumber(): number {
    return connectionIdNumber(this.keys, this.protection.keyBlockLength, this.ownCidLength);
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  toString(): string {
    return this.key;
  }

  /** @internal How long the record with this content is at most. */
  recordLength(contentLength: number): number {
    const cid = this.peerCidLength;
    const inner = cid > 0 ? paddedLength(contentLength + 1, this.padTo) : contentLength;
    return recordHeader + cid + inner + this.protection.overhead;
  }

  /**
   * @internal Writes a protected record into `out` at `at` and returns its end; -1 when the sequence numbers are used up.
   */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number): number {
    if (this.writeSequence >= this.writeEnd) return -1;
    const cid = this.peerCidLength;
    out[at] = cid > 0 ? ContentType.Tls12Cid : type;
    out[at + 1] = dtls12 >> 8;
    out[at + 2] = dtls12 & 0xff;
    writeEpochAndSequence(out, at + 3, protectedEpoch, this.writeSequence++);
    const cidStart = this.protection.keyBlockLength + this.ownCidLength;
    for (let i = 0; i < cid; i++) out[at + 11 + i] = this.keys[cidStart + i]!;
    const inner = cid > 0 ? innerPlaintext(type, content, this.padTo) : content;
    return this.protection.seal(this.keys, this.sender, out, at, at + recordHeader + cid, cid, inner);
  }

  /** @internal The content of a protected record, with the inner type if it has one; undefined when it is not authentic. */
  open(datagram: Uint8Array, header: number, record: RecordView): Uint8Array | undefined {
    return this.protection.open(this.keys, (1 - this.sender) as Sender, datagram, header, record);
  }

  /** @internal */
  wipe(): void {
    this.state = 'closed';
    this.keys.fill(0, 0, this.protection.keyBlockLength);
  }
}

export type SessionState = 'handshake' | 'open' | 'closed';

function paddedLength(length: number, padTo: number): number {
  return Math.ceil(length / padTo) * padTo;
}

/** RFC 9146 §4: content, true type, zeros. */
function innerPlaintext(type: number, content: Uint8Array, padTo: number): Uint8Array {
  const inner = new Uint8Array(paddedLength(content.length + 1, padTo));
  inner.set(content);
  inner[content.length] = type;
  return inner;
}

/** The length of the content in an inner plaintext (the type stands behind it); -1 when there is no type. */
export function innerContentLength(inner: Uint8Array): number {
  let at = inner.length - 1;
  while (at >= 0 && inner[at] === 0) at--;
  return at;
}
