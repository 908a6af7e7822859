/**
 * ClientHellos without a cookie from random addresses: what each costs a DTLS server beside a server that only reads and one that
 * sends back, and what memory they leave. `node bench/dtls-flood.ts [packets] [packets a second]`
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
import { rounded, table } from './support/figures.ts';
import { nativeTool } from './support/native-tools.ts';
import { generatorCore, pinned, serverCore } from './support/pinned-process.ts';

const packets = Number(process.argv[2] ?? 1_000_000);
const rate = Number(process.argv[3] ?? 50_000);
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

async function flood(what: string, port: number, hello: Uint8Array): Promise<Report & { readonly growth: number }> {
  const program = join(import.meta.dirname, 'support/servers/flood-target.ts');
  const [file, args] = pinned(serverCore, [process.execPath, '--expose-gc', program, what, String(port)]);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async () => {
    child.stdin.write('report\n');
    return JSON.parse((await lines.next()).value as string) as Report;
  };
  const send = (count: number) => {
    const command = [nativeTool('udp-flood'), port, count, rate, encodeHex(hello), randomOffset].map(String);
    return promisify(execFile)(...pinned(generatorCore, command), { timeout: 300_000 });
  };
  try {
    await lines.next();
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
const reports = new Map<string, Awaited<ReturnType<typeof flood>>>();
let port = 22_000 + (process.pid % 20_000);
for (const what of ['drop', 'echo', 'dtls']) reports.set(what, await flood(what, port++, hello));
const dtls = reports.get('dtls')!;
assert.equal(dtls.sessions + dtls.handshakes, 0);
assert.ok(dtls.cookies >= dtls.received * 0.99, 'each ClientHello is answered with a cookie');
assert.ok(dtls.growth < 4 * 2 ** 20, `the heap grew by ${dtls.growth} bytes`); // 4 bytes a packet; code is in it too
const cpu = (what: string) => reports.get(what)!.cpu / reports.get(what)!.received;
const titles = { drop: 'read and drop (the yardstick)', echo: 'send back', dtls: 'DTLS: answered with a cookie' };
console.log(
  table(
    [
      `${packets} ClientHellos of ${hello.length} bytes`,
      'received',
      'CPU us/packet',
      'x read',
      'x send back',
      'heap +bytes',
    ],
    Object.entries(titles).map(([what, title]) => {
      const { received, growth } = reports.get(what)!;
      return [
        title,
        received,
        rounded(cpu(what), 2),
        rounded(cpu(what) / cpu('drop'), 2),
        rounded(cpu(what) / cpu('echo'), 2),
        growth,
      ];
    }),
  ),
);
const isMet = cpu('dtls') < 2 * cpu('drop');
console.log(`${isMet ? 'met   ' : 'MISSED'}  less than twice a raw receive`);
if (!isMet) process.exitCode = 1;
