import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { LoginDoor } from '@yaolian/igrs/conformance';
import type { Duration } from '@yaolian/kernel';
import { listenXmpp, nodeTimers, type TlsCredentials, type XmppListener } from '@yaolian/node-runtime';
import type { XmppTransport } from '@yaolian/xmpp';
import { cliErrors } from '../errors.ts';

/** Where clients connect, by how TLS comes about. */
interface Places {
  /** `127.0.0.1:5222` */
  readonly starttls: string;
  readonly direct: string;
}

type Certificate = 'own' | 'strange';

interface Waiting {
  readonly socket: Socket;
  readonly isDirect: boolean;
}

/** Connections that wait for their turn; more than that are cut off. */
const mostWaiting = 64;

/** Takes the connections of a client: the suite answers them itself, or they go on to the message server. */
export class ClientDoor implements LoginDoor, AsyncDisposable {
  readonly #behind: Places;
  readonly #listeners: ReadonlyMap<string, XmppListener>;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #transports: XmppTransport[] = [];
  #waiting: Waiting[] = [];
  #isOpen = false;
  #look = () => {};
  starttls = '';
  direct = '';

  private constructor(behind: Places, listeners: ReadonlyMap<string, XmppListener>) {
    this.#behind = behind;
    this.#listeners = listeners;
  }

  /** @throws CLI_USAGE when a port is taken */
  static async open(
    { host, port, tlsPort }: { readonly host: string; readonly port: number; readonly tlsPort: number },
    behind: Places,
    credentials: Readonly<Record<Certificate, TlsCredentials>>,
  ): Promise<ClientDoor> {
    const listeners = new Map<string, XmppListener>();
    for (const certificate of ['own', 'strange'] as const) {
      for (const direct of [false, true]) {
        const tls = { credentials: credentials[certificate] };
        const listener = await listenXmpp({ host: '127.0.0.1', port: 0, tls, direct });
        listeners.set(`${certificate} ${direct}`, listener);
      }
    }
    const door = new ClientDoor(behind, listeners);
    try {
      door.starttls = await door.#listen(host, port, false, '--port');
      door.direct = await door.#listen(host, tlsPort, true, '--tls-port');
      return door;
    } catch (error) {
      await door[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #listen(host: string, port: number, isDirect: boolean, flag: string): Promise<string> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#take(socket, isDirect),
    );
    this.#servers.push(server);
    await once(server.listen(port, host), 'listening').catch((error: Error) => {
      throw cliErrors.CLI_USAGE(`the message server (${flag}) cannot be there: ${error.message}`);
    });
    const { address, family, port: given } = server.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${given}`;
  }

  #take(socket: Socket, isDirect: boolean): void {
    this.#keep(socket);
    if (this.#isOpen) {
      this.#passOn(socket, isDirect ? this.#behind.direct : this.#behind.starttls);
      return;
    }
    if (this.#waiting.length >= mostWaiting) socket.destroy();
    else this.#waiting.push({ socket, isDirect });
    this.#look();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #passOn(socket: Socket, place: string): Socket {
    const { hostname, port } = new URL(`tcp://${place}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    const far = connect({ host, port: Number(port), allowHalfOpen: true });
    this.#keep(far);
    socket.pipe(far);
    far.pipe(socket);
    socket.once('close', () => far.destroy());
    far.once('close', () => socket.destroy());
    return far;
  }

  async next(certificate: Certificate, timeout: Duration, signal: AbortSignal | undefined) {
    const came = await this.#came(timeout, signal);
    if (came === undefined) return undefined;
    const { socket, isDirect } = came;
    const listener = this.#listeners.get(`${certificate} ${isDirect}`)!;
    const { promise, resolve } = Promise.withResolvers<XmppTransport | undefined>();
    listener.accept((transport) => {
      this.#transports.push(transport);
      resolve(transport);
    });
    // Where there is no TLS there is no transport, and no connection.
    socket.once('close', () => resolve(undefined));
    this.#passOn(socket, `127.0.0.1:${listener.localAddress.port}`);
    return { isDirect, transport: await promise };
  }

  async #came(timeout: Duration, signal: AbortSignal | undefined): Promise<Waiting | undefined> {
    const { promise, resolve } = Promise.withResolvers<Waiting | undefined>();
    this.#look = () => {
      this.#waiting = this.#waiting.filter(({ socket }) => !socket.destroyed);
      const [first, ...others] = this.#waiting;
      if (first === undefined) return;
      this.#waiting = others;
      this.#look = () => {};
      resolve(first);
    };
    const giveUp = () => resolve(undefined);
    const timer = nodeTimers.schedule(timeout, giveUp);
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#look();
    try {
      return await promise;
    } finally {
      timer.cancel();
      this.#look = () => {};
      signal?.removeEventListener('abort', giveUp);
    }
  }

  open(): void {
    this.#isOpen = true;
    for (const { socket, isDirect } of this.#waiting.splice(0)) this.#take(socket, isDirect);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
    for (const transport of this.#transports) transport.abort();
    for (const socket of this.#sockets) socket.destroy();
    for (const listener of this.#listeners.values()) await listener.close();
  }
}
