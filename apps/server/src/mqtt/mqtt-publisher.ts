import type { EventType } from '@yaolian/contract';
import { type Clock, type Counter, type Duration, type Log, type Meter, seconds, type Timers } from '@yaolian/kernel';
import { timeToJson } from '../api/times.ts';
import type { EventHub, PlatformEvent } from '../events/event-hub.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Broker, ConnectBroker } from './broker.ts';
import { messagesOf } from './messages.ts';
import type { Topics } from './topics.ts';
import { WaitingMessages } from './waiting-messages.ts';

export interface MqttPublisherOptions {
  readonly hub: EventHub;
  readonly fleet: Pick<Fleet, 'stateOf' | 'page'>;
  readonly connect: ConnectBroker;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly meter: Meter;
  /** Bytes of messages that wait while the broker is away or slow. */
  readonly maxWaiting: number;
  /** How long {@link MqttPublisher.close} waits for what is under way. Default 2 s. */
  readonly drain?: Duration;
}

/** How publishing fares. */
export interface BrokerCondition {
  readonly isUp: boolean;
  /** Why it is not connected, a sentence for people; undefined while it is, or nobody knows. */
  readonly trouble: string | undefined;
  /** Messages. */
  readonly waiting: number;
  /** Messages since the start. */
  readonly dropped: number;
}

/** Devices whose states are read at a time. */
const statesAtATime = 500;

/** After these a device may be there, or not, that was not, or was. */
const comesOrGoes = new Set<EventType>([
  'device.registered',
  'device.deregistered',
  'device.expired',
  'device.connected',
  'device.disconnected',
]);

/** Publishes what happens, what devices report and whether they are there to an MQTT broker. */
export class MqttPublisher {
  readonly #options: Required<MqttPublisherOptions>;
  readonly #waiting: WaitingMessages;
  /** Devices whose state is to be told, or taken away because they were removed. */
  readonly #changed = new Map<string, 'state' | 'removed'>();
  readonly #published: Counter;
  readonly #refused: Counter;
  readonly #dropped: Counter;
  #broker: Broker | undefined;
  #stopListening: (() => void) | undefined;
  #isUp = false;
  #window = 0;
  #underWay = 0;
  /** Where the next page of devices begins whose state is to be told; undefined: all was told. */
  #states: { readonly after: string | undefined } | undefined = { after: undefined };
  #isPaging = false;
  #statesFirst = false;
  /** Messages that were dropped since readers were told last. */
  #lost = 0;
  #allLost = 0;
  #trouble: string | undefined;
  #idle: (() => void) | undefined;

  constructor(options: MqttPublisherOptions) {
    this.#options = { drain: seconds(2), ...options };
    const { meter, maxWaiting } = options;
    this.#waiting = new WaitingMessages(maxWaiting);
    this.#published = meter.counter('mqtt_published_total', 'Messages that the MQTT broker took');
    this.#refused = meter.counter('mqtt_refused_total', 'Messages that the MQTT broker refused');
    this.#dropped = meter.counter('mqtt_dropped_total', 'Messages that were dropped because too many waited');
    meter.gauge('mqtt_waiting', 'Messages that wait for the MQTT broker', () => this.#waiting.size);
    meter.gauge('mqtt_connected', '1 while the platform is connected to the MQTT broker', () => (this.#isUp ? 1 : 0));
  }

  get condition(): BrokerCondition {
    return { isUp: this.#isUp, trouble: this.#trouble, waiting: this.#waiting.size, dropped: this.#allLost };
  }

  start(): void {
    const { hub, connect } = this.#options;
    this.#stopListening = hub.listen((event) => this.#heard(event));
    this.#broker = connect({ up: (window) => this.#up(window), down: (why) => this.#down(why) });
  }

  /** Waits a moment for what is under way, and says that the platform is gone. */
  async close(): Promise<void> {
    this.#stopListening?.();
    this.#states = undefined;
    if (this.#isUp) {
      await this.#settled();
      await this.#atMost(this.#broker!.publish(this.#options.topics.status, 'offline', { retain: true }));
    }
    this.#isUp = false;
    await this.#broker?.close();
  }

  #heard(event: PlatformEvent): void {
    const { type, device } = event;
    if (device !== undefined && type === 'device.removed') this.#changed.set(device, 'removed');
    else if (device !== undefined && comesOrGoes.has(type)) this.#changed.set(device, 'state');
    for (const message of messagesOf(event, this.#options.topics)) {
      const dropped = this.#waiting.push(message);
      if (dropped === 0) continue;
      if (this.#lost === 0) this.#options.log.warn('messages for the MQTT broker are dropped, because too many wait');
      this.#lost += dropped;
      this.#allLost += dropped;
      this.#dropped.add(dropped);
    }
    this.#pump();
  }

  #up(window: number): void {
    const { log, topics } = this.#options;
    this.#isUp = true;
    this.#trouble = undefined;
    this.#window = window;
    log.info('connected to the MQTT broker');
    this.#send(topics.status, 'online', true);
    if (this.#lost > 0) {
      const data = { reason: `${this.#lost} messages were dropped while the broker was away or slow` };
      this.#lost = 0;
      this.#send(
        topics.event(undefined, 'stream.gap'),
        JSON.stringify({ type: 'stream.gap', time: this.#now(), data }),
      );
    }
    this.#pump();
  }

  /** Only the first of the same troubles in a row goes to the log. */
  #down(why: string | undefined): void {
    const { log } = this.#options;
    if (this.#isUp) log.warn('the connection to the MQTT broker is gone; connecting again', { why });
    else if (why !== undefined && why !== this.#trouble)
      log.warn('the MQTT broker is not reached; trying again', { why });
    this.#trouble = why ?? this.#trouble;
    this.#isUp = false;
  }

  #pump(): void {
    while (
      this.#isUp &&
      this.#underWay < this.#window &&
      (this.#statesFirst ? this.#sendState() || this.#sendMessage() : this.#sendMessage() || this.#sendState())
    ) {
      this.#statesFirst = !this.#statesFirst; // neither starves the other
    }
    if (this.#isUp && this.#changed.size === 0 && this.#states !== undefined && !this.#isPaging)
      this.#page(this.#states);
    if (this.#isDone) this.#idle?.();
  }

  get #isDone(): boolean {
    return !this.#isUp || this.#underWay + this.#waiting.size + this.#changed.size === 0;
  }

  #sendMessage(): boolean {
    const message = this.#waiting.shift();
    if (message === undefined) return false;
    this.#send(message.topic, message.body, false);
    return true;
  }

  #sendState(): boolean {
    for (const [device, change] of this.#changed) {
      this.#changed.delete(device);
      const online = this.#options.fleet.stateOf(device) !== 'OFFLINE';
      // MQTT 5 §3.3.1.3: an empty payload takes away what was retained.
      const body = change === 'removed' ? '' : JSON.stringify({ online, time: this.#now() });
      this.#send(this.#options.topics.state(device), body, true);
      return true;
    }
    return false;
  }

  #send(topic: string, body: string, retain = false): void {
    this.#underWay++;
    this.#broker!.publish(topic, body, { retain })
      .then(
        () => this.#published.add(),
        (error: unknown) => {
          this.#refused.add();
          this.#options.log.debug('the MQTT broker refused a message', { topic, error: String(error) });
        },
      )
      .finally(() => {
        this.#underWay--;
        this.#pump();
      });
  }

  /** The states of the next devices: after a start nobody knows which of those that are retained still hold. */
  #page({ after }: { readonly after: string | undefined }): void {
    const { fleet, log } = this.#options;
    this.#isPaging = true;
    fleet
      .page({ limit: statesAtATime, ...(after === undefined ? {} : { after }) })
      .then(
        ({ devices, next }) => {
          if (this.#states === undefined) return;
          for (const { device } of devices) if (!this.#changed.has(device.key)) this.#changed.set(device.key, 'state');
          this.#states = next === undefined ? undefined : { after: next };
        },
        (error: unknown) => {
          this.#states = undefined;
          log.warn('the states of devices were not read for the MQTT broker', { error: String(error) });
        },
      )
      .finally(() => {
        this.#isPaging = false;
        this.#pump();
      });
  }

  #now(): string {
    return timeToJson(this.#options.clock.epoch());
  }

  #settled(): Promise<void> {
    return this.#atMost(
      new Promise<void>((resolve) => {
        this.#idle = resolve;
        this.#pump();
      }),
    );
  }

  async #atMost(work: Promise<void>): Promise<void> {
    const { timers, drain } = this.#options;
    await new Promise<void>((resolve) => {
      const timer = timers.schedule(drain, resolve);
      work
        .catch(() => {})
        .finally(() => {
          timer.cancel();
          resolve();
        });
    });
  }
}
