/**
 * ClientHellos without a cookie from random addresses: what each costs a DTLS server beside a server that only reads and one that
 * sends back, and what memory they leave. `node bench/dtls-flood.ts [packets] [packets a second] [rounds]`: packets of each round.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createDtlsClient } from '@yaolian/dtls';
import { encodeHex, encodeUtf8, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';
import { median, rounded, table } from './support/figures.ts';
import { nativeTool } from './support/native-tools.ts';
import { generatorCore, pinned, serverCore } from './support/pinned-process.ts';

const packets = Number(process.argv[2] ?? 1_000_000);
const rate = Number(process.argv[3] ?? 50_000);
const rounds = Number(process.argv[4] ?? 1);
/** Record header, handshake header, version: then the random of the hello. */
const randomOffset = 13 + 12 + 2;

interface Report {
  readonly received: number;
  readonly cookies: number;
  readonly cpu: number;
  readonly memory: number;
  readonly rss: number;
  readonly sessions: number;
  readonly handshakes: number;
}

/** The first datagram of a real client. */
async function clientHello(): Promise<Uint8Array> {
  const server = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const hello = new Promise<Uint8Array>((resolve) => server.listen({ onDatagram: (datagram) => resolve(datagram) }));
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom, crypto: await openCrypto() };
  const client = createDtlsClient({
    port,
    ...machine,
    credentials: { psk: { identity: encodeUtf8('me'), key: encodeUtf8('k') } },
  });
  client.send(Uint8Array.of(1), socketAddress('127.0.0.1', server.localAddress.port));
  const datagram = (await hello).slice();
  await client.close();
  await server.close();
  return datagram;
}

async function flood(what: string, hello: Uint8Array): Promise<Report & { readonly growth: number }> {
  const program = join(import.meta.dirname, 'support/servers/flood-target.ts');
  const [file, args] = pinned(serverCore, [process.execPath, '--expose-gc', program, what]);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async () => {
    child.stdin.write('report\n');
    return JSON.parse((await lines.next()).value as string) as Report;
  };
  const port = Number((await lines.next()).value);
  const send = (count: number) => {
    const command = [nativeTool('udp-flood'), port, count, rate, encodeHex(hello), randomOffset].map(String);
    return promisify(execFile)(...pinned(generatorCore, command), { timeout: 300_000 });
  };
  try {
    await send(Math.min(200_000, packets));
    const before = await ask();
    await send(packets);
    const after = await ask();
    assert.ok(after.received > packets / 4, `${what} took ${after.received} of ${packets}`);
    return { ...after, growth: after.memory - before.memory };
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

const hello = await clientHello();
type What = 'drop' | 'echo' | 'dtls';
type Round = Readonly<Record<What, Awaited<ReturnType<typeof flood>>>>;
const all: Round[] = [];
for (let round = 0; round < rounds; round++) {
  const [drop, echo, dtls] = [await flood('drop', hello), await flood('echo', hello), await flood('dtls', hello)];
  assert.equal(dtls.sessions + dtls.handshakes, 0);
  assert.ok(dtls.cookies >= dtls.received * 0.99, 'each ClientHello is answered with a cookie');
  // Of the addresses that the port remembers there are 4 MB more or less.
  assert.ok(dtls.growth < 8 * 2 ** 20, `the heap grew by ${dtls.growth} bytes`);
  all.push({ drop, echo, dtls });
}
const cpuOf = (round: Round, what: What) => round[what].cpu / round[what].received;
const cpu = (what: What) => median(all.map((round) => cpuOf(round, what)));
/** Of what ran one after the other: the machine changes from round to round. */
const times = (what: What, yardstick: What) => median(all.map((round) => cpuOf(round, what) / cpuOf(round, yardstick)));
const titles: Readonly<Record<What, string>> = {
  drop: 'read and drop (the yardstick)',
  echo: 'send back',
  dtls: 'DTLS: answered with a cookie',
};
console.log(
  table(
    [
      `${packets} ClientHellos of ${hello.length} bytes, medians of ${rounds}`,
      'received',
      'CPU us/packet',
      'x read',
      'x send back',
      'heap +bytes',
    ],
    (Object.keys(titles) as What[]).map((what) => [
      titles[what],
      median(all.map((round) => round[what].received)),
      rounded(cpu(what), 2),
      rounded(times(what, 'drop'), 2),
      rounded(times(what, 'echo'), 2),
      median(all.map((round) => round[what].growth)),
    ]),
  ),
);
const isMet = times('dtls', 'drop') < 2;
console.log(`${isMet ? 'met   ' : 'MISSED'}  less than twice a raw receive`);
if (!isMet) process.exitCode = 1;
