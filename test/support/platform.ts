import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiClient,
  ApiProblemError,
  type JsonDevice,
  type JsonEvent,
  type ProblemCode,
  routes,
} from '@yaolian/contract';
import { CheckedApiClient } from '@yaolian/contract/testing';
import { type Log, type SocketAddress, seconds, silentLog, socketAddress } from '@yaolian/kernel';
import { type Config, type Platform, type PlatformOverrides, startPlatform } from '@yaolian/server';
import { until } from '@yaolian/testkit';
import { SchemaTap } from './schema-tap.ts';
import { onSteadyPorts, unlessInUse } from './steady-port.ts';

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
  // Otherwise, once restarted, the one after that of CoAP, which somebody else may have by then.
  'coap.dtls-port': 0,
  'coap.tcp-port': 0,
  'coap.tls-port': 0,
  'http.port': 0,
  'stop.drain': seconds(0),
  // Tests count what a terminal is asked; the one of the model reader switches it on.
  'lwm2m.read-model': false,
};

export async function openPlatform(
  config: Partial<Config> = {},
  log: Log = silentLog,
  overrides: PlatformOverrides = {},
): Promise<TestPlatform> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'yaolian-test-'));
  return onSteadyPorts((coap, http) => {
    const ports = { 'coap.port': coap, 'http.port': http };
    return start({ ...common, ...ports, 'data-dir': dataFolder, ...config }, { log, ...overrides }, undefined);
  });
}

/** A platform on a data folder that another one left, without its operators. It removes the folder when it is over. */
export async function openOnFolder(
  dataFolder: string,
  config: Partial<Config> = {},
): Promise<Pick<TestPlatform, 'httpUrl' | 'coap' | 'dataFolder' | 'platform'> & AsyncDisposable> {
  const tap = new SchemaTap();
  const overrides = { log: silentLog, watchSessions: tap.between };
  const platform = await startPlatform({ ...common, 'data-dir': dataFolder, ...config }, overrides);
  return {
    ...{ platform, dataFolder, httpUrl: urlOf(platform, 'http') },
    coap: socketAddress('127.0.0.1', Number(new URL(urlOf(platform, 'dm')).port)),
    async [Symbol.asyncDispose]() {
      await platform.stop();
      await rm(dataFolder, { recursive: true, force: true });
      tap.check();
    },
  };
}

async function start(
  config: Partial<Config>,
  overrides: PlatformOverrides,
  password: string | undefined,
): Promise<TestPlatform> {
  const tap = new SchemaTap();
  const platform = await startPlatform(config, { watchSessions: tap.between, ...overrides });
  const coapUrl = urlOf(platform, 'dm');
  const httpUrl = urlOf(platform, 'http');
  const secret = platform.adminPassword ?? password!;
  const login = new ApiClient({ baseUrl: httpUrl }).call(routes.login, { body: { password: secret } });
  const session = await login.catch(async (error: unknown) => {
    await platform.stop();
    throw error;
  });
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
      tap.check();
      const ports = { 'coap.port': coap.port, 'http.port': Number(new URL(httpUrl).port) };
      return unlessInUse(() => start({ ...config, ...ports }, overrides, secret));
    },
    async [Symbol.asyncDispose]() {
      if (isOver) return;
      isOver = true;
      await platform.stop();
      await rm(platform.dataFolder, { recursive: true, force: true });
      tap.check();
    },
  };
}

export function urlOf(platform: Pick<Platform, 'listening'>, service: string): string {
  return platform.listening.find((one) => one.service === service)!.url;
}

/** Resolves when the platform says that the device is so. */
export async function untilState(admin: ApiClient, device: string, state: JsonDevice['state']): Promise<void> {
  const shown = async () => (await admin.call(routes.showDevice, { params: { device } })).state;
  await until(async () => (await shown()) === state, `${device} to be ${state}`);
}

/** For `assert.rejects`: a problem with this code. */
export function withCode(code: ProblemCode) {
  return (error: unknown) => error instanceof ApiProblemError && error.problem.code === code;
}

/** Collects events; {@link next} waits for one. */
export class EventLog {
  readonly events: JsonEvent[] = [];
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
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
  }

  /** The first event that `wanted` is true of, past ones from number `since` on included. */
  next<E extends JsonEvent>(wanted: (event: JsonEvent) => event is E, since?: number): Promise<E>;
  next(wanted: (event: JsonEvent) => boolean, since?: number): Promise<JsonEvent>;
  next(wanted: (event: JsonEvent) => boolean, since = 0): Promise<JsonEvent> {
    const seen = () => this.events.slice(since).map((event) => event.type);
    return until(
      () => this.events.slice(since).find(wanted),
      () => `an event; there came ${seen().join(', ') || 'none'}`,
    );
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }
}
