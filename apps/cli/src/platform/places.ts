import { queueModes, routes } from '@yaolian/contract';
import { type Duration, toMilliseconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
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
  const ids = idsIn(path);
  if (ids.length <= 4 && ids.every((id) => /^\d{1,5}$/.test(id) && Number(id) <= 65_535)) return path;
  const large = ids.find((id) => /^\d+$/.test(id) && Number(id) > 65_535);
  const right =
    large !== undefined
      ? `ids go from 0 to 65534, and ${large} is above`
      : ids.length > 4 && ids.every((id) => /^\d+$/.test(id))
        ? `it has ${ids.length} ids, and at most four go: object, instance, resource, resource instance`
        : 'write ids with slashes between them, as in /3/0/13';
  throw cliErrors.CLI_USAGE(`"${text}" is no LwM2M path; ${right}`);
}

/** The ids of a path, without the prefix of a device behind a gateway: of `/d01/3303/0` they are `['3303', '0']`. */
export function idsIn(path: string): readonly string[] {
  const ids = path.slice(prefixIn(path).length + 1);
  return ids === '' ? [] : ids.split('/');
}

/** `/d01` of `/d01/3303/0`; empty where a path begins with an id. */
export function prefixIn(path: string): string {
  return /^\/(?!\d+(?:\/|$))\w[\w-]{0,31}(?=\/|$)/.exec(path)?.[0] ?? '';
}

/** The paths of a variadic argument. */
export function pathArguments(argument: unknown): readonly string[] {
  return [argument].flat().map((text) => pathArgument(String(text)));
}

export interface TimeoutOptions {
  readonly timeout?: Duration;
}

function deviceTimeoutOption(): Option {
  return new Option('--timeout <duration>', 'how long to wait for the device')
    .argParser(durationOption)
    .default(undefined, 'as the platform is set');
}

export function timeoutQuery({ timeout }: TimeoutOptions): { readonly timeout?: string } {
  return timeout === undefined ? {} : { timeout: durationText(timeout) };
}

/** What every operation takes that may wait for a device that sleeps. */
export interface AskOptions extends TimeoutOptions {
  readonly wait?: Duration;
  readonly queue?: (typeof queueModes)[number];
  readonly expires?: Duration;
}

/** Adds the options of {@link AskOptions}, in a group of their own. */
export function addAskOptions(command: Command): Command {
  return command
    .addOption(deviceTimeoutOption())
    .addOption(
      new Option('--wait <duration>', 'when the device sleeps: wait so long for it to be heard').argParser(
        durationOption,
      ),
    )
    .addOption(
      new Option(
        '--queue <mode>',
        'keep the request until the device is heard: auto when it sleeps, always also when it is away, never',
      )
        .choices(queueModes)
        .default(undefined, 'auto'),
    )
    .addOption(
      new Option('--expires <duration>', 'how long the request may be kept')
        .argParser(durationOption)
        .default(undefined, 'as the platform is set'),
    );
}

export function askQuery(options: AskOptions) {
  const { wait, queue, expires } = options;
  return {
    ...timeoutQuery(options),
    ...(wait === undefined ? {} : { wait: durationText(wait) }),
    ...(queue === undefined ? {} : { queue }),
    ...(expires === undefined ? {} : { expires: durationText(expires) }),
  };
}

export function durationText(duration: Duration): string {
  return `${toMilliseconds(duration)}ms`;
}
