import { type JsonDeviceReport, type JsonReportGroup, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Column, Fact } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { integerOption, serverUriOption } from '../parsers.ts';
import { devicePlace } from './places.ts';
import { onPlatformRun } from './platform-command.ts';

/** What terminals of China Mobile's profiles B and C report, and what they are told to. */
export function registerReportCommands(parent: Command, cli: Cli): void {
  registerInfo(parent, cli);
  const groups = parent
    .command('report-groups')
    .summary('list, set and remove reporting rules of groups (China Mobile, profile C)')
    .description(
      'What groups of terminals of profile C report, and when. A terminal is of the group with most conditions that it meets; of equals the first by name counts.',
    );
  addExamples(groups, [['What is in force', 'yaolian report-groups list']]);
  registerList(groups, cli);
  registerSet(groups, cli);
  registerRemove(groups, cli);
}

function registerInfo(parent: Command, cli: Cli): void {
  const command = parent
    .command('device-info')
    .summary('show what a terminal reported (China Mobile, profiles B and C)')
    .description('Show what a terminal of profile B (object 666) or C (object 669) reported, decrypted.')
    .addArgument(devicePlace(cli))
    .addOption(new Option('--refresh', 'ask the terminal now'));
  addExamples(command, [
    ['The newest report', 'yaolian device-info 861111003929110'],
    ['Ask it now', 'yaolian device-info 861111003929110 --refresh'],
  ]);
  onPlatformRun<{ readonly refresh?: boolean }>(cli, command, async ({ client, args, options, printer, signal }) => {
    const route = options.refresh ? routes.readReport : routes.showReport;
    const report = await client.call(route, { params: { device: args[0]! }, signal });
    await printer.result(report, () => describeReport(report, printer));
  });
}

function describeReport({ reportedAt, fields, unreadable }: JsonDeviceReport, printer: Printer): string {
  return printer.facts([
    ['Reported', `${localTime(reportedAt)} (${relativeTime(reportedAt, Date.now())})`],
    ...Object.entries(fields).map(([name, value]): Fact => [name, value]),
    ...Object.entries(unreadable).map(([name, reason]): Fact => [name, `(unreadable: ${reason})`, 'yellow']),
  ]);
}

const columns: readonly Column<JsonReportGroup>[] = [
  { title: 'GROUP', value: (group) => group.name },
  { title: 'TERMINALS', value: conditionsOf },
  { title: 'YIELDS TO', value: ({ yieldsTo }) => yieldsTo?.join(' ') },
  { title: 'REPORT', value: ({ rules }) => `${rules.reportTime} min, ${rules.reportNum}x` },
  { title: 'HEARTBEAT', value: ({ rules }) => `${rules.heartBeatTime} min` },
  { title: 'RETRY', value: ({ rules }) => `${rules.retryInterval} min, ${rules.retryNum}x` },
  { title: 'ADDRESS', value: (group) => group.address ?? '', shrinks: true },
  { title: 'FIELDS', value: (group) => group.fields.join(' '), shrinks: true },
];

function conditionsOf({ appKey, brand, model }: JsonReportGroup): string {
  const conditions = [appKey, brand, model].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? 'all' : conditions.join(' ');
}

function registerList(groups: Command, cli: Cli): void {
  const command = groups
    .command('list')
    .alias('ls')
    .summary('list groups')
    .description('List the groups with their rules and fields.');
  addExamples(command, [['List them', 'yaolian report-groups list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await client.call(routes.listReportGroups, { signal });
    await printer.result({ items }, () => printer.table(items, columns));
  });
}

interface SetOptions {
  readonly appKey?: string;
  readonly brand?: string;
  readonly model?: string;
  readonly fields?: string;
  readonly address?: string;
  readonly reportTime?: number;
  readonly reportNum?: number;
  readonly heartBeatTime?: number;
  readonly retryInterval?: number;
  readonly retryNum?: number;
}

function registerSet(groups: Command, cli: Cli): void {
  const number = (flags: string, description: string, standard: string) =>
    new Option(flags, description).argParser(integerOption('a rule', 0, 10_080)).default(undefined, standard);
  const command = groups
    .command('set')
    .summary('set the rules and fields of a group')
    .description('Set a group, all of it: what is left out has its default. Registered terminals are told at once.')
    .addArgument(new Argument('<group>', 'its name; "default" is the one of all terminals'))
    .addOption(new Option('--app-key <key>', 'only terminals with this appKey'))
    .addOption(new Option('--brand <text>', 'only of this brand'))
    .addOption(new Option('--model <text>', 'only of this model'))
    .addOption(new Option('--fields <names>', 'what they report, with commas between').default(undefined, 'all known'))
    .addOption(number('--report-time <minutes>', 'between two reports', '360'))
    .addOption(number('--report-num <number>', 'reports at most', '8'))
    .addOption(number('--heart-beat-time <minutes>', 'between two heartbeats', '10'))
    .addOption(number('--retry-interval <minutes>', 'before a failed report is tried again', '5'))
    .addOption(number('--retry-num <number>', 'tries at most', '3'))
    .addOption(
      new Option('--address <uri>', 'another server that they shall register at from now on').argParser(
        serverUriOption,
      ),
    );
  addExamples(command, [
    ['All terminals, every hour', 'yaolian report-groups set default --report-time 60'],
    ['One model, two fields', 'yaolian report-groups set m1 --brand EXAMPLE --model M1 --fields imsi,mac'],
  ]);
  onPlatformRun<SetOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const { appKey, brand, model, address, fields, ...rules } = options;
    const { reportTime, reportNum, heartBeatTime, retryInterval, retryNum } = rules;
    const body = present({
      ...present({ appKey, brand, model, address }),
      fields: fields?.split(',').map((field) => field.trim()),
      rules: present({ reportTime, reportNum, heartBeatTime, retryInterval, retryNum }),
    });
    const group = await client.call(routes.setReportGroup, { params: { name: args[0]! }, body, signal });
    await printer.result(group, () => printer.table([group], columns));
  });
}

function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

function registerRemove(groups: Command, cli: Cli): void {
  const command = groups
    .command('remove')
    .alias('rm')
    .summary('remove a group')
    .description('Remove a group; its terminals are of another one then, and told so at once.')
    .addArgument(new Argument('<group>', 'its name'));
  addExamples(command, [['Remove one', 'yaolian report-groups remove m1']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const name = args[0]!;
    await client.call(routes.removeReportGroup, { params: { name }, signal });
    await printer.result({ removed: name }, () => `${name} is removed.\n`);
  });
}
