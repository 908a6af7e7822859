import { type Clock, type Duration, hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { AttemptLimiter, type AttemptLimits } from '../attempt-limiter.ts';
import type { AssociationStore, Friendship } from './association.ts';
import type { AssociationChanges } from './association-change.ts';
import type { AuditTrail } from './audit.ts';
import { requireNames } from './bindings.ts';

export interface FriendsOptions {
  readonly store: AssociationStore;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  readonly isUser: (account: string) => Promise<boolean>;
  /** Default 1000. */
  readonly maxFriends?: number;
  /** New requests of one user: each is told to somebody, who may be away and has room for so many messages. Default {@link defaultRequestLimits}. */
  readonly requests?: AttemptLimits;
}

const defaultRequestLimits: AttemptLimits = {
  freeFailures: 30,
  firstWait: seconds(10),
  longestWait: minutes(15),
  forgetAfter: hours(1),
  maxKeys: 10_000,
};

/** What came of asking somebody to be a friend. `full`: one of the two has as many as may be. */
export type FriendRequestOutcome = 'asking' | 'friends' | 'full' | 'self' | { readonly retryAfter: Duration };

/** Friends are users that agreed to it, after RFC 6121 §3: one asks, the other accepts or denies, either ends it. */
export class Friends {
  readonly #options: FriendsOptions;
  readonly #max: number;
  readonly #requests: AttemptLimiter;

  constructor(options: FriendsOptions) {
    this.#options = options;
    this.#requests = new AttemptLimiter(options.clock, options.requests ?? defaultRequestLimits);
    this.#max = options.maxFriends ?? 1000;
  }

  /**
   * Asks to be a friend, or accepts when the other has asked. Nothing tells the asker whether there is such a user: the request to an
   * unknown one stands among its own like any other, and is never answered. What was asked already is not told again.
   */
  async ask(user: string, other: string, name = other, groups: readonly string[] = []): Promise<FriendRequestOutcome> {
    requireNames(name, groups);
    const { store, clock, changes, isUser } = this.#options;
    if (user === other) return 'self';
    const isUnknown = !(await isUser(other));
    const state = (await store.friendship(user, other))?.state;
    const isHeard = isUnknown || (await store.friendship(other, user)) !== undefined;
    if (state === 'friends' || (state === 'asking' && isHeard)) return state;
    // Agreeing to what the other asked is free.
    const retryAfter = state === 'asked' ? 0 : this.#requests.wait(user);
    if (retryAfter > 0) {
      await this.#audit(user, 'ask-friend', other, 'policy-violation');
      return { retryAfter: milliseconds(retryAfter) };
    }
    if (state !== 'asked') this.#requests.began(user);
    const outcome = await store.befriend({ user, other, name, groups, time: clock.epoch(), max: this.#max, isUnknown });
    if (outcome === 'asking') changes.tell({ kind: 'friend-asked', user: other, by: user, isUnknown });
    if (outcome === 'friends') await this.#tellBoth(user, other);
    const noted = outcome === 'full' ? 'resource-constraint' : isUnknown ? 'item-not-found' : 'done';
    await this.#audit(user, 'ask-friend', other, noted);
    return outcome;
  }

  /** Accepts what the other asked. False when the other has not asked. */
  async accept(user: string, other: string, name = other, groups: readonly string[] = []): Promise<boolean> {
    requireNames(name, groups);
    const { store, clock } = this.#options;
    if ((await store.friendship(user, other))?.state !== 'asked') return false;
    const outcome = await store.befriend({ user, other, name, groups, time: clock.epoch(), max: this.#max });
    if (outcome === 'friends') await this.#tellBoth(user, other);
    await this.#audit(user, 'accept-friend', other, 'done');
    return outcome === 'friends';
  }

  /** Denies a request, takes one back, or ends a friendship. False when there is nothing between the two. */
  async remove(user: string, other: string): Promise<boolean> {
    const { store, changes, isUser } = this.#options;
    const isUnknown = !(await isUser(other));
    const ended = await store.unfriend(user, other);
    if (ended !== undefined) changes.tell({ kind: 'unfriended', friendship: ended, by: user, isUnknown });
    await this.#audit(user, 'remove-friend', other, ended === undefined ? 'item-not-found' : 'done');
    return ended !== undefined;
  }

  async rename(user: string, other: string, name: string, groups: readonly string[]): Promise<boolean> {
    requireNames(name, groups);
    const { store, changes } = this.#options;
    if (!(await store.renameFriend(user, other, name, groups))) return false;
    const friendship = await store.friendship(user, other);
    if (friendship !== undefined) changes.tell({ kind: 'friend-renamed', friendship });
    return true;
  }

  friendship(user: string, other: string): Promise<Friendship | undefined> {
    return this.#options.store.friendship(user, other);
  }

  of(user: string): Promise<readonly Friendship[]> {
    return this.#options.store.friendships(user);
  }

  async #tellBoth(user: string, other: string): Promise<void> {
    const { store, changes } = this.#options;
    for (const friendship of [await store.friendship(user, other), await store.friendship(other, user)]) {
      if (friendship?.state === 'friends') changes.tell({ kind: 'friends', friendship });
    }
  }

  #audit(actor: string, action: string, subject: string, outcome: string): Promise<void> {
    return this.#options.audit.record({ door: 'ra', actor, action, device: undefined, subject, outcome });
  }
}
