import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  isIPv4,
  isIPv6,
  type MqttPort,
  type SocketAddress,
  seconds,
  socketAddress,
  toMilliseconds,
} from '@yaolian/kernel';
import type { IClientOptions, MqttClient } from 'mqtt';
import { clientTlsOptions, type TlsClientOptions } from '../stream/tls-options.ts';
import { listenForAlert } from '../tls/alert.ts';

export interface MqttConnectionOptions {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Over TLS. Absent: in the clear. */
  readonly tls?: TlsClientOptions;
  /** What is subscribed to, at each connection anew. */
  readonly filters: readonly string[];
  /** Absent or empty: the broker makes one. */
  readonly clientId?: string;
  readonly userName?: string;
  readonly password?: Uint8Array;
  /** Whole seconds; default 60. */
  readonly keepAlive?: number;
  /** Default true. */
  readonly cleanSession?: boolean;
  readonly will?: {
    readonly topic: string;
    readonly message: string;
    readonly qos: number;
    readonly retain: boolean;
  };
  /** It is connected and subscribed. */
  readonly onUp?: () => void;
  /** @param why a sentence for people; undefined: the connection went, nobody said why */
  readonly onDown?: (why: string | undefined) => void;
}

/** A connection to a broker, made and made again in the background. */
export interface MqttConnection extends MqttPort {
  /**
   * Resolves when it is subscribed for the first time.
   * @throws Error, a sentence for people, when the first attempt fails; whatever `signal` gives as its reason
   */
  subscribed(signal: AbortSignal): Promise<void>;
}

const retryEvery = toMilliseconds(seconds(5));
const connectTimeout = toMilliseconds(seconds(10));
/** MQTT 3.1.1 §3.2.2.3 and MQTT 5 §3.2.2.2: the broker speaks another version. */
const otherVersion: ReadonlySet<unknown> = new Set([1, 0x84]);

/**
 * Connects to a broker by MQTT 5, or 3.1.1 where it knows no other, and subscribes with quality of service 1. With MQTT 5 what is
 * published here does not come back. What was retained is not heard: it may be of any time.
 * @throws YaolianError TLS_CREDENTIALS_BAD
 */
export async function openMqttPort(options: MqttConnectionOptions): Promise<MqttConnection> {
  const open = socketOpener(options);
  const { MqttClient } = await import('mqtt'); // who does not use it does not pay for it
  return new BrokerConnection(options, (settings) => new MqttClient(open, settings));
}

class BrokerConnection implements MqttConnection {
  readonly #options: MqttConnectionOptions;
  readonly #client: MqttClient;
  readonly #first = Promise.withResolvers<void>();
  #address: SocketAddress;
  #listener: (topic: string, payload: Uint8Array) => void = () => {};
  #onLost: (why: string) => void = () => {};
  #isUp = false;
  /** What went wrong since the last connection. */
  #trouble: string | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: MqttConnectionOptions, connect: (settings: IClientOptions) => MqttClient) {
    this.#options = options;
    this.#address = addressOf(options.host, options.port);
    this.#first.promise.catch(() => {}); // nobody may be waiting
    this.#client = connect(clientSettings(options));
    const client = this.#client;
    client.on('connect', () => void this.#onConnected());
    client.on('message', (topic, payload, { retain }) => {
      if (!retain) this.#listener(topic, new Uint8Array(payload));
    });
    client.on('error', (error) => {
      if (otherVersion.has((error as { code?: unknown }).code)) client.options.protocolVersion = 4;
      else this.#down(socketTrouble(error));
    });
    client.on('disconnect', ({ reasonCode, properties }) =>
      this.#down(properties?.reasonString ?? `the broker ended the connection (reason code ${reasonCode})`),
    );
    client.on('close', () => {
      this.#giveUpUnacknowledged();
      this.#down(undefined);
      if (this.#isUp) this.#onLost(this.#whyLost);
      this.#isUp = false;
    });
  }

  get remoteAddress(): SocketAddress {
    return this.#address;
  }

  listen(listener: (topic: string, payload: Uint8Array) => void, onLost: (why: string) => void = () => {}): void {
    this.#listener = listener;
    this.#onLost = onLost;
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (!this.#client.connected) throw new Error(this.#trouble ?? 'the broker is away');
    await this.#client.publishAsync(topic, Buffer.from(payload), { qos: 1, retain: false }).catch((error: Error) => {
      if (this.#client.connected) throw error;
      throw new Error(this.#whyLost);
    });
  }

  async subscribed(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#first.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#client.endAsync(!this.#client.connected).catch(() => {});
    return this.#closed;
  }

  async #onConnected(): Promise<void> {
    const { remoteAddress, remotePort } = this.#client.stream as Socket;
    if (remoteAddress !== undefined) this.#address = addressOf(remoteAddress, remotePort ?? this.#options.port);
    try {
      for (const filter of this.#options.filters) await this.#subscribe(filter);
    } catch (error) {
      this.#down(socketTrouble(error as Error));
      return;
    }
    this.#trouble = undefined;
    this.#isUp = true;
    this.#first.resolve();
    this.#options.onUp?.();
  }

  async #subscribe(filter: string): Promise<void> {
    const granted = await this.#client.subscribeAsync(filter, { qos: 1, ...(this.#isNewer && { nl: true }) });
    if (granted.some(({ qos }) => qos >= 0x80)) throw new Error(`the broker refuses the subscription to ${filter}`);
  }

  get #whyLost(): string {
    return this.#trouble ?? 'the connection to the broker was lost';
  }

  get #isNewer(): boolean {
    return this.#client.options.protocolVersion === 5;
  }

  /** MQTT.js would send them to the next connection, when nobody may want them done any more; who published knows better. */
  #giveUpUnacknowledged(): void {
    for (const messageId of Object.keys(this.#client.outgoing)) this.#client.removeOutgoingMessage(Number(messageId));
  }

  #down(why: string | undefined): void {
    if (this.#closed) return;
    this.#trouble = why ?? this.#trouble;
    if (why !== undefined) this.#first.reject(new Error(why));
    this.#options.onDown?.(why);
  }
}

function clientSettings(options: MqttConnectionOptions): IClientOptions {
  const { clientId = '', userName, password, keepAlive = 60, cleanSession = true, will } = options;
  return {
    protocolVersion: 5,
    clientId,
    clean: cleanSession,
    keepalive: keepAlive,
    reconnectPeriod: retryEvery,
    reconnectOnConnackError: true,
    connectTimeout,
    resubscribe: false,
    ...(userName !== undefined && { username: userName }),
    ...(password !== undefined && { password: Buffer.from(password) as unknown as string }),
    ...(will && {
      will: {
        topic: will.topic,
        payload: Buffer.from(will.message),
        qos: Math.min(will.qos, 2) as 0 | 1 | 2,
        retain: will.retain,
      },
    }),
  };
}

/** @throws YaolianError TLS_CREDENTIALS_BAD */
function socketOpener({ host, port, tls }: MqttConnectionOptions): () => Socket {
  if (tls === undefined) return () => connectTcp(port, host);
  const isName = !isIPv4(host) && !isIPv6(host);
  const named = isName ? { serverName: host, ...tls } : tls;
  const { judge, ...options } = clientTlsOptions(named);
  return () => {
    const socket = connectTls(port, host, options);
    if (tls.onAlert) listenForAlert(socket, tls.onAlert);
    // Name and password go to nobody who is not believed.
    socket.cork();
    socket.once('secureConnect', () => {
      const wrong = judge?.(socket, named.serverName ?? host);
      if (wrong) socket.destroy(wrong);
      else socket.uncork();
    });
    return socket;
  };
}

/** A name that is not known to be anywhere yet is nowhere. */
function addressOf(host: string, port: number): SocketAddress {
  return socketAddress(isIPv4(host) || isIPv6(host) ? host : '0.0.0.0', port);
}

/** Why a socket failed, for people. */
export function socketTrouble(error: Error): string {
  // OpenSSL says more than anybody wants: thread, numbers, the line in its sources.
  const { reason, library } = error as { readonly reason?: unknown; readonly library?: unknown };
  if (typeof reason === 'string' && library === 'SSL routines') return `TLS: ${reason}`;
  if (error.message !== '') return error.message;
  // Those that tried several addresses have no text of their own.
  return error instanceof AggregateError ? error.errors.map(({ message }) => message).join(', ') : error.name;
}
