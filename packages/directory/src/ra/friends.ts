import { type Clock, type Duration, hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { AttemptLimiter, type AttemptLimits } from '../attempt-limiter.ts';
import type {
  AssociationStore,
  Called,
  FriendOutcome,
  FriendRequest,
  Friendship,
  UnfriendOutcome,
} from './association.ts';
import type { AssociationChange, AssociationChanges } from './association-change.ts';
import type { AuditTrail } from './audit.ts';
import { requireNames } from './bindings.ts';
import type { ChangePace } from './change-pace.ts';

export interface FriendsOptions {
  readonly store: AssociationStore;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  /** How fast one account may change things. Default: as fast as it asks. */
  readonly pace?: ChangePace;
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

/** What came of asking somebody to be a friend. `full`: who asks has as many as may be. */
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
   * unknown one, or to one that has as many friends as may be, stands among its own like any other, and is never answered. What was asked
   * already is not told again.
   */
  async ask(user: string, other: string, name = other, groups: readonly string[] = []): Promise<FriendRequestOutcome> {
    requireNames(name, groups);
    const { store, isUser } = this.#options;
    if (user === other) return 'self';
    const isUnknown = !(await isUser(other));
    const state = (await store.friendship(user, other))?.state;
    const isHeard = isUnknown || (await store.friendship(other, user)) !== undefined;
    if (state === 'friends' || (state === 'asking' && isHeard)) return state;
    // Agreeing to what the other asked is free, and so is asking again, which nobody has heard: were it not, it would differ from asking an unknown one.
    const isFree = state !== undefined;
    const retryAfter = isFree ? 0 : this.#requests.wait(user);
    if (retryAfter > 0) {
      await this.#audit(user, 'ask-friend', other, 'policy-violation');
      return { retryAfter: milliseconds(retryAfter) };
    }
    await this.#charge(user, 'ask-friend', other);
    if (!isFree) this.#requests.began(user);
    const asked = { name, groups, isUnknown };
    const outcome = await this.#befriend('ask-friend', user, other, asked, state === 'asking');
    // The other has taken back what this was to agree to: it is a request of its own.
    if (outcome === 'asking' && state === 'asked') this.#requests.began(user);
    // Who asks is no user any more.
    return outcome === 'unasked' ? 'full' : (outcome as FriendRequestOutcome);
  }

  /** Accepts what the other asked. False when the other has not asked. */
  async accept(user: string, other: string, name = other, groups: readonly string[] = []): Promise<boolean> {
    requireNames(name, groups);
    if ((await this.#options.store.friendship(user, other))?.state !== 'asked') return false;
    await this.#charge(user, 'accept-friend', other);
    return (await this.#befriend('accept-friend', user, other, { name, groups, isAnswer: true })) === 'friends';
  }

  /** Denies a request, takes one back, or ends a friendship. False when there is nothing between the two. */
  async remove(user: string, other: string): Promise<boolean> {
    const { store, changes } = this.#options;
    await this.#charge(user, 'remove-friend', other);
    let noted: Promise<void> | undefined;
    const ended = await changes.made<UnfriendOutcome | undefined>(
      (onDecided) => store.unfriend(user, other, onDecided),
      (decided) => {
        noted = this.#audit(user, 'remove-friend', other, decided === undefined ? 'item-not-found' : 'done');
        if (decided === undefined) return [];
        const [friendship, theirs] = decided;
        // Who took the name after it was asked for was asked nothing, and hears of no end.
        return [{ kind: 'unfriended', friendship, by: user, isUnknown: theirs === undefined }];
      },
    );
    await noted;
    return ended !== undefined;
  }

  async rename(user: string, other: string, name: string, groups: readonly string[]): Promise<boolean> {
    requireNames(name, groups);
    const { store, changes } = this.#options;
    if ((await store.friendship(user, other)) === undefined) return false;
    await this.#charge(user, 'rename', other);
    const renamed = await changes.made<Friendship | undefined>(
      (onDecided) => store.renameFriend(user, other, { name, groups }, onDecided),
      (friendship) => (friendship === undefined ? [] : [{ kind: 'friend-renamed', friendship }]),
    );
    return renamed !== undefined;
  }

  friendship(user: string, other: string): Promise<Friendship | undefined> {
    return this.#options.store.friendship(user, other);
  }

  of(user: string): Promise<readonly Friendship[]> {
    return this.#options.store.friendships(user);
  }

  async #befriend(
    action: string,
    user: string,
    other: string,
    asked: Called & Pick<FriendRequest, 'isUnknown' | 'isAnswer'>,
    isAgain = false,
  ) {
    const { store, clock, changes } = this.#options;
    const request = { user, other, ...asked, time: clock.epoch(), max: this.#max };
    let noted: Promise<void> | undefined;
    const outcome = await changes.made<FriendOutcome>(
      (onDecided) => store.befriend(request, onDecided),
      (decided) => {
        const isUnheard = decided === 'unasked' || (decided !== 'full' && decided[1] === undefined);
        if (isAgain && isUnheard) return [];
        const isFull = decided === 'full' || (isUnheard && asked.isUnknown === false);
        const unless = isUnheard ? 'item-not-found' : 'done';
        noted = this.#audit(user, action, other, isFull ? 'resource-constraint' : unless);
        return changesBy(decided);
      },
    );
    await noted;
    return typeof outcome === 'string' ? outcome : outcome[0].state;
  }

  async #charge(actor: string, action: string, subject: string): Promise<void> {
    await this.#options.pace?.charge({ door: 'ra', actor, action, device: undefined, subject });
  }

  #audit(actor: string, action: string, subject: string, outcome: string): Promise<void> {
    return this.#options.audit.record({ door: 'ra', actor, action, device: undefined, subject, outcome });
  }
}

function changesBy(outcome: FriendOutcome): readonly AssociationChange[] {
  if (typeof outcome === 'string') return [];
  const [mine, theirs] = outcome;
  const isUnknown = theirs === undefined;
  if (mine.state === 'asking') return [{ kind: 'friend-asked', user: mine.other, by: mine.user, isUnknown }];
  if (isUnknown) return [{ kind: 'friends', friendship: mine }];
  return [
    { kind: 'friends', friendship: mine },
    { kind: 'friends', friendship: theirs },
  ];
}
