import { X509Certificate } from 'node:crypto';
import { ApiClient, ApiProblemError } from '@yaolian/contract';
import { decodeUtf8, hasCode } from '@yaolian/kernel';
import { Option } from 'commander';
import { completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import type { Host } from '../host.ts';
import { loadSession } from './session-file.ts';

/** Where the platform listens unless it is told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** The platform that commands talk to. */
export interface Connection {
  readonly url: string;
  readonly client: ApiClient;
}

/** `--ca` of what speaks HTTPS. */
export function caOption(variable = 'YAOLIAN_CA'): Option {
  return completeWith(
    new Option('--ca <file>', 'trust the certificates of this file too (PEM)').default(undefined, variable),
    completeFiles,
  );
}

/**
 * Has HTTPS of this process trust the authorities of a PEM file, besides those that Node knows.
 * @throws CLI_USAGE when the file cannot be read or is none
 */
export async function trustAuthorities(host: Pick<Host, 'trust'>, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const pem = decodeUtf8(await readBytes(file)) ?? '';
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw cliErrors.CLI_USAGE(`the file ${file} holds no certificates in PEM`, error);
  }
  host.trust(pem);
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
  await trustAuthorities(host, host.environment.YAOLIAN_CA || session?.ca);
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
  return explainDistrust(error);
}

/** A certificate that is not trusted: say what makes it so. */
export function explainDistrust(error: unknown): unknown {
  if (!hasCode(error, 'API_UNTRUSTED')) return error;
  const { message } = error as Error;
  return cliErrors.CLI_UNREACHABLE(`${message}; give it with "yaolian login URL --ca FILE" or YAOLIAN_CA`, error);
}
