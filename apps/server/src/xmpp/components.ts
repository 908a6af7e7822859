import { readFile } from 'node:fs/promises';
import type { Log } from '@yaolian/kernel';
import { listenXmpp, type XmppListener } from '@yaolian/node-runtime';
import { type ComponentAccess, prepareDomain } from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import type { LiveCertificate } from '../start/live-certificate.ts';
import { fileTrouble } from '../start/start-trouble.ts';
import { anywhere } from '../start/stream-service.ts';

const setting = 'xmpp.components-file';

/**
 * Who may attach as a component: a file with a domain and its secret on each line, `#` before what is a remark.
 * @throws YaolianError XMPP_SETTING_BAD
 */
export async function componentAccess(config: Config, own: readonly string[]): Promise<readonly ComponentAccess[]> {
  const file = config[setting];
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw platformErrors.XMPP_SETTING_BAD(setting, fileTrouble(file, error), error);
  });
  const found = new Map<string, ComponentAccess>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [name = '', secret = '', ...more] = line.trim().split(/\s+/);
    const bad = (why: string) => platformErrors.XMPP_SETTING_BAD(setting, `${file}, line ${index + 1}: ${why}`);
    const domain = prepareDomain(name);
    if (domain === undefined || more.length > 0) throw bad('write a domain and its secret, with a space between');
    if (secret.length < 8) throw bad(`the secret of ${domain} is too short: 8 characters at least`);
    if (own.includes(domain) || found.has(domain)) throw bad(`${domain} is taken`);
    found.set(domain, { domain, secret });
  }
  return [...found.values()];
}

/** Listens for components: in the clear on this machine alone, elsewhere with TLS from the first byte. */
export async function listenForComponents(
  config: Config,
  certificate: LiveCertificate,
  log: Log,
): Promise<XmppListener> {
  const port = config['xmpp.component-port'];
  const isHere = ['127.0.0.1', '::1'].includes(config['xmpp.component-host']);
  const tls = isHere ? {} : { tls: { credentials: certificate.current }, direct: true };
  const listener = await anywhere((host) => listenXmpp({ host, port, ...tls }), {
    host: config['xmpp.component-host'],
    log,
    setting: 'xmpp.component-port',
  });
  if (!isHere) certificate.onChange((credentials) => listener.setCredentials(credentials));
  return listener;
}
