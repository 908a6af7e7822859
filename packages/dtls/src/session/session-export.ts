import { decodeUtf8, encodeUtf8, parseSocketAddress } from '@yaolian/kernel';
import { cipherSuiteOf } from '../cipher-suites.ts';
import { maximumSequence } from '../record/content-type.ts';
import type { Sender } from '../record/protection.ts';
import type { Settings } from '../settings.ts';
import { Reader, Writer } from '../wire.ts';
import { decodeIdentity, encodeIdentity } from './resumable-state.ts';
import { DtlsSession } from './session.ts';
import { refuseBelow } from './session-progress.ts';

/** How many records may be sent after an export before another is needed: no sequence number is ever used twice. */
export const exportReserve = 4096;

const format = 2;

/** What {@link exportSession} gives. */
export interface SessionExport {
  /** Everything that the session needs to go on elsewhere, keys included: to be sealed by the caller. */
  readonly state: Uint8Array;
  /** To be called once the state is where a restart finds it: only then the sequence numbers that it reserves are used. */
  stored(): void;
}

export interface SessionImport {
  /**
   * How many processes went on with this very export before, whether they sent anything or not. Each has a reserve of
   * sequence numbers to itself, so that nothing need be stored at a start. Default 0.
   */
  readonly importedBefore?: number;
}

export function exportSession(session: DtlsSession): SessionExport {
  const end = Math.min(session.writeSequence + exportReserve, maximumSequence + 1);
  // The first export limits the session at once; a later one must not, until it is sure to be found, go beyond the one before.
  session.writeEnd = Math.min(session.writeEnd, end);
  session.exportDueAt = session.writeSequence + exportReserve / 2;
  return {
    state: encodeSession(session, end),
    stored: () => {
      session.writeEnd = Math.max(session.writeEnd, end);
    },
  };
}

function encodeSession(session: DtlsSession, end: number): Uint8Array {
  const writer = new Writer(256)
    .uint8(format)
    .uint16(session.suite.id)
    .uint8(session.sender)
    .uint8((session.routabilityCheck ? 1 : 0) | (session.limitsRecords ? 2 : 0))
    .uint16(session.contentLimit)
    .uint48(end)
    .uint48(session.readHighest + 1)
    .uint32(session.hash)
    .vector8(encodeUtf8(session.key))
    .vector8(encodeUtf8(session.address.key))
    .vector8(encodeUtf8(session.serverName ?? ''))
    .vector8(session.ownCid)
    .vector8(session.peerCid)
    .vector8(session.keys.subarray(0, session.protection.keyBlockLength));
  encodeIdentity(writer, session.proof);
  return writer.finish();
}

/** Undefined when the bytes are no export that fits these settings. */
export function decodeSession(
  bytes: Uint8Array,
  settings: Settings,
  { importedBefore = 0 }: SessionImport = {},
): DtlsSession | undefined {
  const reader = new Reader(bytes);
  if (reader.uint8() !== format) return undefined;
  const suite = cipherSuiteOf(reader.uint16());
  const sender = reader.uint8() as Sender;
  const flags = reader.uint8();
  const [routabilityCheck, limitsRecords] = [(flags & 1) > 0, (flags & 2) > 0];
  const contentLimit = reader.uint16();
  const writeSequence = reader.uint48();
  const readEnd = reader.uint48();
  const hash = reader.uint32();
  const key = decodeUtf8(reader.vector8());
  const address = parseSocketAddress(decodeUtf8(reader.vector8()) ?? '');
  const serverName = decodeUtf8(reader.vector8()) || undefined;
  const [ownCid, peerCid, keys] = [reader.vector8(), reader.vector8(), reader.vector8()];
  const identity = decodeIdentity(reader);
  if (!reader.isComplete || !suite || !identity || !key || !address.ok) return undefined;
  const protection = settings.protections.of(suite);
  const cidLength = settings.connectionIdLength || 0;
  if (keys.length !== protection.keyBlockLength || (ownCid.length > 0 && ownCid.length !== cidLength)) return undefined;
  const { padTo } = settings;
  const cids = { ownCid, peerCid };
  const fields = { suite, protection, keys, sender, ...cids, contentLimit, padTo, routabilityCheck, limitsRecords };
  const session = new DtlsSession({ key, hash, address: address.value, ...fields }, identity);
  session.prove(identity);
  session.serverName = serverName;
  reserve(session, writeSequence + importedBefore * exportReserve);
  session.readEnd = readEnd;
  refuseBelow(session, readEnd);
  return session;
}

/** Sequence numbers from `from` on are the session's, as many as one export reserves. */
function reserve(session: DtlsSession, from: number): void {
  session.writeSequence = Math.min(from, maximumSequence + 1);
  session.writeEnd = Math.min(from + exportReserve, maximumSequence + 1);
  session.exportDueAt = from + exportReserve / 2;
}
