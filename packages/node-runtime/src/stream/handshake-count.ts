import type { Server, Socket } from 'node:net';

/** How many connections may be nobody's yet. One more is reset at once. */
export interface HandshakeBounds {
  /** Connections that shake hands at a time. Default 10,000. */
  readonly maximumHandshakes?: number;
  /** The same, from one address. Default 1000. */
  readonly maximumHandshakesPerHost?: number;
}

/** Connections that are nobody's yet, as the server counts those that it was given. */
export class HandshakeCount {
  readonly #maximum: number;
  readonly #maximumPerHost: number;
  readonly #hosts = new Map<string, number>();
  #size = 0;

  constructor({ maximumHandshakes = 10_000, maximumHandshakesPerHost = 1000 }: HandshakeBounds) {
    this.#maximum = maximumHandshakes;
    this.#maximumPerHost = maximumHandshakesPerHost;
  }

  /** Counts it, if there is room. @returns what ends that, once; undefined: there is no room */
  admit(socket: Socket): (() => void) | undefined {
    const host = socket.remoteAddress ?? '';
    const ofHost = this.#hosts.get(host) ?? 0;
    if (this.#size >= this.#maximum || ofHost >= this.#maximumPerHost) return undefined;
    this.#hosts.set(host, ofHost + 1);
    this.#size++;
    let isCounted = true;
    return () => {
      if (isCounted) this.#release(host);
      isCounted = false;
    };
  }

  #release(host: string): void {
    const left = this.#hosts.get(host)! - 1;
    this.#size--;
    if (left === 0) this.#hosts.delete(host);
    else this.#hosts.set(host, left);
  }
}

/** Stands before a server that shakes hands on connections, and turns away those for which there is no room. */
export class HandshakeGate {
  /** What ends the counting of a connection, by its addresses. */
  readonly #shaking = new Map<string, () => void>();

  constructor(server: Server, bounds: HandshakeBounds) {
    const count = new HandshakeCount(bounds);
    // A listener in front of the server's own could not keep a connection from it.
    const own = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      const release = count.admit(socket);
      if (release === undefined) {
        socket.resetAndDestroy();
        return;
      }
      const key = socketKey(socket);
      const leave = () => {
        release();
        // The next connection between the same addresses has its own.
        if (this.#shaking.get(key) === leave) this.#shaking.delete(key);
      };
      this.#shaking.set(key, leave);
      socket.once('close', leave);
      for (const listener of own) listener.call(server, socket);
    });
  }

  /** It is known now who this is. @param socket what came in, or TLS upon it */
  through(socket: Socket): void {
    this.#shaking.get(socketKey(socket))?.();
  }
}

/** The addresses of both ends. Of sockets that were reset nobody knows them. */
export function socketKey({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
