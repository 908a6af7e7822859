/**
 * The platform with Remote Access in `home.example`: users u0, u1, … and devices that speak for themselves d0, d1, …, all with the
 * password `secret`, and accounts t0, t1, … of terminals of those names. Its parent asks by messages.
 * `node ra-platform.ts FOLDER NEEDS`, the last as JSON: {@link RaNeeds}
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { RaDevice, StoredCode } from '@yaolian/directory';
import { lwm2mPath } from '@yaolian/lwm2m';
import { startPlatform } from '@yaolian/server';
import { Storage } from '@yaolian/storage';
import type { ScramHash, ScramKeys } from '@yaolian/xmpp';
import { codeOf, type RaNeeds, type RaQuestion } from '../ra-server.ts';

const folder = process.argv[2]!;
const needs = JSON.parse(process.argv[3]!) as RaNeeds;
const domain = 'home.example';

/** One set of keys for everybody: the password is the same, and making keys is not what is measured. */
function keysOf(hash: ScramHash): ScramKeys {
  const digest = hash.replace('-', '').toLowerCase();
  const salt = Buffer.from('the bench\u2019s salt');
  const iterations = 4096;
  const salted = pbkdf2Sync('secret', salt, iterations, hash === 'SHA-1' ? 20 : 32, digest);
  const hmac = (data: string) => createHmac(digest, salted).update(data).digest();
  const storedKey = createHash(digest).update(hmac('Client Key')).digest();
  return { hash, salt, iterations, storedKey, serverKey: hmac('Server Key') };
}

const createdAt = Date.now();
const keys = [keysOf('SHA-1'), keysOf('SHA-256')];

function storedCodeOf(device: string): StoredCode {
  const salt = randomBytes(16);
  const digest = createHash('sha256').update(salt).update(codeOf(device)).digest();
  return { device, id: device, salt, digest, issuedAt: createdAt, expiresAt: undefined };
}

async function fill(storage: Storage): Promise<void> {
  const { raAccounts, associations } = storage;
  const all = (count: number, work: (i: number) => Promise<unknown>) =>
    Promise.all(Array.from({ length: count }, (_, i) => work(i)));
  const addDevice = (account: string, terminal: string | undefined) => {
    const device: RaDevice = {
      account,
      terminal,
      deviceType: 'Light',
      vendor: 'Bench',
      model: 'B1',
      confirms: false,
      createdAt,
    };
    const own = {
      name: account,
      kind: 'device',
      keys: terminal === undefined ? keys : [],
      nick: undefined,
      createdAt,
    } as const;
    return raAccounts.addAccount(own, device, storedCodeOf(account));
  };
  const bind = (user: string, device: string) =>
    associations.bind({
      ...{ user, device, state: 'active', name: device, groups: [], time: createdAt, codeId: device },
      ...{ maxOwners: 1000, maxDevices: 100_000 },
    });
  await all(needs.users, (i) =>
    raAccounts.addAccount({ name: `u${i}`, kind: 'user', keys, nick: undefined, createdAt }),
  );
  await all(needs.devices, (i) => addDevice(`d${i}`, undefined));
  await all(needs.terminals, (i) => addDevice(`t${i}`, `t${i}`));
  await all(needs.terminals, (i) => bind(`u${i % needs.users}`, `t${i}`));
  const { ownersOfFirst, boundDevices } = needs;
  await all(ownersOfFirst, (i) => bind(`u${i}`, 'd0'));
  await all(boundDevices, (i) => bind(`u${i % needs.users}`, `d${i}`));
}

const storage = Storage.open({ folder });
await fill(storage);
await storage.close();

const platform = await startPlatform({
  'data-dir': folder,
  'coap.host': '127.0.0.1',
  'coap.port': 0,
  'coap.tcp': false,
  'coap.tls': false,
  'coap.multicast': false,
  'http.port': 0,
  'log.level': 'warn',
  'ra.domain': domain,
  'ra.max-changes': 1_000_000,
  'tls.names': domain,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'xmpp.max-connections-per-host': 100_000,
  'xmpp.max-connections': 100_000,
  'lwm2m.read-model': false,
});

/** What a read costs that nobody asked for over Remote Access. */
async function readAlone(seconds: number, lanes: number): Promise<number> {
  const path = lwm2mPath(3303, 0, 5700);
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const lane = async (i: number) => {
    while (performance.now() < end) {
      const answer = await platform.server.read({ deviceKey: `t${i % needs.terminals}` }, path);
      if (!answer.ok) throw new Error(`t${i} refused`);
      count++;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, i) => lane(i)));
  return count;
}

async function readOnce(): Promise<number> {
  const began = performance.now();
  await platform.server.read({ deviceKey: 't0' }, lwm2mPath(3303, 0, 5700));
  return (performance.now() - began) * 1000;
}

process.on('message', async (question: RaQuestion) => {
  if (question.kind === 'read-once') {
    process.send!({ took: await readOnce() });
    return;
  }
  if (question.kind === 'read') {
    const count = await readAlone(question.seconds, question.lanes);
    process.send!({ count });
    return;
  }
  if (question.kind === 'memory') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send!({ cpu: user + system, rss, heapUsed, sessions: platform.xmpp!.connections });
});
process.on('SIGTERM', () => process.exit()); // a profile is written then
process.on('disconnect', () => process.exit());
const portOf = (service: string, scheme: string) =>
  Number(new URL(platform.listening.find((one) => one.service === service && one.url.startsWith(scheme))!.url).port);
console.log(
  JSON.stringify({ xmpp: portOf('xmpp', 'xmpps:'), coap: portOf('dm', 'coap:'), http: portOf('http', 'http:') }),
);
