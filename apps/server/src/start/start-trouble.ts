import { YaolianError } from '@yaolian/kernel';
import { type Config, flagOf, type SettingName } from '../config/settings.ts';
import { isBlockedPort } from '../http/blocked-ports.ts';

/** A port that cannot be opened, with the flag that chooses another; any other error as it is. */
export function namingFlag(error: unknown, setting: SettingName): unknown {
  const isOfPort = error instanceof YaolianError && /^(?:UDP|TCP)_(?:ADDRESS_IN_USE|ACCESS_DENIED)$/.test(error.code);
  return isOfPort ? new YaolianError(error.code, `${error.message} (${flagOf(setting)})`, { cause: error }) : error;
}

/** Ports of HTTP that no browser opens, each with the flag that chooses another. */
export function blockedPortTroubles(config: Pick<Config, 'http.port' | 'http.tls-port'>): readonly string[] {
  return (['http.port', 'http.tls-port'] as const).flatMap((setting) => {
    const port = config[setting];
    if (port === undefined || !isBlockedPort(port)) return [];
    return [
      `No browser opens port ${port}, which is kept for another protocol (Fetch Standard, port blocking): choose another with ${flagOf(setting)}, or put a proxy in front`,
    ];
  });
}

/** Why the file that a setting names cannot be read. */
export function fileTrouble(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no file ${file}`;
  if (code === 'EACCES') return `${file} may not be read by this user; correct its permissions`;
  if (code === 'EISDIR') return `${file} is a folder; name the file in it`;
  return message;
}
