/** The platform ends, in peace or by kill -9, and terminals over DTLS go on: by their sessions, or by tickets. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCoapEndpoint } from '@yaolian/coap';
import { ApiClient, routes } from '@yaolian/contract';
import { createDtlsClient } from '@yaolian/dtls';
import {
  type DatagramListener,
  type DatagramPort,
  encodeUtf8,
  milliseconds,
  type Peer,
  type SocketAddress,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import { transportConnector } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { EventLog, withCode } from './support/platform.ts';
import { type ServerProcess, startServer, startServerOnSteadyPorts } from './support/server-process.ts';
import { unlessInUse } from './support/steady-port.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const key = '00112233445566778899aabbccddeeff';
const terminalCount = 10;
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const crypto = await openCrypto();

interface Bench extends AsyncDisposable {
  readonly terminals: readonly TestTerminal[];
  admin: ApiClient;
  /** Ends the platform and starts it again. */
  restart(how: 'SIGTERM' | 'kill -9'): Promise<void>;
  /** Whatever the terminals sent, record by record; sends them again, from where they came. */
  replay(): number;
  /** Records that were not taken because they were there before. */
  replayed(): Promise<number>;
  /** Handshakes of the process that runs: full ones and resumptions. */
  handshakes(): Promise<readonly [full: number, resumed: number]>;
}

/** A platform in a process of its own, and terminals that are registered with pre-shared keys and observed. */
async function openBench(more: readonly string[] = [], sync = '100ms'): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-dtls-restart-'));
  const flags = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--log-level', 'warn', '--no-coap-tcp'];
  const all = [...flags, '--no-coap-tls', '--coap-session-sync', sync, ...more];
  let server = await startServerOnSteadyPorts(all);
  const dtls = socketAddress('127.0.0.1', Number(/coaps:\/\/127\.0\.0\.1:(\d+)/.exec(server.welcome)![1]));
  const again = ['--coap-port', `${server.coapPort}`, '--coap-dtls-port', `${dtls.port}`];
  const login = async ({ httpUrl }: ServerProcess, password: string) => {
    const { token } = await new ApiClient({ baseUrl: httpUrl }).call(routes.login, { body: { password } });
    return new ApiClient({ baseUrl: httpUrl, token });
  };
  const password = server.adminPassword!;
  const ports: RememberingPort[] = [];
  const bench = {
    terminals: [] as TestTerminal[],
    admin: await login(server, password),
    async restart(how: 'SIGTERM' | 'kill -9') {
      if (how === 'kill -9') await server.kill();
      else assert.equal((await server.signal(how)).code, 0);
      const http = ['--http-port', new URL(server.httpUrl).port];
      server = await unlessInUse(() => startServer([...all, ...again, ...http]));
      bench.admin = await login(server, password);
    },
    replay: () => ports.reduce((sum, port) => sum + port.replay(), 0),
    async replayed() {
      const metrics = await bench.admin.call(routes.showMetrics, {});
      return Number(/^dtls_dropped_total\S*reason="replayed"\S* (\d+)/m.exec(metrics)?.[1] ?? 0);
    },
    async handshakes() {
      const metrics = await bench.admin.call(routes.showMetrics, {});
      const count = (name: string) => Number(new RegExp(`^dtls_${name}_total\\S* (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
      return [count('handshakes'), count('resumptions')] as const;
    },
    async [Symbol.asyncDispose]() {
      for (const terminal of bench.terminals) await terminal[Symbol.asyncDispose]();
      assert.equal((await server.signal('SIGTERM')).code, 0);
      await rm(folder, { recursive: true, force: true });
    },
  };
  for (let i = 0; i < terminalCount; i++)
    bench.terminals.push(await openOne(bench.admin, `terminal-${i}`, dtls.key, ports));
  return bench;
}

/** A port that remembers what it sent. */
class RememberingPort implements DatagramPort {
  readonly localAddress: SocketAddress;
  readonly #port: DatagramPort;
  readonly #sent: (readonly [datagram: Uint8Array, to: Peer])[] = [];

  constructor(port: DatagramPort) {
    this.#port = port;
    this.localAddress = port.localAddress;
  }

  send(datagram: Uint8Array, to: Peer): void {
    this.#sent.push([datagram.slice(), to]);
    this.#port.send(datagram, to);
  }

  listen(listener: DatagramListener): void {
    this.#port.listen(listener);
  }

  close(): Promise<void> {
    return this.#port.close();
  }

  /** Sends the protected records again. @returns how many */
  replay(): number {
    const records = this.#sent.filter(([datagram]) => datagram[0] === tls12Cid);
    for (const [datagram, to] of records) this.#port.send(datagram, to);
    return records.length;
  }
}

const tls12Cid = 25;

async function openOne(
  admin: ApiClient,
  endpointName: string,
  server: string,
  ports: RememberingPort[],
): Promise<TestTerminal> {
  const body = { endpoint: endpointName, kind: 'psk', identity: endpointName, key } as const;
  await admin.call(routes.addCredential, { body });
  const identity = encodeUtf8(endpointName);
  const secretKey = new Uint8Array(Buffer.from(key, 'hex'));
  const openSecureDatagrams = async () => {
    const port = new RememberingPort(await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' }));
    ports.push(port);
    const dtls = createDtlsClient({ port, crypto, credentials: { psk: { identity, key: secretKey } }, ...machine });
    const transmission = { ackTimeout: milliseconds(200) };
    const endpoint = createCoapEndpoint({ port: dtls, ...machine, transmission });
    return { endpoint, disconnect: (peer: Parameters<typeof dtls.disconnect>[0]) => dtls.disconnect(peer) };
  };
  const account = { securityMode: 0, publicKeyOrIdentity: identity, secretKey };
  const terminal = await openTerminal({
    endpointName,
    transport: transportConnector({ openSecureDatagrams }),
    servers: [{ uri: `coaps://${server}`, lifetime: seconds(86_400), ...account }],
  });
  terminal.client.start();
  await terminal.client.registered();
  await admin.call(routes.startObservation, { params: { device: endpointName, path: '3303/0/5700' } });
  return terminal;
}

/** Notifications arrive and reads are answered. */
async function checkAll(bench: Bench, value: number): Promise<void> {
  const events = await EventLog.open(bench.admin);
  for (const { client, temperature } of bench.terminals) {
    temperature.set('sensorValue', value);
    const event = await events.next((one) => one.type === 'observation.notified' && one.device === client.endpointName);
    assert.ok(event.type === 'observation.notified' && event.data.node.kind === 'resource');
    assert.equal(event.data.node.value, value);
    const params = { device: client.endpointName, path: '3/0/0' };
    const { node } = await bench.admin.call(routes.readResource, { params, query: { timeout: '30s' } });
    assert.ok(node.kind === 'resource' && node.value === 'Yaolian');
  }
  await events.close();
}

/**
 * Updates go through in the sessions that there are: who spoke just before a crash loses a few records, as on a bad network, and sends again.
 */
async function updateAll({ admin, terminals }: Pick<Bench, 'admin' | 'terminals'>): Promise<void> {
  const events = await EventLog.open(admin);
  for (const { client } of terminals) client.update();
  for (const { client } of terminals) {
    await events.next((one) => one.type === 'device.updated' && one.device === client.endpointName);
  }
  await events.close();
}

test('terminals go on in their sessions, over a restart and over kill -9', async () => {
  await using bench = await openBench();
  await checkAll(bench, 21);
  for (const [i, how] of (['SIGTERM', 'kill -9', 'kill -9'] as const).entries()) {
    await bench.restart(how);
    if (how === 'kill -9') await updateAll(bench);
    await checkAll(bench, 30 + i);
    assert.deepEqual(await bench.handshakes(), [0, 0], how);
    const { items } = await bench.admin.call(routes.listDevices, {});
    assert.deepEqual(new Set(items.map(({ state }) => state)), new Set(['ONLINE']));
  }
});

test('after kill -9 nothing that terminals said before is taken again, though nothing was stored in time', async () => {
  // Progress of sessions that fall silent is stored each 10 minutes: never, that is.
  await using bench = await openBench([], '10m');
  await checkAll(bench, 21);
  await bench.restart('kill -9');
  const count = bench.replay();
  assert.ok(count >= 3 * terminalCount, `${count} records`);
  await until(async () => (await bench.replayed()) >= count, 'every record to be refused');
  const { items } = await bench.admin.call(routes.listDevices, {});
  assert.deepEqual(new Set(items.map(({ state }) => state)), new Set(['ONLINE']));
  await updateAll(bench);
  await checkAll(bench, 22);
  assert.deepEqual(await bench.handshakes(), [0, 0]);
});

test('without stored sessions, terminals resume by tickets and none shakes hands in full', async () => {
  await using bench = await openBench(['--no-coap-keep-sessions']);
  const comeBack = async (type: 'device.updated' | 'device.registered') => {
    const events = await EventLog.open(bench.admin);
    for (const { client } of bench.terminals) client.update();
    for (const { client } of bench.terminals) {
      await events.next((one) => one.type === type && one.device === client.endpointName);
    }
    await events.close();
    assert.deepEqual(await bench.handshakes(), [0, terminalCount]);
  };
  await bench.restart('SIGTERM'); // tells them that their sessions end
  await comeBack('device.updated');
  await checkAll(bench, 40);
  await bench.restart('kill -9'); // their Updates are not answered, so they register anew
  await comeBack('device.registered');
});

test('a credential that was removed ends its session for good', async () => {
  await using bench = await openBench();
  const { items } = await bench.admin.call(routes.listCredentials, { query: { endpoint: 'terminal-0' } });
  await bench.admin.call(routes.removeCredential, { params: { id: items[0]!.id } });
  await bench.restart('kill -9');
  const read = (device: string, timeout: string) =>
    bench.admin.call(routes.readResource, { params: { device, path: '3/0/0' }, query: { timeout } });
  await updateAll({ admin: bench.admin, terminals: bench.terminals.slice(1) });
  await read('terminal-1', '30s');
  await assert.rejects(read('terminal-0', '1s'), withCode('device-timeout'));
});
