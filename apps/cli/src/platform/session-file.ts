import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cliErrors } from '../errors.ts';
import type { Environment } from '../host.ts';

/** What `yaolian login` keeps. */
export interface StoredSession {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly token: string;
  readonly operator: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  /** File with the authorities that its certificate is checked against, besides those of Node. */
  readonly ca?: string;
}

/** `$XDG_CONFIG_HOME/yaolian/session.json`, where absent `~/.config/yaolian/session.json`. */
export function sessionFile(environment: Environment): string {
  const configured = environment.XDG_CONFIG_HOME;
  // XDG Base Directory Specification: a relative path is to be ignored.
  const folder = configured?.startsWith('/') ? configured : join(environment.HOME ?? homedir(), '.config');
  return join(folder, 'yaolian', 'session.json');
}

/** Undefined when nobody has logged in. */
export async function loadSession(environment: Environment): Promise<StoredSession | undefined> {
  const file = sessionFile(environment);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cliErrors.CLI_USAGE(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
  const session = parseSession(text);
  if (!session) throw cliErrors.CLI_USAGE(`${file} is damaged; log in again with "yaolian login"`);
  return session;
}

function parseSession(text: string): StoredSession | undefined {
  try {
    const { url, token, operator, expiresAt, ca } = JSON.parse(text) as Record<string, unknown>;
    if (typeof url !== 'string' || typeof token !== 'string') return undefined;
    return {
      url,
      token,
      operator: typeof operator === 'string' ? operator : '',
      ...(typeof expiresAt === 'string' ? { expiresAt } : {}),
      ...(typeof ca === 'string' ? { ca } : {}),
    };
  } catch {
    return undefined; // not JSON: as damaged as JSON of another shape
  }
}

/** Writes the file so that only its owner can read it. */
export async function saveSession(environment: Environment, session: StoredSession): Promise<string> {
  const file = sessionFile(environment);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // An old file keeps its mode when it is written to: take it away first.
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}

export async function removeSession(environment: Environment): Promise<void> {
  await rm(sessionFile(environment), { force: true });
}
