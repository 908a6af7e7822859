import { concatBytes, decodeUtf8, emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import { type CipherSuite, cipherSuiteOf } from '../cipher-suites.ts';
import { noIdentity, type ProvenIdentity } from '../identity.ts';
import { Reader, Writer } from '../wire.ts';
import { decodeCertificate } from '../x509/certificate.ts';

/** What a session leaves behind so that a later one can do without a full handshake. */
export interface ResumableState {
  readonly suite: CipherSuite;
  /** 48 bytes. */
  readonly masterSecret: Uint8Array;
  readonly usesExtendedMasterSecret: boolean;
  readonly serverName: string | undefined;
  readonly identity: ProvenIdentity;
  /** Milliseconds since 1970 of the full handshake. */
  readonly since: number;
}

const format = 1;
/** The last is a certificate behind the digest of its authority. */
const identityKinds = ['NONE', 'PSK', 'RPK', 'X.509', 'X.509 by authority'] as const;
const digestLength = 32;

export function encodeIdentity(writer: Writer, identity: ProvenIdentity): void {
  const isByAuthority = identity.kind === 'X.509' && identity.authority !== undefined;
  const kind = isByAuthority ? 'X.509 by authority' : identity.kind;
  writer.uint8(identityKinds.indexOf(kind)).vector16(identityBytes(identity));
}

function identityBytes(identity: ProvenIdentity): Uint8Array {
  if (identity.kind === 'PSK') return identity.identity;
  if (identity.kind === 'RPK') return identity.publicKey;
  // The certificate stands for the chain: the chain was judged when it came.
  if (identity.kind !== 'X.509') return emptyBytes;
  return concatBytes([identity.authority ?? emptyBytes, identity.certificate]);
}

/** Undefined (and the reader failed) when there is none. */
export function decodeIdentity(reader: Reader): ProvenIdentity | undefined {
  const kind = identityKinds[reader.uint8()];
  const bytes = reader.vector16().slice();
  if (reader.failed || kind === undefined) return undefined;
  if (kind === 'NONE') return noIdentity;
  if (kind === 'PSK') return { kind, identity: bytes };
  if (kind === 'RPK') return { kind, publicKey: bytes };
  const isByAuthority = kind === 'X.509 by authority';
  const der = isByAuthority ? bytes.subarray(digestLength) : bytes;
  const certificate = decodeCertificate(der);
  if (certificate === undefined) return undefined;
  const { subject, names } = certificate;
  return {
    ...{ kind: 'X.509', certificate: der, chain: [der], subject, names },
    ...(isByAuthority && { authority: bytes.subarray(0, digestLength) }),
  };
}

export function encodeResumableState(state: ResumableState): Uint8Array {
  const writer = new Writer()
    .uint8(format)
    .uint16(state.suite.id)
    .bytes(state.masterSecret)
    .uint8(state.usesExtendedMasterSecret ? 1 : 0)
    .uint48(state.since)
    .vector8(encodeUtf8(state.serverName ?? ''));
  encodeIdentity(writer, state.identity);
  return writer.finish();
}

export function decodeResumableState(bytes: Uint8Array): ResumableState | undefined {
  const reader = new Reader(bytes);
  if (reader.uint8() !== format) return undefined;
  const suite = cipherSuiteOf(reader.uint16());
  const masterSecret = reader.bytes(48).slice();
  const usesExtendedMasterSecret = reader.uint8() === 1;
  const since = reader.uint48();
  const serverName = decodeUtf8(reader.vector8()) || undefined;
  const identity = decodeIdentity(reader);
  if (!reader.isComplete || suite === undefined || identity === undefined) return undefined;
  return { suite, masterSecret, usesExtendedMasterSecret, serverName, identity, since };
}
