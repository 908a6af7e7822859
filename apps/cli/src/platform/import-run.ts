import {
  type ImportReport,
  importFile,
  type JsonImportResult,
  type LineMistake,
  type LineReader,
} from '@yaolian/contract';
import { cliErrors } from '../errors.ts';
import { openFile } from '../files.ts';
import type { Printer } from '../output/printer.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { explainRefusal } from './connection.ts';
import type { PlatformRun } from './platform-command.ts';

/** So many lines that were not added are told to people; `--json` has all. */
const listed = 100;

/**
 * Imports the file that the first argument names, with a bar that shows how far it is. Ctrl-C ends it after the request that is under way.
 * @throws CLI_USAGE when a line is wrong: nothing was sent; CLI_REFUSED when lines were refused or not sent
 */
export async function runImport<T>(
  { args, host, printer, signal }: PlatformRun<unknown>,
  reader: () => LineReader<T>,
  send: (entries: readonly T[]) => Promise<JsonImportResult>,
): Promise<void> {
  const path = args[0]!;
  const bar = new ProgressBar(host.stderr, printer.json);
  let shown = Promise.resolve();
  const result = await importFile({
    ...{ file: await openFile(path), reader, send, signal },
    onProgress: ({ phase, done, total }) => {
      const text = phase === 'checking' ? 'checking the file' : `${done} of ${total} lines`;
      shown = shown.then(() => bar.show(total === 0 ? undefined : done / total, text));
    },
  });
  await shown;
  await bar.end();
  if ('mistakes' in result) {
    await tell(printer, path, result.mistakes);
    throw cliErrors.CLI_USAGE(`nothing was added: ${result.mistakes.length} lines of ${path} are not right`);
  }
  await tellReport(printer, path, result);
}

async function tellReport(printer: Printer, path: string, { counts, refused, error }: ImportReport): Promise<void> {
  const { added, unchanged, 'not-sent': left } = counts;
  await printer.result({ added, unchanged, refused, notSent: left }, () =>
    unchanged === 0 ? `${added} added\n` : `${added} added, ${unchanged} were there already\n`,
  );
  await tell(printer, path, refused);
  const goOn = `${left} lines of ${path} were not sent: import it again to go on`;
  if (error !== undefined) {
    if (left > 0) await printer.note(goOn);
    throw explainRefusal(error);
  }
  if (left > 0) throw cliErrors.CLI_REFUSED(`stopped: ${goOn}`);
  if (refused.length > 0) throw cliErrors.CLI_REFUSED(`${refused.length} lines of ${path} were not added`);
}

async function tell(printer: Printer, path: string, mistakes: readonly LineMistake[]): Promise<void> {
  for (const { line, where, message } of mistakes.slice(0, listed)) {
    await printer.note(`${path}:${line}: ${where === undefined ? '' : `${where} `}${message}`);
  }
  const more = mistakes.length - listed;
  if (more > 0) await printer.note(`and ${more} more; --json tells all`);
}
