import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, type JsonEvent, routes } from '@yaolian/contract';
import { CheckedApiClient } from '@yaolian/contract/testing';
import { type Log, type SocketAddress, seconds, silentLog, socketAddress } from '@yaolian/kernel';
import { type Config, type Platform, type PlatformOverrides, startPlatform } from '@yaolian/server';

/** A platform on free ports of loopback with a data folder of its own. */
export interface TestPlatform extends AsyncDisposable {
  readonly platform: Platform;
  /** Where terminals find it. */
  readonly coap: SocketAddress;
  readonly httpUrl: string;
  readonly dataFolder: string;
  readonly admin: ApiClient;
  /** Stops it and starts another one on the same data and ports. */
  restart(): Promise<TestPlatform>;
}

const common: Partial<Config> = {
  'coap.host': '127.0.0.1',
  'coap.port': 0,
  'coap.tcp-port': 0,
  'coap.tls-port': 0,
  'http.port': 0,
  'stop.drain': seconds(0),
};

export async function openPlatform(config: Partial<Config> = {}, log: Log = silentLog): Promise<TestPlatform> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'yaolian-test-'));
  return start({ ...common, 'data-dir': dataFolder, ...config }, { log }, undefined);
}

async function start(
  config: Partial<Config>,
  overrides: PlatformOverrides,
  password: string | undefined,
): Promise<TestPlatform> {
  const platform = await startPlatform(config, overrides);
  const coapUrl = urlOf(platform, 'dm');
  const httpUrl = urlOf(platform, 'http');
  const secret = platform.adminPassword ?? password!;
  const session = await new ApiClient({ baseUrl: httpUrl }).call(routes.login, { body: { password: secret } });
  const coap = socketAddress('127.0.0.1', Number(new URL(coapUrl).port));
  let isOver = false;
  return {
    platform,
    coap,
    httpUrl,
    dataFolder: platform.dataFolder,
    admin: new CheckedApiClient({ baseUrl: httpUrl, token: session.token }),
    async restart() {
      isOver = true;
      await platform.stop();
      const ports = { 'coap.port': coap.port, 'http.port': Number(new URL(httpUrl).port) };
      return start({ ...config, ...ports }, overrides, secret);
    },
    async [Symbol.asyncDispose]() {
      if (isOver) return;
      isOver = true;
      await platform.stop();
      await rm(platform.dataFolder, { recursive: true, force: true });
    },
  };
}

export function urlOf(platform: Pick<Platform, 'listening'>, service: string): string {
  return platform.listening.find((one) => one.service === service)!.url;
}

/** Collects events; {@link next} waits for one. */
export class EventLog {
  readonly events: JsonEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #abort = new AbortController();
  #ended: Promise<void> | undefined;

  /** Resolves when the stream has begun. */
  static async open(client: ApiClient, query: Parameters<ApiClient['events']>[0] = {}): Promise<EventLog> {
    const log = new EventLog();
    const opened = Promise.withResolvers<void>();
    log.#ended = log.#read(client, { ...query, onOpen: () => opened.resolve() }).catch(opened.reject);
    await opened.promise;
    return log;
  }

  async #read(client: ApiClient, query: Parameters<ApiClient['events']>[0] = {}): Promise<void> {
    try {
      for await (const event of client.events({ ...query, signal: this.#abort.signal })) {
        this.events.push(event);
        for (const look of [...this.#waiting]) look();
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
  }

  /** The first event that `wanted` is true of, past ones from number `since` on included. */
  next<E extends JsonEvent>(wanted: (event: JsonEvent) => event is E, since?: number): Promise<E>;
  next(wanted: (event: JsonEvent) => boolean, since?: number): Promise<JsonEvent>;
  next(wanted: (event: JsonEvent) => boolean, since = 0): Promise<JsonEvent> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.slice(since).find(wanted);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }
}
