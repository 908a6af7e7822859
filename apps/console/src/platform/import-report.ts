import { csvRow, type ImportReport, type LineMistake } from '@yaolian/contract';
import { tellReason } from './problem-text.ts';
import type { Translate } from './text.ts';

/** What is wrong with a line, with the field that it is about where the sentence does not name it. */
export function tellMistake({ message, where, ...why }: LineMistake, t: Translate): string {
  const { text } = tellReason(message, why, t);
  return where === undefined ? text : t('problem.at', { where, text });
}

/** What came of every line, as CSV: `line,name,outcome,reason`. Nothing of the line itself, which may hold a key. */
export function reportAsCsv({ lines, refused }: ImportReport, t: Translate): Blob {
  const why = new Map(refused.map((mistake) => [mistake.line, tellMistake(mistake, t)]));
  const rows = lines.map(({ line, name, outcome }) => csvRow([line, name, outcome, why.get(line)]));
  // The mark at the start tells spreadsheets that it is UTF-8.
  return new Blob(['\ufeff', csvRow(['line', 'name', 'outcome', 'reason']), ...rows], {
    type: 'text/csv;charset=utf-8',
  });
}
