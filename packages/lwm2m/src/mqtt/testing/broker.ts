import { type MqttPort, socketAddress, type Timers, zeroDuration } from '@yaolian/kernel';

export interface Published {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** A broker in memory: everybody hears what is published under his filters, his own included, as with MQTT 3.1.1. */
export class MemoryBroker {
  static readonly address = socketAddress('192.0.2.1', 1883);
  readonly #timers: Timers;
  readonly #ports = new Set<MemoryPort>();
  readonly published: Published[] = [];
  /** Why it takes nothing now. */
  away: string | undefined;
  /** It takes everything and hands on nothing. */
  deaf = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  connect(...filters: readonly string[]): MqttPort {
    const port = new MemoryPort(this, filters);
    this.#ports.add(port);
    return port;
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    if (this.away !== undefined) return Promise.reject(new Error(this.away));
    this.published.push({ topic, payload });
    return new Promise((resolve) => {
      this.#timers.schedule(zeroDuration, () => {
        resolve();
        if (!this.deaf) for (const port of this.#ports) port.take(topic, payload);
      });
    });
  }

  /** Every connection is cut. */
  cut(why: string): void {
    for (const port of this.#ports) port.lose(why);
  }

  leave(port: MemoryPort): void {
    this.#ports.delete(port);
  }
}

class MemoryPort implements MqttPort {
  readonly remoteAddress = MemoryBroker.address;
  readonly #broker: MemoryBroker;
  readonly #filters: readonly string[];
  #listener: (topic: string, payload: Uint8Array) => void = () => {};
  #onLost: (why: string) => void = () => {};

  constructor(broker: MemoryBroker, filters: readonly string[]) {
    this.#broker = broker;
    this.#filters = filters;
  }

  listen(listener: (topic: string, payload: Uint8Array) => void, onLost: (why: string) => void = () => {}): void {
    this.#listener = listener;
    this.#onLost = onLost;
  }

  lose(why: string): void {
    this.#onLost(why);
  }

  take(topic: string, payload: Uint8Array): void {
    const fits = (filter: string) => (filter.endsWith('#') ? topic.startsWith(filter.slice(0, -1)) : filter === topic);
    if (this.#filters.some(fits)) this.#listener(topic, payload);
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    return this.#broker.publish(topic, payload);
  }

  close(): Promise<void> {
    this.#broker.leave(this);
    return Promise.resolve();
  }
}
