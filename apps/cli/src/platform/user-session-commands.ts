import { type JsonRaSession, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

/** Who is connected to the message server now. */
export function registerSessionCommands(users: Command, cli: Cli): void {
  registerSessions(users, cli);
  registerEndSession(users, cli);
  registerEndSessions(users, cli);
}

const columns: readonly Column<JsonRaSession>[] = [
  { title: 'SESSION', value: (one) => one.session, shrinks: true },
  { title: 'KIND', value: (one) => one.kind },
  { title: 'STATE', value: (one) => (one.state === 'connected' && !one.active ? 'connected, idle' : one.state) },
  { title: 'PRESENCE', value: (one) => one.presence },
  { title: 'FROM', value: (one) => one.address },
  { title: 'TLS', value: (one) => (one.secure === undefined ? undefined : one.secure ? 'yes' : 'no') },
  { title: 'SINCE', value: (one) => localTime(one.since) },
  { title: 'CLIENT', value: (one) => one.client, shrinks: true },
];

interface SessionsOptions {
  readonly search?: string;
  readonly state?: JsonRaSession['state'];
  readonly limit: number;
}

function registerSessions(users: Command, cli: Cli): void {
  const command = users
    .command('sessions')
    .summary('list who is connected now')
    .description(
      'List the sessions of users and devices with the message server. One that waits has lost its connection.',
    )
    .addOption(new Option('--search <text>', 'part of the address of a session, or of where it comes from'))
    .addOption(new Option('--state <state>', 'only those').choices(['connected', 'waiting']))
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [
    ['Everybody', 'yaolian users sessions'],
    ['Those of one account', 'yaolian users sessions --search juliet@'],
  ]);
  onPlatformRun<SessionsOptions>(cli, command, async ({ client, options, printer, signal }) => {
    const { search, state, limit } = options;
    const filter = { ...(search === undefined ? {} : { search }), ...(state === undefined ? {} : { state }) };
    const { items, more } = await collectPages(limit, (query) =>
      client.call(routes.listRaSessions, { query: { ...query, ...filter }, signal }),
    );
    await printer.result({ items, more }, () =>
      items.length === 0 ? 'No sessions.\n' : printer.table(items, columns),
    );
    if (more) await printer.note(`There are more than ${limit}: ask with a larger --limit.`);
  });
}

function registerEndSession(users: Command, cli: Cli): void {
  const command = users
    .command('end-session')
    .summary('end one session')
    .description(
      'End one session with the message server. Its client may come again; "users disable" keeps an account out.',
    )
    .addArgument(new Argument('<session>', 'its address with the resource, as "users sessions" shows it'));
  addExamples(command, [['End it', 'yaolian users end-session juliet@home.example/phone']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const session = args[0]!;
    await client.call(routes.endRaSession, { params: { session }, signal });
    await printer.result({ ended: session }, () => `${session} has ended\n`);
  });
}

function registerEndSessions(users: Command, cli: Cli): void {
  const command = users
    .command('end-sessions')
    .summary('end all sessions of an account')
    .description(
      'End all sessions of an account: its connections with the message server, and its pages of home everywhere. It may ' +
        'come again with its password; "users disable" keeps it out.',
    )
    .addArgument(new Argument('<name>', 'the part of the address before the @'));
  addExamples(command, [['Sign it out everywhere', 'yaolian users end-sessions juliet']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const name = args[0]!;
    await client.call(routes.endUserSessions, { params: { name }, query: {}, signal });
    await printer.result({ ended: name }, () => `All sessions of ${name} have ended.\n`);
  });
}
