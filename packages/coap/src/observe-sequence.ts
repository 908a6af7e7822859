/** RFC 7641 §3.4: after this time any notification is newer than what came before. */
const longestReordering = 128_000;
const modulus = 0x100_0000;
const half = 0x80_0000;

/**
 * RFC 7641 §3.4: whether a notification is newer than the last one, by its 24-bit sequence number and its time of arrival.
 *
 * @param lastSequence sequence number of the last notification
 * @param lastAt when it came, in monotonic milliseconds
 */
export function isFresher(lastSequence: number, lastAt: number, sequence: number, at: number): boolean {
  return isLater(lastSequence, sequence) || at > lastAt + longestReordering;
}

/** Whether `second` comes after `first` in the circle of 24-bit numbers. */
function isLater(first: number, second: number): boolean {
  return (first < second && second - first < half) || (first > second && first - second > half);
}

/**
 * The next sequence number of an observation: the milliseconds of the day's clock, and always later than the one before, so
 * that a restart goes on where it was (RFC 7641 §4.4).
 *
 * @param previous the last one used, or undefined for the first
 */
export function nextSequence(previous: number | undefined, epoch: number): number {
  const now = Math.floor(epoch) % modulus;
  return previous === undefined || isLater(previous, now) ? now : (previous + 1) % modulus;
}
