/**
 * What DTLS costs without a socket: an echoed record over an established session, handshakes of each kind (both sides), and the
 * memory of an idle session. Prints CPU per piece for both crypto adapters. `node --expose-gc bench/dtls-engine.ts [sessions]`
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  type CipherSuiteName,
  type ClientCredentials,
  type CryptoPort,
  createDtlsClient,
  createDtlsServer,
  type ServerCredentials,
} from '@yaolian/dtls';
import { type DatagramListener, type DatagramPort, encodeUtf8, type Peer, socketAddress } from '@yaolian/kernel';
import { CryptoAdapter, nodeClock, nodeRandom, nodeTimers, openCrypto } from '@yaolian/node-runtime';
import { rounded, table } from './support/figures.ts';

/** Two ports joined by a queue: what one sends, the other gets. */
class Wire {
  readonly #queue: (() => void)[] = [];

  port(host: string, other: () => Plug | undefined): Plug {
    return new Plug(socketAddress(host, 5684), this.#queue, other);
  }

  run(): void {
    for (let step = this.#queue.shift(); step !== undefined; step = this.#queue.shift()) step();
  }
}

class Plug implements DatagramPort {
  readonly localAddress: ReturnType<typeof socketAddress>;
  readonly #queue: (() => void)[];
  readonly #other: () => Plug | undefined;
  listener: DatagramListener | undefined;
  from: Peer;

  constructor(address: ReturnType<typeof socketAddress>, queue: (() => void)[], other: () => Plug | undefined) {
    this.localAddress = address;
    this.from = address;
    this.#queue = queue;
    this.#other = other;
  }

  listen(listener: DatagramListener): void {
    this.listener = listener;
  }

  send(datagram: Uint8Array): void {
    const { from } = this;
    this.#queue.push(() => this.#other()?.listener?.onDatagram(datagram, from, false));
  }

  async close(): Promise<void> {}
}

const folder = new URL('../packages/dtls/test/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const der = (name: string) => new Uint8Array(Buffer.from(pem(`${name}.pem`).replaceAll(/-----.*-----/g, ''), 'base64'));
const key = encodeUtf8('0123456789abcdef');
const serverAddress = socketAddress('192.0.2.2', 5684);

function microseconds(work: () => void, count: number): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return rounded((user + system) / count, 2);
}

function setUp(crypto: CryptoPort, suite: CipherSuiteName, resumes: boolean) {
  const own = (name: string) => ({ privateKey: crypto.importPrivateKey(pem(`${name}.key`)), chain: [der(name)] });
  const authorities = [der('ca')];
  const serverSide: ServerCredentials = { psk: () => key, own: [own('server')], trust: { authorities } };
  const clientSide: ClientCredentials = {
    psk: { identity: encodeUtf8('me'), key },
    own: [own('client')],
    trust: { authorities },
    serverName: 'server.example',
  };
  const wire = new Wire();
  const plugs: { server?: Plug; client?: Plug; heard?: DatagramListener | undefined } = {};
  plugs.server = wire.port('192.0.2.2', () => plugs.client);
  plugs.client = wire.port('192.0.2.1', () => plugs.server);
  const common = { clock: nodeClock, timers: nodeTimers, random: nodeRandom, crypto, cipherSuites: [suite] };
  const server = createDtlsServer({ ...common, port: plugs.server, credentials: serverSide });
  const client = createDtlsClient({ ...common, port: plugs.client, credentials: clientSide, resumes });
  server.listen({ onDatagram: (datagram, from) => server.send(datagram, from) });
  let answers = 0;
  client.listen({ onDatagram: () => void answers++ });
  return { wire, server, client, plugs, answers: () => answers };
}

function echo(crypto: CryptoPort, suite: CipherSuiteName): number {
  const { wire, client, answers } = setUp(crypto, suite, false);
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
  const { wire, client, server, plugs } = setUp(crypto, suite, resumes);
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

/** Heap and external bytes of one idle session on the server, of `count` that shook hands from addresses of their own. */
function memory(crypto: CryptoPort, count: number): number {
  const { wire, client, server, plugs } = setUp(crypto, 'TLS_PSK_WITH_AES_128_CCM_8', false);
  const settle = () => {
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
  const before = settle();
  for (let i = 500; i < 500 + count; i++) shakeHands(i);
  const after = settle();
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
if (globalThis.gc) console.log(`idle session: ${memory(direct, Number(process.argv[2] ?? 100_000))} bytes`);
else console.log('for the memory of idle sessions: node --expose-gc');
