import { ApiProblemError, csvRow, type LineMistake } from '@yaolian/contract';
import { tellReason } from './problem-text.ts';
import type { Translate } from './text.ts';

/** One line of a file, with what is sent for it. */
export interface ImportLine {
  /** From 1, as editors count. */
  readonly line: number;
  /** What the line is about: an endpoint or a key. Never a secret. */
  readonly name: string;
  readonly send: () => Promise<unknown>;
}

export interface ImportReport {
  readonly lines: readonly ImportLine[];
  /** Lines that the platform took. */
  readonly added: ReadonlySet<number>;
  /** Lines that it refused, in the order of the file. */
  readonly refused: readonly LineMistake[];
  /** What ended it before all lines were sent, the platform being away for example. */
  readonly error?: unknown;
}

/** So many requests at a time: a browser opens no more connections to one place. */
const atOnce = 6;

/**
 * Sends lines one by one, some at a time. A line that is refused does not hold up the others; anything else that fails, or `signal`, ends it.
 * What was sent before stays, and its answers are waited for, so that the report is right.
 */
export async function importLines(
  lines: readonly ImportLine[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<ImportReport> {
  const added = new Set<number>();
  const refused: LineMistake[] = [];
  let [next, error]: [number, unknown] = [0, undefined];
  const sendOn = async () => {
    for (let one = lines[next]; one !== undefined && error === undefined && !signal.aborted; one = lines[next]) {
      next++;
      try {
        await one.send();
        added.add(one.line);
      } catch (reason) {
        if (reason instanceof ApiProblemError) refused.push(mistakeOf(one.line, reason));
        else error ??= reason;
      }
      onProgress(added.size + refused.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
  refused.sort((a, b) => a.line - b.line);
  return { lines, added, refused, ...(error === undefined ? {} : { error }) };
}

function mistakeOf(line: number, { problem }: ApiProblemError): LineMistake {
  // A field that is wrong says more than the problem as a whole.
  const { message, reason, params } = problem.errors?.[0] ?? { ...problem, message: problem.detail };
  return { line, message, ...(reason && { reason }), ...(params && { params }) };
}

/** What came of every line, as CSV: `line,name,outcome,reason`. Nothing of the line itself, which may hold a key. */
export function reportAsCsv({ lines, added, refused }: ImportReport, t: Translate): Blob {
  const why = new Map(refused.map(({ line, message, ...rest }) => [line, tellReason(message, rest, t).text]));
  const rows = lines.map(({ line, name }) => {
    const reason = why.get(line);
    return csvRow([line, name, reason !== undefined ? 'refused' : added.has(line) ? 'added' : 'not sent', reason]);
  });
  // The mark at the start tells spreadsheets that it is UTF-8.
  return new Blob(['\ufeff', csvRow(['line', 'name', 'outcome', 'reason']), ...rows], {
    type: 'text/csv;charset=utf-8',
  });
}
