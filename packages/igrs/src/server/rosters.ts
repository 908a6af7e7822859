import { newItem, type Roster, type RosterItem, type RosterStore } from '@yaolian/xmpp';
import type { RaAccounts, RaBinding, RaBindings, RaFriends, RaFriendship } from './ports.ts';
import type { SharedViews } from './shared-views.ts';

export interface RaRostersOptions {
  /** The domain of the accounts, prepared. */
  readonly domain: string;
  readonly accounts: RaAccounts;
  readonly bindings: Pick<RaBindings, 'devicesOf' | 'ownersOf' | 'binding'>;
  readonly friends: Pick<RaFriends, 'of' | 'friendship'>;
  /** Devices of others that accounts see. The same as those of the `RaServer`. */
  readonly views: SharedViews;
  /**
   * What clients keep about others besides: contacts of other domains, and names for accounts that they have nothing in common
   * with. Its version rises with every change of a binding or friendship of the account too.
   */
  readonly kept: RosterStore;
}

/**
 * The rosters of a message server whose accounts are associated (GB/T 29265.205 §3.1: bound users and devices are in each other's
 * contact lists): bindings and friends are contacts, and devices of others whose state an account may see (RFC 6121 §2.1.2.5: `to`, and `from` for the
 * device). There is no other truth beside them.
 */
export class RaRosters implements RosterStore {
  readonly #options: RaRostersOptions;

  constructor(options: RaRostersOptions) {
    this.#options = options;
  }

  async roster(account: string): Promise<Roster> {
    const { accounts, bindings, friends, kept } = this.#options;
    const kind = await accounts.kindOf(account);
    const { version, items } = await kept.roster(account);
    const found = new Map(items.map((item) => [item.jid, this.#plain(item)]));
    const shared = kind === undefined ? [] : await this.#shared(account, kind);
    for (const { jid, subscription } of shared) found.set(jid, seen(subscription, jid, found.get(jid)));
    const bound = kind === 'device' ? await bindings.ownersOf(account) : await bindings.devicesOf(account);
    const friendly = kind === 'user' ? await friends.of(account) : [];
    const associated = [
      ...bound.map((binding) => this.#ofBinding(account, binding)),
      ...friendly.map((friendship) => this.#ofFriendship(friendship)),
    ];
    for (const item of associated) {
      if (item !== undefined) found.set(item.jid, joined(item, found.get(item.jid)));
    }
    const near = kind === 'device' ? bound.map(({ user }) => user) : friendly.map(({ other }) => other);
    const devices = kind === 'user' ? bound.map(({ device }) => device) : [];
    return { version: versionWith(version, shared), items: this.#ranked([...found.values()], near, devices) };
  }

  /**
   * The nearest first, each kind by address: of a roster that is too long for a client it gets no last ones. Friends (of a device its owners),
   * contacts of other domains, own devices, devices that others share, accounts that the user has nothing in common with.
   */
  #ranked(items: readonly RosterItem[], near: readonly string[], devices: readonly string[]): readonly RosterItem[] {
    const rankOf = new Map([
      ...devices.map((account) => [this.#jid(account), 2] as const),
      ...near.map((account) => [this.#jid(account), 0] as const),
    ]);
    const rank = ({ jid, subscription }: RosterItem) =>
      rankOf.get(jid) ?? (this.#local(jid) === undefined ? 1 : subscription === 'none' ? 4 : 3);
    const ranked = items.map((item) => ({ item, rank: rank(item) }));
    ranked.sort((a, b) => a.rank - b.rank || (a.item.jid < b.item.jid ? -1 : 1));
    return ranked.map(({ item }) => item);
  }

  async version(account: string): Promise<Roster['version']> {
    const { accounts, kept } = this.#options;
    const kind = await accounts.kindOf(account);
    const version = await kept.version(account);
    return kind === undefined ? version : versionWith(version, await this.#shared(account, kind));
  }

  async item(account: string, jid: string): Promise<RosterItem | undefined> {
    const { kept } = this.#options;
    const item = await kept.item(account, jid);
    const plain = item && this.#plain(item);
    const other = this.#local(jid);
    const associated = other === undefined ? undefined : await this.#association(account, other);
    if (associated !== undefined) return joined(associated, plain);
    const subscription = other === undefined ? undefined : await this.#sharing(account, other);
    return subscription === undefined ? plain : seen(subscription, jid, plain);
  }

  async put(account: string, item: RosterItem): Promise<Roster['version']> {
    await this.#options.kept.put(account, item);
    return this.version(account);
  }

  async remove(account: string, jid: string): Promise<Roster['version'] | undefined> {
    const removed = await this.#options.kept.remove(account, jid);
    return removed === undefined ? undefined : this.version(account);
  }

  /** Devices that the account sees, and, of a device, who sees it; those that own it are no part of that. */
  async #shared(account: string, kind: 'user' | 'device'): Promise<readonly Shared[]> {
    const { views } = this.#options;
    const subscriptions = new Map<string, Sharing>();
    for (const { device } of await views.of(account)) subscriptions.set(device, 'to');
    for (const view of kind === 'device' ? await views.viewersOf(account) : []) {
      subscriptions.set(view.account, subscriptions.has(view.account) ? 'both' : 'from');
    }
    return [...subscriptions].map(([other, subscription]) => ({ jid: this.#jid(other), subscription }));
  }

  async #sharing(account: string, other: string): Promise<Sharing | undefined> {
    const { views } = this.#options;
    const sees = (await views.between(account, other)) !== undefined;
    const isSeen = (await views.between(other, account)) !== undefined;
    return sees ? (isSeen ? 'both' : 'to') : isSeen ? 'from' : undefined;
  }

  async #association(account: string, other: string): Promise<RosterItem | undefined> {
    const { bindings, friends } = this.#options;
    const binding = (await bindings.binding(account, other)) ?? (await bindings.binding(other, account));
    if (binding !== undefined) return this.#ofBinding(account, binding);
    const friendship = await friends.friendship(account, other);
    return friendship && this.#ofFriendship(friendship);
  }

  #ofBinding(account: string, { user, device, state, name, groups }: RaBinding): RosterItem | undefined {
    if (state !== 'active') return undefined;
    const both = { subscription: 'both', listed: true } as const;
    if (account === device) return { ...newItem(this.#jid(user)), ...both };
    return { ...newItem(this.#jid(device)), name, groups, ...both };
  }

  /** RFC 6121 §2.1.2.2, §3.1.3: who was asked sees the request until it is answered, and no contact before. */
  #ofFriendship({ user, other, state, name, groups }: RaFriendship): RosterItem {
    const item = newItem(this.#jid(other));
    if (state === 'friends') return { ...item, name, groups, subscription: 'both', listed: true };
    if (state === 'asking') return { ...item, name, groups, asked: true, listed: true };
    const request = `<presence type='subscribe' from='${this.#jid(other)}' to='${this.#jid(user)}'/>`;
    return { ...item, request };
  }

  /** What a client keeps about an account of the domain says nothing of what the two are to each other. */
  #plain(item: RosterItem): RosterItem {
    if (this.#local(item.jid) === undefined) return item;
    return { ...newItem(item.jid), name: item.name, groups: item.groups, listed: item.listed };
  }

  #local(jid: string): string | undefined {
    const { domain } = this.#options;
    return jid.endsWith(`@${domain}`) ? jid.slice(0, -domain.length - 1) : undefined;
  }

  #jid(account: string): string {
    return `${account}@${this.#options.domain}`;
  }
}

type Sharing = 'to' | 'from' | 'both';

interface Shared {
  readonly jid: string;
  readonly subscription: Sharing;
}

function seen(subscription: Sharing, jid: string, plain: RosterItem | undefined): RosterItem {
  return { ...newItem(jid), name: plain?.name, groups: plain?.groups ?? [], subscription, listed: true };
}

/** RFC 6121 §2.6.1: what is shared begins and ends with permissions, also while nobody is connected, and no count rises then. */
function versionWith(version: Roster['version'], shared: readonly Shared[]): Roster['version'] {
  if (shared.length === 0) return version;
  let hash = 0x811c9dc5; // FNV-1a
  for (const { jid, subscription } of shared) {
    for (const character of `${jid} ${subscription}\n`) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    }
  }
  return `${version}-${hash.toString(36)}`;
}

function joined(associated: RosterItem, plain: RosterItem | undefined): RosterItem {
  if (plain === undefined || associated.listed) return associated;
  return { ...associated, name: plain.name, groups: plain.groups, listed: plain.listed };
}
