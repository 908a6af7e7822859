import { csvFields } from './csv.ts';
import { type LineReader, lineMistake, type ReadLine } from './import-file.ts';
import { mistakeAt } from './reason.ts';
import type { JsonNewAllowEntry } from './schemas/enrolment.ts';

/** Reads device keys, one a line: `key` or `key,note`. Empty lines, lines that begin with `#`, and a heading `key` are passed over. */
export class AllowFileReader implements LineReader<JsonNewAllowEntry> {
  read(content: string, line: number): ReadLine<JsonNewAllowEntry> {
    if (content.trim() === '' || content.startsWith('#')) return undefined;
    const [first, ...rest] = csvFields(content) ?? [];
    if (first === undefined) {
      const message = 'a quotation mark is not closed, or stands within a field';
      return { mistake: lineMistake(line, mistakeAt('line', message, 'quotation-open')) };
    }
    const key = first.trim();
    if (key.toLowerCase() === 'key') return undefined;
    if (key === '') return { mistake: lineMistake(line, mistakeAt('key', 'the key is missing', 'missing')) };
    // A note with commas that nobody quoted is one note.
    const note = rest.join(', ').trim();
    return { name: key, entry: { key, ...(note !== '' && { note }) } };
  }
}
