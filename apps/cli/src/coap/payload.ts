import { emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import type { Host } from '../host.ts';

/** The payload: the argument itself, a file, or standard input for `-` in either place. */
export async function readPayload(
  host: Host,
  argument: string | undefined,
  file: string | undefined,
): Promise<Uint8Array> {
  if (argument !== undefined && file !== undefined) {
    throw cliErrors.CLI_USAGE('the payload is given twice; leave out the argument or --file');
  }
  if (argument === '-' || file === '-') return await host.readStdin();
  if (file !== undefined) return await readBytes(file);
  return argument === undefined ? emptyBytes : encodeUtf8(argument);
}
