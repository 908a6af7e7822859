import { type JsonUser, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { stdinPassword } from '../stdin-password.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { registerSessionCommands } from './user-session-commands.ts';

export function registerUserCommands(parent: Command, cli: Cli): void {
  const users = parent
    .command('users')
    .summary('list, add, look after and remove accounts of the message server')
    .description('The accounts that people and devices log in to the message server with (XMPP, xmpp.domain).');
  addExamples(users, [['Somebody new', 'yaolian users add juliet']]);
  registerList(users, cli);
  registerAdd(users, cli);
  registerPassword(users, cli);
  registerRemove(users, cli);
  registerShow(users, cli);
  registerSwitch(
    users,
    cli,
    'disable',
    routes.disableUser,
    'keep an account out, whatever the password; it loses nothing',
  );
  registerSwitch(users, cli, 'enable', routes.enableUser, 'let an account in again');
  registerTell(users, cli);
  registerSessionCommands(users, cli);
}

function registerShow(users: Command, cli: Cli): void {
  const command = users
    .command('show')
    .summary('show an account with its connections, devices and friends')
    .description('Show an account with its connections, devices and friends.')
    .addArgument(nameArgument());
  addExamples(command, [['Show it', 'yaolian users show juliet']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const user = await client.call(routes.showUser, { params: { name: args[0]! }, signal });
    const { name, kind, nick, createdAt, disabledAt, connections, pages, devices, friends } = user;
    await printer.result(user, () =>
      printer.facts([
        ['Name', name],
        ['Kind', kind],
        ['Nick', nick],
        ['Created', localTime(createdAt)],
        ['Disabled', disabledAt && localTime(disabledAt)],
        ['Connections', connections.join(', ') || 'none'],
        ['Pages open', pages],
        ...devices.map(({ device, name: called }) => ['Device', `${device} (${called})`] as const),
        ...friends.map((friend) => ['Friend', `${friend.user} (${friend.state})`] as const),
      ]),
    );
  });
}

function registerSwitch(
  users: Command,
  cli: Cli,
  name: string,
  route: typeof routes.disableUser | typeof routes.enableUser,
  text: string,
): void {
  const command = users
    .command(name)
    .summary(text)
    .description(`${text[0]!.toUpperCase()}${text.slice(1)}.`)
    .addArgument(nameArgument());
  addExamples(command, [[`${name[0]!.toUpperCase()}${name.slice(1)} it`, `yaolian users ${name} juliet`]]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    await client.call(route, { params: { name: args[0]! }, signal });
    await printer.result({ [`${name}d`]: args[0]! }, () => `${args[0]} is ${name}d\n`);
  });
}

function registerTell(users: Command, cli: Cli): void {
  const command = users
    .command('tell')
    .summary('send an account a message as support')
    .description(
      'Send an account a message from the platform itself. It waits for one that is away; the audit trail has it.',
    )
    .addArgument(nameArgument())
    .addArgument(new Argument('<text>', 'what to say'));
  addExamples(command, [['Say something', 'yaolian users tell juliet "We look into it."']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    await client.call(routes.tellUser, { params: { name: args[0]! }, body: { text: args[1]! }, signal });
    await printer.result({ told: args[0]! }, () => 'Sent.\n');
  });
}

const columns: readonly Column<JsonUser>[] = [
  { title: 'NAME', value: (user) => user.name, shrinks: true },
  { title: 'KIND', value: (user) => user.kind },
  { title: 'NICK', value: (user) => user.nick, shrinks: true },
  { title: 'CREATED', value: (user) => localTime(user.createdAt) },
];

function registerList(users: Command, cli: Cli): void {
  const command = users
    .command('list')
    .alias('ls')
    .summary('list accounts')
    .description('List the accounts of the message server.')
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [['List them', 'yaolian users list']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, options, printer, signal }) => {
    const { items, more } = await collectPages(options.limit, (query) =>
      client.call(routes.listUsers, { query, signal }),
    );
    await printer.result({ items, more }, () =>
      items.length === 0 ? 'No accounts.\n' : printer.table(items, columns),
    );
    if (more) await printer.note(`There are more than ${options.limit}: ask with a larger --limit.`);
  });
}

const nameArgument = () => new Argument('<name>', 'the part of the address before the @');
const stdinOption = () => new Option('--password-stdin', 'read the password from standard input');

interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

function registerAdd(users: Command, cli: Cli): void {
  const command = users
    .command('add')
    .summary('add an account')
    .description('Add an account to the message server. Its password, of at least 8 characters, is asked for.')
    .addArgument(nameArgument())
    .addOption(new Option('--kind <kind>', 'who logs in').choices(['user', 'device']).default('user'))
    .addOption(new Option('--nick <text>', 'what it is called'))
    .addOption(stdinOption());
  addExamples(command, [
    ['Somebody new', 'yaolian users add juliet --nick Juliet'],
    ['From a script', 'echo "$PASSWORD" | yaolian users add lamp --kind device --password-stdin'],
  ]);
  type Options = PasswordOptions & { readonly kind: 'user' | 'device'; readonly nick?: string };
  onPlatformRun<Options>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const { kind, nick } = options;
    const body = { password: await readPassword(run), kind, ...(nick === undefined ? {} : { nick }) };
    const user = await client.call(routes.addUser, { params: { name: args[0]! }, body, signal });
    await printer.result(user, () => `${user.name} added\n`);
  });
}

function registerPassword(users: Command, cli: Cli): void {
  const command = users
    .command('passwd')
    .summary('set a password')
    .description('Set the password of an account. Its sessions end.')
    .addArgument(nameArgument())
    .addOption(stdinOption());
  addExamples(command, [['Set it', 'yaolian users passwd juliet']]);
  onPlatformRun<PasswordOptions>(cli, command, async (run) => {
    const { client, args, printer, signal } = run;
    const name = args[0]!;
    await client.call(routes.setUserPassword, {
      params: { name },
      body: { password: await readPassword(run) },
      signal,
    });
    await printer.result({ changed: name }, () => `The password of ${name} is set.\n`);
  });
}

function registerRemove(users: Command, cli: Cli): void {
  const command = users
    .command('remove')
    .alias('rm')
    .summary('remove an account')
    .description('Remove an account with its roster, messages and archive. Its sessions end.')
    .addArgument(nameArgument());
  addExamples(command, [['Remove it', 'yaolian users remove juliet']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const name = args[0]!;
    await client.call(routes.removeUser, { params: { name }, signal });
    await printer.result({ removed: name }, () => `${name} removed\n`);
  });
}

async function readPassword({ host, options }: PlatformRun<PasswordOptions>): Promise<string> {
  if (options.passwordStdin) {
    const password = await stdinPassword(host);
    if (password === '') throw cliErrors.CLI_USAGE('standard input holds no password');
    return password;
  }
  if (!host.stdinIsTerminal)
    throw cliErrors.CLI_USAGE('there is no terminal to ask for a password; use --password-stdin');
  const password = await host.ask('Password: ', { secret: true });
  if (password === (await host.ask('Password again: ', { secret: true }))) return password;
  throw cliErrors.CLI_USAGE('the two passwords differ; nothing was changed');
}
