/**
 * Remote Access as users have it: real TLS and XMPP, a real terminal over CoAP, SQLite on disk, everything in this one process, the clients
 * too (those that wait for presence in a thread of their own). Binds a second, presence of a device to 100 owners, reads a second, and what a read adds to the round trip of LwM2M.
 * Yardsticks: 500 binds/s, 50 ms, 5,000 reads/s on a core, 5 ms (p50). `node bench/ra.ts [seconds]`
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { routes } from '@yaolian/contract';
import { Home } from '@yaolian/igrs/client';
import { lwm2mPath } from '@yaolian/lwm2m';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { openPlatform } from '../test/support/platform.ts';
import { openTerminal } from '../test/support/terminal.ts';
import type { OwnersData } from './support/ra-owners.ts';

const lasts = Number(process.argv[2] ?? 3) * 1000;
const domain = 'home.example';
const owners = 100;
const devices = 40;
const password = 'correct-horse';

await using bench = await openPlatform({
  'ra.domain': domain,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'xmpp.max-connections-per-host': 1000,
  'tls.names': domain,
});
const port = Number(new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url).port);
const authorities = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));

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

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[numbers.length >> 1]!;
const tell = (what: string, figure: string) => console.log(`${what.padEnd(46)} ${figure}`);

/** How often `work` is done a second, `atOnce` together, and the CPU of one. */
async function rate(atOnce: number, work: (lane: number) => Promise<number>) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async (_, lane) => {
      while (performance.now() - began < lasts) {
        const more = await work(lane);
        done += more;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const each = done / ((performance.now() - began) / 1000);
  const used = (user + system) / done;
  return { cpu: used, text: `${each.toFixed(0)} /s, ${used.toFixed(0)} µs of CPU each` };
}

// Terminals that are shared, one of them real.
await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
terminal.client.start();
await terminal.client.registered();
const { code } = await bench.admin.call(routes.shareDevice, { params: { device: 'lamp' }, body: {} });
const lamp = `lamp@${domain}`;
await bench.admin.call(routes.addUser, { params: { name: 'ann' }, body: { password } });
const ann = await open('ann');
const home = new Home(ann);

// Each of a user of its own: what one connection asks is dealt with in its order (RFC 6120 §10.1).
const codes: [string, string][] = [];
const homes: Home[] = [];
const binders: XmppClient[] = [];
for (let turn = 0; turn < devices; turn++) {
  const body = new URLSearchParams({ deviceName: `d${turn}`, password, verifyCode: `CODE-${turn}-CODE` });
  const made = await fetch(`${bench.httpUrl}/rest/v1/device/register.xml`, { method: 'POST', body });
  assert.equal(made.status, 201, await made.text());
  codes.push([`d${turn}@${domain}`, `CODE-${turn}-CODE`]);
  await bench.admin.call(routes.addUser, { params: { name: `b${turn}` }, body: { password } });
  const client = await open(`b${turn}`);
  binders.push(client);
  homes.push(new Home(client));
}
const binding = await rate(devices, async (lane) => {
  const [device, own] = codes[lane]!;
  await homes[lane]!.bind(device, own);
  await homes[lane]!.unbind(device);
  return 2;
});
tell('bind and unbind, end to end', binding.text);
for (const client of binders) client.close();

await home.bind(lamp, code);
const path = lwm2mPath(3303, 0, 5700);
const direct: number[] = [];
const through: number[] = [];
const remote = home.device(lamp);
/** What the one before leaves to the disk is no part of the next. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 30));
for (let turn = 0; turn < 100; turn++) {
  await rest();
  let began = performance.now();
  await bench.platform.server.read({ deviceKey: 'lamp' }, path);
  direct.push(performance.now() - began);
  await rest();
  began = performance.now();
  await remote.read('/3303/0/5700');
  through.push(performance.now() - began);
}
const added = median(through) - median(direct);
tell('a read over RA adds (p50)', `${added.toFixed(2)} ms to ${median(direct).toFixed(2)} ms of LwM2M`);
const reading = await rate(32, async () => {
  await remote.read('/3303/0/5700');
  return 1;
});
tell('reads of a terminal over RA', reading.text);

const names = Array.from({ length: owners }, (_, turn) => `u${turn}`);
for (const name of names) await bench.admin.call(routes.addUser, { params: { name }, body: { password } });
const own: OwnersData = {
  ...{ domain, port, authorities, password, owners: names, turns: 40 },
  ...{ device: 'd0', code: codes[0]![1] },
};
const thread = new Worker(new URL('./support/ra-owners.ts', import.meta.url), { workerData: own });
const [waits] = (await once(thread, 'message')) as [number[]];
tell(
  `presence of a device to ${owners} owners`,
  `${median(waits).toFixed(1)} ms (p50), ${Math.max(...waits).toFixed(1)} ms at most`,
);
ann.close();

// CPU, not time: how long things take on a busy machine tells about the machine.
assert.ok(binding.cpu < 10_000, `${binding.cpu} µs a bind`);
assert.ok(reading.cpu < 10_000, `${reading.cpu} µs a read`);
