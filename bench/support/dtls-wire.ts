/** DTLS client and server joined by a queue in place of a network. */
import { readFileSync } from 'node:fs';
import {
  type CipherSuiteName,
  type ClientCredentials,
  type CryptoPort,
  createDtlsClient,
  createDtlsServer,
  type DtlsServerOptions,
  type ServerCredentials,
} from '@yaolian/dtls';
import { type DatagramListener, type DatagramPort, encodeUtf8, type Peer, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers } from '@yaolian/node-runtime';

/** Two ports joined by a queue: what one sends, the other gets. */
export class Wire {
  readonly #queue: (() => void)[] = [];

  port(host: string, other: () => Plug | undefined): Plug {
    return new Plug(socketAddress(host, 5684), this.#queue, other);
  }

  run(): void {
    for (let step = this.#queue.shift(); step !== undefined; step = this.#queue.shift()) step();
  }
}

export class Plug implements DatagramPort {
  readonly localAddress: ReturnType<typeof socketAddress>;
  readonly #queue: (() => void)[];
  readonly #other: () => Plug | undefined;
  listener: DatagramListener | undefined;
  from: Peer;

  constructor(address: ReturnType<typeof socketAddress>, queue: (() => void)[], other: () => Plug | undefined) {
    this.localAddress = address;
    this.from = address;
    this.#queue = queue;
    this.#other = other;
  }

  listen(listener: DatagramListener): void {
    this.listener = listener;
  }

  send(datagram: Uint8Array): void {
    const { from } = this;
    this.#queue.push(() => this.#other()?.listener?.onDatagram(datagram, from, false));
  }

  async close(): Promise<void> {}
}

const folder = new URL('../../packages/dtls/test/certificates/', import.meta.url);
const pem = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const der = (name: string) => new Uint8Array(Buffer.from(pem(`${name}.pem`).replaceAll(/-----.*-----/g, ''), 'base64'));
export const key = encodeUtf8('0123456789abcdef');
export const serverAddress = socketAddress('192.0.2.2', 5684);

/** A server that sends back what it gets, and a client. `queue.run()` lets datagrams through. */
export function joinedByWire(
  crypto: CryptoPort,
  suite: CipherSuiteName,
  resumes: boolean,
  more: Partial<DtlsServerOptions> = {},
) {
  const own = (name: string) => ({ privateKey: crypto.importPrivateKey(pem(`${name}.key`)), chain: [der(name)] });
  const authorities = [der('ca')];
  const serverSide: ServerCredentials = { psk: () => key, own: [own('server')], trust: { authorities } };
  const clientSide: ClientCredentials = {
    psk: { identity: encodeUtf8('me'), key },
    own: [own('client')],
    trust: { authorities },
    serverName: 'server.example',
  };
  const wire = new Wire();
  const plugs: { server?: Plug; client?: Plug; heard?: DatagramListener | undefined } = {};
  plugs.server = wire.port('192.0.2.2', () => plugs.client);
  plugs.client = wire.port('192.0.2.1', () => plugs.server);
  const common = {
    clock: more.clock ?? nodeClock,
    timers: more.timers ?? nodeTimers,
    random: nodeRandom,
    crypto,
    cipherSuites: [suite],
  };
  const server = createDtlsServer({ ...common, port: plugs.server, credentials: serverSide, ...more });
  const client = createDtlsClient({ ...common, port: plugs.client, credentials: clientSide, resumes });
  server.listen({ onDatagram: (datagram, from) => server.send(datagram, from) });
  let answers = 0;
  client.listen({ onDatagram: () => void answers++ });
  return { wire, server, client, plugs, answers: () => answers };
}
