import { routes } from '@yaolian/contract';
import { type Duration, toMilliseconds } from '@yaolian/kernel';
import { Argument, Option } from 'commander';
import { type Candidate, type Cli, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { durationOption } from '../parsers.ts';
import { connect } from './connection.ts';

/** `<device>`, completed with the keys that the platform knows. */
export function devicePlace(cli: Cli, flags = '<device>'): Argument {
  const place = new Argument(flags, 'device key or endpoint name');
  return completeWith(place, (typed) => deviceCandidates(cli, typed));
}

/** Device keys that contain what is typed. Nothing when nobody is logged in or the platform does not answer at once. */
async function deviceCandidates(cli: Cli, typed: string): Promise<readonly Candidate[]> {
  try {
    const { client } = await connect(cli.host);
    const query = { limit: 100, ...(typed === '' ? {} : { search: typed }) };
    const { items } = await client.call(routes.listDevices, { query, signal: AbortSignal.timeout(1_500) });
    return items.map(({ key, endpoint, state }) => ({
      value: key,
      description: endpoint === undefined || endpoint === key ? state : `${state} ${endpoint}`,
    }));
  } catch {
    return []; // a completion that complains in the middle of a command line helps nobody
  }
}

export function pathPlace(description: string, flags = '<path>'): Argument {
  return new Argument(flags, description);
}

/** An LwM2M path of the command line: `/3/0/0`, the first slash may be missing. */
export function pathArgument(text: string): string {
  const path = text.startsWith('/') ? text : `/${text}`;
  const ids = path === '/' ? [] : path.slice(1).split('/');
  if (ids.length <= 4 && ids.every((id) => /^\d{1,5}$/.test(id) && Number(id) <= 65_535)) return path;
  throw cliErrors.CLI_USAGE(`"${text}" is no LwM2M path; write ids with slashes between them, as in /3/0/13`);
}

export interface TimeoutOptions {
  readonly timeout?: Duration;
}

export function deviceTimeoutOption(): Option {
  return new Option('--timeout <duration>', 'how long to wait for the device')
    .argParser(durationOption)
    .default(undefined, 'as the platform is set');
}

export function timeoutQuery({ timeout }: TimeoutOptions): { readonly timeout?: string } {
  return timeout === undefined ? {} : { timeout: `${toMilliseconds(timeout)}ms` };
}
