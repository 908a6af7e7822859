import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AccountClient, Device, DeviceResources } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient } from '@yaolian/xmpp';
import type { TestPlatform } from './platform.ts';
import { domain } from './remote-user.ts';

/** A kettle that speaks RA itself, registered and connected: `KETTLE-CODE` is its code. */
export async function openKettle(
  bench: TestPlatform,
): Promise<{ readonly device: Device; readonly wanted: () => string }> {
  const accounts = new AccountClient({
    url: bench.httpUrl,
    post: async (url, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', body, headers });
      return { status: response.status, body: await response.text() };
    },
  });
  const facts = { deviceType: 'kettle', vendor: 'V', model: 'K1' };
  await accounts.registerDevice({ name: 'kettle', password: 'kettle-secret', verifyCode: 'KETTLE-CODE', ...facts });
  const url = new URL(bench.platform.listening.find((one) => one.url.startsWith('xmpp:'))!.url);
  const authorities = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
  let wanted = '90';
  const resources = new DeviceResources({
    '/3308/0/5900': {
      type: 'float',
      get: () => wanted,
      set: (text) => {
        wanted = text;
      },
    },
    '/3308/0/5750': { type: 'string', get: () => 'water' },
  });
  const device = new Device({
    open: (listener) =>
      new XmppClient({
        jid: Jid.parse(`kettle@${domain}`)!,
        connector: xmppConnector({ domain, host: '127.0.0.1', port: Number(url.port), tls: { authorities } }),
        mechanisms: scramClients({ crypto: saslCrypto, username: 'kettle', password: 'kettle-secret' }),
        ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
      }),
    resources,
    ...facts,
    clock: nodeClock,
    crypto: saslCrypto,
  });
  await device.connect();
  return { device, wanted: () => wanted };
}
