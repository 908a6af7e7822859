import {
  type CoapEndpoint,
  Code,
  createCoapEndpoint,
  formatCode,
  type IncomingRequest,
  type IncomingResponse,
  type Observation,
  type OutgoingRequest,
  type OutgoingResponse,
} from '@yaolian/coap';
import { decodeUtf8, type Peer, seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { Lwm2mClient } from '../client.ts';
import type { Lwm2mClientOptions } from '../client-options.ts';
import type { ClientEvent } from '../events.ts';

type Answer = OutgoingResponse | Promise<OutgoingResponse> | undefined;

/** A CoAP peer at a fixed address that answers a terminal by a script and keeps what it was asked. */
export class ScriptedServer {
  readonly endpoint: CoapEndpoint;
  readonly requests: IncomingRequest[] = [];
  /** Answers instead of the polite default where it returns something. */
  script: (request: IncomingRequest) => Answer = () => undefined;
  #registrations = 0;

  constructor(world: TerminalWorld, host: string, port: number) {
    this.endpoint = createCoapEndpoint({
      port: world.network.port(host, port),
      clock: world.time,
      timers: world.time,
      random: new SeededRandom(port),
    });
    this.endpoint.handle((request) => {
      this.requests.push(request);
      return this.script(request) ?? this.#polite(request);
    });
  }

  /** `POST /rd?ep=a&lt=60`, one line per request, in the order they came. */
  get asked(): string[] {
    return this.requests.map(describeRequest);
  }

  /** The lines since the last call. */
  takeAsked(): string[] {
    return this.requests.splice(0).map(describeRequest);
  }

  #polite(request: IncomingRequest): OutgoingResponse {
    if (request.method === Code.DELETE) return { code: Code.Deleted };
    if (request.path[0] !== 'rd' || request.path.length > 1) return { code: Code.Changed };
    this.#registrations++;
    return { code: Code.Created, locationPath: ['rd', String(this.#registrations)] };
  }
}

function describeRequest({ method, path, query }: IncomingRequest): string {
  const name = Object.entries(Code).find(([, code]) => code === method)?.[0];
  return `${name} /${path.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** A terminal, its servers and the network between them, in virtual time. */
export class TerminalWorld {
  readonly time = new VirtualTime();
  readonly network = new SimulatedNetwork({ timers: this.time, random: new SeededRandom(7) });
  readonly server = new ScriptedServer(this, '192.0.2.1', 5683);
  readonly terminal: Peer = socketAddress('192.0.2.9', 56_830);
  readonly events: ClientEvent[] = [];
  #client: Lwm2mClient | undefined;
  #endpoint: CoapEndpoint | undefined;

  static readonly uri = 'coap://192.0.2.1';

  addServer(host: string, port = 5683): ScriptedServer {
    return new ScriptedServer(this, host, port);
  }

  /** Makes the terminal; without servers in the options it has the one of the world, lifetime 60 s. */
  client(options: Partial<Lwm2mClientOptions> = {}): Lwm2mClient {
    const { host, port } = this.terminal.address;
    this.#endpoint = createCoapEndpoint({
      port: this.network.port(host, port),
      clock: this.time,
      timers: this.time,
      random: new SeededRandom(3),
    });
    const servers = options.bootstrap ? [] : [{ uri: TerminalWorld.uri, lifetime: seconds(300) }];
    this.#client = new Lwm2mClient({
      endpointName: 'terminal',
      transport: this.#endpoint,
      clock: this.time,
      timers: this.time,
      random: new SeededRandom(5),
      servers,
      retry: { jitter: 0 },
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    return this.#client;
  }

  /** The terminal's endpoint, once there is one. */
  get transport(): CoapEndpoint {
    return this.#endpoint!;
  }

  /** Makes a terminal and waits until it is registered. */
  async registered(options: Partial<Lwm2mClientOptions> = {}): Promise<Lwm2mClient> {
    const client = this.client(options);
    client.start();
    await this.time.until(client.registered(), seconds(600));
    await this.time.advance(seconds(1));
    this.server.takeAsked();
    return client;
  }

  /** The terminal's process ends, without a word to its servers: make another one. */
  async end(): Promise<void> {
    await this.time.until(this.#client!.close({ deregister: false }), seconds(600));
    await this.#endpoint!.close();
  }

  async pass(count: number): Promise<void> {
    await this.time.advance(seconds(count));
  }

  /** A request of the server, or another one, to the terminal. */
  ask(request: OutgoingRequest, server = this.server): Promise<IncomingResponse> {
    return this.time.until(server.endpoint.request(this.terminal, request), seconds(300));
  }

  get(path: string, accept?: number, server = this.server): Promise<IncomingResponse> {
    return this.ask({ method: Code.GET, path, ...(accept === undefined ? {} : { accept }) }, server);
  }

  put(path: string, payload: string | Uint8Array, contentFormat = 0): Promise<IncomingResponse> {
    return this.ask({ method: Code.PUT, path, contentFormat, payload: bytesOf(payload) });
  }

  post(path: string, payload: string | Uint8Array = '', contentFormat?: number): Promise<IncomingResponse> {
    const format = contentFormat === undefined ? {} : { contentFormat };
    return this.ask({ method: Code.POST, path, payload: bytesOf(payload), ...format });
  }

  writeAttributes(path: string, ...query: string[]): Promise<IncomingResponse> {
    return this.ask({ method: Code.PUT, path, query });
  }

  delete(path: string, server = this.server): Promise<IncomingResponse> {
    return this.ask({ method: Code.DELETE, path }, server);
  }

  /** Observes; notifications come as `whole seconds since now: text`. */
  async observe(path: string, accept?: number): Promise<Observed> {
    const heard: string[] = [];
    const responses: IncomingResponse[] = [];
    const began = this.time.monotonic();
    const request = { method: Code.GET, path, ...(accept === undefined ? {} : { accept }) };
    const ended: string[] = [];
    const listener = {
      onEnded: (reason: string) => {
        ended.push(reason);
      },
      onNotification: (response: IncomingResponse) => {
        responses.push(response);
        heard.push(`${Math.floor((this.time.monotonic() - began) / 1000)}: ${text(response)}`);
      },
    };
    const asked = this.server.endpoint.observe(this.terminal, request, listener);
    const { response, observation } = await this.time.until(asked, seconds(300));
    return { response, observation, heard, responses, ended };
  }

  /** Closes everything; a test that ends so knows that no timer is left. */
  async close(): Promise<number> {
    const closed = this.#client?.close();
    if (closed) await this.time.until(closed, seconds(600));
    await this.#endpoint?.close();
    await this.server.endpoint.close();
    await this.time.advance(seconds(1));
    return this.time.pending;
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

export interface Observed {
  readonly response: IncomingResponse;
  readonly observation: Observation | undefined;
  readonly heard: string[];
  readonly responses: IncomingResponse[];
  /** Why the observation ended, once it did. */
  readonly ended: string[];
}

export function text(response: IncomingResponse): string {
  return decodeUtf8(response.payload) ?? '(not text)';
}

/** `2.05 21.5` */
export function brief(response: IncomingResponse): string {
  return `${formatCode(response.code)} ${text(response)}`.trim();
}

export function code(response: IncomingResponse): string {
  return formatCode(response.code);
}

function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
}
