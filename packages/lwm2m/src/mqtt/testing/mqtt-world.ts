import { type CoapEndpoint, ResourceTree } from '@yaolian/coap';
import { type Duration, decodeHex, encodeHex, type MqttPort, seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { BootstrapServer } from '../../bootstrap/bootstrap-server.ts';
import { type BootstrapConfig, MemoryBootstrapConfigStore } from '../../bootstrap/config.ts';
import type { BootstrapFinishedEvent } from '../../bootstrap/events.ts';
import { Lwm2mClient } from '../../client/client.ts';
import type { Lwm2mClientOptions } from '../../client/client-options.ts';
import { transportConnector } from '../../client/connection.ts';
import type { ClientEvent } from '../../client/events.ts';
import { conformanceObjects } from '../../client/testing/conformance-terminal.ts';
import type { Lwm2mServerEvent } from '../../server/events.ts';
import { Lwm2mServer } from '../../server/lwm2m-server.ts';
import { MemoryQueuedRequestStore } from '../../server/testing/memory-queued-request-store.ts';
import { MemoryRegistrationStore } from '../../server/testing/memory-registration-store.ts';
import { openProfile } from '../../server/testing/world.ts';
import type { MqttBounds } from '../carrier.ts';
import { createMqttServerEndpoint, createMqttTerminalEndpoint } from '../endpoint.ts';
import { type MqttPeer, MqttTopics } from '../topics.ts';
import { MemoryBroker } from './broker.ts';

export const reference = { endpoint: 'terminal' };
export const prefix = 'tenant-a';

export interface MqttWorldOptions {
  readonly client?: Partial<Omit<Lwm2mClientOptions, 'objects'>>;
  readonly bootstrap?: BootstrapConfig;
  readonly bounds?: Partial<MqttBounds>;
  readonly rateLimit?: { readonly requestsPerSecond: number; readonly burst: number };
}

/** A broker with our server behind it, our terminal or one that a test plays, in virtual time. */
export class MqttWorld {
  readonly time = new VirtualTime();
  readonly broker = new MemoryBroker(this.time);
  readonly topics = new MqttTopics(prefix);
  readonly store = new MemoryRegistrationStore(this.time);
  readonly events: Lwm2mServerEvent[] = [];
  readonly clientEvents: ClientEvent[] = [];
  readonly bootstraps: BootstrapFinishedEvent[] = [];
  readonly executed: string[] = [];
  readonly objects = conformanceObjects(this.executed);
  readonly #options: MqttWorldOptions;
  client: Lwm2mClient | undefined;
  server!: Lwm2mServer;
  endpoint: CoapEndpoint | undefined;

  private constructor(options: MqttWorldOptions) {
    this.#options = options;
  }

  /** A server and nobody else. */
  static async open(options: MqttWorldOptions = {}): Promise<MqttWorld> {
    const world = new MqttWorld(options);
    await world.startServer();
    return world;
  }

  /** Nobody but a broker. */
  static alone(options: MqttWorldOptions = {}): MqttWorld {
    return new MqttWorld(options);
  }

  /** A server and our terminal, registered. */
  static async pair(options: MqttWorldOptions = {}): Promise<MqttWorld> {
    const world = await MqttWorld.open(options);
    world.startTerminal();
    await world.until(world.client!.registered());
    await world.pass(1);
    return world;
  }

  startTerminal(options: Partial<Lwm2mClientOptions> = {}): void {
    const { time, broker, topics } = this;
    const { bounds } = this.#options;
    const machine = { clock: time, timers: time, random: new SeededRandom(3) };
    this.client = new Lwm2mClient({
      ...machine,
      endpointName: reference.endpoint,
      lwm2mVersion: '1.2',
      transport: transportConnector({
        openMqtt: async (_uri, access) => {
          const topic = topics.topic(access.bootstrap ? 'bs' : 'rd', reference.endpoint);
          const port = broker.connect(topic);
          const endpoint = createMqttTerminalEndpoint({ ...machine, port, topics, ...(bounds && { bounds }) });
          return { endpoint, peer: topics.peer(topic, port.remoteAddress)! };
        },
      }),
      objects: Object.values(this.objects),
      ...(this.#options.bootstrap
        ? { bootstrap: { uri: `mqtt://192.0.2.1/${prefix}` } }
        : { servers: [{ uri: `mqtt://192.0.2.1/${prefix}`, lifetime: seconds(300) }] }),
      retry: { jitter: 0 },
      onEvent: (event) => this.clientEvents.push(event),
      ...this.#options.client,
      ...options,
    });
    this.client.start();
  }

  async startServer(): Promise<void> {
    const { time, broker, topics, store } = this;
    const machine = { clock: time, timers: time, random: new SeededRandom(5) };
    const { bounds, rateLimit } = this.#options;
    const endpoint = createMqttServerEndpoint({
      ...machine,
      port: broker.connect(topics.filter('rd'), topics.filter('bs')),
      topics,
      locationOf: (peer) => {
        const registration = this.server.registrationAt(peer);
        return registration && this.server.locationOf(registration);
      },
      ...(bounds && { bounds }),
      ...(rateLimit && { rateLimit }),
    });
    this.endpoint = endpoint;
    this.server = new Lwm2mServer({
      ...machine,
      endpoints: [{ endpoint, peerOf: (key) => topics.peerOf(key, MemoryBroker.address) }],
      store,
      profile: openProfile(store),
      model: omaObjects,
      queueStore: new MemoryQueuedRequestStore(),
    });
    this.server.events.onAny((event) => void this.events.push(event));
    await this.server.start();
    const mounts = [...this.server.mounts(endpoint)];
    if (this.#options.bootstrap) mounts.push(...(await this.#bootstrap(this.#options.bootstrap)).mounts(endpoint));
    const tree = new ResourceTree();
    for (const { path, handler } of mounts) tree.mount(path, handler);
    endpoint.handle(tree.handle);
  }

  async #bootstrap(config: BootstrapConfig): Promise<BootstrapServer> {
    const { time, store } = this;
    const configs = new MemoryBootstrapConfigStore();
    await configs.put(undefined, config);
    const profile = openProfile(store);
    const server = new BootstrapServer({ configs, profile, model: omaObjects, clock: time, timers: time });
    server.events.on('bootstrap-finished', (event) => this.bootstraps.push(event));
    return server;
  }

  /** The server ends as a process does that is stopped: what it stored stays. */
  async stopServer(): Promise<void> {
    if (!this.endpoint) return;
    await this.until(this.server.close());
    await this.until(this.endpoint.close());
  }

  until<T>(promise: Promise<T>, limit: Duration = seconds(3_600)): Promise<T> {
    return this.time.until(promise, limit);
  }

  pass(count: number): Promise<void> {
    return this.time.advance(seconds(count));
  }

  async close(): Promise<void> {
    if (this.client) await this.until(this.client.close());
    await this.stopServer();
  }
}

/** A peer of the other end that does what a test says, to the byte. */
export class LockstepClient {
  readonly #world: MqttWorld;
  readonly #port: MqttPort;
  readonly #topic: string;
  /** What came, its own left out. */
  readonly #heard: Uint8Array[] = [];
  readonly #sent: string[] = [];
  #lastToken = '';

  constructor(world: MqttWorld, topic: string) {
    this.#world = world;
    this.#topic = topic;
    this.#port = world.broker.connect(topic);
    this.#port.listen((_topic, payload) => {
      const own = this.#sent.indexOf(encodeHex(payload));
      if (own >= 0) this.#sent.splice(own, 1);
      else this.#heard.push(payload);
    });
  }

  static as(world: MqttWorld, of: MqttPeer['interface'], endpoint = reference.endpoint): LockstepClient {
    return new LockstepClient(world, world.topics.topic(of, endpoint));
  }

  async send(hex: string): Promise<void> {
    const bytes = decodeHex(hex)!;
    this.#sent.push(encodeHex(bytes));
    await this.#world.until(this.#port.publish(this.#topic, bytes));
    await this.#world.pass(1);
  }

  /** What came since the last call, in hexadecimal; tokens of eight bytes are `T`. */
  async take(): Promise<string[]> {
    await this.#world.pass(1);
    return this.#read(this.#heard.length);
  }

  #read(count: number): string[] {
    const heard = this.#heard.splice(0, count).map((bytes) => encodeHex(bytes));
    const last = heard.map((one) => tokenIn.exec(one)?.[2]).findLast((token) => token !== undefined);
    if (last !== undefined) this.#lastToken = last;
    return heard.map((one) => one.replace(tokenIn, '$1T'));
  }

  /** The oldest that came and was not taken. */
  async next(): Promise<string> {
    await this.#world.pass(1);
    const [first] = this.#read(1);
    if (first === undefined) throw new Error('nothing came');
    return first;
  }

  /** Key and token of the last message that came with one of eight bytes. */
  get lastToken(): string {
    return this.#lastToken;
  }
}

/** Behind the operation where there is one. */
const tokenIn = /^(a.(?:01(?:18)?..)?)(02(?:1b.{16}|1a.{8}))/;
