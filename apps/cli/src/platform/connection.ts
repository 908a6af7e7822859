import { ApiClient, ApiProblemError } from '@yaolian/contract';
import { cliErrors } from '../errors.ts';
import type { Host } from '../host.ts';
import { loadSession } from './session-file.ts';

/** Where the platform listens unless it is told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** The platform that commands talk to. */
export interface Connection {
  readonly url: string;
  readonly client: ApiClient;
}

/** Connects with YAOLIAN_URL and YAOLIAN_TOKEN, or what the last login left. */
export async function connect(host: Host): Promise<Connection> {
  const { YAOLIAN_URL: urlVariable, YAOLIAN_TOKEN: tokenVariable } = host.environment;
  const session = tokenVariable ? undefined : await loadSession(host.environment);
  const token = tokenVariable || session?.token;
  if (!token) {
    throw cliErrors.CLI_USAGE(
      `you are not logged in; run "yaolian login ${urlVariable || defaultUrl}" or set YAOLIAN_TOKEN`,
    );
  }
  const url = parseUrl(urlVariable || session?.url || defaultUrl);
  // A token is for the platform that issued it: another URL does not get to see it.
  if (session && url !== session.url) {
    throw cliErrors.CLI_USAGE(
      `you are logged in to ${session.url}, not to ${url} of YAOLIAN_URL; run "yaolian login ${url}" or set YAOLIAN_TOKEN`,
    );
  }
  return { url, client: new ApiClient({ baseUrl: url, token, fetch: fetchPolitely, retries: 2 }) };
}

/** `127.0.0.1:8080` and `https://platform.example/` as the base of the API. */
export function parseUrl(text: string): string {
  const full = text.includes('://') ? text : `http://${text}`;
  const url = /^https?:/i.test(full) && URL.canParse(full) ? new URL(full) : undefined;
  const isPlain = url && `${url.username}${url.search}${url.hash}` === '';
  if (!isPlain) {
    throw cliErrors.CLI_USAGE(`"${text}" is not the address of a platform; write it as in ${defaultUrl}`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A redirect to somewhere else would carry the token there, and a platform sends none. */
const fetchPolitely: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' });

/** A login has run out, or the token is wrong: say what helps at the command line. */
export function explainRefusal(error: unknown): unknown {
  if (error instanceof ApiProblemError && error.problem.code === 'unauthenticated') {
    return cliErrors.CLI_REFUSED('the platform does not know your token (any more); run "yaolian login" again', error);
  }
  return error;
}
