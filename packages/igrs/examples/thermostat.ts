/** A thermostat that speaks Remote Access itself: it registers, prints the code by which users bind it, and can be read, set and observed. `node thermostat.ts` */
import { readFileSync } from 'node:fs';
import { createVerificationCode } from '@yaolian/directory';
import { AccountClient, Device, DeviceResources, type PostJson } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient } from '@yaolian/xmpp';

export interface Place {
  /** The account server, `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The message server. */
  readonly port: number;
  /** Of the platform, which is to be trusted. */
  readonly certificate: string;
}

const post: PostJson = async (url, body, signal = AbortSignal.timeout(10_000)) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
  return { status: response.status, body: await response.text() };
};

export async function startThermostat(place: Place, password: string, print: (line: string) => void) {
  const kind = { deviceType: 'thermostat', vendor: 'Yaolian', model: 'T1' };
  const verifyCode = createVerificationCode(nodeRandom);
  // Once in its life: afterwards it has the account, and `device.resetCode()` makes another code.
  await new AccountClient({ url: place.url, post }).registerDevice({ name: 'hall', password, verifyCode, ...kind });

  let target = 20;
  const resources = new DeviceResources({
    '/3303/0/5700': { type: 'float', get: () => '19.5' },
    '/3303/0/5701': { type: 'string', get: () => 'Cel' }, // the unit of 5700
    '/3308/0/5900': {
      type: 'float',
      get: () => String(target),
      set: (text) => {
        if (Number(text) > 30) throw new RangeError('30 degrees at most'); // the user is told so
        target = Number(text);
        resources.changed('/3308/0/5900'); // who observes it hears of it
      },
    },
  });
  const connector = xmppConnector({
    domain: 'home.example',
    host: '127.0.0.1',
    port: place.port,
    tls: { authorities: place.certificate },
  });
  const device = new Device({
    open: (listener) =>
      new XmppClient({
        jid: Jid.parse('hall@home.example')!,
        connector,
        mechanisms: scramClients({ crypto: saslCrypto, username: 'hall', password }),
        clock: nodeClock,
        timers: nodeTimers,
        random: nodeRandom,
        listener,
      }),
    resources,
    ...kind,
    clock: nodeClock,
    crypto: saslCrypto,
    listener: {
      onBound: (user) => print(`${user} owns it now`),
      onRequest: ({ kind: operation, path }, from, outcome) => print(`${from}: ${operation} ${path}: ${outcome}`),
    },
  });
  await device.connect(AbortSignal.timeout(10_000)); // afterwards it comes back by itself
  return { device, verifyCode };
}

if (import.meta.main) {
  const place = {
    url: 'http://127.0.0.1:8080',
    port: 5222,
    certificate: readFileSync('data/tls/certificate.pem', 'utf8'),
  };
  const { device, verifyCode } = await startThermostat(place, 'a-long-password', console.log);
  console.log(`hall@home.example can be bound with ${verifyCode}`);
  process.once('SIGINT', () => device.close());
}
