import { wholeWindow } from '../record/replay-window.ts';
import { Reader, Writer } from '../wire.ts';
import type { DtlsSession } from './session.ts';
import type { SessionTable } from './session-table.ts';

/*
 * What changes with the records that come, apart from the rest of a session because it changes often. For each session:
 *
 *    0                     8                  14
 *   +---------------------+------------------+
 *   |  id (end of its key) | end              |
 *   +---------------------+------------------+
 *
 * A restart refuses all numbers below the end, also those that never came: which of them were late and are taken is not stored.
 */
export const progressLength = 14;

const keyPrefix = 'dtls:';

/** The key of the session of a server that has this id of 8 bytes. */
export function sessionKeyOf(hexId: string): string {
  return `${keyPrefix}${hexId}`;
}

/** What is stored of a session. */
export interface ProgressEntry {
  readonly session: DtlsSession;
  /** All below this may have been taken. */
  readonly end: number;
}

/** How far sessions of a server came. */
export function encodeProgress(entries: Iterable<ProgressEntry>): Uint8Array {
  const writer = new Writer(progressLength * 64);
  for (const { session, end } of entries) {
    for (let at = keyPrefix.length; at < session.key.length; at += 8) {
      writer.uint32(Number.parseInt(session.key.slice(at, at + 8), 16));
    }
    writer.uint48(end);
  }
  return writer.finish();
}

/**
 * Applies what {@link encodeProgress} gave, in the order in which it was stored, to the sessions that are there: what is newer counts, but
 * never less than the session itself says. @returns whether it could be read
 */
export function applyProgress(bytes: Uint8Array, sessions: SessionTable): boolean {
  if (bytes.length % progressLength !== 0) return false;
  const reader = new Reader(bytes);
  while (reader.remaining > 0) {
    const session = sessions.get(sessionKeyOf(hex32(reader.uint32()) + hex32(reader.uint32())));
    const end = reader.uint48();
    if (session !== undefined && session.readEnd >= 0 && end >= session.readEnd) refuseBelow(session, end);
  }
  return true;
}

/** From here on all numbers below `end` count as taken. */
export function refuseBelow(session: DtlsSession, end: number): void {
  session.readHighest = end - 1;
  session.readWindowLow = wholeWindow;
  session.readWindowHigh = wholeWindow;
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
