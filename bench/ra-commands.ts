/**
 * Commands to online terminals over Remote Access, from many users at once: over TLS to the whole platform, permission, history and audit
 * on disk, CoAP to the terminal and back. Beside it what the platform asks by itself (a bare LwM2M read, kept in history), and a raw echo.
 * Server and everybody else on different cores; what counts is the CPU time of the server's process. Checks that every command has its line in
 * the audit trail. `node bench/ra-commands.ts [--seconds 3] [--users 50] [--lanes 4] [--nodeArgs=--cpu-prof]`
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { Home } from '@yaolian/igrs/client';
import { AnsweringTerminals } from './support/answering-terminals.ts';
import { dgramEcho } from './support/echo-servers.ts';
import { median, rounded, table } from './support/figures.ts';
import { pinningProblem, pinToGeneratorCore } from './support/pinned-process.ts';
import { RaServer, raDomain } from './support/ra-server.ts';
import { runUdpLoad } from './support/udp-load.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    users: { type: 'string', default: '50' },
    lanes: { type: 'string', default: '4' },
    nodeArgs: { type: 'string', default: '' },
  },
});
pinToGeneratorCore();
const seconds = Number(options.seconds);
const users = Number(options.users);
/** Commands of one user under way, each to a terminal of its own. */
const lanes = Number(options.lanes);
const terminals = users * lanes;
/** The server's CPU of a command that 5,000/s on a core allow. */
const asked = 200;

interface Figure {
  readonly name: string;
  readonly rate: number;
  readonly cpu: number;
  readonly p50: number;
}

const echoPort = 22_000 + (process.pid % 400);
const echoServer = await dgramEcho.start(echoPort);
const echoed = await runUdpLoad({ kind: 'echo', port: echoPort, pid: echoServer.pid, options: { seconds, warm: 1 } });
await echoServer.stop();
const figures: Figure[] = [
  { name: dgramEcho.name, rate: echoed.rate, cpu: echoed.cpuUsPerMessage, p50: echoed.p50us / 1000 },
];

const nodeArgs = options.nodeArgs === '' ? [] : options.nodeArgs.split(' ');
const server = await RaServer.start({ users, devices: 0, terminals, ownersOfFirst: 0, boundDevices: 0 }, nodeArgs);
await using _answering = await AnsweringTerminals.register(server.ports.coap, terminals);
const clients = await Promise.all(Array.from({ length: users }, (_, i) => server.client(`u${i}`)));
const homes = clients.map((client) => new Home(client));

async function measured(name: string, work: () => Promise<{ readonly count: number; readonly p50: number }>) {
  await work(); // code is compiled
  const [before, began] = [await server.usage(), performance.now()];
  const { count, p50 } = await work();
  const [after, elapsed] = [await server.usage(), (performance.now() - began) / 1000];
  figures.push({ name, rate: count / elapsed, cpu: (after.cpu - before.cpu) / count, p50 });
  return count;
}

/** Every user asks each of its terminals, one command to each at a time. */
async function load(command: (home: Home, device: string) => Promise<void>) {
  const end = performance.now() + seconds * 1000;
  const waits: number[] = [];
  const lane = async (turn: number) => {
    const home = homes[turn % users]!;
    const device = `t${turn}@${raDomain}`;
    while (performance.now() < end) {
      const began = performance.now();
      await command(home, device);
      waits.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: terminals }, (_, turn) => lane(turn)));
  total += waits.length;
  return { count: waits.length, p50: median(waits) };
}

let total = 0;
await measured('read by the platform itself', async () => ({ count: await server.read(seconds, terminals), p50: 0 }));
await measured('read over RA', () =>
  load(async (home, device) => {
    const read = await home.device(device).read('/3303/0/5700');
    assert.ok(Array.isArray(read) && read[0].text === '21.5', JSON.stringify(read));
  }),
);
await measured('write over RA, noted on disk before it is answered', () =>
  load(async (home, device) => {
    await home.device(device).write('/3303/0/5750', 'attic');
  }),
);
for (const client of clients) client.close();
await server.stop();
const database = new DatabaseSync(join(server.folder, 'yaolian.db'), { readOnly: true });
const { lines } = database.prepare("SELECT count(*) AS lines FROM audit WHERE outcome = 'done'").get() as {
  lines: number;
};
database.close();
assert.ok(lines >= total, `${lines} lines in the audit trail of ${total} commands`);

if (pinningProblem !== undefined) console.log(pinningProblem);
console.log(
  table(
    ['server, on one core', 'per second', 'CPU us each', 'a whole core', 'p50 ms'],
    figures.map(({ name, rate, cpu, p50 }) => [
      name,
      Math.round(rate),
      rounded(cpu, 1),
      Math.round(1e6 / cpu),
      rounded(p50, 2),
    ]),
  ),
);
for (const { name, cpu } of figures.filter(({ name }) => name.includes('over RA'))) {
  const isMet = cpu <= asked;
  if (!isMet) process.exitCode = 1;
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${name}: ${Math.round(1e6 / cpu)}/s of a core, asked 5,000`);
}
