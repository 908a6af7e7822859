import { decodeUtf8, encodeUtf8, parseSocketAddress } from '@yaolian/kernel';
import { cipherSuiteOf } from '../cipher-suites.ts';
import { maximumSequence } from '../record/content-type.ts';
import type { Sender } from '../record/protection.ts';
import type { Settings } from '../settings.ts';
import { Reader, Writer } from '../wire.ts';
import { decodeIdentity, encodeIdentity } from './resumable-state.ts';
import { DtlsSession } from './session.ts';

/** How many records may be sent after an export before another is needed: no sequence number is ever used twice. */
export const exportReserve = 4096;

const format = 1;

/** Everything that the session needs to go on elsewhere, keys included: to be sealed by the caller. */
export function encodeSession(session: DtlsSession): Uint8Array {
  const end = Math.min(session.writeSequence + exportReserve, maximumSequence + 1);
  session.writeEnd = end;
  session.exportDueAt = session.writeSequence + exportReserve / 2;
  const writer = new Writer(256)
    .uint8(format)
    .uint16(session.suite.id)
    .uint8(session.sender)
    .uint8(session.routabilityCheck ? 1 : 0)
    .uint16(session.contentLimit)
    .uint48(end)
    .uint48(session.readHighest + 1)
    .uint32(session.readWindowLow >>> 0)
    .uint32(session.readWindowHigh >>> 0)
    .uint32(session.hash)
    .vector8(encodeUtf8(session.key))
    .vector8(encodeUtf8(session.address.key))
    .vector8(encodeUtf8(session.serverName ?? ''))
    .vector8(session.ownCid)
    .vector8(session.peerCid)
    .vector8(session.keys);
  encodeIdentity(writer, session.proof);
  return writer.finish();
}

/** Undefined when the bytes are no export that fits these settings. */
export function decodeSession(bytes: Uint8Array, settings: Settings): DtlsSession | undefined {
  const reader = new Reader(bytes);
  if (reader.uint8() !== format) return undefined;
  const suite = cipherSuiteOf(reader.uint16());
  const sender = reader.uint8() as Sender;
  const routabilityCheck = reader.uint8() === 1;
  const contentLimit = reader.uint16();
  const writeSequence = reader.uint48();
  const readHighest = reader.uint48() - 1;
  const [low, high, hash] = [reader.uint32() | 0, reader.uint32() | 0, reader.uint32()];
  const key = decodeUtf8(reader.vector8());
  const address = parseSocketAddress(decodeUtf8(reader.vector8()) ?? '');
  const serverName = decodeUtf8(reader.vector8()) || undefined;
  const [ownCid, peerCid, keys] = [reader.vector8().slice(), reader.vector8().slice(), reader.vector8().slice()];
  const identity = decodeIdentity(reader);
  if (!reader.isComplete || !suite || !identity || !key || !address.ok) return undefined;
  const protection = settings.protections.of(suite);
  const cidLength = settings.connectionIdLength || 0;
  if (keys.length !== protection.keyBlockLength || (ownCid.length > 0 && ownCid.length !== cidLength)) return undefined;
  const { padTo } = settings;
  const fields = { suite, protection, keys, sender, ownCid, peerCid, contentLimit, padTo, routabilityCheck };
  const session = new DtlsSession({ key, hash, address: address.value, ...fields }, identity);
  session.prove(identity);
  session.serverName = serverName;
  session.writeSequence = writeSequence;
  session.readHighest = readHighest;
  session.readWindowLow = low;
  session.readWindowHigh = high;
  return session;
}
