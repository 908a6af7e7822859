import { type ApiClient, type JsonDeviceCounts, type RouteQuery, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { PlatformRun } from './platform-command.ts';

export interface DryRunOptions {
  readonly dryRun?: boolean;
}

type Filter = RouteQuery<typeof routes.countDevices>;

/** Adds `--dry-run`. */
export function addDryRun(command: Command): Command {
  return command.addOption(new Option('--dry-run', 'only say how many devices it would be'));
}

/** Says how many devices are meant. @param keys these, and no others; undefined: those of the filter */
export async function sayHowMany(
  { client, printer, signal }: PlatformRun<unknown>,
  keys: readonly string[] | undefined,
  filter: Filter,
): Promise<void> {
  const counts = keys
    ? await countNamed(client, keys, signal)
    : await client.call(routes.countDevices, { query: filter, signal });
  await printer.result(counts, () => `${countText(counts)}\n`);
}

/** "1 device", "3 devices". */
export function devicesText(count: number): string {
  return `${count} ${count === 1 ? 'device' : 'devices'}`;
}

/** "3 devices match: 1 online, 2 offline." */
export function countText({ total, online, sleeping, offline }: JsonDeviceCounts): string {
  if (total === 0) return 'No device matches.';
  const states = Object.entries({ online, sleeping, offline }).filter(([, count]) => count > 0);
  const said = states.map(([state, count]) => `${count} ${state}`).join(', ');
  return `${devicesText(total)} ${total === 1 ? 'matches' : 'match'}: ${said}.`;
}

/** Asks for each: one that is not there is told now, and not when it is too late. */
async function countNamed(client: ApiClient, names: readonly string[], signal: AbortSignal): Promise<JsonDeviceCounts> {
  const states = new Map<string, string>();
  for (const device of new Set(names)) {
    const { key, state } = await client.call(routes.showDevice, { params: { device }, signal });
    states.set(key, state);
  }
  const count = (wanted: string) => [...states.values()].filter((state) => state === wanted).length;
  return { total: states.size, online: count('ONLINE'), sleeping: count('SLEEPING'), offline: count('OFFLINE') };
}
