import type { DatabaseSync } from 'node:sqlite';
import {
  type AccessFacts,
  type AccessRelation,
  type AccessSubject,
  type AssociationStore,
  type Binding,
  type BindOutcome,
  type Bookmark,
  type Called,
  type DeviceLink,
  type FriendOutcome,
  type FriendRequest,
  type Friendship,
  type Grant,
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
  type StoredCode,
  type Unbound,
  type UnfriendOutcome,
} from '@yaolian/directory';
import { AccessCache } from './access-cache.ts';
import {
  type BindingRow,
  type CodeRow,
  type FriendshipRow,
  type GrantRow,
  type LinkRow,
  readBinding,
  readCode,
  readFriendship,
  readGrant,
  readLink,
  subjectText,
} from './association-rows.ts';
import { prepareAssociationStatements } from './association-statements.ts';
import type { CommitListener, GroupCommit } from './group-commit.ts';
import { everybody, type IsAccount } from './is-account.ts';

type Devices = readonly string[];

/** No decision about a device rests on it. */
const nothing: Devices = [];

/** Associations in SQLite: each method decides and changes inside one transaction. */
export class SqliteAssociationStore implements AssociationStore, CommitListener {
  readonly #commit: GroupCommit;
  readonly #facts = new AccessCache();
  readonly #statements: ReturnType<typeof prepareAssociationStatements>;

  readonly #isAccount: IsAccount;

  /** @param isAccount whether there is such an account in the moment of a change. Default: there is every one */
  constructor(database: DatabaseSync, commit: GroupCommit, isAccount: IsAccount = everybody) {
    this.#commit = commit;
    this.#isAccount = isAccount;
    this.#statements = prepareAssociationStatements(database);
    commit.listen(this);
  }

  /** What was read since the last commit may never have been. */
  rolledBack(): void {
    this.#facts.clear();
  }

  async code(device: string): Promise<StoredCode | undefined> {
    const row = this.#statements.code.get(device) as CodeRow | undefined;
    return row && readCode(row);
  }

  putCode(code: StoredCode, onDecided?: OnDecided<boolean>, keeper?: string): Promise<boolean> {
    const { device } = code;
    const put = () => {
      const mayKeep = keeper === undefined || keeper === device || this.#binding(keeper, device)?.state === 'active';
      const isKept = this.#isAccount(device) && mayKeep;
      if (isKept) this.#putCode(code);
      return isKept;
    };
    return this.#together(put, nothing, onDecided);
  }

  #putCode({ device, id, salt, digest, issuedAt, expiresAt }: StoredCode): void {
    this.#statements.putCode.run(device, id, salt, digest, issuedAt, expiresAt ?? null);
  }

  async binding(user: string, device: string): Promise<Binding | undefined> {
    return this.#binding(user, device);
  }

  async bindingsOfUser(user: string): Promise<readonly Binding[]> {
    return (this.#statements.bindingsOfUser.all(user) as unknown as BindingRow[]).map(readBinding);
  }

  async bindingsOfDevice(device: string): Promise<readonly Binding[]> {
    return (this.#statements.bindingsOfDevice.all(device) as unknown as BindingRow[]).map(readBinding);
  }

  bind(asked: NewBinding, onDecided?: OnDecided<BindOutcome>): Promise<BindOutcome> {
    return this.#together(() => this.#bind(asked), [asked.device], onDecided);
  }

  confirm(
    user: string,
    device: string,
    time: number,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined> {
    const confirm = () => {
      const row = this.#statements.confirm.get(this.#later(device, time), user, device) as BindingRow | undefined;
      return row && readBinding(row);
    };
    return this.#together(confirm, [device], onDecided);
  }

  /** The time, or just after the last that came to the device. */
  #later(device: string, time: number): number {
    return (this.#statements.laterBinding.get(time, device) as { readonly since: number }).since;
  }

  renameBinding(
    user: string,
    device: string,
    { name, groups }: Called,
    onDecided?: OnDecided<Binding | undefined>,
  ): Promise<Binding | undefined> {
    const rename = () => {
      const { renameBinding } = this.#statements;
      const row = renameBinding.get(name, JSON.stringify(groups), user, device) as BindingRow | undefined;
      return row && readBinding(row);
    };
    return this.#together(rename, nothing, onDecided);
  }

  unbind(
    user: string,
    device: string,
    onDecided?: OnDecided<Unbound | undefined>,
    renew?: RenewsCode,
  ): Promise<Unbound | undefined> {
    return this.#together(
      () => this.#unbind(user, device, renew),
      (unbound) => [device, ...(unbound?.links ?? []).map(({ other }) => other)],
      onDecided,
    );
  }

  removeOwner(
    { user, device, by, code }: OwnerRemoval,
    onDecided?: OnDecided<Unbound | OwnerRemovalRefusal>,
  ): Promise<Unbound | OwnerRemovalRefusal> {
    return this.#together(
      () => {
        const mine = by === undefined ? undefined : this.#binding(by, device);
        if (by !== undefined && mine?.state !== 'active') return 'not-owner';
        const theirs = this.#binding(user, device);
        if (theirs === undefined) return 'none';
        if (mine !== undefined && !mayRemoveOwner(mine, theirs)) return 'elder';
        this.#putCode(code);
        return this.#unbind(user, device)!;
      },
      (removed) => (typeof removed === 'string' ? nothing : [device, ...removed.links.map(({ other }) => other)]),
      onDecided,
    );
  }

  async friendship(user: string, other: string): Promise<Friendship | undefined> {
    return this.#friendship(user, other);
  }

  async friendships(user: string): Promise<readonly Friendship[]> {
    return this.#friendships(user);
  }

  befriend(request: FriendRequest, onDecided?: OnDecided<FriendOutcome>): Promise<FriendOutcome> {
    const befriend = (): FriendOutcome => {
      const { user, other, name, groups, time, max, isAnswer = false } = request;
      const isUnknown = request.isUnknown === true || !this.#isAccount(other);
      const { countFriends, putFriendship } = this.#statements;
      const mine = this.#friendship(user, other);
      if (isAnswer && mine?.state !== 'asked') return 'unasked';
      if (!this.#isAccount(user)) return 'unasked';
      if (mine === undefined && countOf(countFriends.get(user)) >= max) return 'full';
      const known = this.#friendship(other, user);
      // Two that became friends meanwhile stay so, under the names that they have.
      if (mine?.state === 'friends' && known !== undefined) return [mine, known];
      const state = mine === undefined || mine.state === 'asking' ? 'asking' : 'friends';
      putFriendship.run(user, other, state, name, JSON.stringify(groups), time);
      const asked: Friendship = { user, other, state, name, groups, since: time };
      if (isUnknown || (known === undefined && countOf(countFriends.get(other)) >= max)) return [asked];
      const theirs = known ?? { name: user, groups: [] };
      const back = state === 'asking' ? 'asked' : 'friends';
      putFriendship.run(other, user, back, theirs.name, JSON.stringify(theirs.groups), time);
      const { name: called, groups: kept } = theirs;
      return [asked, { user: other, other: user, state: back, name: called, groups: kept, since: time }];
    };
    return this.#together(befriend, undefined, onDecided);
  }

  renameFriend(
    user: string,
    other: string,
    { name, groups }: Called,
    onDecided?: OnDecided<Friendship | undefined>,
  ): Promise<Friendship | undefined> {
    const rename = () => {
      const { renameFriend } = this.#statements;
      const row = renameFriend.get(name, JSON.stringify(groups), user, other) as FriendshipRow | undefined;
      return row && readFriendship(row);
    };
    return this.#together(rename, nothing, onDecided);
  }

  unfriend(
    user: string,
    other: string,
    onDecided?: OnDecided<UnfriendOutcome | undefined>,
  ): Promise<UnfriendOutcome | undefined> {
    return this.#together(() => this.#unfriend(user, other), undefined, onDecided);
  }

  async links(device: string): Promise<readonly DeviceLink[]> {
    return (this.#statements.links.all(device) as unknown as LinkRow[]).map(readLink);
  }

  link({ device, other, madeBy, since }: DeviceLink, max: number, onDecided?: OnDecided<LinkOutcome>) {
    const link = (): LinkOutcome => {
      const { linked, countLinks, putLink } = this.#statements;
      for (const one of [device, other]) if (this.#binding(madeBy, one)?.state !== 'active') return 'not-owner';
      if (linked.get(device, other)) return 'exists';
      for (const one of [device, other]) if (countOf(countLinks.get(one)) >= max) return 'too-many';
      putLink.run(device, other, madeBy, since);
      putLink.run(other, device, madeBy, since);
      return 'linked';
    };
    return this.#together(link, [device, other], onDecided);
  }

  unlink(device: string, other: string, onDecided?: OnDecided<boolean>): Promise<boolean> {
    return this.#together(() => this.#unlink(device, other), [device, other], onDecided);
  }

  async bookmarks(account: string): Promise<readonly Bookmark[]> {
    return (this.#statements.bookmarks.all(account) as unknown as Bookmark[]).map((row) => ({ ...row }));
  }

  putBookmark(account: string, { name, address, text }: Bookmark, max: number): Promise<boolean> {
    const { putBookmark } = this.#statements;
    const put = () =>
      this.#isAccount(account) && putBookmark.run(account, name, address, text, account, name, max).changes > 0;
    return this.#together(put, nothing);
  }

  removeBookmark(account: string, name: string): Promise<boolean> {
    return this.#together(() => this.#statements.removeBookmark.run(account, name).changes > 0, nothing);
  }

  async grants(device: string): Promise<readonly Grant[]> {
    return (this.#statements.grants.all(device) as unknown as GrantRow[]).map(readGrant);
  }

  putGrant(grant: Grant, max: number, onDecided?: OnDecided<GrantOutcome>): Promise<GrantOutcome> {
    const put = (): GrantOutcome => {
      const { device, subject, feature, operations, expiresAt = null, grantedBy, grantedAt } = grant;
      const { countOtherGrants, putGrant } = this.#statements;
      if (!this.#isAccount(device)) return 'not-owner';
      if (grantedBy !== device && this.#binding(grantedBy, device)?.state !== 'active') return 'not-owner';
      if (subject.kind === 'account' && this.#relation(subject.account, device) === 'none') return 'stranger';
      const whom = subjectText(subject);
      if (countOf(countOtherGrants.get(device, whom, feature)) >= max) return 'too-many';
      putGrant.run(device, whom, feature, operations.join(' '), expiresAt, grantedBy, grantedAt);
      return 'set';
    };
    return this.#together(put, [grant.device], onDecided);
  }

  removeGrant(
    device: string,
    subject: AccessSubject,
    feature: string,
    onDecided?: OnDecided<Grant | undefined>,
  ): Promise<Grant | undefined> {
    const remove = () => {
      const row = this.#statements.removeGrant.get(device, subjectText(subject), feature) as GrantRow | undefined;
      return row && readGrant(row);
    };
    return this.#together(remove, [device], onDecided);
  }

  removeExpiredGrants(now: number): Promise<number> {
    const remove = () => Number(this.#statements.removeExpired.run(now).changes);
    return this.#together(remove, (count) => (count === 0 ? nothing : undefined));
  }

  async accessFacts(account: string, device: string): Promise<AccessFacts> {
    const known = this.#facts.get(account, device);
    if (known !== undefined) return known;
    const facts = this.#accessFacts(account, device);
    // Strangers are many, and have no right to our memory.
    if (facts.relation !== 'none') this.#facts.keep(account, device, facts);
    return facts;
  }

  async sharedWith(user: string, now: number, limit: number): Promise<readonly SharedDevice[]> {
    const rows = this.#statements.sharedWith.all({ user, now, limit }) as unknown as SharedDevice[];
    return rows.map(({ device, owner }) => ({ device, owner }));
  }

  async areAssociated(a: string, b: string): Promise<boolean> {
    if (this.#friendship(a, b)?.state === 'friends') return true;
    return this.#relation(a, b) !== 'none' || this.#relation(b, a) !== 'none';
  }

  removeAccount(
    account: string,
    onDecided?: OnDecided<RemovedAssociations>,
    renew?: RenewsCode,
  ): Promise<RemovedAssociations> {
    const remove = (): RemovedAssociations => {
      const { removeCode, removeBookmarksOf, removeAllGrants, removeGrantsTo } = this.#statements;
      removeCode.run(account);
      const asked = [
        ...this.#statements.bindingsOfUser.all(account),
        ...this.#statements.bindingsOfDevice.all(account),
      ];
      const bindings = (asked as unknown as BindingRow[]).map(readBinding);
      const links = (this.#statements.links.all(account) as unknown as LinkRow[]).map(readLink);
      for (const { device, other } of links) this.#unlink(device, other);
      for (const { user, device } of bindings) links.push(...(this.#unbind(user, device, renew)?.links ?? []));
      const ended = this.#friendships(account).map(({ other }) => this.#unfriend(account, other));
      const friends = ended.flatMap((views) => views?.[1]?.user ?? []);
      removeAllGrants.all(account);
      removeGrantsTo.run(`a:${account}`);
      removeBookmarksOf.run(account);
      return { bindings, friends, links };
    };
    return this.#together(remove, undefined, onDecided);
  }

  #bind({ user, device, state: wanted, name, groups, time, codeId, maxOwners, maxDevices }: NewBinding): BindOutcome {
    const { code, countOwners, countDevices, putBinding } = this.#statements;
    if ((code.get(device) as CodeRow | undefined)?.id !== codeId || !this.#isAccount(user)) return 'code-void';
    const found = this.#binding(user, device);
    if (found?.state === 'active') return 'exists';
    if (!found && countOf(countOwners.get(device)) >= maxOwners) return 'too-many-owners';
    if (!found && countOf(countDevices.get(user)) >= maxDevices) return 'too-many-devices';
    const state = typeof wanted === 'function' ? wanted() : wanted;
    const since = this.#later(device, time);
    putBinding.run(user, device, state, name, JSON.stringify(groups), since);
    return { user, device, state, name, groups, since };
  }

  #accessFacts(account: string, device: string): AccessFacts {
    const relation = this.#relation(account, device);
    if (relation === 'none') return { relation, grants: [] };
    const rows = this.#statements.grantsFor.all(device, `a:${account}`) as unknown as GrantRow[];
    return { relation, grants: rows.map(readGrant) };
  }

  #unbind(user: string, device: string, renew?: RenewsCode): Unbound | undefined {
    const { code, removeBinding, hasOwner, removeGrantsOf, removeAllGrants, linksMadeBy } = this.#statements;
    const row = removeBinding.get(user, device) as BindingRow | undefined;
    if (row === undefined) return undefined;
    const binding = readBinding(row);
    const isOwned = hasOwner.get(device) !== undefined;
    const removed = isOwned ? removeGrantsOf.all(device, `a:${user}`, user) : removeAllGrants.all(device);
    const isLast = !isOwned && binding.state === 'active' && code.get(device) !== undefined;
    const renewed = isLast ? renew?.(device) : undefined;
    if (renewed !== undefined) this.#putCode(renewed);
    const links = (linksMadeBy.all(device, user) as unknown as LinkRow[]).map(readLink);
    for (const link of links) this.#unlink(link.device, link.other);
    return { binding, grants: (removed as unknown as GrantRow[]).map(readGrant), links };
  }

  #unfriend(user: string, other: string): UnfriendOutcome | undefined {
    const { removeFriendship, removeGrantsFrom } = this.#statements;
    const mine = removeFriendship.get(user, other) as FriendshipRow | undefined;
    const theirs = removeFriendship.get(other, user) as FriendshipRow | undefined;
    removeGrantsFrom.run(`a:${other}`, user);
    removeGrantsFrom.run(`a:${user}`, other);
    if (mine === undefined) return undefined;
    return theirs === undefined ? [readFriendship(mine)] : [readFriendship(mine), readFriendship(theirs)];
  }

  #unlink(device: string, other: string): boolean {
    const { removeLink } = this.#statements;
    return removeLink.run(device, other).changes > 0 && removeLink.run(other, device).changes > 0;
  }

  #binding(user: string, device: string): Binding | undefined {
    const row = this.#statements.binding.get(user, device) as BindingRow | undefined;
    return row && readBinding(row);
  }

  #friendship(user: string, other: string): Friendship | undefined {
    const row = this.#statements.friendship.get(user, other) as FriendshipRow | undefined;
    return row && readFriendship(row);
  }

  #friendships(user: string): readonly Friendship[] {
    return (this.#statements.friendships.all(user) as unknown as FriendshipRow[]).map(readFriendship);
  }

  #relation(account: string, device: string): AccessRelation {
    if (account === device) return 'self';
    if (this.#binding(account, device)?.state === 'active') return 'owner';
    if (this.#statements.friendOfOwner.get(device, account)) return 'friend';
    return this.#statements.linked.get(device, account) ? 'linked' : 'none';
  }

  /**
   * @param about the devices whose decisions rest on what changes; undefined: any may
   * @param onDecided told while the transaction is open
   */
  async #together<T>(
    apply: () => T,
    about?: Devices | ((value: T) => Devices | undefined),
    onDecided?: (value: T) => void,
  ): Promise<T> {
    let decided: { readonly value: T } | undefined;
    await this.#commit.changeTogether(() => {
      const value = apply();
      decided = { value };
      // At once, not when it is on disk: what is decided from now on is decided on what stands in the tables.
      const devices = typeof about === 'function' ? about(value) : about;
      if (devices === undefined) this.#facts.clear();
      else this.#facts.forget(devices);
      onDecided?.(value);
    });
    return (decided as unknown as { readonly value: T }).value;
  }
}

function countOf(row: unknown): number {
  return (row as { count: number }).count;
}
