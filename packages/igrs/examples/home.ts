/** Makes an account for ann, adds a lamp by its code, reads it and waits for its next value. `node home.ts CODE` */
import { readFileSync } from 'node:fs';
import { AccountClient, decodeDataPush, Home, type PostJson } from '@yaolian/igrs/client';
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
  // A redirect would carry the password to somebody else.
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
  return { status: response.status, body: await response.text() };
};

export async function addLamp(place: Place, code: string, print: (line: string) => void): Promise<void> {
  const account = { name: 'ann', password: 'correct-horse' };
  await new AccountClient({ url: place.url, post }).registerUser(account);

  const { promise: pushed, resolve } = Promise.withResolvers<void>();
  const client = new XmppClient({
    jid: Jid.parse('ann@home.example')!,
    connector: xmppConnector({
      domain: 'home.example',
      host: '127.0.0.1',
      port: place.port,
      tls: { authorities: place.certificate },
    }),
    mechanisms: scramClients({ crypto: saslCrypto, username: account.name, password: account.password }),
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    listener: {
      onMessage: (message) => {
        const push = decodeDataPush(message, 'home.example');
        if (push?.kind !== 'values' || push.answer.kind !== 'values') return;
        for (const { path, text, unit } of push.answer.values) print(`${path} is ${text} ${unit ?? ''} now`);
        resolve();
      },
    },
  });
  await client.connect(AbortSignal.timeout(10_000));
  try {
    client.sendPresence();
    const home = new Home(client);
    await home.bind('lamp@home.example', code, { name: 'Lamp', groups: ['hall'] });
    const lamp = home.device('lamp@home.example');
    for (const { name, text, unit } of await lamp.read('/3303/0/5700')) print(`${name}: ${text} ${unit ?? ''}`);
    await lamp.observe('/3303/0/5700');
    await pushed;
  } finally {
    client.close();
  }
}

if (import.meta.main) {
  const certificate = readFileSync('data/tls/certificate.pem', 'utf8');
  await addLamp({ url: 'http://127.0.0.1:8080', port: 5222, certificate }, process.argv[2] ?? '', console.log);
}
