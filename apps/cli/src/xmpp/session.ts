import { readFile } from 'node:fs/promises';
import { isIPv6 } from '@yaolian/kernel';
import {
  nodeClock,
  nodeRandom,
  nodeTimers,
  saslCrypto,
  type TlsClientOptions,
  webSocketOpener,
  xmppConnector,
} from '@yaolian/node-runtime';
import {
  Jid,
  plainClient,
  scramClients,
  type TransportConnector,
  webSocketConnector,
  webSocketOf,
  XmppClient,
  type XmppClientListener,
} from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import type { CommandRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { stdinPassword } from '../stdin-password.ts';

export interface XmppOptions {
  readonly server?: string;
  readonly tls?: boolean;
  /** True: where the domain's host-meta says. */
  readonly websocket?: string | true;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly plain?: boolean;
  readonly passwordStdin?: boolean;
}

/** The account, as the first argument of every command. */
export function accountPlace(): Argument {
  return new Argument('<account>', 'your address: name@domain, with /resource if you want a certain one');
}

export function addXmppOptions(command: Command): void {
  command
    .addOption(
      new Option('--server <host>', 'where the server is, host or host:port').default(undefined, 'found by the domain'),
    )
    .addOption(new Option('--tls', 'TLS from the first byte, instead of STARTTLS'))
    .addOption(
      new Option(
        '--websocket [url]',
        'by WebSocket; without a URL, where the domain says that it is (host-meta)',
      ).conflicts(['server', 'tls']),
    )
    .addOption(new Option('--ca <file>', 'trust the certificates of this file (PEM)'))
    .addOption(new Option('--insecure', 'take any certificate: whoever is in between can read and write everything'))
    .addOption(new Option('--plain', 'send the password itself when the server wants it, inside TLS'))
    .addOption(new Option('--password-stdin', 'read the password from standard input'));
}

/** Who connects. */
export interface XmppAccount {
  readonly jid: Jid;
  readonly password: string;
}

/** Connects as the account of the first argument, runs `body` and says goodbye. */
export async function withClient<O extends XmppOptions>(
  run: CommandRun<O>,
  listener: XmppClientListener,
  body: (client: XmppClient) => Promise<void>,
): Promise<void> {
  const jid = accountJid(run.args[0]);
  const password = await readPassword(run.host, run.options, jid);
  await withAccount(run, { jid, password }, listener, body);
}

/** Connects as `account`, runs `body` and says goodbye. */
export async function withAccount(
  { options, signal }: Pick<CommandRun<XmppOptions>, 'options' | 'signal'>,
  account: XmppAccount,
  listener: XmppClientListener,
  body: (client: XmppClient) => Promise<void>,
): Promise<void> {
  const client = await clientOf(options, account, listener);
  try {
    await connect(client, signal);
    await body(client);
  } finally {
    client.close();
  }
}

/** @throws CLI_USAGE when it is no address of an account */
export function accountJid(text: string | undefined): Jid {
  const jid = Jid.parse(text ?? '');
  if (jid?.local === undefined) throw cliErrors.CLI_USAGE(`"${text}" is no account; write name@domain`);
  return jid;
}

async function clientOf(options: XmppOptions, account: XmppAccount, listener: XmppClientListener): Promise<XmppClient> {
  const make = await clientsOf(options, account);
  return make(listener);
}

/** Makes clients of the account, once the certificates are read. */
export async function clientsOf(
  options: XmppOptions,
  { jid, password }: XmppAccount,
): Promise<(listener: XmppClientListener) => XmppClient> {
  const { ca, insecure = false } = options;
  const authorities = ca === undefined ? {} : { authorities: await readAuthorities(ca) };
  const username = jid.local!;
  const connector = connectorOf(options, jid.domain, { insecure, ...authorities });
  const parts = {
    jid,
    connector,
    mechanisms: [
      ...scramClients({ crypto: saslCrypto, username, password }),
      ...(options.plain === true ? [plainClient(username, password)] : []),
    ],
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
  };
  return (listener) => new XmppClient({ ...parts, listener });
}

function connectorOf(options: XmppOptions, domain: string, tls: TlsClientOptions): TransportConnector {
  const { server, tls: direct = false, websocket } = options;
  if (websocket === undefined) {
    return xmppConnector({ domain, ...(server === undefined ? {} : placeOf(server)), direct, tls });
  }
  if (websocket !== true && !/^wss:\/\/./.test(websocket)) {
    throw cliErrors.CLI_USAGE(`"${websocket}" is no place of WebSockets with TLS; write wss://host/path`);
  }
  const url = websocket === true ? (signal: AbortSignal) => webSocketOf(domain, fetchText, signal) : websocket;
  return webSocketConnector({ url, open: webSocketOpener(tls) });
}

async function fetchText(url: string, signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(url, { signal });
  return response.ok ? response.text() : undefined;
}

async function connect(client: XmppClient, signal: AbortSignal): Promise<void> {
  try {
    await client.connect(signal);
  } catch (error) {
    signal.throwIfAborted();
    throw explainConnecting(error);
  }
}

/** What kept a client out, as the command line says it. */
export function explainConnecting(error: unknown): Error {
  const { code, message, cause } = error as { readonly code?: string; readonly message: string; cause?: unknown };
  if (code === 'XMPP_TIMEOUT') return cliErrors.CLI_TIMEOUT('the server did not let us in within 30s');
  if (code?.startsWith('XMPP_') === true && !unreached.has(code)) return cliErrors.CLI_REFUSED(message);
  const below = cause instanceof Error ? cause : error;
  return cliErrors.CLI_UNREACHABLE(`the server cannot be reached: ${whyUnreached(below) ?? message}`, error);
}

const unreached = new Set(['XMPP_DISCONNECTED', 'XMPP_CONNECT_FAILED', 'XMPP_TLS_FAILED']);

/** Codes of Node for a certificate that nobody vouches for. */
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What stood in the way, and what to do about it, where that can be told. */
function whyUnreached(error: unknown): string | undefined {
  const { code = '', message, hostname } = error as { code?: string; message: string; hostname?: string };
  if (untrusted.has(code)) return `nobody that is trusted vouches for its certificate; trust it with --ca FILE`;
  if (code === 'ENOTFOUND') return `there is no "${hostname}"; say where the server is with --server`;
  if (code === 'XMPP_DISCONNECTED')
    return 'it closed the connection; where it speaks TLS from the first byte, use --tls';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number/.test(message)) {
    return 'it does not speak TLS from the first byte there; leave out --tls, or name another port';
  }
  return undefined;
}

async function readAuthorities(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw cliErrors.CLI_USAGE(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** `host`, `host:port`, `[2001:db8::1]:5222`. */
export function placeOf(text: string): { readonly host: string; readonly port?: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? (isIPv6(text) ? text : undefined);
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    throw cliErrors.CLI_USAGE(`"${text}" is no server; write host or host:port`);
  }
  return port === undefined ? { host } : { host, port };
}

/**
 * From standard input, or typed.
 * @throws CLI_USAGE when there is none
 */
export async function readPassword(
  host: CommandRun<unknown>['host'],
  options: Pick<XmppOptions, 'passwordStdin'>,
  of: Jid | string,
): Promise<string> {
  if (!options.passwordStdin) {
    const whose = typeof of === 'string' ? of : of.bare;
    if (host.stdinIsTerminal) return host.ask(`Password of ${whose}: `, { secret: true });
    throw cliErrors.CLI_USAGE('there is no terminal to ask for the password; use --password-stdin');
  }
  const password = await stdinPassword(host);
  if (password !== '') return password;
  throw cliErrors.CLI_USAGE('standard input held no password; write it there in one line');
}
