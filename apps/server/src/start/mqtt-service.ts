import { type CoapEndpoint, ResourceTree, type TapSlot } from '@yaolian/coap';
import { encodeHex, type MqttPort, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { createMqttServerEndpoint, MqttPeer, MqttTopics, type MqttUri, parseMqttUri } from '@yaolian/lwm2m/mqtt';
import type { Lwm2mServer, Registration, RequestMount } from '@yaolian/lwm2m/server';
import { type MqttConnection, type MqttConnectionOptions, openMqttPort } from '@yaolian/node-runtime';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import { readBrokerFiles, withoutLineEnd } from '../mqtt/broker-files.ts';
import { type CoapServiceOptions, rateLimitOf } from './coap-service.ts';

export type MqttServiceOptions = Pick<CoapServiceOptions, 'config' | 'clock' | 'timers' | 'random' | 'log' | 'meter'>;

/** Terminals over an MQTT broker (OMA-TS-LightweightM2M_Transport 1.2 §8). Deaf until {@link open}. */
export class MqttService {
  readonly endpoint: CoapEndpoint;
  /** Where messages may be watched. */
  readonly tap: TapSlot = { current: undefined };
  readonly url: string;
  readonly #topics: MqttTopics;
  readonly #port: HeldMqttPort;
  readonly #tree: ResourceTree;
  #server: Lwm2mServer | undefined;

  /**
   * Undefined where the configuration names no broker. That it is away is no reason not to start.
   * @throws YaolianError MQTT_SETTING_BAD, TLS_CREDENTIALS_BAD
   */
  static async of(options: MqttServiceOptions): Promise<MqttService | undefined> {
    const { config, random } = options;
    const url = config['lwm2m.mqtt-url'];
    if (url === undefined) return undefined;
    const uri = parseMqttUri(url);
    if (!uri.ok) throw platformErrors.MQTT_SETTING_BAD('lwm2m.mqtt-url', uri.error);
    const clientId = config['lwm2m.mqtt-client-id'] ?? `yaolian-${encodeHex(random.bytes(6))}`;
    const connection = { ...(await connectionOf(config, uri.value)), clientId };
    return new MqttService(options, url, uri.value, connection);
  }

  private constructor(
    { config, clock, timers, random, log, meter }: MqttServiceOptions,
    url: string,
    { prefix }: MqttUri,
    connection: Omit<MqttConnectionOptions, 'filters'>,
  ) {
    this.url = url;
    this.#topics = new MqttTopics(prefix);
    const filters = [this.#topics.filter('rd'), this.#topics.filter('bs')];
    this.#port = new HeldMqttPort({
      ...connection,
      filters,
      onUp: () => log.info('terminals come over the MQTT broker', { url, subscribed: filters }),
      onDown: (why) => {
        if (why !== undefined) log.warn('the MQTT broker of terminals is away', { url, reason: why });
      },
    });
    this.#tree = new ResourceTree({ log });
    this.endpoint = createMqttServerEndpoint({
      port: this.#port,
      topics: this.#topics,
      // Only who registered over its topic updates there: whoever proved more elsewhere keeps what it has.
      locationOf: (peer) => {
        const registration = this.#server?.registrationAt(peer);
        return registration && this.#server?.locationOf(registration);
      },
      ...{ clock, timers, random, log, meter, tap: this.tap },
      labels: { transport: 'mqtt' },
      ...(config['coap.rate-limiting'] ? { rateLimit: rateLimitOf(config) } : {}),
      bounds: { maximumBodyBytes: config['coap.max-body'], maximumRequests: config['coap.max-requests'] },
    });
    this.endpoint.handle(this.#tree.handle);
  }

  /** Whether a registration was made over a broker, this one or an earlier one. */
  static made({ peerKey }: Registration): boolean {
    return peerKey !== undefined && MqttPeer.isKey(peerKey);
  }

  readonly peerOf = (key: string): MqttPeer | undefined => this.#topics.peerOf(key, this.#port.remoteAddress);

  /** @param mounts what the server, and others, answer here */
  serve(server: Lwm2mServer, mounts: readonly RequestMount[]): void {
    this.#server = server;
    for (const { path, handler } of mounts) this.#tree.mount(path, handler);
  }

  /** How the connection to the broker is, for people. */
  get condition(): { readonly isUp: boolean; readonly trouble: string | undefined } {
    return this.#port.condition;
  }

  open(): Promise<void> {
    return this.#port.open();
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }
}

/** Connects when it is told to: who publishes earlier hears that nobody has it. */
class HeldMqttPort implements MqttPort {
  readonly #options: MqttConnectionOptions;
  #connection: Promise<MqttConnection> | undefined;
  #opened: MqttConnection | undefined;
  #listener: (topic: string, payload: Uint8Array) => void = () => {};
  #isUp = false;
  #trouble: string | undefined;

  constructor(options: MqttConnectionOptions) {
    this.#options = options;
  }

  get remoteAddress(): SocketAddress {
    return this.#opened?.remoteAddress ?? socketAddress('0.0.0.0', this.#options.port);
  }

  get condition(): { readonly isUp: boolean; readonly trouble: string | undefined } {
    return { isUp: this.#isUp, trouble: this.#trouble };
  }

  listen(listener: (topic: string, payload: Uint8Array) => void): void {
    this.#listener = listener;
  }

  async open(): Promise<void> {
    this.#connection ??= openMqttPort({
      ...this.#options,
      onUp: () => {
        this.#isUp = true;
        this.#trouble = undefined;
        this.#options.onUp?.();
      },
      onDown: (why) => {
        this.#isUp = false;
        const isNews = why !== this.#trouble;
        this.#trouble = why ?? this.#trouble;
        if (isNews) this.#options.onDown?.(why);
      },
    });
    this.#opened = await this.#connection;
    this.#opened.listen(this.#listener);
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    if (!this.#opened) throw new Error('the broker is not connected to yet');
    await this.#opened.publish(topic, payload);
  }

  async close(): Promise<void> {
    const connection = await this.#connection;
    await connection?.close();
  }
}

async function connectionOf(config: Config, { host, port, secure }: MqttUri) {
  const { password, authorities, credentials } = await readBrokerFiles(config, 'lwm2m.mqtt-');
  const userName = config['lwm2m.mqtt-username'];
  if (!secure && (authorities ?? credentials) !== undefined) {
    const why = 'certificates go with an address that begins with mqtts://';
    throw platformErrors.MQTT_SETTING_BAD('lwm2m.mqtt-url', why);
  }
  const tls = {
    ...(authorities && { authorities }),
    ...(credentials && { credentials }),
  };
  return {
    host,
    port,
    ...(secure && { tls }),
    ...(userName !== undefined && { userName }),
    ...(password && { password: withoutLineEnd(password) }),
  };
}
