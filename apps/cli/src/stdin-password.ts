import { decodeUtf8 } from '@yaolian/kernel';
import { cliErrors } from './errors.ts';
import type { Host } from './host.ts';

/**
 * The password in the one line of standard input; empty when that is, which the caller may not want.
 * @throws YaolianError CLI_USAGE when it is no text
 */
export async function stdinPassword(host: Pick<Host, 'readStdin'>): Promise<string> {
  const text = decodeUtf8(await host.readStdin());
  if (text === undefined)
    throw cliErrors.CLI_USAGE('standard input held no text; write the password there in one line');
  return text.replace(/\r?\n$/, '');
}
