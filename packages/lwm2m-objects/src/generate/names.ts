/**
 * A name of the registry as one word: `Min Measured Value` is `MinMeasuredValue`, `IP address (2)` is `IpAddress`, `LAC` is
 * `Lac`. Footnotes in parentheses are left out; the prefix LwM2M of objects is, too.
 */
export function wordOf(name: string): string {
  const words = name
    .replace(/^LWM2M[\s-]+/i, '')
    .replaceAll(/\(\d\)/g, '')
    .replaceAll(/IoT|eDRX|IPv(?=\d)/g, (known) => known.charAt(0).toUpperCase() + known.slice(1).toLowerCase())
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .match(/[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g);
  const word = (words ?? []).map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase()).join('');
  // A name has to begin with a capital letter to be told from what every object has.
  return /^[A-Z]/.test(word) ? word : `N${word}`;
}

/** Words for names. Of several names that give the same one the first keeps it, and the others have their id behind it. */
export function uniqueWords(
  named: Iterable<{ readonly id: number; readonly name: string }>,
): ReadonlyMap<number, string> {
  const words = new Map<number, string>();
  const taken = new Set<string>();
  for (const { id, name } of named) {
    const word = wordOf(name);
    words.set(id, taken.has(word.toLowerCase()) ? `${word}${id}` : word);
    taken.add(word.toLowerCase());
  }
  return words;
}
