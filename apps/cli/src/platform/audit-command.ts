import { type JsonAuditEntry, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

interface AuditOptions {
  readonly actor?: string;
  readonly device?: string;
  readonly looks?: true;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

const columns: readonly Column<JsonAuditEntry>[] = [
  { title: 'TIME', value: ({ time }) => localTime(time) },
  { title: 'WHO', value: ({ actor, door }) => `${actor} (${door})`, shrinks: true },
  { title: 'ACTION', value: ({ action }) => action },
  { title: 'DEVICE', value: ({ device }) => device, shrinks: true },
  { title: 'WHAT', value: (entry) => auditedThing(entry), shrinks: true },
  { title: 'OUTCOME', value: ({ outcome }) => outcome },
];

/** A permission in words: to whom, which feature, which operations, until when. */
export function auditedThing({
  subject,
  permission,
}: Pick<JsonAuditEntry, 'subject' | 'permission'>): string | undefined {
  if (permission === undefined) return subject;
  const { to, feature, featureName, operations, expiresAt } = permission;
  const what =
    feature === '*' ? 'the whole device' : featureName === undefined ? feature : `${featureName} (${feature})`;
  const may = operations.length === 0 ? 'nothing' : operations.join(', ');
  return `${to}: ${what}: ${may}${expiresAt === undefined ? '' : `, until ${localTime(expiresAt)}`}`;
}

export function registerAuditCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('audit')
    .summary('show who did what')
    .description('Show who changed what through the API, the console and Remote Access, the newest first.')
    .addOption(new Option('--actor <name>', 'only what this operator or account did'))
    .addOption(new Option('--device <device>', 'only what was done to this device, by any name that it has'))
    .addOption(new Option('--from <time>', 'only from then on: 2026-01-31T08:00:00Z, or how long ago, as in 7d'))
    .addOption(new Option('--to <time>', 'only before then'))
    .addOption(new Option('--looks', 'with those who only looked'))
    .addOption(
      new Option('--limit <number>', 'at most so many').argParser(integerOption('a limit', 1, 10_000_000)).default(100),
    );
  addExamples(command, [
    ['The last changes', 'yaolian audit'],
    ['Those of the last week but for today', 'yaolian audit --from 7d --to 1d'],
    ['Who was permitted what on a device', 'yaolian audit --device lamp'],
  ]);
  onPlatformRun<AuditOptions>(cli, command, async ({ client, options, printer, signal }) => {
    const { actor, device, from, to, looks, limit } = options;
    const given = Object.entries({ actor, device, from, to }).filter(([, value]) => value !== undefined);
    const asked: { actor?: string; device?: string; from?: string; to?: string } = Object.fromEntries(given);
    const { items, more } = await collectPages(limit, (query) =>
      client.call(routes.listAudit, { query: { ...query, ...asked, looks: looks === true }, signal }),
    );
    await printer.result({ items, more }, () => (items.length === 0 ? 'Nothing.\n' : printer.table(items, columns)));
    if (more) await printer.note(`There is more than ${limit}: ask with a larger --limit.`);
  });
}
