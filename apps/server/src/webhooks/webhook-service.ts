import type {
  DeliveryOutcome,
  DeliveryQuery,
  DueDelivery,
  Webhook,
  WebhookDelivery,
  WebhookStore,
} from '@yaolian/directory';
import {
  type Clock,
  type Duration,
  hours,
  type Log,
  milliseconds,
  minutes,
  type Random,
  seconds,
  type Timer,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import type { EventHub, PlatformEvent } from '../events/event-hub.ts';
import { failureSentence, type Post, post } from './post.ts';
import { signatures } from './signature.ts';

export interface WebhookServiceOptions {
  readonly store: WebhookStore;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Of this program, for the header `user-agent`. */
  readonly version: string;
  /** Addresses that are not of the internet, and `http:`, are allowed. */
  readonly allowsPrivate: boolean;
  /** Webhooks at most. */
  readonly maxWebhooks: number;
  /** Deliveries that wait for one webhook; what comes beyond is dropped and counted. */
  readonly maxWaiting: number;
  /** Characters of one event; a longer one is dropped and counted. Default 262,144. */
  readonly maxBody?: number;
  /** Finished deliveries that are remembered for each webhook. Default 500. */
  readonly keep?: number;
  /** How long to wait after the first, second, … attempt; after the last one it has failed. */
  readonly backOff?: readonly Duration[];
  /** Posts of one webhook under way at a time, so that one slow answer does not hold up all. Default 4. */
  readonly atOnce?: number;
  /** For one attempt. Default 10 s. */
  readonly timeout?: Duration;
  /** How long the secret before a rotation signs too. Default a day. */
  readonly overlap?: Duration;
}

interface Hook {
  webhook: Webhook;
  waiting: number;
  dropped: number;
  /** Why the last attempt was not taken; undefined when it was, or there was none since the start. */
  failure: string | undefined;
  isSending: boolean;
  /** Something came while it was sending, perhaps after the last look. */
  hasMore: boolean;
  /** Ends the wait for an attempt: there may be room for another. */
  ring: (() => void) | undefined;
  timer: Timer | undefined;
}

/** About a day and a half in all. */
const defaultBackOff = [
  ...[seconds(5), seconds(30), minutes(2), minutes(10), minutes(30), hours(1), hours(2), hours(4)],
  ...[hours(8), hours(8), hours(12)],
];

/** What a pause is longer by at most, by chance: not all come back at once. */
const jitter = 0.2;

/** Posts what happens to URLs: durable, signed, a few at a time for each webhook, again until it is taken. */
export class WebhookService {
  readonly #options: Required<WebhookServiceOptions>;
  readonly #hooks = new Map<string, Hook>();
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<void>>();
  /** Who waits for an attempt at a delivery. */
  readonly #awaited = new Map<string, PromiseWithResolvers<void>>();
  /** Milliseconds. */
  readonly #longestPause: number;
  #forget: (() => void) | undefined;

  constructor(options: WebhookServiceOptions) {
    const defaults = {
      maxBody: 262_144,
      keep: 500,
      atOnce: 4,
      backOff: defaultBackOff,
      timeout: seconds(10),
      overlap: hours(24),
    };
    this.#options = { ...defaults, ...options };
    this.#longestPause = Math.max(0, ...this.#options.backOff.map(toMilliseconds)) * (1 + jitter);
  }

  /** Goes on with what waited. */
  async start(): Promise<void> {
    const { store } = this.#options;
    for (const webhook of await store.webhooks()) this.#take(webhook, await store.countWaiting(webhook.id));
    for (const hook of this.#hooks.values()) this.#wake(hook);
  }

  /** What is on its way is given up and tried again after the next start. */
  async close(): Promise<void> {
    this.#forget?.();
    this.#stopping.abort();
    for (const { timer } of this.#hooks.values()) timer?.cancel();
    await Promise.all(this.#working);
    for (const { resolve } of this.#awaited.values()) resolve();
  }

  get allowsPrivate(): boolean {
    return this.#options.allowsPrivate;
  }

  get maxWebhooks(): number {
    return this.#options.maxWebhooks;
  }

  list(): readonly Readonly<Hook>[] {
    return [...this.#hooks.values()];
  }

  find(id: string): Readonly<Hook> | undefined {
    return this.#hooks.get(id);
  }

  /** Undefined when there are as many as there may be. */
  async add(given: Pick<Webhook, 'url' | 'types' | 'note'>): Promise<Readonly<Hook> | undefined> {
    if (this.#hooks.size >= this.#options.maxWebhooks) return undefined;
    const webhook: Webhook = {
      ...given,
      id: Buffer.from(this.#options.random.bytes(8)).toString('hex'), // never looks like an option on a command line
      isEnabled: true,
      secret: this.#options.random.bytes(32),
      previous: undefined,
      createdAt: this.#options.clock.epoch(),
    };
    const hook = this.#take(webhook, 0);
    try {
      await this.#options.store.putWebhook(webhook);
    } catch (error) {
      this.#drop(webhook.id);
      throw error;
    }
    return hook;
  }

  async change(id: string, change: Partial<Pick<Webhook, 'url' | 'types' | 'note' | 'isEnabled'>>): Promise<void> {
    await this.#change(id, change);
  }

  async rotate(id: string): Promise<void> {
    const hook = this.#hooks.get(id);
    if (hook === undefined) return;
    const { clock, random, overlap } = this.#options;
    const previous = { secret: hook.webhook.secret, until: clock.epoch() + toMilliseconds(overlap) };
    await this.#change(id, { secret: random.bytes(32), previous });
  }

  async remove(id: string): Promise<boolean> {
    this.#drop(id);
    return this.#options.store.removeWebhook(id);
  }

  deliveries(id: string, query: DeliveryQuery) {
    return this.#options.store.deliveries(id, query);
  }

  delivery(id: string, delivery: string) {
    return this.#options.store.delivery(id, delivery);
  }

  /** Posts something of no meaning, and waits for the answer to the first attempt. Undefined: the queue is full. */
  async test(id: string): Promise<WebhookDelivery | undefined> {
    const hook = this.#hooks.get(id);
    const { clock, store } = this.#options;
    const event = {
      type: 'webhook.test',
      time: clock.epoch(),
      device: undefined,
      endpoint: undefined,
      data: () => ({}),
    };
    const delivery = hook && this.#put(hook, event);
    if (delivery === undefined) return undefined;
    await delivery.stored;
    await this.#attempted(delivery.id);
    return store.delivery(id, delivery.id);
  }

  /** Tries one again that waits or has failed, and waits for the answer. Undefined: there is none, or it came through. */
  async retry(id: string, delivery: string): Promise<WebhookDelivery | undefined> {
    const { store, clock } = this.#options;
    const hook = this.#hooks.get(id);
    if (hook === undefined) return undefined;
    const before = await store.requeueDelivery(id, delivery, clock.epoch());
    if (before === undefined) return undefined;
    if (before !== 'waiting') hook.waiting++;
    this.#wake(hook);
    await this.#attempted(delivery);
    return store.delivery(id, delivery);
  }

  /** Resolves when a delivery was tried, or after a while in which others were. */
  async #attempted(delivery: string): Promise<void> {
    const { timers, timeout } = this.#options;
    if (this.#stopping.signal.aborted) return;
    const tried = this.#awaited.get(delivery) ?? Promise.withResolvers<void>();
    this.#awaited.set(delivery, tried);
    const patience = timers.schedule(milliseconds(2 * toMilliseconds(timeout)), tried.resolve);
    await tried.promise;
    patience.cancel();
    this.#awaited.delete(delivery);
  }

  async #change(id: string, change: Partial<Webhook>): Promise<void> {
    const hook = this.#hooks.get(id);
    if (hook === undefined) return;
    hook.webhook = { ...hook.webhook, ...change };
    await this.#options.store.putWebhook(hook.webhook);
    this.#wake(hook);
  }

  #take(webhook: Webhook, waiting: number): Hook {
    const idle = { isSending: false, hasMore: false, ring: undefined, timer: undefined };
    const hook: Hook = { webhook, waiting, dropped: 0, failure: undefined, ...idle };
    this.#hooks.set(webhook.id, hook);
    // Where nobody wants to be told, no event is made for it.
    this.#forget ??= this.#options.hub.keepWith((event) => this.#tell(event));
    return hook;
  }

  #drop(id: string): void {
    this.#hooks.get(id)?.timer?.cancel();
    this.#hooks.delete(id);
    if (this.#hooks.size > 0) return;
    this.#forget?.();
    this.#forget = undefined;
  }

  #tell(event: PlatformEvent): void {
    for (const hook of this.#hooks.values()) {
      const { isEnabled, types } = hook.webhook;
      if (isEnabled && (types.length === 0 || types.includes(event.type))) this.#put(hook, event);
    }
  }

  /** Undefined: it was dropped. */
  #put(hook: Hook, event: Told): { readonly id: string; readonly stored: Promise<void> } | undefined {
    const { store, clock, maxWaiting, maxBody, log } = this.#options;
    const id = Buffer.from(this.#options.random.bytes(16)).toString('hex'); // never looks like an option, either
    const names = hook.webhook.types.includes(event.type);
    const body = hook.waiting < maxWaiting ? bodyOf(id, event, names) : undefined;
    if (body === undefined || body.length > maxBody) {
      hook.dropped++;
      return undefined;
    }
    hook.waiting++;
    const webhook = hook.webhook.id;
    const stored = store.addDelivery(webhook, { id, type: event.type, body, createdAt: clock.epoch() }).then(
      () => this.#wake(hook),
      (error) => {
        hook.waiting--;
        hook.dropped++;
        log.warn('a delivery of a webhook was not stored', { webhook, error: String(error) });
      },
    );
    return { id, stored };
  }

  /** Begins to work the queue off, unless that is going on. */
  #wake(hook: Hook): void {
    hook.hasMore = hook.isSending;
    hook.ring?.();
    if (hook.isSending || this.#stopping.signal.aborted) return;
    hook.timer?.cancel();
    hook.isSending = true;
    const work = this.#workOff(hook)
      .catch((error) => {
        this.#options.log.error('a webhook stopped', { webhook: hook.webhook.id, error: String(error) });
        hook.timer = this.#options.timers.schedule(minutes(1), () => this.#wake(hook));
      })
      .finally(() => {
        hook.isSending = false;
        this.#working.delete(work);
        if (hook.hasMore) this.#wake(hook);
      });
    this.#working.add(work);
  }

  /** Until nothing is due. */
  async #workOff(hook: Hook): Promise<void> {
    const underWay = new Map<string, Promise<void>>();
    const failures: unknown[] = [];
    while (failures.length === 0 && this.#mayPost(hook)) {
      hook.hasMore = false;
      await this.#begin(hook, underWay, failures);
      if (hook.hasMore) continue;
      if (underWay.size === 0) break;
      const rung = new Promise<void>((resolve) => {
        hook.ring = resolve;
      });
      await Promise.race([rung, ...underWay.values()]);
      hook.ring = undefined;
    }
    await Promise.all(underWay.values());
    if (failures.length > 0) throw failures[0];
  }

  #mayPost({ webhook: { id, isEnabled } }: Hook): boolean {
    return isEnabled && this.#hooks.has(id) && !this.#stopping.signal.aborted;
  }

  /** Begins what is due, as far as there is room, and plans to look again when the next is. */
  async #begin(hook: Hook, underWay: Map<string, Promise<void>>, failures: unknown[]): Promise<void> {
    const { store, clock, timers, atOnce } = this.#options;
    const room = atOnce - underWay.size;
    if (room <= 0) return;
    // What is under way waits as well, and is due: it stands in front.
    const found = await store.nextDeliveries(hook.webhook.id, atOnce);
    for (const delivery of found.filter(({ id }) => !underWay.has(id)).slice(0, room)) {
      const wait = delivery.dueAt - clock.epoch();
      // None waits for longer than a pause: where one seems to, the clock was set back.
      if (wait > 0 && wait <= this.#longestPause) {
        hook.timer?.cancel();
        hook.timer = timers.schedule(milliseconds(wait), () => this.#wake(hook));
        return;
      }
      const attempt = this.#attempt(hook, delivery)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(delivery.id));
      underWay.set(delivery.id, attempt);
    }
  }

  async #attempt(hook: Hook, delivery: DueDelivery): Promise<void> {
    const answer = await this.#post(hook.webhook, delivery);
    if (answer === undefined) return;
    const { store, keep, clock, backOff, random } = this.#options;
    const isTaken = answer.status !== undefined && answer.status >= 200 && answer.status < 300;
    hook.failure = isTaken ? undefined : (answer.error ?? `HTTP ${answer.status}`);
    const pause = backOff[delivery.attempts];
    const state = isTaken ? 'delivered' : pause === undefined ? 'failed' : 'waiting';
    const delay = state === 'waiting' ? toMilliseconds(pause!) * (1 + jitter * random.fraction()) : 0;
    const outcome: DeliveryOutcome = {
      ...{ state, attempts: delivery.attempts + 1, dueAt: Math.round(clock.epoch() + delay) },
      ...{ status: answer.status, error: answer.error },
    };
    await store.settleDelivery(hook.webhook.id, delivery.id, outcome, keep);
    if (state !== 'waiting') hook.waiting--;
    this.#awaited.get(delivery.id)?.resolve();
  }

  /** Undefined: given up because the platform stops. */
  async #post(
    webhook: Webhook,
    { id, body }: DueDelivery,
  ): Promise<Pick<DeliveryOutcome, 'status' | 'error'> | undefined> {
    const { clock, timeout, allowsPrivate, version } = this.#options;
    const timestamp = Math.floor(clock.epoch() / 1000);
    const { secret, previous } = webhook;
    const secrets = previous !== undefined && previous.until > clock.epoch() ? [secret, previous.secret] : [secret];
    const headers: Post['headers'] = {
      'content-type': 'application/json',
      'user-agent': `yaolian/${version}`,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(secrets, id, timestamp, body),
    };
    const signal = this.#stopping.signal;
    try {
      return {
        status: await post({ url: webhook.url, headers, body, timeout, allowsPrivate, signal }),
        error: undefined,
      };
    } catch (error) {
      if (signal.aborted) return undefined;
      return { status: undefined, error: failureSentence(error).slice(0, 300) };
    }
  }
}

/** An event, or a test of the connection. */
type Told = Omit<PlatformEvent, 'type'> & { readonly type: string };

function bodyOf(id: string, { type, time, device, endpoint, data, confidential }: Told, names: boolean): string {
  const told = names ? { ...data(), ...confidential?.() } : data();
  return JSON.stringify({ id, type, time: new Date(time).toISOString(), device, endpoint, data: told });
}
