/**
 * CoAP CON GET /time over established PSK AES_128_CCM_8 sessions, with both crypto adapters, beside libcoap's servers, and what an echo
 * in C and the same server without DTLS cost. `node bench/dtls-get.ts [--rounds 3] [--seconds 2]`
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { coapTime, libcoapSecuredTime, securedTime } from './support/coap-servers.ts';
import { type Contender, contest, contestOptions, standingOf } from './support/contest.ts';
import { cEcho } from './support/echo-servers.ts';
import { median, rounded, table } from './support/figures.ts';
import { generatorCore, pinned } from './support/pinned-process.ts';

const options = contestOptions();
const generator = join(import.meta.dirname, 'support/dtls-load.ts');
let port = 21_000 + (process.pid % 20_000);

interface Run {
  readonly rate: number;
  readonly cpuUsPerMessage: number;
  readonly messages: number;
  readonly opened: number;
  readonly bad: number;
}

async function run(contender: Omit<Contender, 'load'>): Promise<Run> {
  port += 2;
  const server = await contender.start(port);
  try {
    const command = [process.execPath, generator, port, server.pid, options.seconds].map(String);
    const { stdout } = await promisify(execFile)(...pinned(generatorCore, command), { timeout: 120_000 });
    const result = JSON.parse(stdout) as Run;
    assert.equal(result.bad, 0, `${contender.name}: wrong answers`);
    assert.ok(result.opened > result.messages / 100, `${contender.name}: answers do not open`);
    return result;
  } finally {
    await server.stop();
  }
}

const plain = coapTime('batched');
const standings = await contest([cEcho, plain], options);
const secured = [
  securedTime('libcrypto'),
  securedTime('node'),
  libcoapSecuredTime('openssl'),
  libcoapSecuredTime('gnutls'),
];
const contenders = secured.filter((one) => one !== undefined);
const runs = new Map(contenders.map(({ name }) => [name, [] as Run[]]));
for (let round = 0; round < options.rounds; round++) {
  for (const contender of contenders) runs.get(contender.name)!.push(await run(contender));
}
const cpuOf = (name: string) => median(runs.get(name)!.map((one) => one.cpuUsPerMessage));
const echo = standingOf(standings, cEcho.name).cpuUsPerMessage;
const row = (name: string, rate: number, cpu: number) => [
  name,
  Math.round(rate),
  rounded(cpu, 2),
  Math.round(1e6 / cpu),
  rounded(cpu / echo, 2),
];
console.log(`CoAP GET over DTLS, PSK AES_128_CCM_8: medians of ${options.rounds}, ${options.seconds} s each`);
console.log(
  table(
    ['server', 'answers/s', 'CPU us/message', 'a core, /s', 'x echo'],
    [
      ...standings.map(({ name, rate, cpuUsPerMessage }) => row(name, rate, cpuUsPerMessage)),
      ...[...runs].map(([name, all]) => row(name, median(all.map(({ rate }) => rate)), cpuOf(name))),
    ],
  ),
);
const [direct, node] = [cpuOf(secured[0]!.name), cpuOf(secured[1]!.name)];
for (const [name, met] of [
  ['libcrypto: at most 14 us of CPU a request, so 60,000/s of a core at least', direct <= 14 && direct <= 1e6 / 60_000],
  ['node:crypto: at most 24 us of CPU a request', node <= 24],
] as const) {
  console.log(`${met ? 'met   ' : 'MISSED'}  ${name}`);
  if (!met) process.exitCode = 1;
}
