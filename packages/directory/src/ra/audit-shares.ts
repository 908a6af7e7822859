/**
 * How many lines of the trail each actor keeps where they have room for `room` together: all where there is room, else as many as every
 * other one that has too many, so that who fills the trail loses lines of its own.
 * @param counts the lines that each has
 * @returns how many each keeps, in the same order
 */
export function fairShares(counts: readonly number[], room: number): readonly number[] {
  const kept = new Array<number>(counts.length).fill(0);
  const smallestFirst = counts.map((count, index) => ({ count, index })).sort((a, b) => a.count - b.count);
  let left = room;
  smallestFirst.forEach(({ count, index }, position) => {
    // What small ones leave goes to the larger ones; the largest get what does not divide.
    kept[index] = Math.min(count, Math.floor(left / (counts.length - position)));
    left -= kept[index];
  });
  return kept;
}
