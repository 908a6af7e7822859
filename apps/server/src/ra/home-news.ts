import type { JsonHomeEvent } from '@yaolian/contract';
import type { AssociationChange, HomeNewsStore } from '@yaolian/directory';
import type { RaRefusal } from '@yaolian/igrs';
import { pushOf, pushRecipients } from '@yaolian/igrs/server';
import { type Clock, type Duration, days, toMilliseconds } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import { timeToJson } from '../api/times.ts';
import type { Associations } from './associations.ts';
import { featureNameOf } from './feature-name.ts';

export interface HomeNewsServiceOptions {
  readonly domain: string;
  readonly store: HomeNewsStore;
  readonly bindings: Pick<Associations['bindings'], 'ownersOf'>;
  readonly friends: Pick<Associations['friends'], 'of'>;
  readonly kindOf: Associations['kindOf'];
  /** By which features are named. */
  readonly model: ObjectModel;
  readonly clock: Clock;
  /** What is kept of one user. Default 200. */
  readonly maxCount?: number;
  /** What is kept of what the friends of one user are told: who has many friends looks through that of all. Default 20. */
  readonly maxForFriends?: number;
  /** Default 90 days. */
  readonly maxAge?: Duration;
}

type Event = Omit<JsonHomeEvent, 'time' | 'news'>;

export interface NewsPage {
  /** The newest first; one more than was asked for where there are more. */
  readonly items: readonly JsonHomeEvent[];
  readonly unread: number;
}

/** Told to pages, and not kept: who did it knows. */
const passing = new Set<AssociationChange['kind']>(['binding-renamed', 'friend-renamed', 'linked', 'unlinked']);

/** What happened at home while nobody looked: told to the pages that are open, and kept for those that open later. */
export class HomeNewsService {
  readonly #options: HomeNewsServiceOptions;
  readonly #listeners = new Set<(user: string, event: JsonHomeEvent) => void>();

  constructor(options: HomeNewsServiceOptions) {
    this.#options = options;
  }

  /** Calls `listener` with what users are told, once that is on disk. It must not throw. @returns stops */
  listen(listener: (user: string, event: JsonHomeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Tells all users that a change concerns; told again under its id, those alone that do not have it.
   * @returns rejects when it is not kept for all of them
   */
  async changed(change: AssociationChange, id: string): Promise<void> {
    const { bindings, kindOf } = this.#options;
    const told = await pushRecipients(pushOf(change, ''), bindings);
    const toUsers = told.map(async (user) => {
      if ((await kindOf(user)) !== 'user') return;
      const event = this.#event(change, user, false);
      if (passing.has(change.kind)) this.#tell(user, { time: this.#now(), ...event });
      else await this.#keep(user, event, id);
    });
    await Promise.all(toUsers);
    await this.#tellFriends(change, id, told);
  }

  /**
   * Who may use a device because friends of its owners may is told when that changes: by one line for each owner, whatever friends it has.
   * @param told those that were told already
   */
  async #tellFriends(change: AssociationChange, id: string, told: readonly string[]): Promise<void> {
    if (change.kind !== 'granted' && change.kind !== 'revoked') return;
    const { device, subject } = change.kind === 'granted' ? change.grant : change;
    if (subject.kind !== 'class' || subject.class !== 'friend') return;
    const { bindings, friends, store, clock, maxForFriends = 20 } = this.#options;
    // Who waits for the consent of the device is no owner of it yet.
    const owners = (await bindings.ownersOf(device)).filter(({ state }) => state === 'active');
    const event: JsonHomeEvent = { time: this.#now(), ...this.#event(change, undefined, true) };
    const news = { key: id, time: clock.epoch(), event: JSON.stringify(event) };
    const known = new Set(told);
    for (const { user } of owners) {
      const number = await store.addNewsForFriends(user, news, { count: maxForFriends, since: this.#since() });
      if (number === undefined) continue;
      for (const { other, state } of await friends.of(user)) {
        if (state !== 'friends' || known.has(other)) continue;
        known.add(other);
        this.#tell(other, { ...event, news: number });
      }
    }
  }

  #event(change: AssociationChange, user: string | undefined, isForFriends: boolean): Event {
    return { kind: change.kind, ...this.#subjects(change, user), ...this.#permission(change, user, isForFriends) };
  }

  /** What support says. */
  message(user: string, text: string): Promise<void> {
    return this.#keep(user, { kind: 'message', text }, undefined);
  }

  /** What was asked of a device that slept came to nothing. */
  undone(user: string, device: string, why: Pick<JsonHomeEvent, 'id' | 'refusal'>): Promise<void> {
    return this.#keep(user, { kind: 'result', device: this.#address(device), ...why }, `undone ${why.id}`);
  }

  /** A step of an update of firmware. Each is told once. */
  async updated(user: string, device: string, firmware: NonNullable<JsonHomeEvent['firmware']>): Promise<void> {
    const event = { kind: 'firmware', device: this.#address(device), firmware } as const;
    await this.#keep(user, event, `firmware ${firmware.id} ${firmware.phase}`);
  }

  /** @param before only those with smaller numbers */
  async page(user: string, { before, limit }: { before: number | undefined; limit: number }): Promise<NewsPage> {
    const { store, friends } = this.#options;
    const friendOf = (await friends.of(user)).flatMap(({ other, state, since }) =>
      state === 'friends' ? [{ user: other, since }] : [],
    );
    const span = { since: this.#since(), friendOf };
    const kept = await store.newsOf(user, { ...span, before, limit: limit + 1 });
    const items = kept.map(({ number, event }) => ({ ...(JSON.parse(event) as JsonHomeEvent), news: number }));
    return { items, unread: await store.countUnread(user, span) };
  }

  /** Other pages of the user are told, which count what is unread. */
  async read(user: string, upTo: number): Promise<void> {
    await this.#options.store.readNews(user, upTo);
    this.#tell(user, { kind: 'news-read', time: this.#now(), upTo });
  }

  /** Where it cannot be kept, who has a page open hears of it all the same. */
  async #keep(user: string, event: Event, key: string | undefined): Promise<void> {
    const { store, clock, maxCount = 200 } = this.#options;
    const timed: JsonHomeEvent = { time: this.#now(), ...event };
    const bounds = { count: maxCount, since: this.#since() };
    try {
      const news = await store.addNews(user, { key, time: clock.epoch(), event: JSON.stringify(timed) }, bounds);
      if (news !== undefined) this.#tell(user, { ...timed, news });
    } catch (error) {
      this.#tell(user, timed);
      throw error;
    }
  }

  #tell(user: string, event: JsonHomeEvent): void {
    for (const listener of this.#listeners) listener(user, event);
  }

  #now(): string {
    return timeToJson(this.#options.clock.epoch());
  }

  #since(): number {
    const { clock, maxAge = days(90) } = this.#options;
    return Math.max(0, clock.epoch() - toMilliseconds(maxAge));
  }

  #address(account: string): string {
    return `${account}@${this.#options.domain}`;
  }

  /** What was granted or revoked, and to whom where that is not the user. */
  #permission(
    change: AssociationChange,
    user: string | undefined,
    isForFriends: boolean,
  ): Pick<JsonHomeEvent, 'to' | 'feature' | 'featureName' | 'operations' | 'expiresAt'> {
    if (change.kind !== 'granted' && change.kind !== 'revoked') return {};
    const { subject, feature } = change.kind === 'granted' ? change.grant : change;
    const isOwn = isForFriends || (subject.kind === 'account' && subject.account === user);
    const to = subject.kind === 'account' ? this.#address(subject.account) : (`${subject.class}s` as const);
    const featureName = featureNameOf(feature, this.#options.model);
    const what = { feature, ...(featureName !== undefined && { featureName }), ...(!isOwn && { to }) };
    if (change.kind === 'revoked') return what;
    const { operations, expiresAt } = change.grant;
    return {
      ...what,
      operations: [...operations],
      ...(expiresAt !== undefined && { expiresAt: timeToJson(expiresAt) }),
    };
  }

  /** The device and the other user that a change is about. */
  #subjects(change: AssociationChange, user: string | undefined): Pick<JsonHomeEvent, 'device' | 'user' | 'by'> {
    const device = (name: string) => ({ device: this.#address(name) });
    const other = (name: string | undefined) =>
      name === undefined || name === user ? {} : { user: this.#address(name) };
    switch (change.kind) {
      case 'unbound': {
        const { binding, by } = change;
        const isRemoved = by !== undefined && by !== binding.user && by !== binding.device;
        return { ...device(binding.device), ...other(binding.user), ...(isRemoved ? { by: this.#address(by) } : {}) };
      }
      case 'bound':
      case 'binding-asked':
      case 'binding-renamed':
        return { ...device(change.binding.device), ...other(change.binding.user) };
      case 'friends':
      case 'friend-renamed':
      case 'unfriended': {
        const { user: one, other: two } = change.friendship;
        return other(one === user ? two : one);
      }
      case 'friend-asked':
        return other(change.by);
      case 'granted':
        return { ...device(change.grant.device), ...other(change.grant.grantedBy) };
      case 'revoked':
      case 'code-reset':
      case 'confirmation':
        return { ...device(change.device), ...other(change.by) };
      default:
        return {};
    }
  }
}

/** Why something was not done, as pages are told. */
export function refusalText({ text, condition }: RaRefusal): string {
  return text ?? condition;
}
