import {
  createCoapEndpoint,
  createStreamCoapEndpoint,
  ResourceTree,
  type StreamCoapEndpoint,
  type StreamCoapEndpointOptions,
} from '@yaolian/coap';
import { type Duration, seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom, SimulatedNetwork, SimulatedStreams, VirtualTime } from '@yaolian/testkit';
import { Lwm2mClient } from '../../client/client.ts';
import type { Lwm2mClientOptions } from '../../client/client-options.ts';
import { transportConnector } from '../../client/connection.ts';
import type { ClientEvent } from '../../client/events.ts';
import { conformanceObjects } from '../../client/testing/conformance-terminal.ts';
import type { Lwm2mServerEvent } from '../events.ts';
import { Lwm2mServer } from '../lwm2m-server.ts';
import { MemoryQueuedRequestStore } from './memory-queued-request-store.ts';
import { MemoryRegistrationStore } from './memory-registration-store.ts';
import { openProfile } from './world.ts';

const host = '192.0.2.1';

export interface StreamPairOptions {
  readonly transport: 'tcp' | 'ws';
  readonly client?: Partial<Omit<Lwm2mClientOptions, 'objects'>>;
  readonly timing?: StreamCoapEndpointOptions['timing'];
}

/** Our terminal and our server over streams in virtual time. */
export class StreamPair {
  readonly time = new VirtualTime();
  readonly streams = new SimulatedStreams({ timers: this.time });
  readonly store = new MemoryRegistrationStore(this.time);
  readonly events: Lwm2mServerEvent[] = [];
  readonly clientEvents: ClientEvent[] = [];
  /** First bytes of each connection, by who wrote them. */
  readonly opened: { readonly from: string; readonly bytes: Uint8Array }[] = [];
  readonly objects = conformanceObjects([]);
  readonly client: Lwm2mClient;
  readonly #options: StreamPairOptions;
  server!: Lwm2mServer;
  endpoint!: StreamCoapEndpoint;

  private constructor(options: StreamPairOptions) {
    this.#options = options;
    const { time, streams } = this;
    const random = new SeededRandom(3);
    const seen = new Set<string>();
    streams.watch(({ from, bytes }) => {
      if (seen.has(from.key)) return;
      seen.add(from.key);
      this.opened.push({ from: from.host, bytes: Uint8Array.from(bytes) });
    });
    const machine = { clock: time, timers: time, random };
    const uri = `coap+${options.transport}://${host}:5683`;
    this.client = new Lwm2mClient({
      ...machine,
      endpointName: 'terminal',
      transport: transportConnector({
        openStreams: (_uri, _access, onLost) =>
          createStreamCoapEndpoint({
            ...machine,
            connector: streams.connector('198.51.100.1'),
            onDisconnected: onLost,
            ...(options.timing ? { timing: options.timing } : {}),
          }),
      }),
      objects: Object.values(this.objects),
      servers: [{ uri, lifetime: seconds(300) }],
      retry: { jitter: 0 },
      onEvent: (event) => this.clientEvents.push(event),
      ...options.client,
    });
  }

  static async open(options: StreamPairOptions): Promise<StreamPair> {
    const pair = new StreamPair(options);
    await pair.startServer();
    pair.client.start();
    await pair.until(pair.client.registered());
    await pair.pass(1);
    return pair;
  }

  async startServer(): Promise<void> {
    const { time, streams, store } = this;
    const machine = { clock: time, timers: time, random: new SeededRandom(5) };
    const listener = streams.listen(host, 5683, this.#options.transport === 'ws');
    this.endpoint = createStreamCoapEndpoint({ ...machine, listener });
    // As on a platform: terminals may come by UDP as well.
    const datagrams = new SimulatedNetwork({ timers: time, random: machine.random, conditions: {} });
    const udp = createCoapEndpoint({ ...machine, port: datagrams.port(host, 5683) });
    this.server = new Lwm2mServer({
      ...machine,
      endpoints: [{ endpoint: udp }, { endpoint: this.endpoint }],
      store,
      profile: openProfile(store),
      model: omaObjects,
      queueStore: new MemoryQueuedRequestStore(),
    });
    this.server.events.onAny((event) => void this.events.push(event));
    await this.server.start();
    const tree = new ResourceTree();
    for (const { path, handler } of this.server.mounts(this.endpoint)) tree.mount(path, handler);
    this.endpoint.handle(tree.handle);
  }

  /** The server ends as a process does that is stopped: its connections with it, what it stored stays. */
  async stopServer(): Promise<void> {
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
    await this.until(this.client.close());
    await this.stopServer();
  }
}
