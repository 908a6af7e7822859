import { resolve } from 'node:path';
import { ApiClient, ApiProblemError, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { relativeTime } from '../output/time.ts';
import { stdinPassword } from '../stdin-password.ts';
import { caOption, connect, defaultUrl, explainDistrust, parseUrl, trustAuthorities } from './connection.ts';
import { loadSession, removeSession, type StoredSession, saveSession } from './session-file.ts';

interface LoginOptions {
  readonly url?: string;
  readonly user?: string;
  readonly passwordStdin?: boolean;
  readonly code?: string;
  readonly ca?: string;
}

export function registerLoginCommands(parent: Command, cli: Cli): void {
  const login = parent
    .command('login')
    .summary('log in to a platform')
    .description(
      'Log in to a platform. The password is asked for without showing it; the token that comes back is kept in a file that only you can read.',
    )
    .addArgument(
      new Argument('[url]', 'address of the platform').default(
        undefined,
        `the one of the last login, or ${defaultUrl}`,
      ),
    )
    .addOption(new Option('--url <url>', 'the same as the argument').hideHelp())
    .addOption(new Option('-u, --user <name>', 'operator name').default('admin'))
    .addOption(new Option('--code <code>', 'of the second factor, or a recovery code; asked for when needed'))
    .addOption(new Option('--password-stdin', 'read the password from standard input'))
    .addOption(caOption());
  addExamples(login, [
    ['To the platform on this machine', 'yaolian login'],
    ['To another one', 'yaolian login https://platform.example --user anna'],
    [
      'To one with a certificate that it made for itself (its DATA/tls/certificate.pem)',
      'yaolian login https://platform.example:8443 --ca certificate.pem',
    ],
    ['From a script', 'yaolian login https://platform.example --password-stdin < password.txt'],
  ]);
  onRun<LoginOptions>(cli, login, logIn);

  const logout = parent
    .command('logout')
    .summary('end the session of the last login')
    .description('Make the token of the last login invalid, and forget it.');
  addExamples(logout, [['Log out', 'yaolian logout']]);
  onRun(cli, logout, logOut);
}

async function logIn({ host, args, options, printer, signal }: CommandRun<LoginOptions>): Promise<void> {
  const previous = await loadSession(host.environment).catch(() => undefined);
  const url = parseUrl(args[0] ?? options.url ?? (host.environment.YAOLIAN_URL || previous?.url || defaultUrl));
  // By its whole name: later commands run in other folders. A login to the same platform goes on with what it trusted.
  const named = options.ca ?? (host.environment.YAOLIAN_CA || undefined);
  const ca = named === undefined ? previousCa(previous, url) : resolve(named);
  await trustAuthorities(host, ca);
  const password = await readPassword(host, options, url);
  const client = new ApiClient({ baseUrl: url });
  const body = {
    name: options.user ?? 'admin',
    password,
    ...(options.code === undefined ? {} : { code: options.code }),
  };
  const issued = await client.call(routes.login, { body, signal }).catch(async (error: unknown) => {
    const isCodeNeeded = error instanceof ApiProblemError && error.problem.code === 'second-factor-needed';
    if (!isCodeNeeded || !host.stdinIsTerminal) throw explainDistrust(error);
    const code = await host.ask('Code of your authenticator app, or a recovery code: ', { secret: false });
    return client.call(routes.login, { body: { ...body, code }, signal });
  });
  const { token, operator, role, expiresAt } = issued;
  const file = await saveSession(host.environment, {
    url,
    token,
    operator,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(ca === undefined ? {} : { ca }),
  });
  const facts = { url, operator, role, ...(expiresAt === undefined ? {} : { expiresAt }), file };
  await printer.result(facts, () => {
    const until = expiresAt === undefined ? '' : `, for ${relativeTime(expiresAt, Date.now()).replace(/^in /, '')}`;
    return `Logged in to ${url} as ${operator} (${role})${until}.\n`;
  });
  if (host.environment.YAOLIAN_TOKEN) {
    await printer.note('YAOLIAN_TOKEN is set and stays stronger than this login.');
  }
}

function previousCa(previous: StoredSession | undefined, url: string): string | undefined {
  return previous?.url === url ? previous.ca : undefined;
}

async function readPassword(
  host: CommandRun<LoginOptions>['host'],
  options: LoginOptions,
  url: string,
): Promise<string> {
  if (!options.passwordStdin) {
    if (host.stdinIsTerminal) return await host.ask(`Password of ${options.user} at ${url}: `, { secret: true });
    throw cliErrors.CLI_USAGE('there is no terminal to ask for the password; use --password-stdin');
  }
  const password = await stdinPassword(host);
  if (password !== '') return password;
  throw cliErrors.CLI_USAGE('standard input held no password; write it there in one line');
}

async function logOut({ host, printer, signal }: CommandRun<unknown>): Promise<void> {
  const session = await loadSession(host.environment);
  if (!session) {
    await printer.result({ loggedOut: false }, () => 'You were not logged in.\n');
    return;
  }
  const { client } = await connect({
    ...host,
    environment: { ...host.environment, YAOLIAN_TOKEN: '', YAOLIAN_URL: '' },
  });
  await removeSession(host.environment);
  try {
    await client.call(routes.logout, { signal });
  } catch {
    await printer.note(`${session.url} did not confirm; the token is forgotten here and expires there by itself.`);
  }
  await printer.result({ loggedOut: true, url: session.url }, () => `Logged out of ${session.url}.\n`);
}
