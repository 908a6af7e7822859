/**
 * What devices report, against the whole platform: notifications of one value, and Sends of 100 SenML CBOR records, each taken
 * in, stored in history and published, with one reader of events. Yardsticks: a raw echo over node:dgram, and cborg making
 * bare maps of the bytes of a Send, in a process that does nothing else. Checks in the metrics that all that was acknowledged
 * was stored.
 * `node bench/lwm2m-notify.ts [--seconds 4] [--nodeArgs=--cpu-prof]`
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ContentFormat } from '@yaolian/coap';
import { encodePack, lwm2mPath } from '@yaolian/lwm2m';
import * as cborg from 'cborg';
import { dgramEcho } from './support/echo-servers.ts';
import { median, rounded, table } from './support/figures.ts';
import { type NotifyLoad, runNotifyLoad } from './support/notify-load.ts';
import { pinningProblem, startPinned } from './support/pinned-process.ts';
import { platformArgs } from './support/platform-args.ts';
import { runUdpLoad } from './support/udp-load.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, nodeArgs: { type: 'string', default: '' } },
});
const seconds = Number(options.seconds);
const server = join(import.meta.dirname, 'support/servers/observing-platform.ts');
const port = 20_000 + (process.pid % 20_000);

/** 10 moments of 10 sensors, as a terminal sends what it gathered; they are close, as it sends often here. */
function hundredRecords(): Uint8Array {
  const records = Array.from({ length: 100 }, (_, i) => ({
    path: lwm2mPath(3303, i % 10, 5700),
    type: 'float' as const,
    value: 20 + i / 8,
    time: { milliseconds: Math.floor(i / 10) - 10, isRelative: true },
  }));
  const encoded = encodePack(ContentFormat.SenmlCbor, records);
  assert.ok(encoded.ok);
  return encoded.value;
}

interface Figures {
  readonly name: string;
  readonly rate: number;
  readonly cpu: number;
}

/** What cborg takes to make maps of `bytes`, us of CPU: the median of five rounds after one that warms up. */
function cborgCost(bytes: Uint8Array): number {
  const rounds = Array.from({ length: 6 }, () => {
    const start = process.cpuUsage();
    for (let i = 0; i < 5_000; i++) cborg.decode(bytes, { useMaps: true });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 5_000;
  });
  return median(rounds.slice(1));
}

async function platformUnder(
  name: string,
  load: Pick<NotifyLoad, 'send' | 'window'>,
  perMessage: number,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-bench-'));
  let http = '';
  const nodeArgs = options.nodeArgs === '' ? [] : options.nodeArgs.split(' ');
  const command = [process.execPath, ...platformArgs, ...nodeArgs, server, String(port), join(folder, 'data')];
  const platform = await startPinned(command, {
    isReady: async (child) => {
      const [line] = (await once(child.stdout!, 'data')) as [Buffer];
      http = line.toString().trim();
    },
  });
  try {
    const result = await runNotifyLoad({ port, terminals: 64, seconds, warm: 2, pid: platform.pid, ...load });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const metrics = await (await fetch(`${http}/metrics`)).text();
    const stored = Number(/^history_values_total\{outcome="recorded"\} (\d+)/m.exec(metrics)?.[1]);
    assert.ok(stored >= result.messages * perMessage, `${stored} values stored of ${result.messages} messages`);
    return { name, rate: result.rate, cpu: result.cpuUsPerMessage };
  } finally {
    if (nodeArgs.length > 0) process.kill(platform.pid, 'SIGTERM');
    if (nodeArgs.length > 0) await new Promise((resolve) => setTimeout(resolve, 3000));
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const echoServer = await dgramEcho.start(port + 1);
const echoed = await runUdpLoad({ kind: 'echo', port: port + 1, pid: echoServer.pid, options: { seconds, warm: 1 } });
await echoServer.stop();
const echo: Figures = { name: dgramEcho.name, rate: echoed.rate, cpu: echoed.cpuUsPerMessage };
const notified = await platformUnder('notifications: stored, published', { window: 4 }, 1);
const send = { contentFormat: ContentFormat.SenmlCbor, payload: hundredRecords() };
const cborgAlone = cborgCost(send.payload);
const sent = await platformUnder('Send of 100 records: stored, published', { window: 2, send }, 100);
if (pinningProblem !== undefined) console.log(pinningProblem);
console.log(
  table(
    ['on one core', 'messages/s', 'CPU us/message', 'messages/s of a whole core', 'x echo'],
    [echo, notified, sent].map(({ name, rate, cpu }) => [
      name,
      Math.round(rate),
      rounded(cpu, 1),
      Math.round(1e6 / cpu),
      rounded(echo.cpu / cpu, 2),
    ]),
  ),
);
console.log(
  `cborg alone makes maps of a Send in ${rounded(cborgAlone, 1)} us of CPU; the whole platform takes ${rounded(sent.cpu / cborgAlone, 1)} x that`,
);
for (const [name, met] of [
  ['notifications at least 0.25 x the echo over node:dgram', echo.cpu / notified.cpu >= 0.25],
  ['5,000 Sends of 100 records a second', 1e6 / sent.cpu >= 5_000],
] as const) {
  console.log(`${met ? 'met   ' : 'MISSED'}  ${name}`);
}
