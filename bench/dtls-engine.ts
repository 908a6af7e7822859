/**
 * What DTLS costs without a socket: an echoed record over an established session, handshakes of each kind (both sides), and the
 * memory of an idle session. Prints CPU per piece for both crypto adapters. `node --expose-gc bench/dtls-engine.ts [sessions]`
 */
import assert from 'node:assert/strict';
import type { CipherSuiteName, CryptoPort } from '@yaolian/dtls';
import { minutes, socketAddress } from '@yaolian/kernel';
import { CryptoAdapter, openCrypto } from '@yaolian/node-runtime';
import { VirtualTime } from '@yaolian/testkit';
import { joinedByWire, key, serverAddress } from './support/dtls-wire.ts';
import { rounded, table } from './support/figures.ts';

function microseconds(work: () => void, count: number): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return rounded((user + system) / count, 2);
}

function echo(crypto: CryptoPort, suite: CipherSuiteName): number {
  const { wire, client, answers } = joinedByWire(crypto, suite, false);
  const datagram = new Uint8Array(40);
  const round = (count: number) => {
    for (let i = 0; i < count; i++) {
      client.send(datagram, serverAddress);
      wire.run();
    }
  };
  round(20_000);
  const cost = microseconds(() => round(50_000), 50_000);
  assert.equal(answers(), 70_000);
  return cost;
}

function handshakes(crypto: CryptoPort, suite: CipherSuiteName, resumes: boolean, count: number): number {
  const { wire, client, server, plugs } = joinedByWire(crypto, suite, resumes);
  const round = (rounds: number) => {
    for (let i = 0; i < rounds; i++) {
      client.send(key, serverAddress);
      wire.run();
      client.disconnect(serverAddress);
      wire.run();
    }
  };
  round(100);
  const cost = microseconds(() => round(count), count);
  assert.equal(server.size, 0);
  assert.ok(plugs.client);
  return cost;
}

/**
 * Heap and external bytes of one idle session on the server, of `count` that shook hands from addresses of their own, ten
 * minutes later: what their handshakes held is free by then.
 */
async function memory(crypto: CryptoPort, count: number): Promise<number> {
  const time = new VirtualTime(0);
  const { wire, client, server, plugs } = joinedByWire(crypto, psk, false, { clock: time, timers: time });
  const settle = async () => {
    await time.advance(minutes(10));
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const shakeHands = (number: number) => {
    plugs.client!.from = socketAddress(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, 5684);
    client.send(key, serverAddress);
    wire.run();
    // The client forgets, the server does not hear of it.
    plugs.server!.listener = undefined;
    client.disconnect(serverAddress);
    wire.run();
    plugs.server!.listener = plugs.heard;
  };
  plugs.heard = plugs.server!.listener;
  for (let i = 0; i < 500; i++) shakeHands(i);
  const before = await settle();
  for (let i = 500; i < 500 + count; i++) shakeHands(i);
  const after = await settle();
  assert.equal(server.size, count + 500);
  return Math.round((after - before) / count);
}

const node = await openCrypto(CryptoAdapter.Node);
const direct = await openCrypto(CryptoAdapter.Auto);
const both = (title: string, figure: (crypto: CryptoPort) => number) => [title, figure(node), figure(direct)];
const psk = 'TLS_PSK_WITH_AES_128_CCM_8';
const rows = [
  both('request and answer over PSK AES_128_CCM_8, both sides, us', (crypto) => echo(crypto, psk)),
  both('request and answer over PSK AES_128_GCM, both sides, us', (crypto) =>
    echo(crypto, 'TLS_PSK_WITH_AES_128_GCM_SHA256'),
  ),
  both('full PSK handshake, both sides, us', (crypto) => handshakes(crypto, psk, false, 2000)),
  both('resumption, both sides, us', (crypto) => handshakes(crypto, psk, true, 2000)),
  both('mutual ECDHE-ECDSA handshake, both sides, us', (crypto) =>
    handshakes(crypto, 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8', false, 400),
  ),
];
console.log(table(['', node.name, direct.name], rows));
if (globalThis.gc) console.log(`idle session: ${await memory(direct, Number(process.argv[2] ?? 100_000))} bytes`);
else console.log('for the memory of idle sessions: node --expose-gc');
