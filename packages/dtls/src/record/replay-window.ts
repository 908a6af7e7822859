/** What the receiving side of a session keeps against replay (RFC 6347 §4.1.2.6). */
export interface ReplayWindow {
  /** The highest authentic sequence number; -1 before the first. */
  readHighest: number;
  /** Bit n: sequence number readHighest - n came, 0 <= n < 32. */
  readWindowLow: number;
  /** The same for 32 <= n < 64. */
  readWindowHigh: number;
}

/** Records that are older than this are refused. */
const replayWindowSize = 64;

/** Half a window of which all came. */
export const wholeWindow = -1;

/** Whether a record is old or was seen. To be asked before deciphering, and marked only after. */
export function isReplayed(window: ReplayWindow, sequence: number): boolean {
  const age = window.readHighest - sequence;
  if (age < 0) return false;
  if (age >= replayWindowSize) return true;
  const word = age < 32 ? window.readWindowLow : window.readWindowHigh;
  return ((word >>> (age & 31)) & 1) === 1;
}

/** Notes an authentic record. True when it is the newest so far. */
export function markReceived(window: ReplayWindow, sequence: number): boolean {
  const advance = sequence - window.readHighest;
  if (advance <= 0) {
    const age = -advance;
    if (age < 32) window.readWindowLow |= 1 << age;
    else window.readWindowHigh |= 1 << (age & 31);
    return false;
  }
  if (advance >= replayWindowSize) {
    window.readWindowHigh = 0;
    window.readWindowLow = 1;
  } else if (advance >= 32) {
    window.readWindowHigh = advance === 32 ? window.readWindowLow : window.readWindowLow << (advance & 31);
    window.readWindowLow = 1;
  } else {
    window.readWindowHigh = (window.readWindowHigh << advance) | (window.readWindowLow >>> (32 - advance));
    window.readWindowLow = (window.readWindowLow << advance) | 1;
  }
  window.readHighest = sequence;
  return true;
}
