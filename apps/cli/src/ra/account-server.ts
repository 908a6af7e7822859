import { distrustIn } from '@yaolian/contract';
import { AccountClient, AccountRefused } from '@yaolian/igrs/client';
import { Option } from 'commander';
import { cliErrors } from '../errors.ts';
import type { Host } from '../host.ts';
import { defaultUrl, parseUrl, trustAuthorities } from '../platform/connection.ts';
import { loadSession } from '../platform/session-file.ts';

/** Where the account server is. */
export function urlOption(): Option {
  return new Option('--url <url>', 'the account server').default(
    undefined,
    `YAOLIAN_URL, the platform of the last login, or ${defaultUrl}`,
  );
}

/** Where the account server is, and whom to believe that. */
export interface AccountServerOptions {
  readonly url?: string;
  readonly ca?: string;
}

type AccountHost = Pick<Host, 'environment' | 'trust'>;

/** The account server of `--url`, or of the platform that was last logged in to. */
export async function accountServer(options: AccountServerOptions, host: AccountHost): Promise<AccountClient> {
  return new AccountClient({ url: await accountServerUrl(options, host), post });
}

export async function accountServerUrl({ url, ca }: AccountServerOptions, host: AccountHost): Promise<string> {
  const { environment } = host;
  const session = await loadSession(environment).catch(() => undefined);
  await trustAuthorities(host, ca ?? (environment.YAOLIAN_RA_CA || environment.YAOLIAN_CA || session?.ca));
  return parseUrl(url ?? (environment.YAOLIAN_URL || session?.url || defaultUrl));
}

/** Posts to an account server, and gives back what came. */
export async function post(url: string, body: string, signal?: AbortSignal, contentType = 'application/json') {
  const request = { method: 'POST', body, headers: { 'content-type': contentType } };
  try {
    // A redirect would carry the password to somebody else.
    const response = await fetch(url, { ...request, redirect: 'error', ...(signal && { signal }) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = distrustIn(error);
    const why = reason === undefined ? '' : `: its certificate is not trusted (${reason}); give it with --ca`;
    throw cliErrors.CLI_UNREACHABLE(`${new URL(url).origin} cannot be reached${why}`, error);
  }
}

/** The codes of docs/igrs-ra.md that have more to say than their message. */
const sentences: Readonly<Record<number, string>> = {
  421: 'somebody has that name already',
  424: 'there is a device of that name already',
  420: 'the invitation is not valid; ask who runs the platform for one, and use --token',
};

/** What the account server refused, as the command line says it. */
function explainAccount(error: unknown): unknown {
  if (error instanceof AccountRefused) return cliErrors.CLI_REFUSED(sentences[error.code] ?? error.message, error);
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  return code === 'RA_NO_ACCOUNT_SERVER' || code === 'RA_ANSWER_MALFORMED'
    ? cliErrors.CLI_REFUSED(message, error)
    : error;
}

/** Runs `work`, with what is refused explained. */
export async function withAccountServer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainAccount(error);
  }
}
