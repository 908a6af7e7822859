import type { Permission } from '@yaolian/igrs/client';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { collectOption } from '../parsers.ts';
import { caOption } from '../platform/connection.ts';
import { confirmationText } from '../platform/share-commands.ts';
import { accountJid } from '../xmpp/session.ts';
import { accountServer, urlOption, withAccountServer } from './account-server.ts';
import { onHomeRun, passwordOf, type RaOptions, raAddress, remoteDevicePlace } from './session.ts';

/** What owners look after besides: codes, names, permissions, and their own account. */
export function registerKeeperCommands(ra: Command, cli: Cli): void {
  registerCode(ra, cli);
  registerConfirm(ra, cli);
  registerRename(ra, cli);
  registerPermissions(ra, cli);
  registerAccount(ra, cli);
}

/** GB/T 29265.205 §10.5. */
function registerCode(ra: Command, cli: Cli): void {
  const command = ra
    .command('code')
    .summary('give a device of yours a new verification code')
    .description('Make a new verification code for a device of yours; the one before is void, and owners stay owners.')
    .addArgument(remoteDevicePlace());
  addExamples(command, [['Before somebody else may own it too', 'yaolian ra code attic']]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      const code = await home.resetCode(device, { signal });
      await printer.result({ device, code }, () => `${printable(code)}\n`);
    });
  });
}

/** GB/T 29265.205 §7.3, §10.3. */
function registerConfirm(ra: Command, cli: Cli): void {
  const command = ra
    .command('confirm')
    .summary('show or change whether a device of yours is asked before somebody owns it')
    .description(
      'Show whether a device of yours is asked before somebody owns it who knows its code; with "on" or "off", change it. Its other owners are told.',
    )
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('[asked]', 'whether it is asked from now on').choices(['on', 'off']));
  addExamples(command, [
    ['Is it asked?', 'yaolian ra confirm attic'],
    ['Nobody owns it without pressing its button', 'yaolian ra confirm attic on'],
  ]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      if (args[1] !== undefined) await home.requireConfirmation(device, args[1] === 'on', { signal });
      const confirms = args[1] === undefined ? await home.confirmation(device, { signal }) : args[1] === 'on';
      await printer.result({ device, confirms }, () => confirmationText(device, confirms));
    });
  });
}

function registerRename(ra: Command, cli: Cli): void {
  const command = ra
    .command('rename')
    .summary('call a device of yours something else')
    .description('Give a device of yours another name, and perhaps other groups: nobody else sees them.')
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<name>', 'what you call it from now on'))
    .addOption(
      new Option(
        '--group <name>',
        'a group that it belongs to from now on, instead of those before; may be given again',
      )
        .argParser(collectOption((text) => text))
        .conflicts('groups'),
    )
    .addOption(new Option('--no-groups', 'take it out of all groups'));
  addExamples(command, [['In two groups', 'yaolian ra rename attic "Under the roof" --group top --group sleeping']]);
  onHomeRun<{ readonly group?: readonly string[]; readonly groups: boolean }>(cli, command, async (run) => {
    const { args, user, options, printer, signal, connected } = run;
    const device = raAddress(args[0], user);
    const name = args[1]!;
    await connected(async (home) => {
      const before = async () => (await home.devices({ signal })).find((one) => one.device === device)?.groups ?? [];
      const groups = options.groups ? (options.group ?? (await before())) : [];
      await home.rename(device, name, groups, { signal });
      await printer.result({ device, name }, () => `${printable(device)} is ${printable(name)}.\n`);
    });
  });
}

const columns: readonly Column<Permission>[] = [
  { title: 'WHO', value: ({ to }) => (typeof to === 'string' ? to : `${to.class}s`), shrinks: true },
  { title: 'FEATURE', value: ({ feature }) => feature, shrinks: true },
  { title: 'MAY', value: ({ operations }) => operations.join(',') || 'nothing' },
  { title: 'UNTIL', value: ({ expires }) => (expires === undefined ? '' : localTime(expires.toISOString())) },
];

function registerPermissions(ra: Command, cli: Cli): void {
  const command = ra
    .command('permissions')
    .summary('list what others may do with a device of yours')
    .description('List the permissions of a device of yours. Without any, owners may do all, and nobody else anything.')
    .addArgument(remoteDevicePlace());
  addExamples(command, [['Who may what', 'yaolian ra permissions attic']]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      const items = await home.permissions(device, { signal });
      const nothing = 'No permissions: owners may do all, and nobody else anything.\n';
      await printer.result({ items }, () => (items.length === 0 ? nothing : printer.table(items, columns)));
    });
  });
}

interface AccountOptions extends Pick<RaOptions, 'user' | 'passwordStdin' | 'ca'> {
  readonly url?: string;
  readonly nick?: string;
  readonly newPassword?: boolean;
  readonly delete?: boolean;
}

/** GB/T 29265.206 §8.2.2, §8.2.3. */
function registerAccount(ra: Command, cli: Cli): void {
  const command = ra
    .command('account')
    .summary('show, change or delete your account')
    .description('Show your account; with options, change it. A new password is asked for at the terminal.')
    .addOption(new Option('-u, --user <address>', 'who you are, name@domain').default(undefined, 'YAOLIAN_RA_USER'))
    .addOption(urlOption())
    .addOption(caOption('YAOLIAN_RA_CA'))
    .addOption(new Option('--nick <name>', 'how others see you from now on'))
    .addOption(new Option('--new-password', 'change the password'))
    .addOption(
      new Option('--delete', 'delete it, with your devices, friends and permissions').conflicts([
        'nick',
        'newPassword',
      ]),
    )
    .addOption(new Option('--password-stdin', 'read the password from standard input, not YAOLIAN_RA_PASSWORD'));
  addExamples(command, [
    ['What is known of you', 'yaolian ra account'],
    ['Another password', 'yaolian ra account --new-password'],
  ]);
  onRun<AccountOptions>(cli, command, changeAccount);
}

async function changeAccount(run: CommandRun<AccountOptions>): Promise<void> {
  const { host, options, printer, signal } = run;
  const text = options.user ?? host.environment.YAOLIAN_RA_USER;
  if (!text) throw cliErrors.CLI_USAGE('say who you are, with --user name@domain or YAOLIAN_RA_USER');
  const { local: name = '' } = accountJid(text);
  const server = await accountServer(options, host);
  const proof = { name, password: await passwordOf(run, text) };
  if (options.delete === true) {
    await withAccountServer(() => server.remove(proof, { signal }));
    return printer.result({ deleted: text }, () => `${printable(text)} is deleted.\n`);
  }
  const newPassword = options.newPassword === true ? await newPasswordOf(run) : undefined;
  if (options.nick !== undefined || newPassword !== undefined) {
    const change = { nick: options.nick, newPassword };
    await withAccountServer(() => server.modify(proof, change, { signal }));
    return printer.result({ changed: text }, () => `${printable(text)} is changed.\n`);
  }
  const facts = await withAccountServer(() => server.read(proof, { signal }));
  await printer.result(facts, () => printer.facts(Object.entries(facts).map(([title, value]) => [title, value])));
}

async function newPasswordOf({ host }: CommandRun<unknown>): Promise<string> {
  if (!host.stdinIsTerminal) throw cliErrors.CLI_USAGE('there is no terminal to ask for the new password');
  const first = await host.ask('New password: ', { secret: true });
  const again = await host.ask('Once more: ', { secret: true });
  if (first !== again) throw cliErrors.CLI_USAGE('the two are not the same');
  return first;
}
