/** kill -9 under load: everything that was acknowledged is there after the restart, and observations go on by themselves. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CoapEndpoint, Code, createCoapEndpoint } from '@yaolian/coap';
import { ApiClient, type EventType, type JsonDevice, type JsonEvent, routes } from '@yaolian/contract';
import { encodeUtf8, minutes, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { EventLog } from './support/platform.ts';
import { type ServerProcess, startServer, startServerOnSteadyPorts } from './support/server-process.ts';
import { unlessInUse } from './support/steady-port.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const terminalCount = 20;
const acknowledgedBeforeKill = 2000;
const lives: EventType[] = ['device.registered', 'device.deregistered'];

/** Registers, updates and de-registers as fast as the platform answers, and remembers what it acknowledged. */
class Load {
  /** What each endpoint name was last told: its location, or that it is de-registered. */
  readonly acknowledged = new Map<string, string | undefined>();
  /** Names with a request on its way: what becomes of it, nobody knows. */
  readonly underWay = new Set<string>();
  count = 0;
  readonly #server: SocketAddress;
  readonly #endpoints: readonly CoapEndpoint[];
  readonly #stop = new AbortController();
  #next = 0;

  constructor(server: SocketAddress, endpoints: readonly CoapEndpoint[]) {
    this.#server = server;
    this.#endpoints = endpoints;
  }

  /** Resolves when {@link stop} was called and every request is over. */
  async run(workers: number): Promise<void> {
    await Promise.all(Array.from({ length: workers }, (_, index) => this.#work(index)));
  }

  stop(): void {
    this.#stop.abort();
  }

  async #work(worker: number): Promise<void> {
    const endpoint = this.#endpoints[worker % this.#endpoints.length]!;
    while (!this.#stop.signal.aborted) {
      const name = `load-${this.#next++}`;
      try {
        await this.#live(endpoint, name);
      } catch {
        return; // the platform is dead: the request stays under way
      }
    }
  }

  async #live(endpoint: CoapEndpoint, name: string): Promise<void> {
    const location = await this.#register(endpoint, name);
    const fate = this.#next % 4;
    if (fate === 1) await this.#ask(endpoint, name, { method: Code.POST, path: location, query: ['lt=7200'] });
    if (fate === 2) {
      await this.#ask(endpoint, name, { method: Code.DELETE, path: location });
      this.acknowledged.set(name, undefined);
    }
    if (fate === 3) await this.#register(endpoint, name);
  }

  async #register(endpoint: CoapEndpoint, name: string): Promise<readonly string[]> {
    const query = [`ep=${name}`, 'lt=3600', 'lwm2m=1.1', 'b=U'];
    const payload = encodeUtf8('</>;rt="oma.lwm2m",</1/0>,</3/0>');
    const { locationPath } = await this.#ask(endpoint, name, {
      method: Code.POST,
      path: '/rd',
      query,
      contentFormat: 40,
      payload,
    });
    this.acknowledged.set(name, locationPath.at(-1)!);
    return locationPath;
  }

  async #ask(endpoint: CoapEndpoint, name: string, request: Parameters<CoapEndpoint['request']>[1]) {
    this.underWay.add(name);
    const response = await endpoint.request(this.#server, request, { signal: this.#stop.signal });
    assert.equal(response.code >> 5, 2, `${name}: ${response.code}`);
    this.underWay.delete(name);
    this.count++;
    return response;
  }
}

async function allDevices(client: ApiClient): Promise<ReadonlyMap<string, JsonDevice>> {
  const devices = new Map<string, JsonDevice>();
  let cursor: string | undefined;
  do {
    const page = await client.call(routes.listDevices, { query: { limit: 1000, ...(cursor && { cursor }) } });
    for (const device of page.items) devices.set(device.key, device);
    cursor = page.next;
  } while (cursor !== undefined);
  return devices;
}

async function login(server: ServerProcess, password: string): Promise<ApiClient> {
  const { token } = await new ApiClient({ baseUrl: server.httpUrl }).call(routes.login, { body: { password } });
  return new ApiClient({ baseUrl: server.httpUrl, token });
}

async function startTerminals(server: SocketAddress): Promise<readonly TestTerminal[]> {
  const terminals = await Promise.all(
    Array.from({ length: terminalCount }, (_, i) => openTerminal({ endpointName: `terminal-${i}`, server })),
  );
  for (const { client } of terminals) client.start();
  await Promise.all(terminals.map(({ client }) => client.registered()));
  return terminals;
}

test('kill -9 in the middle of load loses nothing that was acknowledged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-kill-'));
  const flags = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--log-level', 'warn'];
  const first = await startServerOnSteadyPorts(flags);
  const coap = socketAddress('127.0.0.1', first.coapPort);
  const admin = await login(first, first.adminPassword!);
  const terminals = await startTerminals(coap);
  for (const { client } of terminals) {
    const params = { device: client.endpointName, path: '3303/0/5700' };
    const { observing } = await admin.call(routes.startObservation, { params });
    assert.ok(observing);
  }
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const endpoints = await Promise.all(
    Array.from({ length: 32 }, async () =>
      createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' }) }),
    ),
  );
  const before = await allDevices(admin);
  const load = new Load(coap, endpoints);
  const live = await EventLog.open(admin, { query: { type: lives } });
  const running = load.run(32);
  const isEnough = () => load.count >= acknowledgedBeforeKill;
  await until(isEnough, () => `${acknowledgedBeforeKill} answers; there were ${load.count}`, { bound: minutes(2) });
  await first.kill();
  load.stop();
  await running;

  const ports = ['--coap-port', String(coap.port), '--http-port', new URL(first.httpUrl).port];
  const second = await unlessInUse(() => startServer([...flags, ...ports]));
  const again = await login(second, first.adminPassword!);
  const after = await allDevices(again);
  await checkRegistrations(again, load, after);
  await checkEvents(again, load, live.events);
  for (const [key, device] of before) {
    assert.equal(after.get(key)?.activatedAt, device.activatedAt, `activation of ${key}`);
    assert.equal(after.get(key)?.activationAddress, device.activationAddress, `activation of ${key}`);
  }
  await checkObservations(again, terminals);

  for (const endpoint of endpoints) await endpoint.close();
  for (const terminal of terminals) await terminal[Symbol.asyncDispose]();
  assert.equal((await second.signal('SIGTERM')).code, 0);
  await rm(folder, { recursive: true, force: true });
});

async function checkRegistrations(
  client: ApiClient,
  load: Load,
  devices: ReadonlyMap<string, JsonDevice>,
): Promise<void> {
  let checked = 0;
  for (const [name, location] of load.acknowledged) {
    const device = devices.get(name);
    assert.ok(device?.activatedAt, `the activation of ${name} was acknowledged`);
    if (load.underWay.has(name)) continue; // a De-register or Register may have been carried out unanswered
    assert.equal(device.state, location === undefined ? 'OFFLINE' : 'ONLINE', name);
    checked++;
    if (location === undefined || checked % 20 !== 0) continue;
    const { registration } = await client.call(routes.showDevice, { params: { device: name } });
    assert.equal(registration?.id, location, `the location that ${name} was given`);
  }
  assert.ok(checked > acknowledgedBeforeKill / 4, `${checked} names checked`);
}

/** Who followed, and comes back to the restarted platform, has heard in the end of all that was acknowledged. */
async function checkEvents(client: ApiClient, load: Load, live: readonly JsonEvent[]): Promise<void> {
  const heard = live.slice(0, live.length / 2);
  const resumed = await EventLog.open(client, { query: { type: lives }, lastEventId: heard.at(-1)!.id });
  const told = (type: string, name: string) =>
    [...heard, ...resumed.events].some((one) => one.type === type && one.endpoint === name);
  for (const [name, location] of load.acknowledged) {
    await until(() => told('device.registered', name), `the Register of ${name} on the stream`);
    if (location === undefined) await until(() => told('device.deregistered', name), `the De-register of ${name}`);
  }
  assert.ok(resumed.events.length > live.length / 4, `${resumed.events.length} of ${live.length} told again`);
  await resumed.close();
}

/** Terminals did nothing: their registrations and observations go on, and what they notify arrives. */
async function checkObservations(client: ApiClient, terminals: readonly TestTerminal[]): Promise<void> {
  const events = await EventLog.open(client);
  for (const [index, terminal] of terminals.entries()) {
    const device = terminal.client.endpointName;
    const { items } = await client.call(routes.listObservations, { params: { device } });
    assert.deepEqual(
      items.map((one) => one.path),
      ['/3303/0/5700'],
      device,
    );
    terminal.temperature.set('sensorValue', 30 + index);
  }
  for (const [index, { client: terminal }] of terminals.entries()) {
    const event = await events.next(
      (one) => one.type === 'observation.notified' && one.device === terminal.endpointName,
    );
    assert.ok(event.type === 'observation.notified' && event.data.node.kind === 'resource');
    assert.equal(event.data.node.value, 30 + index);
  }
  assert.deepEqual(
    events.events.filter((event) => event.type.startsWith('device.')),
    [],
    'no terminal had to do anything',
  );
  await events.close();
}
