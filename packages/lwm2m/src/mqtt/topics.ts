import { hashText, type Peer, type SocketAddress } from '@yaolian/kernel';

/** The last level but one of a topic: bootstrap, or everything else. */
export type MqttInterface = 'bs' | 'rd';

/** Terminals of one MQTT broker, as peers: each is who speaks under its topic. */
export class MqttPeer implements Peer {
  /** `mqtt:` and the topic. */
  readonly key: string;
  readonly hash: number;
  /** The broker's. */
  readonly address: SocketAddress;
  readonly topic: string;
  readonly interface: MqttInterface;
  /** The endpoint name, as the topic has it. */
  readonly endpoint: string;

  constructor(topic: string, parts: Pick<MqttPeer, 'interface' | 'endpoint'>, broker: SocketAddress) {
    this.key = `mqtt:${topic}`;
    this.hash = hashText(this.key);
    this.address = broker;
    this.topic = topic;
    this.interface = parts.interface;
    this.endpoint = parts.endpoint;
  }

  /** Whether a key is that of a peer of a broker, of this process or an earlier one. */
  static isKey(key: string): boolean {
    return key.startsWith('mqtt:');
  }

  toString(): string {
    return this.key;
  }
}

/** What MQTT has no use for in the name of a topic (MQTT 3.1.1 §4.7), and topics of the broker itself. */
const unfit = /[+#\p{Cc}]/u;

/**
 * OMA-TS-LightweightM2M_Transport 1.2 §8.2: topic = [ PREFIX "/" ] "lwm2m/" ( "bs" / "rd" ) "/" ENDPOINT
 */
export class MqttTopics {
  readonly #base: string;

  /**
   * @param prefix of a deployment or a tenant; absent or empty: none
   * @throws RangeError when it cannot be the beginning of a topic
   */
  constructor(prefix = '') {
    if (unfit.test(prefix) || /^\$|^\/|\/$/.test(prefix)) {
      throw new RangeError(`"${prefix}" is no beginning of topics: no +, no #, no $ or / first, no / last`);
    }
    this.#base = prefix === '' ? 'lwm2m/' : `${prefix}/lwm2m/`;
  }

  /**
   * Where messages of and for a terminal are published.
   * @throws RangeError when the endpoint name cannot stand in a topic
   */
  topic(of: MqttInterface, endpoint: string): string {
    if (endpoint === '' || unfit.test(endpoint)) {
      throw new RangeError(
        `the endpoint name "${endpoint}" cannot stand in a topic of MQTT: it holds +, # or a control character`,
      );
    }
    return `${this.#base}${of}/${endpoint}`;
  }

  /** What a server subscribes to. */
  filter(of: MqttInterface): string {
    return `${this.#base}${of}/#`;
  }

  /** Who speaks under a topic; undefined when it is none of these. */
  peer(topic: string, broker: SocketAddress): MqttPeer | undefined {
    if (!topic.startsWith(this.#base)) return undefined;
    const rest = topic.slice(this.#base.length);
    const of = rest.slice(0, 2);
    const endpoint = rest.slice(3);
    if ((of !== 'bs' && of !== 'rd') || rest[2] !== '/' || endpoint === '' || unfit.test(endpoint)) return undefined;
    return new MqttPeer(topic, { interface: of, endpoint }, broker);
  }

  /** The peer of an earlier process that had this key. */
  peerOf(key: string, broker: SocketAddress): MqttPeer | undefined {
    return MqttPeer.isKey(key) ? this.peer(key.slice('mqtt:'.length), broker) : undefined;
  }
}
