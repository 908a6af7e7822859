import { Argument, type Command } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { onHomeRun, raAddress } from './session.ts';

/** GB/T 29265.205 §10.2: users with users. */
export function registerFriendCommands(ra: Command, cli: Cli): void {
  registerFriends(ra, cli);
  registerBefriend(ra, cli);
  registerUnfriend(ra, cli);
}

interface Friend {
  readonly user: string;
  readonly state: string;
}

const states: Readonly<Record<string, string>> = { asking: 'you asked', asked: 'asks you' };

const columns: readonly Column<Friend>[] = [
  { title: 'USER', value: ({ user }) => user, shrinks: true },
  { title: 'STATE', value: ({ state }) => states[state] ?? state },
];

function registerFriends(ra: Command, cli: Cli): void {
  const command = ra
    .command('friends')
    .summary('list your friends')
    .description('List your friends, those that you asked and those that ask you.');
  addExamples(command, [['Your friends', 'yaolian ra friends']]);
  onHomeRun(cli, command, async ({ printer, signal, connected }) => {
    await connected(async (home) => {
      const items = await home.friends({ signal });
      await printer.result({ items }, () =>
        items.length === 0 ? 'No friends. Ask one with "yaolian ra befriend".\n' : printer.table(items, columns),
      );
    });
  });
}

function userPlace(): Argument {
  return new Argument('<user>', 'the account of a user: name@domain, or the name when the domain is yours');
}

function registerBefriend(ra: Command, cli: Cli): void {
  const command = ra
    .command('befriend')
    .summary('ask a user to be your friend, or accept')
    .description('Ask a user to be your friend; who asks you is accepted that way. Friends may what you permit them.')
    .addArgument(userPlace());
  addExamples(command, [['Ask, or accept', 'yaolian ra befriend bob']]);
  onHomeRun(cli, command, async ({ args, user: self, printer, signal, connected }) => {
    const user = raAddress(args[0], self);
    await connected(async (home) => {
      const state = await home.befriend(user, { signal });
      await printer.result({ user, state }, () =>
        state === 'friends' ? `You are friends with ${printable(user)}.\n` : `${printable(user)} is asked.\n`,
      );
    });
  });
}

function registerUnfriend(ra: Command, cli: Cli): void {
  const command = ra
    .command('unfriend')
    .summary('be friends no more')
    .description('Be friends no more, take back that you asked, or decline.')
    .addArgument(userPlace());
  addExamples(command, [['Part', 'yaolian ra unfriend bob']]);
  onHomeRun(cli, command, async ({ args, user: self, printer, signal, connected }) => {
    const user = raAddress(args[0], self);
    await connected(async (home) => {
      await home.unfriend(user, { signal });
      await printer.result({ user }, () => `You are not friends with ${printable(user)}.\n`);
    });
  });
}
