import { type JsonOperator, type Role, roles, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { stdinPassword } from '../stdin-password.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';

/** Who may log in, from the command line and in the console. */
export function registerOperatorCommands(parent: Command, cli: Cli): void {
  const operators = parent
    .command('operators')
    .summary('list, add, change and remove people who may log in')
    .description('People who may log in, here and in the console, each with a role.');
  addExamples(operators, [['One who looks after devices', 'yaolian operators add anna --role operator']]);
  registerList(operators, cli);
  registerAdd(operators, cli);
  registerChange(operators, cli);
  registerRemove(operators, cli);
}

const columns: readonly Column<JsonOperator>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'SECOND FACTOR', value: ({ secondFactor }) => (secondFactor ? 'yes' : 'no') },
  { title: 'CREATED', value: ({ createdAt }) => localTime(createdAt) },
];

function registerList(operators: Command, cli: Cli): void {
  const command = operators.command('list').alias('ls').summary('list operators').description('List who may log in.');
  addExamples(command, [['List them', 'yaolian operators list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.POSITIVE_INFINITY, (query) =>
      client.call(routes.listOperators, { query, signal }),
    );
    await printer.result({ items }, () => printer.table(items, columns));
  });
}

interface AddOptions {
  readonly role: Role;
  readonly passwordStdin?: boolean;
}

function registerAdd(operators: Command, cli: Cli): void {
  const command = operators
    .command('add')
    .summary('add an operator')
    .description('Add somebody who may log in. The first password, of at least 12 characters, is asked for.')
    .addArgument(new Argument('<name>', 'small letters, digits, . _ -'))
    .addOption(
      new Option('--role <role>', 'viewer: look; operator: also operate devices; admin: everything')
        .choices(roles)
        .default('viewer'),
    )
    .addOption(new Option('--password-stdin', 'read the password from standard input'));
  addExamples(command, [['One who looks after devices', 'yaolian operators add anna --role operator']]);
  onPlatformRun<AddOptions>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const body = { name: args[0]!, role: options.role, password: await newPassword(run, 'First password') };
    const added = await client.call(routes.addOperator, { body, signal });
    await printer.result(added, () => `${added.name} may log in now, as ${added.role}.\n`);
  });
}

async function newPassword(
  { host, options, args }: PlatformRun<Pick<AddOptions, 'passwordStdin'>>,
  what: string,
): Promise<string> {
  if (!options.passwordStdin) {
    if (host.stdinIsTerminal) return host.ask(`${what} of ${args[0]}: `, { secret: true });
    throw cliErrors.CLI_USAGE('there is no terminal to ask for the password; use --password-stdin');
  }
  const password = await stdinPassword(host);
  if (password !== '') return password;
  throw cliErrors.CLI_USAGE('standard input held no password; write it there in one line');
}

interface ChangeOptions {
  readonly role?: Role;
  readonly password?: boolean;
  readonly passwordStdin?: boolean;
  readonly resetSecondFactor?: boolean;
}

function registerChange(operators: Command, cli: Cli): void {
  const command = operators
    .command('change')
    .summary('change the role, the password or the second factor of an operator')
    .description(
      'Change what somebody else may do, give them a new password, which ends their sessions, or take the second factor that they lost.',
    )
    .addArgument(new Argument('<name>', 'its name'))
    .addOption(new Option('--role <role>', 'its new role').choices(roles))
    .addOption(new Option('--password', 'ask for a new password'))
    .addOption(new Option('--password-stdin', 'read a new password from standard input'))
    .addOption(new Option('--reset-second-factor', 'let the password alone do until a new app is set up'));
  addExamples(command, [
    ['One who only looks from now on', 'yaolian operators change anna --role viewer'],
    ['One who forgot the password', 'yaolian operators change anna --password'],
    ['One who lost the phone', 'yaolian operators change anna --reset-second-factor'],
  ]);
  onPlatformRun<ChangeOptions>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const { role, resetSecondFactor: isReset = false } = options;
    const isNew = options.password === true || options.passwordStdin === true;
    if (role === undefined && !isNew && !isReset) {
      throw cliErrors.CLI_USAGE('say what to change: --role, --password, --reset-second-factor');
    }
    const params = { name: args[0]! };
    if (isReset) await client.call(routes.resetSecondFactor, { params, signal });
    if (role === undefined && !isNew) {
      return printer.result(
        { name: params.name, secondFactor: false },
        () => `${params.name} logs in by password alone.\n`,
      );
    }
    const body = {
      ...(role === undefined ? {} : { role }),
      ...(isNew ? { password: await newPassword(run, 'New password') } : {}),
    };
    const changed = await client.call(routes.changeOperator, { params, body, signal });
    const password = isNew ? ', with a new password' : '';
    await printer.result(changed, () => `${changed.name} is ${changed.role}${password}.\n`);
  });
}

function registerRemove(operators: Command, cli: Cli): void {
  const command = operators
    .command('remove')
    .alias('rm')
    .summary('remove an operator')
    .description('Remove an operator. Its sessions and tokens end at once.')
    .addArgument(new Argument('<name>', 'its name'));
  addExamples(command, [['Remove one', 'yaolian operators remove anna']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    await client.call(routes.removeOperator, { params: { name: args[0]! }, signal });
    await printer.result({ removed: args[0] }, () => `${args[0]} may not log in any more.\n`);
  });
}
