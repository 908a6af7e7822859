/** Compares as UTF-8 bytes do, which UTF-16 code units do not beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The items after the key `after`, in the order of keys. */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  query: { readonly after?: string; readonly limit: number },
): T[] {
  const { after } = query;
  return [...items]
    .filter((item) => after === undefined || compareKeys(keyOf(item), after) > 0)
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)))
    .slice(0, query.limit);
}
