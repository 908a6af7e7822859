import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { caOption } from '../platform/connection.ts';
import { accountServer, urlOption, withAccountServer } from './account-server.ts';
import { passwordOf } from './session.ts';

interface RegisterOptions {
  readonly url?: string;
  readonly ca?: string;
  readonly nick?: string;
  readonly token?: string;
  readonly passwordStdin?: boolean;
}

/** GB/T 29265.205 §7.2: a new user, at the account server. */
export function registerRegister(ra: Command, cli: Cli): void {
  const command = ra
    .command('register')
    .summary('become a user')
    .description('Make an account for yourself. The password is YAOLIAN_RA_PASSWORD, or is asked for.')
    .addArgument(new Argument('<user>', 'your name, the part of the address before the @'))
    .addOption(urlOption())
    .addOption(caOption('YAOLIAN_RA_CA'))
    .addOption(new Option('--nick <name>', 'how others see you'))
    .addOption(new Option('--token <token>', 'the invitation, where one is needed'))
    .addOption(new Option('--password-stdin', 'read the password from standard input'));
  addExamples(command, [
    ['At the platform on this machine', 'yaolian ra register ann'],
    ['From a script', 'yaolian ra register ann --url https://home.example --password-stdin < password.txt'],
  ]);
  onRun<RegisterOptions>(cli, command, register);
}

async function register(run: CommandRun<RegisterOptions>): Promise<void> {
  const { host, args, options, printer, signal } = run;
  const name = args[0]!;
  const { nick, token } = options;
  const accounts = await accountServer(options, host);
  const password = await passwordOf(run, name);
  const user = await withAccountServer(() => accounts.registerUser({ name, password, nick, token }, { signal }));
  await printer.result({ user }, () => `You are ${printable(user)}.\n`);
}
