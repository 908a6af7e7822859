import { AccountClient, AccountRefused } from '@yaolian/igrs/client';
import { Option } from 'commander';
import { cliErrors } from '../errors.ts';
import type { Environment } from '../host.ts';
import { defaultUrl, parseUrl } from '../platform/connection.ts';
import { loadSession } from '../platform/session-file.ts';

/** Where the account server is. */
export function urlOption(): Option {
  return new Option('--url <url>', 'the account server').default(
    undefined,
    `YAOLIAN_URL, the platform of the last login, or ${defaultUrl}`,
  );
}

/** The account server of `--url`, or of the platform that was last logged in to. */
export async function accountServer(url: string | undefined, environment: Environment): Promise<AccountClient> {
  return new AccountClient({ url: await accountServerUrl(url, environment), post });
}

export async function accountServerUrl(url: string | undefined, environment: Environment): Promise<string> {
  const session = await loadSession(environment).catch(() => undefined);
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
    throw cliErrors.CLI_UNREACHABLE(`${new URL(url).origin} cannot be reached`, error);
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
