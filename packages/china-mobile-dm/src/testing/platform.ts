import {
  type CoapEndpoint,
  Code,
  createCoapEndpoint,
  type IncomingRequest,
  type IncomingResponse,
  type OutgoingRequest,
  type OutgoingResponse,
  ResourceTree,
} from '@yaolian/coap';
import { encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { type BootstrapEvent, BootstrapServer, MemoryBootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import { type EnrolmentDevices, Lwm2mServer, type ServerBehaviour } from '@yaolian/lwm2m/server';
import { MemoryRegistrationStore } from '@yaolian/lwm2m/testing';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { createProfileA } from '../profile-a.ts';

const address = socketAddress('192.0.2.1', 5683);

/** A platform of profile A and terminals that do what a test says, on a simulated network in virtual time. */
export class Platform {
  readonly time = new VirtualTime();
  readonly random = new SeededRandom(7);
  readonly network = new SimulatedNetwork({ timers: this.time, random: this.random });
  readonly allowed = new Set<string>();
  readonly records: Parameters<EnrolmentDevices['recordRegistration']>[0][] = [];
  readonly bootstrapEvents: BootstrapEvent[] = [];
  enrolmentMode: 'open' | 'allow-list' = 'open';
  readonly server: Lwm2mServer;
  #terminals = 0;

  private constructor(configs: MemoryBootstrapConfigStore, behaviour: Partial<ServerBehaviour>) {
    const { time, random } = this;
    const endpoint = this.endpointAt(address.host, address.port);
    const devices: EnrolmentDevices = {
      isAllowed: (key) => this.allowed.has(key),
      recordRegistration: async (record) => void this.records.push(record),
    };
    const profile = createProfileA({ devices, enrolmentMode: () => this.enrolmentMode });
    const shared = { profile, model: omaObjects, clock: time, timers: time, random };
    const store = new MemoryRegistrationStore();
    this.server = new Lwm2mServer({ ...shared, endpoints: [{ endpoint }], store, behaviour });
    const bootstrap = new BootstrapServer({ ...shared, configs });
    bootstrap.events.onAny((event) => void this.bootstrapEvents.push(event));
    const tree = new ResourceTree();
    for (const { path, handler } of [...this.server.mounts(endpoint), ...bootstrap.mounts(endpoint)]) {
      tree.mount(path, handler);
    }
    endpoint.handle(tree.handle);
  }

  static async open(behaviour: Partial<ServerBehaviour> = {}): Promise<Platform> {
    const configs = new MemoryBootstrapConfigStore();
    await configs.put(undefined, {
      security: [{ instanceId: 1, uri: 'coap://192.0.2.1:5683', shortServerId: 1 }],
      servers: [{ instanceId: 1, shortServerId: 1 }],
    });
    const platform = new Platform(configs, behaviour);
    await platform.server.start();
    return platform;
  }

  terminal(): Terminal {
    return new Terminal(this, this.endpointAt(`198.51.100.${++this.#terminals}`, 56_830));
  }

  until<T>(promise: Promise<T>): Promise<T> {
    return this.time.until(promise, seconds(600));
  }

  endpointAt(host: string, port: number): CoapEndpoint {
    const { time, random } = this;
    return createCoapEndpoint({ port: this.network.port(host, port), clock: time, timers: time, random });
  }
}

export class Terminal {
  readonly #platform: Platform;
  readonly #endpoint: CoapEndpoint;
  /** Every request of the platform, in order. */
  readonly requests: IncomingRequest[] = [];
  /** What it answers to all of them. */
  answer: (request: IncomingRequest) => OutgoingResponse = () => ({ code: Code.NotFound });

  constructor(platform: Platform, endpoint: CoapEndpoint) {
    this.#platform = platform;
    this.#endpoint = endpoint;
    endpoint.handle((request) => {
      this.requests.push(request);
      if (request.observer && this.answer(request).code === Code.Content) request.observer.accept(() => {});
      return this.answer(request);
    });
  }

  ask(request: OutgoingRequest): Promise<IncomingResponse> {
    return this.#platform.until(this.#endpoint.request(address, request));
  }

  register(name: string, query: readonly string[] = [], links = '</>;rt="oma.lwm2m",</1/0>,</3/0>,</6/0>') {
    const request = { method: Code.POST, path: ['rd'], contentFormat: 40, payload: encodeUtf8(links) };
    return this.ask({ ...request, query: [`ep=${name}`, ...query] });
  }
}
