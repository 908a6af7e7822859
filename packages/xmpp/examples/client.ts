/** Says hello to bob, who says it back. `node client.ts [port]`, with server.ts running */
import { readFileSync } from 'node:fs';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { element, Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';

export interface Place {
  readonly port: number;
  /** Of the server, which is to be trusted. */
  readonly certificate: string;
}

export async function comeOnline(name: string, place: Place, listener: XmppClientListener): Promise<XmppClient> {
  const client = new XmppClient({
    jid: Jid.parse(`${name}@localhost`)!,
    // Without host and port the domain's SRV records say where the server is.
    connector: xmppConnector({
      domain: 'localhost',
      host: '127.0.0.1',
      port: place.port,
      tls: { authorities: place.certificate },
    }),
    mechanisms: scramClients({ crypto: saslCrypto, username: name, password: 'secret' }),
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    listener,
  });
  await client.connect(AbortSignal.timeout(10_000));
  client.sendPresence();
  return client;
}

export async function sayHello(place: Place, print: (line: string) => void): Promise<void> {
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const bob: XmppClient = await comeOnline('bob', place, {
    onMessage: (message) => bob.sendMessage(message.attribute('from')!, `you said: ${message.childText('body')}`),
  });
  const anna = await comeOnline('anna', place, {
    onMessage: (message) => {
      print(`${message.attribute('from')?.split('/')[0]}: ${message.childText('body')}`);
      resolve();
    },
    onOffline: (error) => print(error.message), // it comes back by itself
  });
  try {
    anna.sendMessage('bob@localhost', 'hello <bob> & all');
    await answered;
    // What the other side refuses is an answer; only what could not be asked throws.
    const answer = await anna.request('get', 'localhost', element('query', 'jabber:iq:version'));
    print(answer.kind === 'error' ? `localhost: ${answer.condition}` : `localhost is ${answer.payload}`);
  } finally {
    anna.close();
    bob.close();
  }
}

if (import.meta.main) {
  const certificate = readFileSync('.tls/certificate.pem', 'utf8');
  await sayHello({ port: Number(process.argv[2] ?? 5222), certificate }, console.log);
}
