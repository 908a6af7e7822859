import type { JsonHealth, JsonHealthCheck } from '@yaolian/contract';
import {
  type Clock,
  type Duration,
  type Log,
  type Meter,
  milliseconds,
  seconds,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import { DescriptorWatch, LoopDelay, processMemory } from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import { timeToJson } from '../api/times.ts';
import type { Config, SettingName } from '../config/settings.ts';
import type { MqttPublisher } from '../mqtt/mqtt-publisher.ts';
import type { LiveAuthorities } from '../start/live-authorities.ts';
import type { MqttService } from '../start/mqtt-service.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import {
  checkAuthority,
  checkBroker,
  checkCertificate,
  checkDescriptors,
  checkDevices,
  checkFiles,
  checkListener,
  checkLoop,
  checkMemory,
  checkPackages,
  checkQueue,
  checkStorage,
  checkWebhook,
  type ListenerUse,
  worstOf,
} from './checks.ts';
import type { ServedCertificates } from './served-certificates.ts';

export interface HealthServiceOptions {
  readonly config: Config;
  readonly storage: Pick<Storage, 'condition'> & { readonly devices: Pick<Storage['devices'], 'countDevices'> };
  /** Whether whoever is not on the allow-list may register. */
  readonly isOpen: () => boolean;
  readonly webhooks: Pick<WebhookService, 'list'>;
  /** Absent: nothing is published. */
  readonly mqtt: Pick<MqttPublisher, 'condition'> | undefined;
  /** That terminals come over. */
  readonly terminalBroker: Pick<MqttService, 'url' | 'condition'> | undefined;
  readonly certificates: ServedCertificates;
  /** Whose certificates of terminals and clients are believed. */
  readonly authorities: Pick<LiveAuthorities, 'list'>;
  /** Requests that wait for sleeping devices. */
  readonly queued: () => number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly meter: Meter;
  /** How long an answer is good for whoever asks meanwhile. Default 1 s. */
  readonly keep?: Duration;
}

/** How a listener does; asked when somebody looks. */
export type ListenerProbe = () => ListenerUse | Promise<ListenerUse>;

/** Looks after the parts of the platform when somebody asks. */
export class HealthService {
  readonly #options: HealthServiceOptions;
  readonly #loop: LoopDelay;
  readonly #descriptors: DescriptorWatch;
  readonly #listeners: ListenerProbe[] = [];
  readonly #files: (() => readonly JsonHealthCheck[])[] = [];
  #isStarted = false;
  #last: { readonly at: number; readonly health: Promise<JsonHealth> } | undefined;

  constructor(options: HealthServiceOptions) {
    this.#options = options;
    this.#loop = new LoopDelay(options.timers);
    this.#descriptors = new DescriptorWatch({ timers: options.timers, log: options.log, meter: options.meter });
  }

  watch(probe: ListenerProbe): void {
    this.#listeners.push(probe);
  }

  /** @param trouble why what the files of `setting` have now is not taken; @param subject where they are those of one part alone */
  watchFiles(setting: SettingName, trouble: () => string | undefined, subject?: string): void {
    this.#files.push(() => checkFiles(setting, trouble(), subject));
  }

  /** All doors are open now. */
  started(): void {
    this.#isStarted = true;
  }

  /** Why no work should come yet; undefined when the platform takes it. */
  notReady(): 'starting' | 'cannot-store' | undefined {
    if (!this.#isStarted) return 'starting';
    const [storage, disk] = this.#storage();
    if (storage!.state === 'failed' || disk!.state === 'failed') return 'cannot-store';
    return undefined;
  }

  /** Askers within `keep` share one look: probes go to the network. */
  health(): Promise<JsonHealth> {
    const { clock, keep = seconds(1) } = this.#options;
    const now = clock.monotonic();
    if (this.#last !== undefined && now - this.#last.at < toMilliseconds(keep)) return this.#last.health;
    const health = this.#look();
    this.#last = { at: now, health };
    return health;
  }

  close(): void {
    this.#loop.close();
    this.#descriptors.close();
  }

  #storage() {
    const { storage, config } = this.#options;
    return checkStorage(storage.condition(), config, config['storage.max-size']);
  }

  async #look(): Promise<JsonHealth> {
    const { config, webhooks, mqtt, terminalBroker: broker, certificates, clock, ...options } = this.#options;
    const now = clock.epoch();
    const listeners = await Promise.all(this.#listeners.map(async (probe) => checkListener(await probe(), config)));
    const descriptors = this.#descriptors.most;
    const devices = await options.storage.devices.countDevices();
    const checks = [
      ...this.#storage(),
      ...listeners,
      checkQueue(options.queued(), config['lwm2m.max-queued'], config),
      checkDevices(devices, config['lwm2m.max-devices'], options.isOpen(), config),
      checkLoop(this.#loop.p99, config),
      checkMemory(processMemory(), config),
      ...(descriptors === undefined ? [] : [checkDescriptors(descriptors, config)]),
      ...certificates.list().map(({ url, chain }) => checkCertificate(url, chain[0]!, now, config)),
      ...this.#options.authorities.list.map(({ facts }) => checkAuthority(facts, now, config)),
      ...this.#files.flatMap((look) => look()),
      ...checkPackages(config),
      ...webhooks.list().flatMap((hook) => (hook.webhook.isEnabled ? [checkWebhook(hook)] : [])),
      ...(mqtt === undefined ? [] : [checkBroker(config['mqtt.url']!, mqtt.condition, 'mqtt')]),
      ...(broker === undefined
        ? []
        : [checkBroker(broker.url, { ...broker.condition, waiting: 0, dropped: 0 }, 'lwm2m.mqtt')]),
    ];
    return { state: worstOf(checks), checkedAt: timeToJson(now), checks };
  }
}

/** How long a ping may take. */
export const pingPatience = milliseconds(2000);
