/** The owners of a device, in a thread of their own: what they wait for is the platform, not each other. For `bench/ra.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Home } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';

/** What the thread is given. */
export interface OwnersData {
  readonly domain: string;
  readonly port: number;
  readonly authorities: Uint8Array;
  readonly password: string;
  /** Accounts that are there. */
  readonly owners: readonly string[];
  /** The account of the device, and its code. */
  readonly device: string;
  readonly code: string;
  readonly turns: number;
}

const { domain, port, authorities, password, owners, device, code, turns } = workerData as OwnersData;

async function open(name: string, listener: XmppClientListener = {}): Promise<XmppClient> {
  const client = new XmppClient({
    jid: Jid.parse(`${name}@${domain}`)!,
    connector: xmppConnector({ domain, host: '127.0.0.1', port, tls: { authorities } }),
    mechanisms: scramClients({ crypto: saslCrypto, username: name, password }),
    ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
  });
  await client.connect();
  return client;
}

let seen = 0;
let onAll = () => {};
const clients: XmppClient[] = [];
for (const name of owners) {
  const client = await open(name, {
    onPresence: (presence) => {
      if (presence.attribute('from')?.startsWith(`${device}@`) === true && ++seen === owners.length) onAll();
    },
  });
  client.sendPresence();
  await new Home(client).bind(`${device}@${domain}`, code);
  clients.push(client);
}
const speaking = await open(device);
const waits: number[] = [];
for (let turn = 0; turn < turns; turn++) {
  seen = 0;
  const all = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  const began = performance.now();
  speaking.sendPresence(turn % 2 === 0 ? {} : { type: 'unavailable' });
  await all;
  waits.push(performance.now() - began);
}
for (const client of [...clients, speaking]) client.close();
parentPort!.postMessage(waits);
