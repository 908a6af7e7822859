import { type DatagramListener, type DatagramPort, encodeUtf8, type Peer, socketAddress } from '@yaolian/kernel';
import { nodeCrypto } from '@yaolian/node-runtime';
import { CountingMeter, type NetworkConditions, SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { createDtlsClient, type DtlsClient, type DtlsClientOptions } from '../src/client/client.ts';
import type { ClientCredentials, ServerCredentials } from '../src/credentials.ts';
import type { CryptoPort } from '../src/crypto/crypto-port.ts';
import type { CloseReason, HandshakeFailure } from '../src/options.ts';
import { createDtlsServer, type DtlsServer, type DtlsServerOptions } from '../src/server/server.ts';
import type { DtlsSession } from '../src/session/session.ts';

export const serverAddress = socketAddress('192.0.2.2', 5684);
export const clientAddress = socketAddress('192.0.2.1', 40_000);
export const text = encodeUtf8;

export interface WorldOptions {
  readonly seed?: number;
  readonly conditions?: NetworkConditions;
  /** Milliseconds since 1970. */
  readonly now?: number;
  readonly crypto?: CryptoPort;
  readonly server?: Partial<DtlsServerOptions>;
  readonly client?: Partial<DtlsClientOptions>;
}

export const pskKey = text('0123456789abcdef');
export const serverPsk: ServerCredentials = {
  psk: (identity) => (String.fromCharCode(...identity) === 'thermometer-1' ? pskKey : undefined),
};
export const clientPsk: ClientCredentials = { psk: { identity: text('thermometer-1'), key: pskKey } };

/** A server that answers each datagram with itself in capitals, and a client, on a simulated network. */
export class World {
  readonly time: VirtualTime;
  readonly network: SimulatedNetwork;
  readonly server: DtlsServer;
  readonly client: DtlsClient;
  readonly meter = new CountingMeter('dtls_');
  readonly clientMeter = new CountingMeter('dtls_');
  readonly opened: DtlsSession[] = [];
  readonly closed: CloseReason[] = [];
  readonly failures: HandshakeFailure[] = [];
  readonly requests: { readonly datagram: Uint8Array; readonly from: Peer }[] = [];
  readonly answers: string[] = [];
  readonly errors: string[] = [];
  readonly #random: SeededRandom;
  readonly #sockets = new Map<string, DatagramPort>();
  readonly #options: WorldOptions;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.time = new VirtualTime(options.now ?? Date.UTC(2027, 5, 1));
    this.#random = new SeededRandom(options.seed ?? 1);
    this.network = new SimulatedNetwork({
      timers: this.time,
      random: this.#random,
      conditions: options.conditions ?? {},
    });
    this.server = this.openServer();
    this.client = this.openClient();
  }

  openServer(more: Partial<DtlsServerOptions> = {}): DtlsServer {
    const server = createDtlsServer({
      ...this.#ports(serverAddress.host, serverAddress.port),
      credentials: serverPsk,
      meter: this.meter,
      sessions: {
        onSessionOpened: (session) => this.opened.push(session),
        onSessionClosed: (_, reason) => this.closed.push(reason),
        onHandshakeFailed: (failure) => this.failures.push(failure),
      },
      ...this.#options.server,
      ...more,
    });
    server.listen({
      onDatagram: (datagram, from) => {
        this.requests.push({ datagram, from });
        server.send(text(String.fromCharCode(...datagram).toUpperCase()), from);
      },
      onSendError: (error) => this.errors.push((error as Error & { code: string }).code),
    });
    return server;
  }

  openClient(more: Partial<DtlsClientOptions> = {}, host = clientAddress.host, port = clientAddress.port): DtlsClient {
    const client = createDtlsClient({
      ...this.#ports(host, port),
      credentials: clientPsk,
      meter: this.clientMeter,
      ...this.#options.client,
      ...more,
    });
    client.listen(this.clientListener);
    return client;
  }

  readonly clientListener: DatagramListener = {
    onDatagram: (datagram) => this.answers.push(String.fromCharCode(...datagram)),
    onSendError: (error) => this.errors.push((error as Error & { code: string }).code),
  };

  #ports(host: string, port: number) {
    const crypto = this.#options.crypto ?? nodeCrypto;
    const socket = this.network.port(host, port);
    this.#sockets.set(socket.localAddress.key, socket);
    return { port: socket, clock: this.time, timers: this.time, random: this.#random, crypto };
  }

  /** Puts a datagram on the network, as if a side had sent it. */
  inject(datagram: Uint8Array, from: 'client' | 'server'): void {
    const { key } = from === 'client' ? clientAddress : serverAddress;
    this.#sockets.get(key)!.send(datagram, from === 'client' ? serverAddress : clientAddress);
  }

  /** Sends `hello` and says what came back within `limit` of virtual seconds. */
  async ask(client = this.client, question = 'hello', limit = 200): Promise<string | undefined> {
    const before = this.answers.length;
    client.send(text(question), serverAddress);
    for (let passed = 0; passed < limit * 1000; passed += 50) {
      await this.time.advance(50 as never);
      if (this.answers.length > before) return this.answers[before];
      if (this.errors.length > 0) return undefined;
    }
    return undefined;
  }
}
