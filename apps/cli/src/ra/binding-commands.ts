import { featureOfPath } from '@yaolian/igrs';
import type { DeviceSearch, FoundDevice, HomeOwner } from '@yaolian/igrs/client';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { collectOption, integerOption } from '../parsers.ts';
import { followHome } from './follow-home.ts';
import { onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

/** GB/T 29265.205 §10.3, §10.4: which devices are a user's. */
export function registerBindingCommands(ra: Command, cli: Cli): void {
  registerHome(ra, cli);
  registerBind(ra, cli);
  registerUnbind(ra, cli);
  registerOwners(ra, cli);
}

interface BindOptions {
  readonly name?: string;
  readonly group?: readonly string[];
}

function registerBind(ra: Command, cli: Cli): void {
  const command = ra
    .command('bind')
    .summary('make a device yours')
    .description('Make a device yours by its verification code, which stands on it or comes from who runs it.')
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<code>', 'its verification code'))
    .addOption(new Option('--name <name>', 'what you call it'))
    .addOption(
      new Option('--group <name>', 'a group of yours that it belongs to; may be given again').argParser(
        collectOption((text) => text),
      ),
    );
  addExamples(command, [['The one in the attic', 'yaolian ra bind attic 7KQ2M-0WX9D --name Attic']]);
  onHomeRun<BindOptions>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    const { name, group: groups = [] } = options;
    await connected(async (home) => {
      const bound = await home.bind(device, args[1]!, { ...(name === undefined ? {} : { name }), groups, signal });
      const outcome = bound.state === 'pending' ? 'is yours when it has agreed' : 'is yours';
      await printer.result(bound, () => `${printable(bound.device)} ${outcome}.\n`);
    });
  });
}

function registerUnbind(ra: Command, cli: Cli): void {
  const command = ra
    .command('unbind')
    .summary('give a device up')
    .description(
      'Give a device up: it is not yours any more, and you may do nothing with it. With --owner it is taken from an owner that came after ' +
        'you, and gets a new code.',
    )
    .addArgument(remoteDevicePlace())
    .addOption(new Option('--owner <user>', 'take it from this owner instead'));
  addExamples(command, [
    ['The one in the attic', 'yaolian ra unbind attic'],
    ['Who came by a stolen code', 'yaolian ra unbind attic --owner mallory'],
  ]);
  onHomeRun<{ readonly owner?: string }>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    const owner = options.owner === undefined ? undefined : raAddress(options.owner, user);
    await connected(async (home) => {
      if (owner === undefined || owner === user.bare.toString()) {
        await home.unbind(device, { signal });
        return printer.result({ device }, () => `${printable(device)} is not yours any more.\n`);
      }
      const code = await home.removeOwner(device, owner, { signal });
      const told = `${printable(device)} is not ${printable(owner)}'s any more. Its code is ${printable(code)} now.\n`;
      return printer.result({ device, owner, code }, () => told);
    });
  });
}

const ownerColumns: readonly Column<HomeOwner>[] = [
  { title: 'OWNER', value: ({ user }) => user, shrinks: true },
  { title: 'STATE', value: ({ state }) => state ?? '' },
  { title: 'SINCE', value: ({ since }) => localTime(since.toISOString()) },
];

function registerOwners(ra: Command, cli: Cli): void {
  const command = ra
    .command('owners')
    .summary('list who owns a device of yours')
    .description(
      'List who owns a device of yours, the first first. Those that came after you "yaolian ra unbind --owner" removes.',
    )
    .addArgument(remoteDevicePlace());
  addExamples(command, [['The one in the attic', 'yaolian ra owners attic']]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      const items = await home.owners(device, { signal });
      await printer.result({ items }, () => printer.table(items, ownerColumns));
    });
  });
}

const columns: readonly Column<FoundDevice>[] = [
  { title: 'DEVICE', value: ({ device }) => device, shrinks: true },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'GROUPS', value: ({ groups }) => groups.join(', '), shrinks: true },
  { title: 'SHARED BY', value: ({ owner }) => owner ?? '', shrinks: true },
];

interface HomeOptions {
  readonly state?: FoundDevice['state'];
  readonly group?: string;
  readonly object?: number;
  readonly follow?: boolean;
}

function registerHome(ra: Command, cli: Cli): void {
  const command = ra
    .command('home')
    .summary('list your devices, and those that friends share')
    .description(
      'List your devices and those that friends share with you, or those that fit, and whether they are there.',
    )
    .addArgument(new Argument('[text]', 'part of a name, an address, a type, a vendor or a model'))
    .addOption(
      new Option('--state <state>', 'those in this state').choices(['online', 'sleeping', 'offline', 'pending']),
    )
    .addOption(new Option('--group <name>', 'those in this group of yours'))
    .addOption(
      new Option('--object <id>', 'those with this LwM2M object').argParser(integerOption('an object', 0, 65_534)),
    )
    .addOption(new Option('-f, --follow', 'go on, and show each that comes, goes or changes'));
  addExamples(command, [
    ['Your devices', 'yaolian ra home --user ann@home.example'],
    ['As they come and go', 'yaolian ra home --follow'],
    ['What measures temperature in the attic now', 'yaolian ra home --group Attic --object 3303 --state online'],
  ]);
  onHomeRun<HomeOptions>(cli, command, async (run) => {
    const { args, options, printer, signal, connected } = run;
    const { state, group, object, follow = false } = options;
    const wanted: DeviceSearch = {
      text: args[0],
      state,
      group,
      feature: object === undefined ? undefined : featureOfPath(`/${object}`),
      shared: true,
    };
    if (follow) return followHome(run, wanted);
    const isWhole = args[0] === undefined && [state, group, object].every((one) => one === undefined);
    await connected(async (home) => {
      const items = await home.search(wanted, { signal });
      const none = isWhole ? 'No devices. Bind one with "yaolian ra bind".\n' : 'No device of yours fits.\n';
      await printer.result({ items }, () => (items.length === 0 ? none : printer.table(items, columns)));
    });
  });
}
