/**
 * What objects and resources are called in the one generated table and not in the other, sorted: what whoever keeps names in
 * other languages has to name.
 * @param table as `renderTable` makes it
 * @param before the one that it takes the place of
 */
export function newNames(table: string, before: string): string[] {
  const known = new Set(namesIn(before));
  return [...new Set(namesIn(table))].filter((name) => !known.has(name)).sort();
}

/** The name is the sixth field of an object and the third of a resource; see `table.ts`. */
function namesIn(table: string): string[] {
  return table.split('\n').flatMap((line) => line.split('\t')[line.startsWith('@') ? 5 : 2] ?? []);
}
