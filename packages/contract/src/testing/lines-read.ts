import type { LineReader } from '../import-file.ts';

/** What a reader makes of the lines of a text: `{ line, [name]: entry }` each, or what is wrong with them, `2: it is missing`. */
export function linesRead<T>(reader: LineReader<T>, text: string, name: string): unknown {
  const read = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap((content, index) => {
      const found = reader.read(content, index + 1);
      return found === undefined ? [] : [{ line: index + 1, found }];
    });
  const mistakes = read.flatMap(({ found }) => ('mistake' in found ? [found.mistake] : []));
  if (mistakes.length > 0) return mistakes.map(({ line, message }) => `${line}: ${message}`);
  return read.map(({ line, found }) => ({ line, [name]: 'entry' in found ? found.entry : undefined }));
}
