import { type JsonToken, type Role, roles, routes } from '@yaolian/contract';
import { type Duration, decodeUtf8, toMilliseconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { durationOption } from '../parsers.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';

export function registerAccessCommands(parent: Command, cli: Cli): void {
  registerPassword(parent, cli);
  const tokens = parent
    .command('tokens')
    .summary('list, create and remove API tokens')
    .description(
      'Tokens for programs (YAOLIAN_TOKEN, or "Authorization: Bearer" over HTTP), and the sessions of people.',
    );
  addExamples(tokens, [['One for a script', 'yaolian tokens create "billing export" --role viewer']]);
  registerList(tokens, cli);
  registerCreate(tokens, cli);
  registerRemove(tokens, cli);
}

const shortestPassword = 12;

function registerPassword(parent: Command, cli: Cli): void {
  const command = parent
    .command('password')
    .summary('change your password')
    .description(
      `Change your password: the old one and the new one, of at least ${shortestPassword} characters, are asked for. Ends your other sessions.`,
    )
    .addOption(new Option('--stdin', 'read both from standard input, a line each'));
  addExamples(command, [['Change it', 'yaolian password']]);
  onPlatformRun<{ readonly stdin?: boolean }>(cli, command, async (run) => {
    const { client, printer, signal } = run;
    const [current, next] = run.options.stdin ? await readPasswords(run) : await askPasswords(run);
    if (next.length < shortestPassword) {
      throw cliErrors.CLI_USAGE(
        `the new password has ${next.length} characters; it needs at least ${shortestPassword}`,
      );
    }
    await client.call(routes.changePassword, { body: { current, new: next }, signal });
    await printer.result({ changed: true }, () => 'Your password is changed.\n');
  });
}

async function readPasswords({ host }: PlatformRun<unknown>): Promise<readonly [string, string]> {
  const [current, next, ...more] = (decodeUtf8(await host.readStdin()) ?? '').replace(/\r?\n$/, '').split(/\r?\n/);
  if (current && next && more.length === 0) return [current, next];
  throw cliErrors.CLI_USAGE('standard input holds two lines: the old password and the new one');
}

async function askPasswords({ host }: PlatformRun<unknown>): Promise<readonly [string, string]> {
  if (!host.stdinIsTerminal) throw cliErrors.CLI_USAGE('there is no terminal to ask for passwords; use --stdin');
  const current = await host.ask('Old password: ', { secret: true });
  const next = await host.ask('New password: ', { secret: true });
  if (next === (await host.ask('New password again: ', { secret: true }))) return [current, next];
  throw cliErrors.CLI_USAGE('the two new passwords differ; nothing was changed');
}

function tokenColumns(now: number): readonly Column<JsonToken>[] {
  return [
    { title: 'ID', value: (token) => token.id },
    { title: 'OPERATOR', value: (token) => token.operator },
    { title: 'ROLE', value: (token) => token.role },
    { title: 'LABEL', value: (token) => token.label, shrinks: true },
    { title: 'CREATED', value: (token) => localTime(token.createdAt) },
    { title: 'EXPIRES', value: ({ expiresAt }) => (expiresAt === undefined ? 'never' : relativeTime(expiresAt, now)) },
    { title: 'USED', value: ({ lastUsedAt }) => lastUsedAt && relativeTime(lastUsedAt, now) },
  ];
}

function registerList(tokens: Command, cli: Cli): void {
  const command = tokens
    .command('list')
    .alias('ls')
    .summary('list tokens and sessions')
    .description('List API tokens and sessions. The tokens themselves are not shown: only their hashes are kept.');
  addExamples(command, [['List them', 'yaolian tokens list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.MAX_SAFE_INTEGER, (query) =>
      client.call(routes.listTokens, { query, signal }),
    );
    await printer.result({ items }, () => printer.table(items, tokenColumns(Date.now())));
  });
}

function registerCreate(tokens: Command, cli: Cli): void {
  const command = tokens
    .command('create')
    .summary('create an API token')
    .description('Create an API token. It is shown once, and only here.')
    .addArgument(new Argument('<label>', 'what it is for'))
    .addOption(
      new Option('--role <role>', 'viewer: look; operator: also operate devices; admin: everything')
        .choices(roles)
        .default('viewer'),
    )
    .addOption(
      new Option('--expires-in <duration>', 'how long it is valid')
        .argParser(durationOption)
        .default(undefined, 'for ever'),
    );
  addExamples(command, [
    ['For a script that looks only', 'yaolian tokens create "billing export"'],
    [
      'For a month, into a variable',
      'export YAOLIAN_TOKEN=$(yaolian tokens create ci --role operator --expires-in 30d --json | jq -r .token)',
    ],
  ]);
  onPlatformRun<{ readonly role: Role; readonly expiresIn?: Duration }>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const expiry = options.expiresIn === undefined ? {} : { expiresIn: `${toMilliseconds(options.expiresIn)}ms` };
    const body = { label: args[0]!, role: options.role, ...expiry };
    const issued = await client.call(routes.createToken, { body, signal });
    await printer.result(issued, () => `${issued.token}\n`);
    await printer.note('Keep it: it is not shown again.');
  });
}

function registerRemove(tokens: Command, cli: Cli): void {
  const command = tokens
    .command('remove')
    .alias('rm')
    .summary('make a token invalid')
    .description('Make a token or session invalid at once.')
    .addArgument(new Argument('<id>', 'its id, as "tokens list" shows it'));
  addExamples(command, [['Remove one', 'yaolian tokens remove 3fa85f64']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    await client.call(routes.removeToken, { params: { token: args[0]! }, signal });
    await printer.result({ removed: args[0] }, () => `${args[0]} is invalid now.\n`);
  });
}
