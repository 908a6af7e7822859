import { type CoapEndpoint, createCoapEndpoint, type OutgoingResponse, ResourceTree } from '@yaolian/coap';
import { type DatagramPort, seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom } from '@yaolian/testkit';
import { BootstrapServer } from '../../bootstrap/bootstrap-server.ts';
import { type BootstrapConfig, MemoryBootstrapConfigStore } from '../../bootstrap/config.ts';
import type { BootstrapFinishedEvent } from '../../bootstrap/events.ts';
import { Lwm2mClient } from '../../client/client.ts';
import type { Lwm2mClientOptions } from '../../client/client-options.ts';
import type { ClientEvent } from '../../client/events.ts';
import { conformanceObjects } from '../../client/testing/conformance-terminal.ts';
import { openProfile, World, type WorldOptions } from './world.ts';

export interface PairOptions extends WorldOptions {
  readonly client?: Partial<Omit<Lwm2mClientOptions, 'objects'>> & {
    /** In place of those of the test specification. */
    readonly objects?: Lwm2mClientOptions['objects'] | ((time: World['time']) => Lwm2mClientOptions['objects']);
  };
  /** What to put between the terminal's endpoint and the network. */
  readonly terminalPort?: (port: DatagramPort) => DatagramPort;
  /** Begins with a bootstrap that tells this. */
  readonly bootstrap?: BootstrapConfig;
  /** What a Bootstrap-Pack-Request is answered instead of a pack. */
  readonly packAnswer?: OutgoingResponse;
}

export const serverUri = 'coap://192.0.2.1:5683';
export const reference = { endpoint: 'terminal' };

/**
 * Our terminal and our server, with the values of the test specification's terminal, on one network in virtual time. Server
 * and bootstrap server share a port.
 */
export class Pair {
  readonly world: World;
  readonly client: Lwm2mClient;
  readonly objects: ReturnType<typeof conformanceObjects>;
  readonly executed: string[];
  readonly clientEvents: ClientEvent[];
  readonly bootstraps: BootstrapFinishedEvent[] = [];
  readonly terminalEndpoint: CoapEndpoint;

  private constructor(world: World, options: PairOptions) {
    this.world = world;
    this.executed = [];
    this.clientEvents = [];
    this.objects = conformanceObjects(this.executed);
    const { time, network } = world;
    const random = new SeededRandom(11);
    const networkPort = network.port('198.51.100.1', 56_830);
    const port = options.terminalPort?.(networkPort) ?? networkPort;
    const { objects = Object.values(this.objects), ...clientOptions } = options.client ?? {};
    this.terminalEndpoint = createCoapEndpoint({ port, clock: time, timers: time, random });
    if (options.bootstrap) this.#mountBootstrap(options.bootstrap, options.packAnswer);
    this.client = new Lwm2mClient({
      endpointName: reference.endpoint,
      transport: this.terminalEndpoint,
      clock: time,
      timers: time,
      random,
      objects: (typeof objects === 'function' ? objects(time) : objects) ?? [],
      retry: { jitter: 0 },
      onEvent: (event) => this.clientEvents.push(event),
      ...(options.bootstrap
        ? { bootstrap: { uri: serverUri } }
        : { servers: [{ uri: serverUri, lifetime: seconds(300) }] }),
      ...clientOptions,
    });
  }

  /** Starts the terminal and waits for nothing. */
  static async begin(options: PairOptions = {}): Promise<Pair> {
    const pair = new Pair(await World.open(options), options);
    pair.client.start();
    return pair;
  }

  /** Starts the terminal and waits until it is registered. */
  static async open(options: PairOptions = {}): Promise<Pair> {
    const pair = await Pair.begin(options);
    await pair.world.time.until(pair.client.registered(), seconds(3_600));
    await pair.world.settle();
    return pair;
  }

  get server() {
    return this.world.server;
  }

  until<T>(promise: Promise<T>): Promise<T> {
    return this.world.until(promise, seconds(3_600));
  }

  pass(count: number): Promise<void> {
    return this.world.time.advance(seconds(count));
  }

  /** Closes everything. @returns how many timers are left */
  async close(): Promise<number> {
    await this.until(this.client.close());
    await this.terminalEndpoint.close();
    await this.until(this.server.close());
    await this.world.endpoint.close();
    await this.pass(1);
    return this.world.time.pending;
  }

  #mountBootstrap(config: BootstrapConfig, packAnswer: OutgoingResponse | undefined): void {
    const { time, store, endpoint, server } = this.world;
    const configs = new MemoryBootstrapConfigStore();
    void configs.put(undefined, config);
    const bootstrap = new BootstrapServer({
      configs,
      profile: openProfile(store),
      model: omaObjects,
      clock: time,
      timers: time,
    });
    bootstrap.events.on('bootstrap-finished', (event) => this.bootstraps.push(event));
    const tree = new ResourceTree();
    for (const { path, handler } of [...server.mounts(endpoint), ...bootstrap.mounts(endpoint)]) {
      tree.mount(path, packAnswer && path[0] === 'bspack' ? () => packAnswer : handler);
    }
    endpoint.handle(tree.handle);
  }
}
