import { type JsonGroup, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { addDeviceFilter, type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerGroupCommands(parent: Command, cli: Cli): void {
  const groups = parent
    .command('groups')
    .summary('group devices, by members or by a question')
    .description('Groups of devices: some are put in one by one, others ask for what their devices are like.');
  addExamples(groups, [
    ['Those in the hall', 'yaolian groups add hall'],
    ['Put two in', 'yaolian groups put hall lamp-1 lamp-2'],
    ['All of one model, now and later', 'yaolian groups add old-meters --model M1 --seen-before 7d'],
  ]);
  registerList(groups, cli);
  registerAdd(groups, cli);
  registerChange(groups, cli);
  registerMembers(groups, cli, 'put');
  registerMembers(groups, cli, 'take');
  registerRemove(groups, cli);
}

const columns: readonly Column<JsonGroup>[] = [
  { title: 'NAME', value: (group) => group.name, shrinks: true },
  { title: 'DEVICES', value: ({ members }) => (members === undefined ? 'by question' : String(members)) },
  { title: 'QUESTION', value: ({ query }) => questionText(query), shrinks: true },
  { title: 'NOTE', value: (group) => group.note, shrinks: true },
  { title: 'CREATED', value: (group) => localTime(group.createdAt) },
];

function questionText(query: JsonGroup['query']): string {
  return Object.entries(query ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

const groupPlace = () => new Argument('<group>', 'its name');

function registerList(groups: Command, cli: Cli): void {
  const command = groups.command('list').alias('ls').summary('list groups').description('List the groups of devices.');
  addExamples(command, [['List them', 'yaolian groups list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.POSITIVE_INFINITY, (query) =>
      client.call(routes.listGroups, { query, signal }),
    );
    await printer.result({ items }, () => (items.length === 0 ? 'No groups.\n' : printer.table(items, columns)));
  });
}

type NewGroupOptions = DeviceFilterOptions & { readonly note?: string };

/** What the options say that devices are like; undefined: nothing. */
function questionOf(options: NewGroupOptions) {
  const { group, ...query } = deviceFilter(options);
  if (group !== undefined) throw cliErrors.CLI_USAGE('a group asks for devices, not for another group');
  return Object.keys(query).length === 0 ? undefined : query;
}

function registerAdd(groups: Command, cli: Cli): void {
  const command = groups
    .command('add')
    .summary('make a group')
    .description(
      'Make a group. With options that say what devices are like it asks for them, whenever it is looked at.',
    )
    .addArgument(groupPlace())
    .addOption(new Option('--note <text>', 'what it is for'));
  addDeviceFilter(command);
  addExamples(command, [
    ['Empty at first', 'yaolian groups add hall --note "by the door"'],
    ['Those that have not come for a week', 'yaolian groups add lost --seen-before 7d'],
  ]);
  onPlatformRun<NewGroupOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const query = questionOf(options);
    const note = options.note === undefined ? {} : { note: options.note };
    const body = { name: args[0]!, ...note, ...(query === undefined ? {} : { query }) };
    const made = await client.call(routes.addGroup, { body, signal });
    await printer.result(made, () => `${made.name} is made.\n`);
  });
}

function registerChange(groups: Command, cli: Cli): void {
  const command = groups
    .command('change')
    .summary('give a group another note or question')
    .description('Give a group another note, or one that asks for devices another question in place of its own.')
    .addArgument(groupPlace())
    .addOption(new Option('--note <text>', 'what it is for'));
  addDeviceFilter(command);
  addExamples(command, [
    ['Another note', 'yaolian groups change hall --note "by the window"'],
    ['Another question', 'yaolian groups change lost --seen-before 30d'],
  ]);
  onPlatformRun<NewGroupOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const asked = questionOf(options);
    if (asked === undefined && options.note === undefined)
      throw cliErrors.CLI_USAGE('say what is to change: --note, or what devices are like');
    const params = { group: args[0]! };
    // A group that asks always does: what is not given stays.
    const query = asked ?? (await client.call(routes.showGroup, { params, signal })).query;
    const note = options.note === undefined ? {} : { note: options.note };
    const body = { ...note, ...(query === undefined ? {} : { query }) };
    const changed = await client.call(routes.changeGroup, { params, body, signal });
    await printer.result(changed, () => `${changed.name} is changed.\n`);
  });
}

const memberWords = {
  put: { summary: 'put devices into a group', done: 'put in', route: routes.addGroupMembers },
  take: { summary: 'take devices out of a group', done: 'taken out', route: routes.removeGroupMembers },
} as const;

function registerMembers(groups: Command, cli: Cli, name: keyof typeof memberWords): void {
  const { summary, done, route } = memberWords[name];
  const command = groups
    .command(name)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}; "yaolian bulk" does it with many.`)
    .addArgument(groupPlace())
    .addArgument(new Argument('<devices...>', 'keys or endpoint names'));
  addExamples(command, [['Two of them', `yaolian groups ${name} hall lamp-1 lamp-2`]]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const [group, ...devices] = args.flat() as string[];
    const body = { devices };
    const { changed } = await client.call(route, { params: { group: group! }, body, signal });
    await printer.result({ changed }, () => `${changed} ${done}.\n`);
  });
}

function registerRemove(groups: Command, cli: Cli): void {
  const command = groups
    .command('remove')
    .alias('rm')
    .summary('remove a group')
    .description('Remove a group. Its devices stay.')
    .addArgument(groupPlace());
  addExamples(command, [['Remove it', 'yaolian groups remove hall']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const group = args[0]!;
    await client.call(routes.removeGroup, { params: { group }, signal });
    await printer.result({ removed: group }, () => `${group} removed\n`);
  });
}
