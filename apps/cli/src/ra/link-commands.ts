import type { HomeBookmark } from '@yaolian/igrs/client';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

/** GB/T 29265.205 §10.1, §10.2: devices with devices, and what a user keeps for itself. */
export function registerLinkCommands(ra: Command, cli: Cli): void {
  registerLink(ra, cli, 'link');
  registerLink(ra, cli, 'unlink');
  registerLinks(ra, cli);
  registerBookmark(ra, cli);
  registerBookmarks(ra, cli);
}

const links = {
  link: {
    summary: 'let two devices of yours send each other messages',
    description:
      'Let two devices of yours send each other messages. What else they may do with each other "yaolian ra permit" says.',
    example: ['The switch with the lamp', 'yaolian ra link switch lamp'],
    told: 'are linked',
  },
  unlink: {
    summary: 'end the link of two devices',
    description: 'End the link of two devices, with what they were permitted by it.',
    example: ['Part them', 'yaolian ra unlink switch lamp'],
    told: 'are linked no more',
  },
} as const;

function registerLink(ra: Command, cli: Cli, verb: keyof typeof links): void {
  const { summary, description, example, told } = links[verb];
  const command = ra
    .command(verb)
    .summary(summary)
    .description(description)
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<other>', 'the account of the other device'));
  addExamples(command, [example]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const [device, other] = [raAddress(args[0], user), raAddress(args[1], user)];
    await connected(async (home) => {
      await home[verb](device, other, { signal });
      await printer.result({ device, other }, () => `${printable(device)} and ${printable(other)} ${told}.\n`);
    });
  });
}

const linkColumns: readonly Column<{ readonly device: string; readonly by: string }>[] = [
  { title: 'DEVICE', value: ({ device }) => device, shrinks: true },
  { title: 'LINKED BY', value: ({ by }) => by, shrinks: true },
];

function registerLinks(ra: Command, cli: Cli): void {
  const command = ra
    .command('links')
    .summary('list what a device of yours is linked to')
    .description('List the devices that a device of yours is linked to, and who linked them.')
    .addArgument(remoteDevicePlace());
  addExamples(command, [['What the switch is linked to', 'yaolian ra links switch']]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      const items = await home.links(device, { signal });
      await printer.result({ items }, () => (items.length === 0 ? 'No links.\n' : printer.table(items, linkColumns)));
    });
  });
}

function registerBookmark(ra: Command, cli: Cli): void {
  const command = ra
    .command('bookmark')
    .summary('keep an address under a name')
    .description('Keep an address with a text under a name, for yourself; or, with --remove, forget it.')
    .addArgument(new Argument('<name>', 'its name'))
    .addArgument(new Argument('[address]', 'the address of an account, or any other'))
    .addArgument(new Argument('[text]', 'what you note with it'))
    .addOption(new Option('--remove', 'forget the one of this name'));
  addExamples(command, [
    ['The lamp at work', 'yaolian ra bookmark work lamp@office.example "in the hall"'],
    ['Forget it', 'yaolian ra bookmark work --remove'],
  ]);
  onHomeRun<{ readonly remove?: boolean }>(cli, command, async ({ args, options, printer, signal, connected }) => {
    const [name = '', address = '', text = ''] = args;
    // Without one it would be another bookmark in the place of the one that is there.
    if (options.remove !== true && address === '') {
      throw cliErrors.CLI_USAGE('which address? Write it behind the name; "yaolian ra bookmarks" lists what you keep');
    }
    await connected(async (home) => {
      if (options.remove === true) await home.removeBookmark(name, { signal });
      else await home.bookmark({ name, address, text }, { signal });
      const told = options.remove === true ? 'is forgotten' : 'is kept';
      await printer.result({ name }, () => `${printable(name)} ${told}.\n`);
    });
  });
}

const bookmarkColumns: readonly Column<HomeBookmark>[] = [
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'ADDRESS', value: ({ address }) => address, shrinks: true },
  { title: 'TEXT', value: ({ text }) => text, shrinks: true },
];

function registerBookmarks(ra: Command, cli: Cli): void {
  const command = ra.command('bookmarks').summary('list your bookmarks').description('List your bookmarks.');
  addExamples(command, [['What you keep', 'yaolian ra bookmarks']]);
  onHomeRun(cli, command, async ({ printer, signal, connected }) => {
    await connected(async (home) => {
      const items = await home.bookmarks({ signal });
      const none = 'No bookmarks. Keep one with "yaolian ra bookmark".\n';
      await printer.result({ items }, () => (items.length === 0 ? none : printer.table(items, bookmarkColumns)));
    });
  });
}
