import { type JsonRoom, type JsonRoomChange, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { stdinPassword } from '../stdin-password.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerRoomCommands(parent: Command, cli: Cli): void {
  const rooms = parent
    .command('rooms')
    .summary('list, show, make, set up and destroy rooms of the message server')
    .description(
      'The rooms in which accounts of the message server talk (XEP-0045, xmpp.rooms). People make and set up rooms with their clients; you make those that stay for them.',
    );
  addExamples(rooms, [['Which there are', 'yaolian rooms list']]);
  registerList(rooms, cli);
  registerShow(rooms, cli);
  registerCreate(rooms, cli);
  registerSet(rooms, cli);
  registerAffiliate(rooms, cli);
  registerDestroy(rooms, cli);
}

const columns: readonly Column<JsonRoom>[] = [
  { title: 'ROOM', value: ({ room }) => room, shrinks: true },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'KIND', value: (room) => kindOf(room) },
  { title: 'PEOPLE', value: ({ occupants }) => occupants },
  { title: 'CREATED', value: ({ createdAt }) => localTime(createdAt) },
];

function kindOf({ persistent, public: isPublic, membersOnly }: JsonRoom): string {
  return [
    persistent ? 'persistent' : 'temporary',
    isPublic ? 'public' : 'hidden',
    ...(membersOnly ? ['members'] : []),
  ].join(', ');
}

function registerList(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('list')
    .alias('ls')
    .summary('list rooms')
    .description('List the rooms of the message server.')
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [['List them', 'yaolian rooms list']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, options, printer, signal }) => {
    const { items, more } = await collectPages(options.limit, (query) =>
      client.call(routes.listRooms, { query, signal }),
    );
    await printer.result({ items, more }, () => (items.length === 0 ? 'No rooms.\n' : printer.table(items, columns)));
    if (more) await printer.note(`There are more than ${options.limit}: ask with a larger --limit.`);
  });
}

const roomArgument = () => new Argument('<room>', 'its address, such as family@rooms.im.example.com');

function registerShow(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('show')
    .summary('show a room with its affiliations and who is in it')
    .description('Show a room with its affiliations and who is in it. What is said in it is for its occupants alone.')
    .addArgument(roomArgument());
  addExamples(command, [['Show it', 'yaolian rooms show family@rooms.im.example.com']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const shown = await client.call(routes.showRoom, { params: { room: args[0]! }, signal });
    const { room, name, description, createdBy, createdAt, moderated, passwordProtected, archived } = shown;
    const more = [
      ...(moderated ? ['moderated'] : []),
      ...(passwordProtected ? ['with a password'] : []),
      ...(archived ? ['archived'] : []),
    ];
    await printer.result(shown, () =>
      printer.facts([
        ['Room', room],
        ['Name', name || undefined],
        ['Description', description || undefined],
        ['Kind', [kindOf(shown), ...more].join(', ')],
        ['People', `${shown.occupants} of ${shown.maxUsers} at most`],
        ['Created', `${localTime(createdAt)} by ${createdBy}`],
        ...shown.affiliations.map(
          ({ account, affiliation }) => ['Affiliation', `${account} (${affiliation})`] as const,
        ),
        ...shown.present.map(({ nick, account, role }) => ['Present', `${nick}: ${account} (${role})`] as const),
      ]),
    );
  });
}

interface CreateOptions {
  readonly owner: string;
  readonly name?: string;
  readonly description?: string;
  readonly hidden?: true;
  readonly membersOnly?: true;
  readonly moderated?: true;
}

function registerCreate(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('create')
    .summary('make a room that stays')
    .description(
      'Make a room that stays when everybody has left. Its owner sets up all else with a client, or you do with "rooms set".',
    )
    .addArgument(roomArgument())
    .addOption(new Option('--owner <account>', 'whose room it is, such as juliet').makeOptionMandatory())
    .addOption(new Option('--name <text>', 'what it is called'))
    .addOption(new Option('--description <text>', 'what it is for'))
    .addOption(new Option('--hidden', 'it is not listed for everybody'))
    .addOption(new Option('--members-only', 'only members come in'))
    .addOption(new Option('--moderated', 'who is no member asks before speaking'));
  addExamples(command, [
    ['For a family', 'yaolian rooms create family@rooms.im.example.com --owner juliet --hidden --members-only'],
  ]);
  onPlatformRun<CreateOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const { hidden, owner, name, description, membersOnly, moderated } = options;
    const texts = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
    const kind = { public: hidden !== true, membersOnly: membersOnly === true, moderated: moderated === true };
    const body = { room: args[0]!, owner, ...texts, ...kind };
    const made = await client.call(routes.createRoom, { body, signal });
    await printer.result(made, () => `${made.room} made\n`);
  });
}

const switches = [
  { name: 'persistent', text: 'it stays when everybody has left' },
  { name: 'public', text: 'it is listed for everybody' },
  { name: 'members-only', text: 'only members come in; who is none leaves it at once' },
  { name: 'moderated', text: 'who is no member asks before speaking' },
  { name: 'archived', text: 'what is said in it is kept, where it is persistent' },
] as const;

type Switch = 'on' | 'off';

interface SetOptions {
  readonly name?: string;
  readonly description?: string;
  readonly persistent?: Switch;
  readonly public?: Switch;
  readonly membersOnly?: Switch;
  readonly moderated?: Switch;
  readonly archived?: Switch;
  readonly maxUsers?: number;
  readonly passwordStdin?: true;
  /** False: `--no-password`. */
  readonly password: boolean;
}

function registerSet(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('set')
    .summary('set a room up otherwise')
    .description(
      'Set a room up otherwise, as its owner does with a client. What is not named stays; who is in it is told.',
    )
    .addArgument(roomArgument())
    .addOption(new Option('--name <text>', 'what it is called'))
    .addOption(new Option('--description <text>', 'what it is for'));
  for (const { name, text } of switches)
    command.addOption(new Option(`--${name} <on|off>`, text).choices(['on', 'off']));
  command
    .addOption(
      new Option('--max-users <number>', 'people at once').argParser(integerOption('a number of people', 1, 1_000_000)),
    )
    .addOption(new Option('--password-stdin', 'read from standard input what who enters has to know'))
    .addOption(new Option('--no-password', 'no password is needed').conflicts('passwordStdin'));
  addExamples(command, [
    ['For members only', 'yaolian rooms set family@rooms.im.example.com --members-only on'],
    ['Hidden, for 20 people at most', 'yaolian rooms set family@rooms.im.example.com --public off --max-users 20'],
  ]);
  onPlatformRun<SetOptions>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const { passwordStdin, password, name, description, maxUsers, ...rest } = options;
    const switched = Object.entries(rest).map(([key, value]) => [key, value === 'on'] as const);
    const secret = passwordStdin === true ? await stdinPassword(run.host) : password ? undefined : '';
    const given = { name, description, maxUsers, password: secret };
    const stated = Object.entries(given).filter(([, value]) => value !== undefined);
    const body: JsonRoomChange = Object.fromEntries([...stated, ...switched]);
    if (Object.keys(body).length === 0) throw cliErrors.CLI_USAGE('say what changes, such as --members-only on');
    const room = await client.call(routes.configureRoom, { params: { room: args[0]! }, body, signal });
    await printer.result(room, () => `${room.room} set up\n`);
  });
}

const places = ['owner', 'admin', 'member', 'outcast', 'none'] as const;

function registerAffiliate(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('affiliate')
    .summary('make an account owner, admin or member of a room, or ban it')
    .description(
      'Make an account owner, admin or member of a room, ban it (outcast), or take its place in it (none). Who is in the room is told.',
    )
    .addArgument(roomArgument())
    .addArgument(new Argument('<account>', 'such as juliet'))
    .addArgument(new Argument('<affiliation>', 'what it is to the room').choices(places))
    .addOption(new Option('--reason <text>', 'what those in it are told'));
  addExamples(command, [
    ['Somebody comes in to a room for members', 'yaolian rooms affiliate family@rooms.im.example.com romeo member'],
    ['Ban somebody', 'yaolian rooms affiliate family@rooms.im.example.com tybalt outcast --reason "no swords"'],
  ]);
  onPlatformRun<{ readonly reason?: string }>(cli, command, async ({ client, args, options, printer, signal }) => {
    const [room, member, asked] = args as [string, string, (typeof places)[number]];
    const reason = options.reason === undefined ? {} : { reason: options.reason };
    const params = { room, member };
    if (asked === 'none') await client.call(routes.removeRoomAffiliation, { params, query: reason, signal });
    else await client.call(routes.setRoomAffiliation, { params, body: { affiliation: asked, ...reason }, signal });
    await printer.result({ room, account: member, affiliation: asked }, () => `${member}: ${asked}\n`);
  });
}

function registerDestroy(rooms: Command, cli: Cli): void {
  const command = rooms
    .command('destroy')
    .summary('destroy a room for good')
    .description('Destroy a room for good, with its affiliations and its archive. Who is in it is told.')
    .addArgument(roomArgument())
    .addOption(new Option('--reason <text>', 'what those in it are told'));
  addExamples(command, [['Destroy it', 'yaolian rooms destroy family@rooms.im.example.com --reason "moved"']]);
  onPlatformRun<{ readonly reason?: string }>(cli, command, async ({ client, args, options, printer, signal }) => {
    const room = args[0]!;
    const query = options.reason === undefined ? {} : { reason: options.reason };
    await client.call(routes.destroyRoom, { params: { room }, query, signal });
    await printer.result({ destroyed: room }, () => `${room} destroyed\n`);
  });
}
