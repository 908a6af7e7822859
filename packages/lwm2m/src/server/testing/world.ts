import { type CoapEndpoint, createCoapEndpoint, type EndpointBounds, ResourceTree } from '@yaolian/coap';
import { type Duration, failure, seconds, socketAddress, success } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { type NetworkConditions, SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import type { ObjectModel } from '../../model.ts';
import type { ServerBehaviour } from '../context.ts';
import type { EnrolmentProfile } from '../enrolment.ts';
import type { Lwm2mServerEvent } from '../events.ts';
import type { ServerLimits } from '../limits.ts';
import { Lwm2mServer } from '../lwm2m-server.ts';
import type { RequestQueueOptions } from '../request-queue/request-queue.ts';
import type { TakeValues } from '../taken-values.ts';
import { MemoryQueuedRequestStore } from './memory-queued-request-store.ts';
import { MemoryRegistrationStore } from './memory-registration-store.ts';
import { MemoryStandingStore } from './memory-standing-store.ts';
import { ScriptedTerminal } from './scripted-terminal.ts';

export const serverAddress = socketAddress('192.0.2.1', 5683);

export interface WorldOptions {
  readonly conditions?: NetworkConditions;
  readonly limits?: Partial<ServerLimits>;
  readonly behaviour?: Partial<ServerBehaviour>;
  readonly profile?: (store: MemoryRegistrationStore) => EnrolmentProfile;
  readonly seed?: number;
  /** Default: the objects of OMA's registry. */
  readonly model?: ObjectModel;
  readonly bounds?: Partial<EndpointBounds>;
  readonly queue?: Partial<RequestQueueOptions>;
  readonly takeValues?: TakeValues;
  readonly onStoring?: (event: Lwm2mServerEvent) => void;
}

/** Everybody is let in, as the device that the endpoint name says. */
export function openProfile(store: MemoryRegistrationStore): EnrolmentProfile {
  return {
    enrol: ({ endpoint }) => success({ deviceKey: endpoint }),
    registered: (deviceKey) => store.commit(`device ${deviceKey}`, () => {}),
  };
}

/**
 * Endpoint names `key;sim;;version` as of China Mobile profile A, in short: the key is the device, names that start with
 * `bad` are refused.
 */
export function keyedProfile(store: MemoryRegistrationStore): EnrolmentProfile {
  return {
    enrol: ({ endpoint }) =>
      endpoint.startsWith('bad')
        ? failure({ code: 0x83, reason: 'not on the allow-list' })
        : success({ deviceKey: endpoint.split(';')[0]! }),
    registered: (deviceKey) => store.commit(`device ${deviceKey}`, () => {}),
    versionOf: (endpoint) => endpoint.split(';')[3],
  };
}

/** A server and its terminals on a simulated network, in virtual time. */
export class World {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  readonly store: MemoryRegistrationStore;
  readonly queueStore = new MemoryQueuedRequestStore();
  readonly standingStore = new MemoryStandingStore();
  readonly events: Lwm2mServerEvent[] = [];
  readonly logged: string[] = [];
  readonly #options: WorldOptions;
  endpoint!: CoapEndpoint;
  server!: Lwm2mServer;
  #terminals = 0;
  #alive = false;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.random = new SeededRandom(options.seed ?? 1);
    const { time, random } = this;
    this.network = new SimulatedNetwork({ timers: time, random, conditions: options.conditions ?? {} });
    this.store = new MemoryRegistrationStore(time);
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.startServer();
    return world;
  }

  async startServer(): Promise<void> {
    const { time, random, store } = this;
    const {
      limits = {},
      behaviour = {},
      profile = openProfile,
      model = omaObjects,
      bounds,
      queue = {},
    } = this.#options;
    const port = this.network.port(serverAddress.host, serverAddress.port);
    this.endpoint = createCoapEndpoint({ port, clock: time, timers: time, random, ...(bounds ? { bounds } : {}) });
    const log = logInto(this.logged);
    this.server = new Lwm2mServer({
      endpoints: [{ endpoint: this.endpoint }],
      store,
      profile: profile(store),
      model,
      clock: time,
      timers: time,
      random,
      log,
      limits,
      behaviour,
      queueStore: this.queueStore,
      standingStore: this.standingStore,
      queue,
      ...(this.#options.takeValues ? { takeValues: this.#options.takeValues } : {}),
      ...(this.#options.onStoring ? { onStoring: this.#options.onStoring } : {}),
    });
    this.server.events.onAny((event) => void this.events.push(event));
    await this.server.start();
    const tree = new ResourceTree();
    for (const { path, handler, description } of this.server.mounts(this.endpoint)) {
      tree.mount(path, handler, description ? { description } : {});
    }
    this.endpoint.handle(tree.handle);
    this.#alive = true;
  }

  /** `kill -9`: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    this.store.crash();
    const isDying = (key: string) => key === serverAddress.key && !this.#alive;
    this.network.watch(({ from, to }) => (isDying(from.key) || isDying(to.key) ? 'drop' : undefined));
    this.#alive = false;
    void this.server.close();
    await this.endpoint.close();
    this.store.crash();
    this.events.length = 0;
  }

  terminal(port = 56_830): ScriptedTerminal {
    const host = `198.51.100.${++this.#terminals}`;
    return this.terminalAt(host, port);
  }

  terminalAt(host: string, port: number): ScriptedTerminal {
    const { time, random } = this;
    const endpoint = createCoapEndpoint({
      port: this.network.port(host, port),
      clock: time,
      timers: time,
      random,
    });
    return new ScriptedTerminal(endpoint, serverAddress);
  }

  /** Lets a promise come to its end, within `limit` of virtual time. */
  until<T>(promise: Promise<T>, limit: Duration = seconds(300)): Promise<T> {
    return this.time.until(promise, limit);
  }

  /** Lets pending events and answers happen. */
  settle(): Promise<void> {
    return this.time.advance(seconds(1));
  }

  /** The types of the events so far, oldest first; clears them. */
  takeEvents(): string[] {
    return this.events.splice(0).map(({ type }) => type);
  }

  eventsOf<Type extends Lwm2mServerEvent['type']>(type: Type) {
    return this.events.filter((event) => event.type === type) as Extract<Lwm2mServerEvent, { type: Type }>[];
  }
}

const errorField = 'error';

function logInto(lines: string[]) {
  const write = (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push(`${message} ${fields?.[errorField] ?? ''}`.trim());
  const log = { debug: () => {}, info: () => {}, warn: write, error: write, child: () => log };
  return log;
}
