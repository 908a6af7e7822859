import type { AccessFacts, AccessRelation, AccessSubject, Grant } from '../ra/access.ts';
import {
  type AssociationStore,
  type Binding,
  type BindOutcome,
  type Bookmark,
  type Called,
  type DeviceLink,
  type FriendOutcome,
  type FriendRequest,
  type Friendship,
  type GrantOutcome,
  type LinkOutcome,
  mayRemoveOwner,
  type NewBinding,
  type OnDecided,
  type OwnerRemoval,
  type OwnerRemovalRefusal,
  type RemovedAssociations,
  type RenewsCode,
  type SharedDevice,
  type Unbound,
  type UnfriendOutcome,
} from '../ra/association.ts';
import type { StoredCode } from '../ra/verification-code.ts';
import { compareKeys } from './key-order.ts';

/** Associations in memory, for tests: each method runs to its end in one turn. */
export class MemoryAssociationStore implements AssociationStore {
  readonly #isAccount: (name: string) => boolean;
  readonly #codes = new Map<string, StoredCode>();
  readonly #bookmarks = new Map<string, Map<string, Bookmark>>();
  #bindings: Binding[] = [];
  #friends: Friendship[] = [];
  #links: DeviceLink[] = [];
  #grants: Grant[] = [];

  /** @param isAccount whether there is such an account in the moment of a change. Default: there is every one */
  constructor(isAccount: (name: string) => boolean = () => true) {
    this.#isAccount = isAccount;
  }

  async code(device: string): Promise<StoredCode | undefined> {
    return this.#codes.get(device);
  }

  async putCode(code: StoredCode, onDecided?: OnDecided<boolean>, keeper?: string): Promise<boolean> {
    const { device } = code;
    const mayKeep = keeper === undefined || keeper === device || this.#owners(device).includes(keeper);
    const isKept = this.#isAccount(device) && mayKeep;
    if (isKept) this.#codes.set(device, code);
    return decided(isKept, onDecided);
  }

  async binding(user: string, device: string): Promise<Binding | undefined> {
    return this.#bindings.find((one) => one.user === user && one.device === device);
  }

  async bindingsOfUser(user: string): Promise<readonly Binding[]> {
    return sorted(
      this.#bindings.filter((one) => one.user === user),
      (one) => one.device,
    );
  }

  async bindingsOfDevice(device: string): Promise<readonly Binding[]> {
    return sorted(
      this.#bindings.filter((one) => one.device === device),
      (one) => one.user,
    );
  }

  async bind(asked: NewBinding, onDecided?: OnDecided<BindOutcome>): Promise<BindOutcome> {
    return decided(this.#bind(asked), onDecided);
  }

  #bind(asked: NewBinding): BindOutcome {
    const { user, device, name, groups, time } = asked;
    if (this.#codes.get(device)?.id !== asked.codeId || !this.#isAccount(user)) return 'code-void';
    const found = this.#bindings.findIndex((one) => one.user === user && one.device === device);
    if (found >= 0 && this.#bindings[found]!.state === 'active') return 'exists';
    if (found < 0 && this.#bindings.filter((one) => one.device === device).length >= asked.maxOwners) {
      return 'too-many-owners';
    }
    if (found < 0 && this.#bindings.filter((one) => one.user === user).length >= asked.maxDevices) {
      return 'too-many-devices';
    }
    const state = typeof asked.state === 'function' ? asked.state() : asked.state;
    const since = this.#later(device, time);
    if (found >= 0) this.#bindings.splice(found, 1);
    const binding = { user, device, state, name, groups, since };
    this.#bindings.push(binding);
    return binding;
  }

  #later(device: string, time: number): number {
    return Math.max(time, ...this.#bindings.filter((one) => one.device === device).map(({ since }) => since + 1));
  }

  async confirm(
    user: string,
    device: string,
    time: number,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined> {
    const since = this.#later(device, time);
    const confirmed = this.#change(user, device, (one) =>
      one.state === 'pending' ? { ...one, state: 'active', since } : one,
    );
    return decided(confirmed, onDecided);
  }

  async renameBinding(
    user: string,
    device: string,
    called: Called,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined> {
    return decided(
      this.#change(user, device, (one) => ({ ...one, ...called })),
      onDecided,
    );
  }

  /** @returns undefined when it is as before */
  #change(user: string, device: string, change: (binding: Binding) => Binding): Binding | undefined {
    const index = this.#bindings.findIndex((one) => one.user === user && one.device === device);
    const before = this.#bindings[index];
    const after = before && change(before);
    if (after === undefined || after === before) return undefined;
    this.#bindings[index] = after;
    return after;
  }

  async unbind(
    user: string,
    device: string,
    onDecided?: OnDecided<Unbound | undefined>,
    renew?: RenewsCode,
  ): Promise<Unbound | undefined> {
    return decided(this.#unbind(user, device, renew), onDecided);
  }

  #unbind(user: string, device: string, renew?: RenewsCode): Unbound | undefined {
    const binding = this.#bindings.find((one) => one.user === user && one.device === device);
    if (binding === undefined) return undefined;
    this.#bindings = this.#bindings.filter((one) => one !== binding);
    const ownerless = !this.#owners(device).length;
    const renewed = ownerless && binding.state === 'active' && this.#codes.has(device) ? renew?.(device) : undefined;
    if (renewed !== undefined) this.#codes.set(device, renewed);
    const goes = (grant: Grant) =>
      grant.device === device && (ownerless || grant.grantedBy === user || isFor(grant.subject, user));
    const grants = this.#grants.filter(goes);
    const links = this.#links.filter((one) => one.madeBy === user && (one.device === device || one.other === device));
    this.#grants = this.#grants.filter((one) => !grants.includes(one));
    this.#links = this.#links.filter((one) => !links.includes(one));
    return { binding, grants, links };
  }

  async removeOwner(
    removal: OwnerRemoval,
    onDecided?: OnDecided<Unbound | OwnerRemovalRefusal>,
  ): Promise<Unbound | OwnerRemovalRefusal> {
    return decided(this.#removeOwner(removal), onDecided);
  }

  #removeOwner({ user, device, by, code }: OwnerRemoval): Unbound | OwnerRemovalRefusal {
    const of = (one: string) => this.#bindings.find((binding) => binding.user === one && binding.device === device);
    const [mine, theirs] = [by === undefined ? undefined : of(by), of(user)];
    if (by !== undefined && mine?.state !== 'active') return 'not-owner';
    if (theirs === undefined) return 'none';
    if (mine !== undefined && !mayRemoveOwner(mine, theirs)) return 'elder';
    this.#codes.set(device, code);
    return this.#unbind(user, device)!;
  }

  async friendship(user: string, other: string): Promise<Friendship | undefined> {
    return this.#friends.find((one) => one.user === user && one.other === other);
  }

  async friendships(user: string): Promise<readonly Friendship[]> {
    return sorted(
      this.#friends.filter((one) => one.user === user),
      (one) => one.other,
    );
  }

  async befriend(request: FriendRequest, onDecided?: OnDecided<FriendOutcome>): Promise<FriendOutcome> {
    return decided(this.#befriend(request), onDecided);
  }

  #befriend(request: FriendRequest): FriendOutcome {
    const { user, other, name, groups, time: since, max } = request;
    const isUnknown = request.isUnknown === true || !this.#isAccount(other);
    const mine = this.#friends.find((one) => one.user === user && one.other === other);
    const theirs = this.#friends.find((one) => one.user === other && one.other === user);
    const count = (account: string) => this.#friends.filter((one) => one.user === account).length;
    if (request.isAnswer === true && mine?.state !== 'asked') return 'unasked';
    if (!this.#isAccount(user)) return 'unasked';
    if (mine === undefined && count(user) >= max) return 'full';
    if (mine?.state === 'friends' && theirs !== undefined) return [mine, theirs];
    const state = mine === undefined || mine.state === 'asking' ? 'asking' : 'friends';
    this.#friends = this.#friends.filter((one) => one !== mine && one !== theirs);
    const asked: Friendship = { user, other, state, name, groups, since };
    this.#friends.push(asked);
    if (isUnknown || (theirs === undefined && count(other) >= max)) return [asked];
    const known = theirs ?? { user: other, other: user, name: user, groups: [] };
    const answering: Friendship = { ...known, state: state === 'asking' ? 'asked' : 'friends', since };
    this.#friends.push(answering);
    return [asked, answering];
  }

  async renameFriend(
    user: string,
    other: string,
    called: Called,
    onDecided?: OnDecided<Friendship | undefined>,
  ): Promise<Friendship | undefined> {
    const index = this.#friends.findIndex((one) => one.user === user && one.other === other);
    const before = this.#friends[index];
    const after = before && { ...before, ...called };
    if (after !== undefined) this.#friends[index] = after;
    return decided(after, onDecided);
  }

  async unfriend(
    user: string,
    other: string,
    onDecided?: OnDecided<UnfriendOutcome | undefined>,
  ): Promise<UnfriendOutcome | undefined> {
    return decided(this.#unfriend(user, other), onDecided);
  }

  #unfriend(user: string, other: string): UnfriendOutcome | undefined {
    const mine = this.#friends.find((one) => one.user === user && one.other === other);
    const theirs = this.#friends.find((one) => one.user === other && one.other === user);
    this.#friends = this.#friends.filter(
      (one) => !(one.user === user && one.other === other) && !(one.user === other && one.other === user),
    );
    this.#grants = this.#grants.filter(
      (one) =>
        !(one.grantedBy === user && isFor(one.subject, other)) &&
        !(one.grantedBy === other && isFor(one.subject, user)),
    );
    if (mine === undefined) return undefined;
    return theirs === undefined ? [mine] : [mine, theirs];
  }

  async links(device: string): Promise<readonly DeviceLink[]> {
    return this.#linksOf(device);
  }

  #linksOf(device: string): readonly DeviceLink[] {
    const seen = this.#links
      .filter((one) => one.device === device || one.other === device)
      .map((one) => (one.device === device ? one : { ...one, device, other: one.device }));
    return sorted(seen, (one) => one.other);
  }

  async link(link: DeviceLink, max: number, onDecided?: OnDecided<LinkOutcome>): Promise<LinkOutcome> {
    return decided(this.#link(link, max), onDecided);
  }

  #link(link: DeviceLink, max: number): LinkOutcome {
    const { device, other, madeBy } = link;
    const owns = (one: string) => this.#owners(one).includes(madeBy);
    if (!owns(device) || !owns(other)) return 'not-owner';
    if (this.#linked(device, other)) return 'exists';
    for (const one of [device, other]) if (this.#linksOf(one).length >= max) return 'too-many';
    this.#links.push(link);
    return 'linked';
  }

  async unlink(device: string, other: string, onDecided?: OnDecided<boolean>): Promise<boolean> {
    const before = this.#links.length;
    this.#links = this.#links.filter((one) => !joins(one, device, other));
    return decided(this.#links.length < before, onDecided);
  }

  async bookmarks(account: string): Promise<readonly Bookmark[]> {
    return sorted([...(this.#bookmarks.get(account)?.values() ?? [])], (one) => one.name);
  }

  async putBookmark(account: string, bookmark: Bookmark, max: number): Promise<boolean> {
    const kept = this.#bookmarks.get(account) ?? new Map<string, Bookmark>();
    if (!this.#isAccount(account) || (!kept.has(bookmark.name) && kept.size >= max)) return false;
    this.#bookmarks.set(account, kept.set(bookmark.name, bookmark));
    return true;
  }

  async removeBookmark(account: string, name: string): Promise<boolean> {
    return this.#bookmarks.get(account)?.delete(name) ?? false;
  }

  async grants(device: string): Promise<readonly Grant[]> {
    const key = ({ subject, feature }: Grant) => `${subjectKey(subject)} ${feature}`;
    return sorted(
      this.#grants.filter((one) => one.device === device),
      key,
    );
  }

  async putGrant(grant: Grant, max: number, onDecided?: OnDecided<GrantOutcome>): Promise<GrantOutcome> {
    return decided(this.#putGrant(grant, max), onDecided);
  }

  #putGrant(grant: Grant, max: number): GrantOutcome {
    const { device, subject, feature, grantedBy } = grant;
    if (!this.#isAccount(device)) return 'not-owner';
    if (grantedBy !== device && !this.#owners(device).includes(grantedBy)) return 'not-owner';
    if (subject.kind === 'account' && this.#relation(subject.account, device) === 'none') return 'stranger';
    const others = this.#grants.filter((one) => !isAbout(one, device, subject, feature));
    if (others.filter((one) => one.device === device).length >= max) return 'too-many';
    this.#grants = [...others, grant];
    return 'set';
  }

  async removeGrant(
    device: string,
    subject: AccessSubject,
    feature: string,
    onDecided?: OnDecided<Grant | undefined>,
  ): Promise<Grant | undefined> {
    const found = this.#grants.find((one) => isAbout(one, device, subject, feature));
    this.#grants = this.#grants.filter((one) => one !== found);
    return decided(found, onDecided);
  }

  async removeExpiredGrants(now: number): Promise<number> {
    const before = this.#grants.length;
    this.#grants = this.#grants.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
    return before - this.#grants.length;
  }

  async accessFacts(account: string, device: string): Promise<AccessFacts> {
    const relation = this.#relation(account, device);
    const matters = ({ subject }: Grant) => subject.kind === 'class' || subject.account === account;
    return { relation, grants: relation === 'none' ? [] : (await this.grants(device)).filter(matters) };
  }

  async sharedWith(user: string, now: number, limit: number): Promise<readonly SharedDevice[]> {
    const shared = new Map<string, SharedDevice>();
    for (const { device, user: owner, state } of sorted(this.#bindings, (one) => one.user)) {
      const isTheirs = state === 'active' && this.#areFriends(user, owner) && !this.#owners(device).includes(user);
      const isNamed = this.#grants.some(
        ({ subject, operations, expiresAt, device: one }) =>
          one === device &&
          (subject.kind === 'class' ? subject.class === 'friend' : subject.account === user) &&
          operations.length > 0 &&
          (expiresAt === undefined || expiresAt > now),
      );
      if (isTheirs && isNamed && !shared.has(device)) shared.set(device, { device, owner });
    }
    return sorted([...shared.values()], (one) => one.device).slice(0, limit);
  }

  async areAssociated(a: string, b: string): Promise<boolean> {
    return this.#areFriends(a, b) || this.#relation(a, b) !== 'none' || this.#relation(b, a) !== 'none';
  }

  async removeAccount(
    account: string,
    onDecided?: OnDecided<RemovedAssociations>,
    renew?: RenewsCode,
  ): Promise<RemovedAssociations> {
    return decided(this.#removeAccount(account, renew), onDecided);
  }

  #removeAccount(account: string, renew?: RenewsCode): RemovedAssociations {
    this.#codes.delete(account);
    const bindings = this.#bindings.filter((one) => one.user === account || one.device === account);
    const links = [...this.#links.filter((one) => one.device === account || one.other === account)];
    for (const { user, device } of bindings) links.push(...this.#unbind(user, device, renew)!.links);
    const mine = this.#friends.filter((one) => one.user === account);
    const friends = sorted(mine, (one) => one.other)
      .map(({ other }) => this.#unfriend(account, other))
      .flatMap((ended) => ended?.[1]?.user ?? []);
    this.#links = this.#links.filter((one) => !links.includes(one));
    this.#grants = this.#grants.filter((one) => one.device !== account && !isFor(one.subject, account));
    this.#bookmarks.delete(account);
    return { bindings, friends, links: [...new Set(links)] };
  }

  #relation(account: string, device: string): AccessRelation {
    if (account === device) return 'self';
    const owners = this.#owners(device);
    if (owners.includes(account)) return 'owner';
    if (owners.some((owner) => this.#areFriends(owner, account))) return 'friend';
    return this.#linked(account, device) ? 'linked' : 'none';
  }

  #owners(device: string): string[] {
    return this.#bindings.filter((one) => one.device === device && one.state === 'active').map(({ user }) => user);
  }

  #areFriends(a: string, b: string): boolean {
    return this.#friends.some((one) => one.user === a && one.other === b && one.state === 'friends');
  }

  #linked(a: string, b: string): boolean {
    return this.#links.some((one) => joins(one, a, b));
  }
}

function decided<T>(outcome: T, onDecided: OnDecided<T> | undefined): T {
  onDecided?.(outcome);
  return outcome;
}

function joins({ device, other }: DeviceLink, a: string, b: string): boolean {
  return (device === a && other === b) || (device === b && other === a);
}

function isFor(subject: AccessSubject, account: string): boolean {
  return subject.kind === 'account' && subject.account === account;
}

function isAbout(grant: Grant, device: string, subject: AccessSubject, feature: string): boolean {
  return grant.device === device && grant.feature === feature && subjectKey(grant.subject) === subjectKey(subject);
}

function subjectKey(subject: AccessSubject): string {
  return subject.kind === 'account' ? `a:${subject.account}` : `c:${subject.class}`;
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareKeys(key(a), key(b)));
}
