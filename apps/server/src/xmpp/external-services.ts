import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Clock, toMilliseconds } from '@yaolian/kernel';
import type { ExternalService } from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { fileTrouble } from '../start/start-trouble.ts';

const listed = 'xmpp.external-services';
const secretFile = 'xmpp.turn-secret-file';

/**
 * The STUN and TURN servers that accounts are told of (XEP-0215), written as RFC 7064 and RFC 7065 have it: `turn:turn.example.org:3478?transport=udp`.
 * TURN servers get a name and a password for each who asks, good for a while, made of the secret that they share with the platform.
 * @throws YaolianError XMPP_SETTING_BAD
 */
export async function externalServices(config: Config, clock: Clock): Promise<readonly ExternalService[]> {
  const text = config[listed];
  if (text === undefined) return [];
  const secret = await secretOf(config);
  return text.split(',').map((one) => {
    const service = readService(one.trim());
    if (secret === undefined || !service.type.startsWith('turn')) return service;
    const credentials = (account: string) => {
      const lifetime = toMilliseconds(config['xmpp.turn-lifetime']);
      const expires = clock.epoch() + lifetime;
      const username = `${Math.floor(expires / 1000)}:${account}`;
      return { username, password: createHmac('sha1', secret).update(username).digest('base64'), expires };
    };
    return { ...service, credentials };
  });
}

function readService(text: string): ExternalService {
  const match = /^(stuns?|turns?):(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/.exec(
    text,
  );
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (match === null || (port !== undefined && (port === 0 || port > 65_535))) {
    const why = `"${text}" is no server; write stun:host:port or turn:host:port?transport=udp, with commas between`;
    throw platformErrors.XMPP_SETTING_BAD(listed, why);
  }
  const [, type = '', host = '', , transport] = match;
  return {
    type,
    host: host.replace(/^\[|\]$/g, ''),
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport: transport as 'udp' | 'tcp' }),
  };
}

async function secretOf(config: Config): Promise<string | undefined> {
  const file = config[secretFile];
  if (file === undefined) return undefined;
  const secret = await readFile(file, 'utf8').catch((error: Error) => {
    throw platformErrors.XMPP_SETTING_BAD(secretFile, fileTrouble(file, error), error);
  });
  if (secret.trim().length < 8)
    throw platformErrors.XMPP_SETTING_BAD(secretFile, `${file} holds no secret of 8 characters or more`);
  return secret.trim();
}
