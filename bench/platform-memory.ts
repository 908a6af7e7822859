/**
 * What 100,000 registered terminals cost the whole platform in memory, and how long it takes to start with them.
 * Platforms are started with no terminals, with 100,000 and with 200,000, all restored from disk. What the second hundred
 * thousand adds is the cost of a terminal; what the first adds besides is V8's young generation and the database's page cache,
 * which a busy platform has with ten terminals as well. `node bench/platform-memory.ts [--terminals 100000] [--json]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, rounded, table } from './support/figures.ts';
import type { PinnedServer } from './support/pinned-process.ts';
import { startPlatformProcess } from './support/platform-server.ts';
import { runUdpLoad } from './support/udp-load.ts';

const { values } = parseArgs({
  options: { terminals: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } },
});
const terminals = Number(values.terminals);
const bytesEach = 1_200;
const secondsToStart = 3;
const rounds = 5;
const folder = mkdtempSync(join(tmpdir(), 'yaolian-memory-'));
let port = 20_000 + (process.pid % 20_000);

interface Start {
  readonly seconds: number;
  readonly residentBytes: number;
}

async function start(): Promise<{ readonly server: PinnedServer; readonly seconds: number }> {
  const began = performance.now();
  const server = await startPlatformProcess({ port: ++port, dataFolder: folder, flags: ['--no-coap-rate-limiting'] });
  return { server, seconds: (performance.now() - began) / 1000 };
}

async function measureStarts(): Promise<Start> {
  const starts: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    const { server, seconds } = await start();
    await settled(server);
    starts.push({ seconds, residentBytes: server.residentBytes() });
    await server.stop();
  }
  return {
    seconds: median(starts.map((one) => one.seconds)),
    residentBytes: median(starts.map((one) => one.residentBytes)),
  };
}

/** Resident memory falls for a while after the start: waits until it has not changed by 1 % for a second. */
async function settled(server: PinnedServer): Promise<void> {
  for (let last = 0, calm = 0; calm < 4; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = server.residentBytes();
    calm = Math.abs(now - last) < last / 100 ? calm + 1 : 0;
    last = now;
  }
}

/** Registers so many more terminals, and measures the platform right after that burst. */
async function fill(first: number) {
  const { server } = await start();
  const options = { names: terminals, first, once: true } as const;
  const load = await runUdpLoad({ kind: 'register', port, pid: server.pid, options });
  const residentBytes = server.residentBytes();
  await server.stop();
  return { ...load, residentBytes };
}

const none = await measureStarts();
const firstFill = await fill(0);
const once = await measureStarts();
const secondFill = await fill(terminals);
const twice = await measureStarts();
rmSync(folder, { recursive: true, force: true });

const each = (twice.residentBytes - once.residentBytes) / terminals;
const targets = [
  { name: `at most ${bytesEach} bytes for each registered terminal`, met: each <= bytesEach },
  { name: `start-up with ${terminals} terminals under ${secondsToStart} s`, met: once.seconds < secondsToStart },
  { name: 'every Register was answered 2.01', met: firstFill.bad + secondFill.bad === 0 },
];
if (targets.some((target) => !target.met)) process.exitCode = 1;
const megabytes = (bytes: number) => rounded(bytes / 1e6, 1);
const row = (what: string, { seconds, residentBytes }: Start) => [what, rounded(seconds, 2), megabytes(residentBytes)];
if (values.json) {
  console.log(JSON.stringify({ terminals, bytesEach: Math.round(each), none, once, twice, targets }, null, 2));
} else {
  console.log(`The platform with registered terminals: medians of ${rounds} starts`);
  const rows = [
    row('no terminals', none),
    row(`${terminals} restored`, once),
    row(`${2 * terminals} restored`, twice),
    [`${terminals} just registered, as fast as it goes`, '', megabytes(firstFill.residentBytes)],
  ];
  console.log(table(['', 'start-up s', 'resident MB'], rows));
  console.log(`${Math.round(each)} bytes for each further terminal`);
  for (const { name, met } of targets) console.log(`${met ? 'met   ' : 'MISSED'}  ${name}`);
}
