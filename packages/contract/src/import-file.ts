import { errorCatalogue } from '@yaolian/kernel';
import { ApiProblemError } from './client.ts';
import { type FieldMistake, mistakeAt } from './reason.ts';
import type { JsonImportResult } from './schemas/import.ts';

/** What is wrong with a line of a file. */
export interface LineMistake extends Pick<FieldMistake, 'message' | 'params'> {
  /** From 1, as editors count. */
  readonly line: number;
  /** The field that the platform refused. */
  readonly where?: string;
  /** Absent where the platform refused the line, and told no more than the kind of problem. */
  readonly reason?: string;
}

/** What a line holds: undefined for nothing. */
export type ReadLine<T> =
  | undefined
  /** `name` is what it is about, an endpoint or a key; never a secret. */
  | { readonly name: string; readonly entry: T }
  /** `endsAll`: what follows makes no sense without this line. */
  | { readonly mistake: LineMistake & { readonly endsAll?: true } };

/** Reads the lines of one file, in their order. */
export interface LineReader<T> {
  read(content: string, line: number): ReadLine<T>;
}

/** A file that is read in pieces, and from its beginning twice: a Blob, in browsers and in Node. */
export interface ImportFile {
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

export type ImportOutcome = 'added' | 'unchanged' | 'refused' | 'not-sent';

export interface ImportedLine {
  readonly line: number;
  readonly name: string;
  readonly outcome: ImportOutcome;
}

export interface ImportReport {
  /** In the order of the file. */
  readonly lines: readonly ImportedLine[];
  readonly counts: Readonly<Record<ImportOutcome, number>>;
  /** Lines that the platform refused, in the order of the file. */
  readonly refused: readonly LineMistake[];
  /** What ended it before all lines were sent, the platform being away for example. */
  readonly error?: unknown;
}

/** How far it is: bytes while lines are checked, then lines. */
export interface ImportProgress {
  readonly phase: 'checking' | 'sending';
  readonly done: number;
  readonly total: number;
}

export interface ImportOptions<T> {
  readonly file: ImportFile;
  /** A new reader: the file is read twice. */
  readonly reader: () => LineReader<T>;
  /** Sends some entries at once. */
  readonly send: (entries: readonly T[]) => Promise<JsonImportResult>;
  /** Ends it between two requests. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Entries of a request. Default 500. */
  readonly atOnce?: number;
  /** Characters of JSON of a request. Default 262,144. */
  readonly maxText?: number;
  /** Mistakes after which no more are looked for. Default 1000. */
  readonly maxMistakes?: number;
}

export const importErrors = errorCatalogue({
  IMPORT_FILE_UNREADABLE: () => 'the file cannot be read any more: it has changed, or is gone; choose it again',
});

/** Characters of one line; a longer one is no line of such a file. */
const longestLine = 65_536;

export function lineMistake(line: number, { message, reason, params }: FieldMistake): LineMistake {
  return { line, message, reason, ...(params && { params }) };
}

/**
 * Imports a file of lines, some hundred a request. It is read twice, and in pieces: nothing is sent when a line is wrong. A line that
 * the platform refuses does not hold up the others; anything else that fails, or `signal`, ends it. What was sent before stays: entries
 * that are there already do no harm, so that the same file may come again.
 * @returns what became of every line, or the lines that are wrong
 * @throws IMPORT_FILE_UNREADABLE when the file cannot be read
 */
export async function importFile<T>(
  options: ImportOptions<T>,
): Promise<ImportReport | { readonly mistakes: readonly LineMistake[] }> {
  const names: { readonly line: number; readonly name: string }[] = [];
  const mistakes: LineMistake[] = [];
  const { file, reader, signal, onProgress, maxMistakes = 1000 } = options;
  const tell = (done: number) => onProgress?.({ phase: 'checking', done, total: file.size });
  for await (const found of readImportFile(file, reader(), tell)) {
    if (signal.aborted) break;
    if (found.mistake === undefined) names.push({ line: found.line, name: found.name });
    else if (mistakes.push(found.mistake) >= maxMistakes) break;
  }
  if (mistakes.length > 0) return { mistakes };
  if (names.length === 0 && !signal.aborted)
    return { mistakes: [lineMistake(1, mistakeAt('file', 'there is no line in it', 'file-empty'))] };
  const sent = await sendAll(options, names.length);
  const lines = names.map((one) => ({ ...one, outcome: sent.outcomes.get(one.line) ?? 'not-sent' }));
  const count = (outcome: ImportOutcome) => lines.filter((one) => one.outcome === outcome).length;
  const counts = {
    added: count('added'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    'not-sent': count('not-sent'),
  };
  return { lines, counts, refused: sent.refused, ...(sent.error === undefined ? {} : { error: sent.error }) };
}

interface Sent {
  readonly outcomes: Map<number, ImportOutcome>;
  readonly refused: LineMistake[];
  error?: unknown;
}

interface Pending<T> {
  readonly line: number;
  readonly entry: T;
}

async function sendAll<T>(options: ImportOptions<T>, total: number): Promise<Sent> {
  const { file, reader, signal, onProgress, atOnce = 500, maxText = 262_144 } = options;
  const sent: Sent = { outcomes: new Map(), refused: [] };
  let batch: Pending<T>[] = [];
  let text = 0;
  const flush = async () => {
    const entries = batch;
    batch = [];
    text = 0;
    await sendSome(options, entries, sent);
    onProgress?.({ phase: 'sending', done: sent.outcomes.size, total });
  };
  onProgress?.({ phase: 'sending', done: 0, total });
  try {
    for await (const found of readImportFile(file, reader())) {
      if (signal.aborted) return sent;
      // It was right a moment ago: somebody writes into it.
      if (found.mistake !== undefined) throw importErrors.IMPORT_FILE_UNREADABLE();
      const { line, entry } = found;
      const size = JSON.stringify(entry).length;
      if (batch.length > 0 && (batch.length >= atOnce || text + size > maxText)) await flush();
      batch.push({ line, entry });
      text += size;
    }
    if (!signal.aborted && batch.length > 0) await flush();
  } catch (error) {
    sent.error = error;
  }
  return sent;
}

async function sendSome<T>(options: ImportOptions<T>, batch: readonly Pending<T>[], sent: Sent): Promise<void> {
  let result: JsonImportResult;
  try {
    result = await options.send(batch.map(({ entry }) => entry));
  } catch (error) {
    const isTooMuch = error instanceof ApiProblemError && error.problem.code === 'payload-too-large';
    if (!isTooMuch || batch.length === 1) throw error;
    // The platform takes shorter requests than usual (http.body-limit).
    const half = Math.ceil(batch.length / 2);
    await sendSome(options, batch.slice(0, half), sent);
    await sendSome(options, batch.slice(half), sent);
    return;
  }
  for (const { line } of batch) sent.outcomes.set(line, 'added');
  for (const index of result.unchanged) sent.outcomes.set(batch[index]!.line, 'unchanged');
  for (const { index, code: _, ...why } of result.refused) {
    const { line } = batch[index]!;
    sent.outcomes.set(line, 'refused');
    sent.refused.push({ line, ...why });
  }
}

/** A line that holds something, or one that is wrong. */
export type ImportFileLine<T> =
  | { readonly line: number; readonly name: string; readonly entry: T; readonly mistake?: never }
  | { readonly line: number; readonly mistake: LineMistake };

/**
 * The lines of a file, read in pieces; those that hold nothing are left out.
 * @throws IMPORT_FILE_UNREADABLE when the file cannot be read
 */
export async function* readImportFile<T>(
  file: ImportFile,
  reader: LineReader<T>,
  onRead?: (bytes: number) => void,
): AsyncGenerator<ImportFileLine<T>, void, undefined> {
  for await (const { line, content, mistake } of linesOf(file, onRead)) {
    if (mistake !== undefined) {
      yield { line, mistake };
      return;
    }
    const read = reader.read(content, line);
    if (read === undefined) continue;
    if (!('mistake' in read)) {
      yield { line, ...read };
      continue;
    }
    const { endsAll, ...told } = read.mistake;
    yield { line, mistake: told };
    if (endsAll) return;
  }
}

interface Line {
  readonly line: number;
  readonly content: string;
  /** The rest of the file cannot be read. */
  readonly mistake?: LineMistake;
}

/** The lines of a text in UTF-8, with or without a byte order mark, as they come. */
async function* linesOf(file: ImportFile, onRead?: (bytes: number) => void): AsyncGenerator<Line, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = file.stream().getReader();
  let [line, rest, bytes] = [0, '', 0];
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw importErrors.IMPORT_FILE_UNREADABLE(cause);
      });
      bytes += value?.length ?? 0;
      let text: string;
      try {
        text = rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }));
      } catch {
        const message = 'this is no text in UTF-8; save it as CSV in UTF-8';
        yield {
          line: line + 1,
          content: '',
          mistake: lineMistake(line + 1, mistakeAt('file', message, 'file-not-utf8')),
        };
        return;
      }
      const lines = text.split(/\r?\n/);
      rest = done ? '' : lines.pop()!;
      for (const content of lines) yield { line: ++line, content };
      if (rest.length > longestLine) {
        const params = { limit: longestLine };
        const mistake = mistakeAt('line', `has at most ${longestLine} characters`, 'too-long', params);
        yield { line: line + 1, content: '', mistake: lineMistake(line + 1, mistake) };
        return;
      }
      onRead?.(bytes);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
