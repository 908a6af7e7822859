/**
 * Remote Access as users have it: the whole platform over TLS, SQLite on disk. Users that bind a device and unbind it again, which is told
 * to both of them, and what a read of a terminal adds to the round trip of LwM2M. The server has a core of its own, users and devices are this
 * process. Commands of many users: `bench/ra-commands.ts`; presence: `bench/ra-presence.ts`.
 * `node bench/ra.ts [--seconds 3] [--pairs 40] [--nodeArgs=--cpu-prof]`
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Home } from '@yaolian/igrs/client';
import { AnsweringTerminals } from './support/answering-terminals.ts';
import { median, rounded, table } from './support/figures.ts';
import { pinningProblem, pinToGeneratorCore } from './support/pinned-process.ts';
import { codeOf, RaServer, raDomain } from './support/ra-server.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    pairs: { type: 'string', default: '40' },
    nodeArgs: { type: 'string', default: '' },
  },
});
const seconds = Number(options.seconds);
const pairs = Number(options.pairs);
const askedBinds = 500;
const askedAdded = 5;
pinToGeneratorCore();

const nodeArgs = options.nodeArgs === '' ? [] : options.nodeArgs.split(' ');
const needs = { users: pairs, devices: pairs, terminals: 1, ownersOfFirst: 0, boundDevices: 0 };
const server = await RaServer.start(needs, nodeArgs);
await using _terminal = await AnsweringTerminals.register(server.ports.coap, 1);

/** Pushes that devices got: of every binding and every unbinding one (GB/T 29265.205 §11.5). */
let pushes = 0;
const onMessage = () => {
  pushes++;
};
const users = await Promise.all(Array.from({ length: pairs }, (_, i) => server.client(`u${i}`)));
const devices = await Promise.all(Array.from({ length: pairs }, (_, i) => server.client(`d${i}`, { onMessage })));
for (const client of [...users, ...devices]) client.sendPresence();

/** Each user has a device of its own: what one connection asks is dealt with in its order (RFC 6120 §10.1). */
async function bindAndUnbind(): Promise<{ readonly count: number; readonly p50: number }> {
  const end = performance.now() + seconds * 1000;
  const waits: number[] = [];
  const one = async (client: (typeof users)[number], i: number) => {
    const home = new Home(client);
    const device = `d${i}@${raDomain}`;
    while (performance.now() < end) {
      const began = performance.now();
      await home.bind(device, codeOf(`d${i}`));
      const between = performance.now();
      await home.unbind(device);
      waits.push(between - began, performance.now() - between);
    }
  };
  await Promise.all(users.map(one));
  return { count: waits.length, p50: median(waits) };
}

const warm = await bindAndUnbind(); // code is compiled
const [before, began] = [await server.usage(), performance.now()];
const { count, p50 } = await bindAndUnbind();
const [after, elapsed] = [await server.usage(), (performance.now() - began) / 1000];
const cpu = (after.cpu - before.cpu) / count;
while (pushes < warm.count + count) await wait(10); // what is told after the answer
assert.equal(pushes, warm.count + count);

const direct: number[] = [];
const through: number[] = [];
const remote = new Home(users[0]!).device(`t0@${raDomain}`);
for (let turn = 0; turn < 150; turn++) {
  await wait(20); // what the one before leaves to the disk is no part of the next
  direct.push((await server.readOnce()) / 1000);
  await wait(20);
  const asked = performance.now();
  await remote.read('/3303/0/5700');
  through.push(performance.now() - asked);
}
for (const client of [...users, ...devices]) client.close();
await server.stop();

const added = median(through) - median(direct);
if (pinningProblem !== undefined) console.log(pinningProblem);
console.log(
  table(
    ['server, on one core', 'per second', 'CPU us each', 'a whole core', 'p50 ms'],
    [
      [
        'bind or unbind, both told',
        Math.round(count / elapsed),
        Math.round(cpu),
        Math.round(1e6 / cpu),
        rounded(p50, 1),
      ],
    ],
  ),
);
console.log(`a read over RA adds (p50): ${rounded(added, 2)} ms to ${rounded(median(direct), 2)} ms of LwM2M`);
for (const [name, isMet] of [
  [`${askedBinds} bindings a second of a core`, 1e6 / cpu >= askedBinds],
  [`a read adds less than ${askedAdded} ms`, added < askedAdded],
] as const) {
  if (!isMet) process.exitCode = 1;
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${name}`);
}
