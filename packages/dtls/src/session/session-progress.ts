import { Reader, Writer } from '../wire.ts';
import type { DtlsSession } from './session.ts';
import type { SessionTable } from './session-table.ts';

/*
 * What changes with each record that comes, apart from the rest of a session because it changes often. For each session:
 *
 *    0                     8                  14        18         22
 *   +---------------------+------------------+---------+----------+
 *   |  id (end of its key) | highest + 1      |  window (low, high) |
 *   +---------------------+------------------+---------+----------+
 */
export const progressLength = 22;

const wholeWindow = 0xffff_ffff;

const keyPrefix = 'dtls:';

/** The key of the session of a server that has this id of 8 bytes. */
export function sessionKeyOf(hexId: string): string {
  return `${keyPrefix}${hexId}`;
}

/** What is stored of a session. */
export interface ProgressEntry {
  readonly session: DtlsSession;
  /** All below this may have been taken; undefined: the window as it is. */
  readonly end: number | undefined;
}

/** The replay windows of sessions of a server. */
export function encodeProgress(entries: Iterable<ProgressEntry>): Uint8Array {
  const writer = new Writer(progressLength * 64);
  for (const { session, end } of entries) {
    for (let at = keyPrefix.length; at < session.key.length; at += 8) {
      writer.uint32(Number.parseInt(session.key.slice(at, at + 8), 16));
    }
    writer
      .uint48(end ?? session.readHighest + 1)
      .uint32(end === undefined ? session.readWindowLow >>> 0 : wholeWindow)
      .uint32(end === undefined ? session.readWindowHigh >>> 0 : wholeWindow);
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
    const highest = reader.uint48() - 1;
    const [low, high] = [reader.uint32() | 0, reader.uint32() | 0];
    if (session === undefined || session.readEnd < 0 || highest + 1 < session.readEnd) continue;
    // Of the window that an import began with nothing is known any more: all of it counts as taken.
    const isSame = highest + 1 === session.readEnd;
    session.readHighest = highest;
    session.readWindowLow = isSame ? wholeWindow | 0 : low;
    session.readWindowHigh = isSame ? wholeWindow | 0 : high;
  }
  return true;
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
