/** LwM2M over OSCORE (OMA-TS-LightweightM2M_Transport 1.1 §5.5, RFC 8613): our terminal, server and bootstrap server, in virtual time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CoapEndpoint, Code, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { type Duration, encodeBase64, encodeUtf8, failure, seconds, success } from '@yaolian/kernel';
import { formatPath, lwm2mPath } from '@yaolian/lwm2m';
import { type BootstrapConfig, BootstrapServer, MemoryBootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import {
  type ClientRecord,
  device,
  instance,
  Lwm2mClient,
  type Lwm2mClientOptions,
  oscoreContexts,
  transportConnector,
} from '@yaolian/lwm2m/client';
import { type EnrolmentProfile, Lwm2mServer, type Lwm2mServerEvent } from '@yaolian/lwm2m/server';
import { MemoryRegistrationStore } from '@yaolian/lwm2m/testing';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { oscoreCrypto } from '@yaolian/node-runtime';
import { createOscore, type Oscore, type OscoreCredentials, VolatileOscoreStates } from '@yaolian/oscore';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { temperatureObject } from './support/terminal.ts';

const endpointName = 'terminal';
const reference = { endpoint: endpointName };
const uri = 'coap://192.0.2.1';
const bootstrapUri = 'coap://192.0.2.2';

/** The terminal's view of a context; the server's is the mirror of it. */
const context = (text: string, id: number) => ({
  masterSecret: encodeUtf8(`secret of ${text}`.padEnd(16, '.')),
  masterSalt: encodeUtf8('salt'),
  senderId: Uint8Array.of(id),
  recipientId: Uint8Array.of(id + 1),
});
const dm = context('the server', 0x10);
const bs = context('the bootstrap server', 0x20);

function mirrored({ senderId, recipientId, ...others }: ReturnType<typeof context>, name: string): OscoreCredentials {
  return { ...others, senderId: recipientId, recipientId: senderId, name };
}

interface Side {
  readonly endpoint: CoapEndpoint;
  readonly oscore: Oscore;
}

/** Endpoint names are the names of contexts, and nobody comes without one. */
const profile: EnrolmentProfile = {
  enrol: ({ endpoint, identity }) =>
    identity?.kind === 'oscore' && identity.identity === endpoint
      ? success({ deviceKey: endpoint })
      : failure({ code: Code.Forbidden, reason: 'what it proved belongs to no endpoint of this name' }),
  registered: async () => {},
};

class OscoreWorld {
  readonly time = new VirtualTime();
  readonly network = new SimulatedNetwork({ timers: this.time, random: new SeededRandom(7) });
  readonly events: Lwm2mServerEvent[] = [];
  /** Whom the servers know. */
  readonly known: OscoreCredentials[] = [mirrored(dm, endpointName), mirrored(bs, endpointName)];
  readonly states = { terminal: new VolatileOscoreStates(), server: new VolatileOscoreStates() };
  readonly temperature = instance(
    temperatureObject,
    { sensorValue: 20, units: 'Cel' },
    { onExecute: { resetMinMax: () => {} } },
  );
  /** CoAP codes that went over the wire, requests and answers. */
  readonly codes = new Set<string>();
  readonly #open: Side[] = [];
  server!: Lwm2mServer;
  dmSide!: Side;
  client!: Lwm2mClient;
  clientSide!: Side;

  constructor() {
    this.network.watch(({ datagram }) => {
      const [, code = 0] = datagram;
      if (code !== 0) this.codes.add(`${code >> 5}.${String(code & 31).padStart(2, '0')}`);
      return undefined;
    });
  }

  side(host: string, states = new VolatileOscoreStates(), seed = 5): Side {
    const { time } = this;
    const machine = { clock: time, timers: time, random: new SeededRandom(seed) };
    const oscore = createOscore({
      ...machine,
      crypto: oscoreCrypto,
      store: states,
      findCredentials: ({ kid }) => this.known.find(({ recipientId }) => Buffer.from(recipientId).equals(kid)),
    });
    const endpoint = createCoapEndpoint({ ...machine, port: this.network.port(host, 5683), protection: oscore });
    const side = { endpoint, oscore };
    this.#open.push(side);
    return side;
  }

  async startServer(): Promise<void> {
    const { time } = this;
    this.dmSide = this.side('192.0.2.1', this.states.server);
    const { endpoint } = this.dmSide;
    this.server = new Lwm2mServer({
      ...{ clock: time, timers: time, random: new SeededRandom(9) },
      endpoints: [{ endpoint }],
      store: new MemoryRegistrationStore(),
      profile,
      model: omaObjects,
    });
    this.server.events.onAny((event) => void this.events.push(event));
    await this.server.start();
    const tree = new ResourceTree();
    for (const { path, handler } of this.server.mounts(endpoint)) tree.mount(path, handler);
    endpoint.handle(tree.handle);
  }

  async startBootstrap(config: BootstrapConfig): Promise<void> {
    const { endpoint } = this.side('192.0.2.2');
    const configs = new MemoryBootstrapConfigStore();
    await configs.put(undefined, config);
    const server = new BootstrapServer({ configs, profile, model: omaObjects, clock: this.time, timers: this.time });
    const tree = new ResourceTree();
    for (const { path, handler } of server.mounts(endpoint)) tree.mount(path, handler);
    endpoint.handle(tree.handle);
  }

  startClient(options: Partial<Lwm2mClientOptions>): void {
    const { time } = this;
    this.clientSide = this.side('198.51.100.1', this.states.terminal, 3 + this.#open.length);
    const { endpoint, oscore } = this.clientSide;
    this.client = new Lwm2mClient({
      ...{ clock: time, timers: time, random: new SeededRandom(11) },
      endpointName,
      transport: transportConnector({
        datagrams: endpoint,
        openOscore: (access, server) => oscore.open(access as OscoreCredentials, server),
      }),
      objects: [device({ manufacturer: 'Yaolian', batteryLevel: 80 }), this.temperature, oscoreContexts('1.2')],
      lwm2mVersion: '1.2',
      retry: { jitter: 0 },
      ...options,
    });
    this.client.start();
  }

  until<T>(promise: Promise<T>, limit: Duration = seconds(600)): Promise<T> {
    return this.time.until(promise, limit);
  }

  async close(): Promise<void> {
    await this.until(this.client.close());
    await this.until(this.server.close());
    for (const { endpoint, oscore } of this.#open) {
      await this.until(Promise.resolve(endpoint.close()));
      await this.until(Promise.resolve(oscore.close()));
    }
  }
}

test('LightweightM2M-1.1-int-405 OSCORE: Register and all operations are protected, both ways', async () => {
  const world = new OscoreWorld();
  await world.startServer();
  world.startClient({ servers: [{ uri, lifetime: seconds(300), oscore: dm }] });
  await world.until(world.client.registered());
  const { server, temperature } = world;
  const ask = <T>(promise: Promise<T>) => world.until(promise);
  const read = await ask(server.read(reference, lwm2mPath(3, 0, 0)));
  assert.ok(read.ok && read.value.node.kind === 'resource');
  assert.equal(read.value.node.value, 'Yaolian');
  const written = await ask(
    server.write(reference, lwm2mPath(3303, 0, 5750), { kind: 'resource', id: 5750, type: 'string', value: 'attic' }),
  );
  assert.ok(written.ok);
  assert.equal(temperature.get('applicationType'), 'attic');
  assert.ok((await ask(server.execute(reference, lwm2mPath(3303, 0, 5605)))).ok);
  assert.ok((await ask(server.discover(reference, lwm2mPath(3303)))).ok);
  assert.ok((await ask(server.observe(reference, lwm2mPath(3303, 0, 5700)))).ok);
  temperature.set('sensorValue', 31);
  await world.time.advance(seconds(2));
  const [heard] = world.events.filter(({ type }) => type === 'notification');
  assert.ok(heard?.type === 'notification');
  assert.equal(formatPath(heard.path), '/3303/0/5700');
  // An Update in time, over the same context; then nothing of all that was seen on the wire but POST, FETCH and their answers of OSCORE.
  await world.time.advance(seconds(300));
  assert.ok(server.registration(reference));
  await world.close();
  assert.equal(server.registration(reference), undefined, 'De-register');
  // RFC 8613 §4.2: outer codes are POST and 2.04, or FETCH and 2.05 with Observe.
  assert.deepEqual([...world.codes].toSorted(), ['0.02', '0.05', '2.04', '2.05']);
});

test('a server without the keys, and a context of another endpoint name, do not get a terminal registered', async () => {
  for (const known of [[], [mirrored(dm, 'another')]]) {
    const world = new OscoreWorld();
    world.known.splice(0, Number.POSITIVE_INFINITY, ...known);
    const failures: unknown[] = [];
    await world.startServer();
    world.startClient({
      servers: [{ uri, oscore: dm }],
      onEvent: (event) => void (event.type === 'registration-failed' && failures.push(event.failure.message)),
    });
    await world.time.advance(seconds(5));
    assert.equal(world.server.size, 0);
    assert.equal(failures.length > 0, true);
    await world.close();
  }
});

test('a terminal with a context serves nobody in the clear, its server neither', async () => {
  const world = new OscoreWorld();
  await world.startServer();
  world.startClient({ servers: [{ uri, oscore: dm }] });
  await world.until(world.client.registered());
  const asked = world.dmSide.endpoint.request(world.server.registration(reference)!.address, {
    method: Code.GET,
    path: '/3/0/0',
  });
  assert.equal((await world.until(asked)).code, Code.Unauthorized);
  await world.close();
});

test('LightweightM2M-1.2-int-11 Client Initiated Bootstrap (OSCORE): objects 0, 1 and 21 are written, and protect what follows', async () => {
  const world = new OscoreWorld();
  const base64 = (bytes: Uint8Array) => encodeBase64(bytes);
  await world.startServer();
  await world.startBootstrap({
    security: [{ instanceId: 5, uri, shortServerId: 101, oscoreSecurityMode: '21:5' }],
    servers: [{ instanceId: 5, shortServerId: 101, lifetime: 300 }],
    deletes: ['/'],
    writes: [
      {
        path: '/21/5',
        resources: {
          0: base64(dm.masterSecret),
          1: base64(dm.senderId),
          2: base64(dm.recipientId),
          3: 10,
          4: 5,
          5: base64(dm.masterSalt),
        },
      },
    ],
  });
  const records: ClientRecord[] = [];
  const memory = { load: () => records.at(-1), save: (record: ClientRecord) => void records.push(record) };
  const options = { bootstrap: { uri: bootstrapUri, oscore: bs }, memory };
  world.startClient(options);
  await world.until(world.client.registered());
  // The Bootstrap-Server's account has its context still.
  assert.equal(world.client.instance(21, 0)?.value(1)?.toString(), bs.senderId.toString());
  assert.equal(world.client.registrations[0]!.server.shortServerId, 101);
  const read = await world.until(world.server.read(reference, lwm2mPath(1, 5, 1)));
  assert.ok(read.ok && read.value.node.kind === 'resource');
  assert.equal(read.value.node.value, 300);
  // Servers see neither keys nor their places.
  for (const path of [lwm2mPath(0), lwm2mPath(21)]) {
    const refused = await world.until(world.server.read(reference, path, { unchecked: true }));
    assert.equal(refused.ok ? undefined : refused.error.code, Code.Unauthorized, formatPath(path));
  }
  // What the bootstrap brought, keys included, is there after a restart.
  await world.until(world.client.close());
  await world.until(Promise.resolve(world.clientSide.endpoint.close()));
  await world.until(Promise.resolve(world.clientSide.oscore.close()));
  await world.time.advance(seconds(300));
  const bootstraps: string[] = [];
  world.startClient({ ...options, onEvent: ({ type }) => void bootstraps.push(type) });
  await world.until(world.client.registered());
  assert.equal(bootstraps.includes('bootstrap-started'), false);
  await world.close();
});

test('an account whose context is not there, or is none, is told why', async () => {
  const world = new OscoreWorld();
  await world.startServer();
  const failures: string[] = [];
  const onEvent: Lwm2mClientOptions['onEvent'] = (event) =>
    void (event.type === 'registration-failed' && failures.push(event.failure.message));
  const short = { ...dm, masterSecret: Uint8Array.of(1) };
  assert.throws(
    () => new OscoreWorld().startClient({ servers: [{ uri, oscore: short }] }),
    /the context of \/0\/0\/17: its Master Secret has 1 bytes, not 16 or more/,
  );
  world.startClient({ servers: [{ uri, oscore: { ...dm, aead: 99 } }], onEvent });
  await world.time.advance(seconds(1));
  assert.match(failures[0] ?? '', /99/);
  await world.close();
});
