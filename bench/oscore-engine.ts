/**
 * What protection costs without a socket: a CON GET and its answer, client and server together, plain, over DTLS and with OSCORE,
 * all over `node:crypto` (and libcrypto) and in the same run. `node bench/oscore-engine.ts [requests]`
 */
import assert from 'node:assert/strict';
import { Code, createCoapEndpoint, type DatagramCoapEndpoint } from '@yaolian/coap';
import { createDtlsClient, createDtlsServer } from '@yaolian/dtls';
import { type DatagramPort, encodeUtf8, type Peer } from '@yaolian/kernel';
import { CryptoAdapter, nodeClock, nodeRandom, nodeTimers, openCrypto, openOscoreCrypto } from '@yaolian/node-runtime';
import { createOscore, OscoreAead, type OscoreCredentials, VolatileOscoreStates } from '@yaolian/oscore';
import { key, type Plug, serverAddress, Wire } from './support/dtls-wire.ts';
import { rounded, table } from './support/figures.ts';

const requests = Number(process.argv[2] ?? 50_000);
const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const wire = new Wire();
const representation = encodeUtf8('Fri, 27 Nov 2026 11:20:00 GMT');

function ports(): { readonly client: Plug; readonly server: Plug } {
  const joined: { client?: Plug; server?: Plug } = {};
  joined.server = wire.port('192.0.2.2', () => joined.client);
  joined.client = wire.port('192.0.2.1', () => joined.server);
  return { client: joined.client, server: joined.server };
}

/** Microseconds of CPU for one request and its answer. */
async function cost(client: DatagramCoapEndpoint, server: DatagramCoapEndpoint, peer: Peer): Promise<number> {
  server.handle(() => ({ code: Code.Content, contentFormat: 0, payload: representation }));
  const ask = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const answer = client.request(peer, { method: Code.GET, path: '/time' });
      wire.run();
      assert.equal((await answer).code, Code.Content);
    }
  };
  // The first one may have to wait for a look at the credentials or a handshake.
  const first = client.request(peer, { method: Code.GET, path: '/time' });
  for (let i = 0; i < 100; i++) {
    wire.run();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await first).code, Code.Content);
  await ask(10_000);
  const before = process.cpuUsage();
  await ask(requests);
  const { user, system } = process.cpuUsage(before);
  await client.close();
  await server.close();
  return rounded((user + system) / requests, 2);
}

function plain(): Promise<number> {
  const { client, server } = ports();
  const open = (port: DatagramPort) => createCoapEndpoint({ port, ...runtime });
  return cost(open(client), open(server), serverAddress);
}

async function dtls(adapter: CryptoAdapter): Promise<number> {
  const { client, server } = ports();
  const crypto = await openCrypto(adapter);
  const common = { ...runtime, crypto, cipherSuites: ['TLS_PSK_WITH_AES_128_CCM_8'] as const };
  const psk = { identity: encodeUtf8('me'), key };
  const below = createDtlsServer({ ...common, port: server, credentials: { psk: () => key } });
  const above = createDtlsClient({ ...common, port: client, credentials: { psk } });
  const open = (port: DatagramPort) => createCoapEndpoint({ port, ...runtime });
  return cost(open(above), open(below), serverAddress);
}

async function oscore(adapter: CryptoAdapter, aead: OscoreAead): Promise<number> {
  const crypto = await openOscoreCrypto(adapter);
  const { client, server } = ports();
  const own: OscoreCredentials = { masterSecret: key, senderId: Uint8Array.of(2), recipientId: Uint8Array.of(1), aead };
  const theirs = { ...own, senderId: own.recipientId, recipientId: own.senderId };
  const contexts = () =>
    createOscore({
      crypto,
      store: new VolatileOscoreStates(),
      ...runtime,
      findCredentials: () => theirs,
    });
  const clientContexts = contexts();
  const peer = await clientContexts.open(own, serverAddress);
  const asking = createCoapEndpoint({ port: client, ...runtime, protection: clientContexts });
  return cost(asking, createCoapEndpoint({ port: server, ...runtime, protection: contexts() }), peer);
}

const rows: (readonly [string, number])[] = [['plain', await plain()]];
for (const adapter of [CryptoAdapter.Node, CryptoAdapter.Auto]) {
  rows.push([`DTLS, PSK AES_128_CCM_8 (${adapter})`, await dtls(adapter)]);
  rows.push([`OSCORE, AES-CCM-16-64-128 (${adapter})`, await oscore(adapter, OscoreAead.AesCcm16_64_128)]);
  rows.push([`OSCORE, A128GCM (${adapter})`, await oscore(adapter, OscoreAead.A128GCM)]);
}
console.log(`CoAP CON GET, ${requests} of them, client and server together, without sockets`);
console.log(table(['protection', 'CPU us/request'], rows));
