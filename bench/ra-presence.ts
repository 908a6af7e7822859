/**
 * Presence beside 10,000 devices that are online, over TLS each, with an owner each: how long 100 owners of one device wait until all of them
 * know that it came or went, the server's CPU of that, and what a device that is online takes. The server has a core of its own; devices are a
 * generator in C, owners are this process. `node bench/ra-presence.ts [--devices 10000] [--owners 100] [--turns 60] [--nodeArgs=--cpu-prof]`
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median, rounded, table } from './support/figures.ts';
import { nativeTool } from './support/native-tools.ts';
import { generatorCore, pinned, pinningProblem, pinToGeneratorCore } from './support/pinned-process.ts';
import { RaServer, raDomain } from './support/ra-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const { values: options } = parseArgs({
  options: {
    devices: { type: 'string', default: '10000' },
    owners: { type: 'string', default: '100' },
    turns: { type: 'string', default: '60' },
    nodeArgs: { type: 'string', default: '' },
  },
});
const devices = Number(options.devices);
const owners = Number(options.owners);
const turns = Number(options.turns);
pinToGeneratorCore();

const nodeArgs = options.nodeArgs === '' ? [] : options.nodeArgs.split(' ');
const needs = { users: owners, devices: devices + 1, terminals: 0, ownersOfFirst: owners, boundDevices: devices + 1 };
const server = await RaServer.start(needs, ['--expose-gc', ...nodeArgs]);

/** Logs devices in that say that they are there and then nothing. Resolves when they are, with the CPU of one log-in. */
async function goOnline(first: number, count: number): Promise<{ readonly child: ChildProcess; readonly cpu: number }> {
  const flags = { d: raDomain, u: 'd', U: first, n: count, t: 'direct', m: 'SCRAM-SHA-256', c: 32, S: 3600 };
  const given = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const where = ['-p', String(server.ports.xmpp), '-I', String(server.pid), '-C', join(temporaryFolder(), 'scram')];
  const [file, args] = pinned(generatorCore, [nativeTool('xmpp-load'), ...where, ...given, 'idle']);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL')); // also where something is not as it should be
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { ready, srv_cpu_us_per_login } = JSON.parse(line) as { ready: number; srv_cpu_us_per_login: number };
  assert.equal(ready, count, line);
  return { child, cpu: srv_cpu_us_per_login };
}

let seen = 0;
let onAll = () => {};
let atLast = 0;
const first = `d0@${raDomain}/`;
const onPresence = (presence: { attribute(name: string): string | undefined }) => {
  if (presence.attribute('from')?.startsWith(first) !== true) return;
  atLast = performance.now();
  if (++seen === owners) onAll();
};

/** How long each of `count` comings and goings takes until all owners know, and the server's CPU of one. */
async function fanOut(count: number): Promise<{ readonly waits: readonly number[]; readonly cpu: number }> {
  const before = await server.usage();
  const waits: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    seen = 0;
    const all = new Promise<void>((resolve) => {
      onAll = resolve;
    });
    const began = performance.now();
    speaking.sendPresence(turn % 2 === 0 ? {} : { type: 'unavailable' });
    await all;
    waits.push(atLast - began);
    // One after the other, as devices come and go.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const after = await server.usage();
  return { waits, cpu: (after.cpu - before.cpu) / count };
}

const watching = await Promise.all(Array.from({ length: owners }, (_, i) => server.client(`u${i}`, { onPresence })));
for (const client of watching) client.sendPresence();
const speaking = await server.client('d0');
await fanOut(20); // code is compiled
const alone = await fanOut(turns);
const warm = await goOnline(1, Math.min(500, devices >> 1));
const before = await server.memory();
const rest = await goOnline(1 + Math.min(500, devices >> 1), devices - Math.min(500, devices >> 1));
const after = await server.memory();
const among = await fanOut(turns);
const { sessions } = await server.usage();
assert.ok(sessions >= devices + owners, `${sessions} are connected`);
for (const { child } of [warm, rest]) child.kill('SIGKILL');
for (const client of [...watching, speaking]) client.close();
await server.stop();

const count = devices - Math.min(500, devices >> 1);
const worst = (waits: readonly number[]) =>
  rounded(waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.95)]!, 1);
const row = (name: string, { waits, cpu }: typeof alone) => [
  name,
  rounded(median(waits), 1),
  worst(waits),
  Math.round(cpu),
  rounded(cpu / owners, 1),
];
if (pinningProblem !== undefined) console.log(pinningProblem);
console.log(
  table(
    [`a device to ${owners} owners`, 'p50 ms', 'p95 ms', 'server CPU us', 'us an owner'],
    [row('nobody else online', alone), row(`${devices} devices online`, among)],
  ),
);
console.log(
  `a device online over TLS: ${rounded((after.rss - before.rss) / 1024 / count, 1)} KB resident, ` +
    `${rounded((after.heapUsed - before.heapUsed) / 1024 / count, 1)} KB of them heap; ` +
    `${Math.round(rest.cpu)} us of CPU to log in and be told of to its owner`,
);
const isMet = median(among.waits) < 50;
if (!isMet) process.exitCode = 1;
console.log(`${isMet ? 'met   ' : 'MISSED'}  ${owners} owners know in under 50 ms beside ${devices} devices`);
