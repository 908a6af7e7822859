import type { AccessFacts, AccessSubject, Grant } from './access.ts';
import type { StoredCode } from './verification-code.ts';

/**
 * GB/T 29265.205 §3.1: the user owns the device. Many to many. Accounts are named by their bare name, the same for users and
 * devices. Times are milliseconds since the epoch.
 */
export interface Binding {
  readonly user: string;
  readonly device: string;
  /** `pending`: the code was right, and the device has yet to agree. */
  readonly state: 'active' | 'pending';
  /** What the user calls the device, and where it keeps it. */
  readonly name: string;
  readonly groups: readonly string[];
  readonly since: number;
}

/** One side's view of a friendship between two users. */
export interface Friendship {
  readonly user: string;
  readonly other: string;
  /** `asking`: the user waits for the other; `asked`: the other waits for the user. */
  readonly state: 'friends' | 'asking' | 'asked';
  readonly name: string;
  readonly groups: readonly string[];
  readonly since: number;
}

/** Two devices that an owner of both joined. The same from either side. */
export interface DeviceLink {
  readonly device: string;
  readonly other: string;
  readonly madeBy: string;
  readonly since: number;
}

/** What an account keeps for itself under a name: an address with a text. */
export interface Bookmark {
  readonly name: string;
  readonly address: string;
  readonly text: string;
}

export interface NewBinding {
  readonly user: string;
  readonly device: string;
  /** A function is asked while the binding is decided. */
  readonly state: Binding['state'] | (() => Binding['state']);
  readonly name: string;
  readonly groups: readonly string[];
  readonly time: number;
  /** The code that was checked: when it is no longer the current one nothing happens. */
  readonly codeId: string;
  readonly maxOwners: number;
  readonly maxDevices: number;
}

/** What stands now, or why nothing changed. */
export type BindOutcome = Binding | 'exists' | 'code-void' | 'too-many-owners' | 'too-many-devices';

/** What an account calls somebody or something, and where it keeps it. */
export interface Called {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface FriendRequest extends Called {
  readonly user: string;
  readonly other: string;
  readonly time: number;
  readonly max: number;
  readonly isUnknown?: boolean;
  /** Only as the answer to a request of the other: where there is none, or no more, nothing changes. */
  readonly isAnswer?: boolean;
}

/**
 * The views of who asked and of the other, where that one is a user with room for one more. `full`: who asks has as many as may be; that the
 * other has is not told, for it would tell that there is such a user. `unasked`: it was to be an answer, and the other asks nothing.
 */
export type FriendOutcome = readonly [mine: Friendship, theirs?: Friendship] | 'full' | 'unasked';

/** What ended, in the same views: without the other one's, that one had never heard of it. */
export type UnfriendOutcome = readonly [mine: Friendship, theirs?: Friendship];

export type LinkOutcome = 'linked' | 'exists' | 'not-owner' | 'too-many';

export type GrantOutcome = 'set' | 'not-owner' | 'stranger' | 'too-many';

/** One owner ends what another has of a device. */
export interface OwnerRemoval {
  readonly user: string;
  readonly device: string;
  /** The owner who removes; undefined: whoever runs the platform. */
  readonly by: string | undefined;
  /** In place of the code that the removed one may know. */
  readonly code: StoredCode;
}

/** `not-owner`: who removes does not own the device (any more); `elder`: the other owned it before; `none`: owns it not. */
export type OwnerRemovalRefusal = 'not-owner' | 'elder' | 'none';

/**
 * Whether an owner may remove another: those that came later, so that who gets in by a stolen code removes nobody, and of two owners
 * that remove each other at once one stays.
 */
export function mayRemoveOwner(by: Binding, other: Binding): boolean {
  if (by.state !== 'active' || by.user === other.user) return false;
  return other.state === 'pending' || other.since > by.since;
}

/** What went with a binding. */
export interface Unbound {
  readonly binding: Binding;
  readonly grants: readonly Grant[];
  readonly links: readonly DeviceLink[];
}

/** A device that somebody may use, and an owner of it who is that one's friend. */
export interface SharedDevice {
  readonly device: string;
  readonly owner: string;
}

/** What went with an account. */
export interface RemovedAssociations {
  readonly bindings: readonly Binding[];
  /** Those that know of it: who had asked nobody, or somebody before there was one, asked none of them. */
  readonly friends: readonly string[];
  readonly links: readonly DeviceLink[];
}

/** Told at once what was decided, before it is on disk: what is stored in that moment goes to disk with it, or neither does. Must not throw. */
export type OnDecided<T> = (outcome: T) => void;

/**
 * Makes the code of a device that has just lost its last owner, in place of the one that this owner knows. Called while that is decided, before
 * `onDecided`, and kept with it; not for a device without a code. Undefined: it keeps its code.
 */
export type RenewsCode = (device: string) => StoredCode | undefined;

/**
 * Where codes, bindings, friends, links, bookmarks and permissions are kept. Each method is one atomic change, decided on the
 * state that it changes and on the accounts that there are (whoever takes the name of one that is gone inherits nothing): two at once come one after the other, and after a crash either all of it is there or nothing. A
 * promise resolves when the change is on disk. Every adapter passes `associationStoreContract`.
 */
export interface AssociationStore {
  /** The device's current code, expired or not. */
  code(device: string): Promise<StoredCode | undefined>;
  /**
   * Makes it the current code: the one before is void. False, and nothing changed, when there is no such device (any more).
   * @param keeper who asks for it: false too when that one does not own the device (any more), and is not the device
   */
  putCode(code: StoredCode, onDecided?: OnDecided<boolean>, keeper?: string): Promise<boolean>;

  binding(user: string, device: string): Promise<Binding | undefined>;
  /** In the order of devices. */
  bindingsOfUser(user: string): Promise<readonly Binding[]>;
  /** In the order of users. */
  bindingsOfDevice(device: string): Promise<readonly Binding[]>;
  /**
   * A pending binding that is asked for again stays pending and takes the new name. Who comes later to a device has a later `since`, also when
   * the clock is put back or two come in one moment.
   */
  bind(binding: NewBinding, onDecided?: OnDecided<BindOutcome>): Promise<BindOutcome>;
  /** Makes a pending binding active. Undefined when there is none. */
  confirm(
    user: string,
    device: string,
    time: number,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined>;
  /** Undefined when there is no such binding. */
  renameBinding(
    user: string,
    device: string,
    called: Called,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined>;
  /**
   * Ends a binding with all that rested on it: permissions of the user, permissions that it gave, links that it made; with the
   * last owner all permissions of the device, and its code where `renew` makes another.
   */
  unbind(
    user: string,
    device: string,
    onDecided?: OnDecided<Unbound | undefined>,
    renew?: RenewsCode,
  ): Promise<Unbound | undefined>;
  /** As {@link unbind}, where {@link mayRemoveOwner} lets it, with a new code for the device: both, or neither. */
  removeOwner(
    removal: OwnerRemoval,
    onDecided?: OnDecided<Unbound | OwnerRemovalRefusal>,
  ): Promise<Unbound | OwnerRemovalRefusal>;

  friendship(user: string, other: string): Promise<Friendship | undefined>;
  /** In the order of the others. */
  friendships(user: string): Promise<readonly Friendship[]>;
  /**
   * Asks, or agrees when the other has asked. `full`: one of them has `max` friendships; `unasked`: who asks is no user (any more). With `isUnknown` the other is no user: the one who
   * asks keeps that it asked, as of any other, and nothing is kept for the other.
   */
  befriend(request: FriendRequest, onDecided?: OnDecided<FriendOutcome>): Promise<FriendOutcome>;
  /** Undefined when there is nothing between the two. */
  renameFriend(
    user: string,
    other: string,
    called: Called,
    onDecided?: OnDecided<Friendship | undefined>,
  ): Promise<Friendship | undefined>;
  /** Ends a friendship or a request from either side, with the permissions that one gave the other. */
  unfriend(
    user: string,
    other: string,
    onDecided?: OnDecided<UnfriendOutcome | undefined>,
  ): Promise<UnfriendOutcome | undefined>;

  /** In the order of the other devices. */
  links(device: string): Promise<readonly DeviceLink[]>;
  /** `not-owner`: `madeBy` does not own both (any more). */
  link(link: DeviceLink, max: number, onDecided?: OnDecided<LinkOutcome>): Promise<LinkOutcome>;
  unlink(device: string, other: string, onDecided?: OnDecided<boolean>): Promise<boolean>;

  bookmarks(account: string): Promise<readonly Bookmark[]>;
  /** Replaces the one of the same name. False, and nothing kept, when there are `max` others. */
  putBookmark(account: string, bookmark: Bookmark, max: number): Promise<boolean>;
  removeBookmark(account: string, name: string): Promise<boolean>;

  /** All permissions of a device, expired ones too. */
  grants(device: string): Promise<readonly Grant[]>;
  /**
   * Sets the permission of a subject on a feature. `not-owner`: `grantedBy` is no owner and not the device itself;
   * `stranger`: the account is neither owner, friend of an owner, nor linked.
   */
  putGrant(grant: Grant, max: number, onDecided?: OnDecided<GrantOutcome>): Promise<GrantOutcome>;
  removeGrant(
    device: string,
    subject: AccessSubject,
    feature: string,
    onDecided?: OnDecided<Grant | undefined>,
  ): Promise<Grant | undefined>;
  /** Removes permissions with `expiresAt <= now`. */
  removeExpiredGrants(now: number): Promise<number>;
  accessFacts(account: string, device: string): Promise<AccessFacts>;
  /** Devices of friends on which a permission that has not expired at `now` names the user or friends; not the user's own. In the order of devices. */
  sharedWith(user: string, now: number, limit: number): Promise<readonly SharedDevice[]>;
  /** Whether two accounts may exchange stanzas: owner, friend, friend of an owner, linked, or the same. */
  areAssociated(a: string, b: string): Promise<boolean>;

  /** Removes all that names an account. Devices that lose their last owner with it get another code where `renew` makes one. */
  removeAccount(
    account: string,
    onDecided?: OnDecided<RemovedAssociations>,
    renew?: RenewsCode,
  ): Promise<RemovedAssociations>;
}
