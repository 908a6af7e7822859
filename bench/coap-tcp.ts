/**
 * CoAP GET /time over TCP (RFC 8323), 64 connections with 4 requests under way each: our server and libcoap's, and our server
 * over UDP beside them.
 * `node bench/coap-tcp.ts [--rounds 3] [--seconds 2]`
 */
import { parseArgs } from 'node:util';
import { coapTime, libcoapTime } from './support/coap-servers.ts';
import { median, rounded, table } from './support/figures.ts';
import { pinningProblem } from './support/pinned-process.ts';
import { runTcpLoad } from './support/tcp-load.ts';
import { runUdpLoad } from './support/udp-load.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' } },
});
const seconds = Number(values.seconds);
let port = 20_000 + (process.pid % 20_000);

interface Figures {
  readonly rate: number;
  readonly cpuUsPerMessage: number;
}

const contenders = [
  { name: 'Yaolian over TCP', server: coapTime('tcp'), tcp: true },
  { name: "libcoap's server over TCP", server: libcoapTime(), tcp: true },
  { name: 'Yaolian over UDP, batched', server: coapTime('batched'), tcp: false },
];

async function measure({ server, tcp }: (typeof contenders)[number]): Promise<Figures> {
  const process = await server.start(++port);
  try {
    if (tcp) return await runTcpLoad({ port, connections: 64, window: 4, seconds, warm: 2, pid: process.pid });
    return await runUdpLoad({ kind: 'get', port, pid: process.pid, options: { seconds, warm: 2 } });
  } finally {
    await process.stop();
  }
}

const results = contenders.map(() => [] as Figures[]);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [i, contender] of contenders.entries()) results[i]!.push(await measure(contender));
}
if (pinningProblem !== undefined) console.log(pinningProblem);
console.log(
  table(
    ['GET /time', 'answers/s', 'CPU us/message'],
    contenders.map(({ name }, i) => [
      name,
      Math.round(median(results[i]!.map(({ rate }) => rate))),
      rounded(median(results[i]!.map(({ cpuUsPerMessage }) => cpuUsPerMessage)), 1),
    ]),
  ),
);
