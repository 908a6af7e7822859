import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { encodeXml } from '../xml/serialise.ts';
import { AccountTurns } from './account-turns.ts';
import type { ImServer } from './im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from './module.ts';
import { StanzaError } from './stanza-error.ts';
import type { Roster, RosterItem } from './stores.ts';
import { newItem } from './subscription.ts';

const rosterNamespace = 'jabber:iq:roster';

/** Stream features of servers that version rosters and take approvals in advance (RFC 6121 §2.6, §3.4). */
export const rosterFeatures: readonly XmlElement[] = [
  element('ver', 'urn:xmpp:features:rosterver'),
  element('sub', 'urn:xmpp:features:pre-approval'),
];

/** Rosters of accounts (RFC 6121 §2): read, changed, and pushed to the sessions that are interested. */
export class RosterBook {
  readonly #server: ImServer;
  readonly #turns = new AccountTurns();
  #pushes = 0;

  constructor(server: ImServer) {
    this.#server = server;
  }

  module(): ImModule {
    return {
      name: 'RFC 6121 roster',
      handlers: [
        {
          namespace: rosterNamespace,
          name: 'query',
          types: ['get', 'set'],
          targets: ['own'],
          handle: (request) => (request.type === 'get' ? this.#read(request) : this.#change(request)),
        },
      ],
    };
  }

  /**
   * Reads and changes a roster with nothing else of that account in between: what one session answers and what a contact asks may come at
   * once. `work` sends nothing to others, which could wait for this.
   */
  inTurn<Answer>(account: string, work: () => Promise<Answer>): Promise<Answer> {
    return this.#turns.take(account, work);
  }

  /** Keeps an item and tells the sessions of the account, unless it is one that they do not see. */
  async put(account: string, item: RosterItem): Promise<void> {
    const version = await this.#server.options.stores.rosters.put(account, item);
    if (item.listed) this.#push(account, encodeItem(item), version);
  }

  /** Removes an item and tells the sessions of the account. */
  async remove(account: string, item: RosterItem): Promise<void> {
    const version = await this.#server.options.stores.rosters.remove(account, item.jid);
    if (version === undefined || !item.listed) return;
    this.#push(account, element('item', rosterNamespace, { jid: item.jid, subscription: 'remove' }), version);
  }

  /** Tells the sessions of the account how a contact is now. @param jid bare */
  async tell(account: string, jid: string): Promise<void> {
    if (!this.#server.clients.of(account).some(({ isInterested }) => isInterested)) return;
    const { rosters } = this.#server.options.stores;
    const item = await rosters.item(account, jid);
    if (item !== undefined && !item.listed) return;
    const removed = element('item', rosterNamespace, { jid, subscription: 'remove' });
    this.#push(account, item === undefined ? removed : encodeItem(item), await rosters.version(account));
  }

  async #read({ client, account, payload }: IqRequest): Promise<ModuleAnswer> {
    if (payload.elements().length > 0) return new StanzaError('bad-request');
    const { version, items } = await this.#server.options.stores.rosters.roster(account!);
    if (client !== undefined) client.isInterested = true;
    const known = payload.attribute('ver');
    // RFC 6121 §2.6.3: who knows it all is answered by nothing.
    if (known !== undefined && known === String(version)) return undefined;
    const listed = fitting(
      items.filter((item) => item.listed),
      this.#server.bounds.rosterAnswer,
    );
    return element('query', rosterNamespace, known === undefined ? {} : { ver: String(version) }, ...listed);
  }

  async #change({ account, payload }: IqRequest): Promise<ModuleAnswer> {
    const items = payload.elements('item');
    const [wanted] = items;
    if (wanted === undefined || items.length !== 1) return new StanzaError('bad-request');
    const jid = this.#server.jids.parse(wanted.attribute('jid') ?? '');
    if (jid === undefined) return new StanzaError('jid-malformed');
    if (!jid.isBare) return new StanzaError('bad-request', 'a contact is a bare JID');
    if (jid.local === account && jid.domain === this.#server.domain) return new StanzaError('not-allowed');
    return wanted.attribute('subscription') === 'remove'
      ? this.#removeContact(account!, jid)
      : this.#setContact(account!, jid, wanted);
  }

  async #setContact(account: string, jid: Jid, wanted: XmlElement): Promise<ModuleAnswer> {
    const { rosterItems, rosterText, rosterGroups, rosterTexts } = this.#server.bounds;
    const { rosters } = this.#server.options.stores;
    const name = wanted.attribute('name');
    const groups = wanted.elements('group').map((group) => group.text());
    // RFC 6121 §2.3.3.
    if (new Set(groups).size !== groups.length) return new StanzaError('bad-request', 'a group stands there twice');
    if (groups.some((group) => group === '' || group.length > rosterText)) return new StanzaError('not-acceptable');
    if (groups.length > rosterGroups || (name?.length ?? 0) > rosterText) return new StanzaError('not-acceptable');
    const renamed = await this.#server.keeperOf(jid)?.rename(account, jid, name || (jid.local ?? jid.domain), groups);
    if (renamed instanceof StanzaError) return renamed;
    if (renamed === true) return undefined;
    return this.inTurn(account, async () => {
      const before = await rosters.item(account, `${jid}`);
      const { items } = await rosters.roster(account);
      if (before === undefined && items.length >= rosterItems) {
        return new StanzaError('resource-constraint', 'the roster is full');
      }
      const others = items.reduce((sum, item) => (item.jid === `${jid}` ? sum : sum + textsOf(item)), 0);
      const grows = textsOf({ name, groups }) > (before === undefined ? 0 : textsOf(before));
      if (grows && others + textsOf({ name, groups }) > rosterTexts) {
        return new StanzaError('resource-constraint', 'names and groups are as long as they may be in all');
      }
      await this.put(account, { ...(before ?? newItem(`${jid}`)), name: name || undefined, groups, listed: true });
      return undefined;
    });
  }

  /** RFC 6121 §2.5.2: what subscriptions there were end on both sides. */
  async #removeContact(account: string, jid: Jid): Promise<ModuleAnswer> {
    const { rosters } = this.#server.options.stores;
    const isEnded = await this.#server.keeperOf(jid)?.remove(account, jid);
    if (isEnded instanceof StanzaError) return isEnded;
    const item = await rosters.item(account, `${jid}`);
    if (item === undefined || !item.listed) return isEnded ? undefined : new StanzaError('item-not-found');
    await this.#server.endSubscriptions(account, jid, item);
    await this.remove(account, item);
    return undefined;
  }

  /** RFC 6121 §2.1.6. */
  #push(account: string, item: XmlElement, version: Roster['version']): void {
    const query = element('query', rosterNamespace, { ver: String(version) }, item);
    for (const client of this.#server.clients.of(account)) {
      if (!client.isInterested) continue;
      const attributes = { type: 'set', id: `push-${++this.#pushes}`, to: `${client.jid}` };
      client.session.deliver(element('iq', namespaces.client, attributes, query));
    }
  }
}

/** Characters. */
function textsOf({ name, groups }: { readonly name: string | undefined; readonly groups: readonly string[] }): number {
  return groups.reduce((sum, group) => sum + group.length, name?.length ?? 0);
}

/** Elements and texts that readers take in one stanza, with room for what is around them. */
const mostNodes = 9000;

/**
 * The contacts as they fit into one stanza: RFC 6121 has no pages, and a client that gets more than it takes does not get in. Of a roster that
 * is too long some contacts come without their groups, or names, and the last not at all.
 */
function fitting(items: readonly RosterItem[], bytes: number): readonly XmlElement[] {
  const whole = items.map(encodeItem);
  // A character takes six bytes at most, and markup less than these.
  const most = items.reduce(
    (sum, item) => sum + 200 + 6 * (item.jid.length + textsOf(item)) + 20 * item.groups.length,
    0,
  );
  const nodes = items.reduce((sum, { groups }) => sum + 1 + 2 * groups.length, 0);
  if (most <= bytes && nodes <= mostNodes) return whole;
  const sizeOf = (item: XmlElement) => encodeXml(item, { defaultNamespace: rosterNamespace }).length;
  const left = { bytes, nodes: mostNodes };
  const bare = items.map((item) => encodeItem({ ...item, name: undefined, groups: [] }));
  const sizes = bare.map(sizeOf);
  const given = bare.findIndex((_, index) => {
    left.bytes -= sizes[index]!;
    left.nodes--;
    return left.bytes < 0 || left.nodes < 0;
  });
  if (given !== -1) return bare.slice(0, given);
  return items.map((item, index) => {
    const fits = [whole[index]!, encodeItem({ ...item, groups: [] })].find((form) => {
      const grows = sizeOf(form) - sizes[index]!;
      const more = 2 * form.elements().length;
      if (grows > left.bytes || more > left.nodes) return false;
      left.bytes -= grows;
      left.nodes -= more;
      return true;
    });
    return fits ?? bare[index]!;
  });
}

/** RFC 6121 §2.1.2. */
function encodeItem(item: RosterItem): XmlElement {
  return element(
    'item',
    rosterNamespace,
    {
      jid: item.jid,
      name: item.name,
      subscription: item.subscription,
      ask: item.asked ? 'subscribe' : undefined,
      approved: item.approved ? 'true' : undefined,
    },
    ...item.groups.map((group) => element('group', rosterNamespace, {}, group)),
  );
}
