import { Home } from '@yaolian/igrs/client';
import { Jid, type XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import { type Cli, type CommandRun, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import type { Environment } from '../host.ts';
import { accountJid, placeOf, readPassword, withAccount, type XmppOptions } from '../xmpp/session.ts';
import { explainRefusal } from './refusals.ts';

export interface RaOptions extends Omit<XmppOptions, 'plain'> {
  readonly user?: string;
}

/** One run of a command of a user. */
export interface HomeRun<O> extends CommandRun<O & RaOptions> {
  readonly user: Jid;
  /** Connects, runs `body` and says goodbye. */
  connected(body: (home: Home, client: XmppClient) => Promise<void>, listener?: XmppClientListener): Promise<void>;
}

/** Where the message server listens unless it is told otherwise. */
const defaultPorts = { plain: 5222, tls: 5223 } as const;

/** Makes `body` what `command` does for a user, and adds the options that say who that is. */
export function onHomeRun<O>(cli: Cli, command: Command, body: (run: HomeRun<O>) => Promise<void>): Command {
  command.addOption(
    new Option('-u, --user <address>', 'who you are, name@domain').default(undefined, 'YAOLIAN_RA_USER'),
  );
  addConnectionOptions(command);
  return onRun<O & RaOptions>(cli, command, async (run) => {
    const user = userOf(run);
    await body({ ...run, user, connected: (inside, listener = {}) => connected(run, user, inside, listener) });
  });
}

/** Where the message server is and how it is trusted. */
export function addConnectionOptions(command: Command): void {
  addPlaceOptions(command);
  command.addOption(new Option('--password-stdin', 'read the password from standard input, not YAOLIAN_RA_PASSWORD'));
}

/** The same where no password is read. */
export function addPlaceOptions(command: Command): void {
  command
    .addOption(
      new Option('--server <host>', 'where the message server is, host or host:port').default(
        undefined,
        'YAOLIAN_RA_SERVER, or found by the domain',
      ),
    )
    .addOption(new Option('--tls', 'TLS from the first byte, instead of STARTTLS'))
    .addOption(
      new Option('--ca <file>', 'trust the certificates of this file (PEM)').default(undefined, 'YAOLIAN_RA_CA'),
    )
    .addOption(new Option('--insecure', 'take any certificate: whoever is in between can read and write everything'));
}

function userOf({ options, host }: CommandRun<RaOptions>): Jid {
  const text = options.user ?? host.environment.YAOLIAN_RA_USER;
  if (!text) throw cliErrors.CLI_USAGE('say who you are, with --user name@domain or YAOLIAN_RA_USER');
  return accountJid(text);
}

async function connected(
  run: CommandRun<RaOptions>,
  jid: Jid,
  body: (home: Home, client: XmppClient) => Promise<void>,
  listener: XmppClientListener,
): Promise<void> {
  const { environment } = run.host;
  const password = await passwordOf(run, jid.bare.toString());
  const options = { ...run.options, ...whereIs(run.options, environment) };
  await withAccount({ options, signal: run.signal }, { jid, password }, listener, async (client) => {
    try {
      await body(new Home(client), client);
    } catch (error) {
      run.signal.throwIfAborted();
      throw explainRefusal(error);
    }
  });
}

/** The password of a user: typed, on standard input or YAOLIAN_RA_PASSWORD. */
export async function passwordOf(
  { host, options }: CommandRun<Pick<RaOptions, 'passwordStdin'>>,
  whose: string,
): Promise<string> {
  const { YAOLIAN_RA_PASSWORD: set } = host.environment;
  if (set && options.passwordStdin !== true) return set;
  if (options.passwordStdin === true || host.stdinIsTerminal) return readPassword(host, options, whose);
  throw cliErrors.CLI_USAGE(
    'there is no terminal to ask for the password; use --password-stdin or YAOLIAN_RA_PASSWORD',
  );
}

/** Options are stronger than the environment; a server without a port has the standard port. */
export function whereIs(options: RaOptions, environment: Environment): Pick<XmppOptions, 'server' | 'ca'> {
  const server = options.server ?? (environment.YAOLIAN_RA_SERVER || undefined);
  const ca = options.ca ?? (environment.YAOLIAN_RA_CA || undefined);
  return {
    ...(server === undefined ? {} : { server: withPort(server, options.tls === true) }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/** `home.example` as `home.example:5222`. */
export function withPort(server: string, isTls: boolean): string {
  const { host, port = isTls ? defaultPorts.tls : defaultPorts.plain } = placeOf(server);
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function remoteDevicePlace(): Argument {
  return new Argument('<device>', 'the account of a device: name@domain, or the name when the domain is yours');
}

/** The account of a user or device: `attic` of ann@home.example is attic@home.example. */
export function raAddress(text: string | undefined, user: Jid): string {
  const full = text?.includes('@') ? text : `${text ?? ''}@${user.domain}`;
  const jid = Jid.parse(full);
  if (jid?.local === undefined) throw cliErrors.CLI_USAGE(`"${text}" is no account; write name@domain`);
  return jid.bare.toString();
}
