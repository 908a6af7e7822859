import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { startPinned } from './pinned-process.ts';
import { platformArgs } from './platform-args.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What there is when the platform starts. */
export interface RaNeeds {
  readonly users: number;
  /** That speak RA themselves. */
  readonly devices: number;
  /** Terminal `ti` is of user `u(i mod users)`. */
  readonly terminals: number;
  /** So many of the users own `d0`. */
  readonly ownersOfFirst: number;
  /** So many devices have an owner, device `di` the user `u(i mod users)`. */
  readonly boundDevices: number;
}

export type RaQuestion =
  | { readonly kind: 'usage' }
  /** As `usage`, after a collection of the heap where the server can do one (`--expose-gc`). */
  | { readonly kind: 'memory' }
  /** Reads the first terminal. */
  | { readonly kind: 'read-once' }
  /** Reads terminals as the platform does by itself, so many at once. */
  | { readonly kind: 'read'; readonly seconds: number; readonly lanes: number };

export interface RaUsage {
  /** Microseconds of all its life. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  /** Connections of the message server. */
  readonly sessions: number;
}

/** The verification code of `d7`: digits alone, so that it is what is digested. */
export function codeOf(device: string): string {
  return String(1_000_000 + Number(device.slice(1)));
}

export const raDomain = 'home.example';

/** A platform with Remote Access in a process of its own, on its core. */
export class RaServer {
  readonly pid: number;
  readonly folder: string;
  readonly ports: { readonly xmpp: number; readonly coap: number; readonly http: number };
  readonly #child: ChildProcess;
  readonly #kill: () => Promise<void>;
  readonly #authorities: Uint8Array;

  private constructor(child: ChildProcess, folder: string, ports: RaServer['ports'], kill: () => Promise<void>) {
    this.#child = child;
    this.pid = child.pid!;
    this.folder = folder;
    this.ports = ports;
    this.#kill = kill;
    this.#authorities = readFileSync(join(folder, 'tls', 'certificate.pem'));
  }

  /** @param nodeArgs of node itself, such as `--cpu-prof` */
  static async start(needs: RaNeeds, nodeArgs: readonly string[] = []): Promise<RaServer> {
    const folder = temporaryFolder();
    const program = join(import.meta.dirname, 'servers', 'ra-platform.ts');
    let child: ChildProcess | undefined;
    let line = '';
    const server = await startPinned(
      [process.execPath, ...platformArgs, ...nodeArgs, program, folder, JSON.stringify(needs)],
      {
        answersMessages: true,
        isReady: async (started) => {
          child = started;
          [line] = (await once(started.stdout!, 'data')).map(String) as [string];
          started.stdout!.resume();
        },
      },
    );
    return new RaServer(child!, folder, JSON.parse(line) as RaServer['ports'], () => server.stop());
  }

  async usage(): Promise<RaUsage> {
    return (await this.#ask({ kind: 'usage' })) as RaUsage;
  }

  async memory(): Promise<RaUsage> {
    return (await this.#ask({ kind: 'memory' })) as RaUsage;
  }

  /** @returns how many */
  async read(seconds: number, lanes: number): Promise<number> {
    return ((await this.#ask({ kind: 'read', seconds, lanes })) as { readonly count: number }).count;
  }

  /** @returns microseconds that it took */
  async readOnce(): Promise<number> {
    return ((await this.#ask({ kind: 'read-once' })) as { readonly took: number }).took;
  }

  async #ask(question: RaQuestion): Promise<unknown> {
    this.#child.send(question);
    const [answer] = await once(this.#child, 'message');
    return answer;
  }

  /** A client over TLS, connected. */
  async client(name: string, listener: XmppClientListener = {}): Promise<XmppClient> {
    const tls = { authorities: this.#authorities };
    const client = new XmppClient({
      jid: Jid.parse(`${name}@${raDomain}`)!,
      connector: xmppConnector({ domain: raDomain, host: '127.0.0.1', port: this.ports.xmpp, direct: true, tls }),
      mechanisms: scramClients({ crypto: saslCrypto, username: name, password: 'secret' }),
      ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
    });
    await client.connect();
    return client;
  }

  /** Ends it so that it writes its profile; the folder stays until this process ends. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    await this.#kill();
  }
}
