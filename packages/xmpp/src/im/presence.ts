import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import { serialiseXml } from '../xml/serialise.ts';
import type { BoundClient } from './client-table.ts';
import type { ImServer } from './im-server.ts';
import type { RosterItem } from './stores.ts';
import { Subscribing } from './subscribing.ts';
import { isSubscription, type SubscriptionType } from './subscription.ts';

/** Presence (RFC 6121 §3, §4): to who is subscribed, from who we are subscribed to, probes, directed presence. */
export class Presences {
  readonly #server: ImServer;
  readonly subscribing: Subscribing;

  constructor(server: ImServer) {
    this.#server = server;
    this.subscribing = new Subscribing(server, this);
  }

  /** A session sends presence. */
  sent(client: BoundClient, stanza: Stanza, to: Jid | undefined): void | Promise<void> {
    const { element: presence } = stanza;
    const type = presence.attribute('type');
    if (isSubscription(type)) {
      return to === undefined
        ? this.#server.refuse(presence, 'bad-request')
        : this.#subscribe(client, presence, to, type);
    }
    if (type === 'error') return to && this.#server.route(stanza, client.jid, to, client);
    if (type === 'probe') return to && this.#server.route(stanza, client.jid, to, client);
    if (type !== undefined && type !== 'unavailable') return this.#server.refuse(presence, 'bad-request');
    if (to !== undefined) return this.#direct(client, stanza, to, type === undefined);
    return type === undefined ? this.#available(client, presence) : this.#unavailable(client, presence);
  }

  async #subscribe(client: BoundClient, presence: XmlElement, to: Jid, type: SubscriptionType): Promise<void> {
    // RFC 6121 §3.1.2: a subscription is between bare JIDs.
    const bare = presence.with({ from: `${client.jid.bare}`, to: `${to.bare}` });
    const refusal = await this.subscribing.outbound(client.account, client.jid.bare, to.bare, type, bare);
    if (refusal !== undefined) await this.#server.refuse(presence, refusal);
  }

  /** Presence for somebody of this domain. */
  route(stanza: Stanza, from: Jid, to: Jid): void | Promise<void> {
    const account = to.local;
    if (account === undefined) return;
    const refused = this.#server.isRefusedBy(account, from);
    if (refused instanceof Promise)
      return refused.then((isRefused) => this.#taken(stanza, from, to, account, isRefused));
    return this.#taken(stanza, from, to, account, refused);
  }

  #taken(stanza: Stanza, from: Jid, to: Jid, account: string, isRefused: boolean): void | Promise<void> {
    const { element: presence } = stanza;
    const type = presence.attribute('type');
    if (isRefused) return;
    if (type === 'probe') return this.#probed(account, from, to);
    if (isSubscription(type)) {
      return this.subscribing.inbound(account, from.bare, to.bare, type, presence);
    }
    if (to.resource !== undefined) this.#server.clients.find(account, to.resource)?.session.deliver(stanza);
    else for (const client of this.#server.clients.available(account)) client.session.deliver(stanza);
  }

  /** A session is gone without saying so (RFC 6121 §4.5.3). */
  async ended(client: BoundClient): Promise<void> {
    const presence = element('presence', namespaces.client, { type: 'unavailable', from: `${client.jid}` });
    await this.#unavailable(client, presence);
  }

  /** Tells `to` of every available session of `account`. */
  async tellAll(account: string, to: Jid): Promise<void> {
    for (const client of this.#server.clients.available(account)) await this.#tell(client, client.presence!, to);
  }

  /** Tells `to` that no session of `account` is available any more, or none that it may know of. */
  async tellGone(account: string, to: Jid): Promise<void> {
    for (const client of this.#server.clients.available(account)) {
      await this.#tell(client, element('presence', namespaces.client, { type: 'unavailable' }), to);
    }
  }

  async #available(client: BoundClient, presence: XmlElement): Promise<void> {
    const priority = readPriority(presence);
    if (priority === undefined) return this.#server.refuse(presence, 'bad-request');
    const given = this.#server.stampPresence(client.account, presence);
    const stamped = given instanceof Promise ? await given : given;
    const isInitial = client.presence === undefined;
    const tookMessages = client.takesMessages;
    client.ownPresence = presence;
    client.presence = stamped;
    client.priority = priority;
    // From here on it is sent what comes, and what waited comes before that.
    const flushed = client.takesMessages && !tookMessages ? this.#server.flush(client) : undefined;
    if (isInitial) this.#server.presenceChanged(client);
    this.#server.presenceSent(client, presence);
    await Promise.all([flushed, this.#spread(client, stamped, isInitial)]);
  }

  /** What the server adds to the presence of a session is something else now. */
  async renew(client: BoundClient): Promise<void> {
    const { presence, ownPresence } = client;
    if (presence === undefined || ownPresence === undefined) return;
    const stamped = await this.#server.stampPresence(client.account, ownPresence);
    if (serialiseXml(stamped) === serialiseXml(presence)) return;
    client.presence = stamped;
    await this.#broadcast(client, stamped, await this.#items(client.account));
  }

  async #spread(client: BoundClient, presence: XmlElement, isInitial: boolean): Promise<void> {
    const items = await this.#items(client.account);
    await this.#broadcast(client, presence, items);
    if (isInitial) await this.#arrive(client, items);
  }

  /** RFC 6121 §4.2.2, §4.3: what a session learns when it becomes available. */
  async #arrive(client: BoundClient, items: readonly RosterItem[]): Promise<void> {
    for (const other of this.#server.clients.available(client.account)) {
      if (other !== client) client.session.deliver(other.presence!.with({ to: `${client.jid}` }));
    }
    for (const item of items) {
      if (item.request !== undefined) this.#deliverRequest(client, item.request);
      if (item.subscription !== 'to' && item.subscription !== 'both') continue;
      const contact = this.#server.jids.parse(item.jid);
      if (contact === undefined) continue;
      const attributes = { type: 'probe', from: `${client.jid}`, to: item.jid };
      const probe = new Stanza(element('presence', namespaces.client, attributes));
      await this.#server.route(probe, client.jid, contact, undefined);
    }
  }

  /** RFC 6121 §3.1.3: a request is shown at each log-in until it is answered. */
  #deliverRequest(client: BoundClient, request: string): void {
    const parsed = parseXmlText(request, clientContext);
    if (parsed.ok) client.session.deliver(parsed.value);
  }

  async #unavailable(client: BoundClient, presence: XmlElement): Promise<void> {
    const wasAvailable = client.isAvailable;
    client.presence = undefined;
    client.ownPresence = undefined;
    client.priority = 0;
    if (wasAvailable) this.#server.presenceChanged(client);
    const items = wasAvailable ? await this.#items(client.account) : [];
    if (wasAvailable) await this.#broadcast(client, presence, items);
    const told = new Set(items.filter(isSubscribed).map(({ jid }) => jid));
    // RFC 6121 §4.6.3: who only got directed presence is told too.
    const directed = [...client.directed.values()];
    client.directed.clear();
    for (const to of directed) if (!told.has(`${to.bare}`)) await this.#tell(client, presence, to);
  }

  async #broadcast(client: BoundClient, presence: XmlElement, items: readonly RosterItem[]): Promise<void> {
    for (const item of items) {
      if (!isSubscribed(item)) continue;
      const contact = this.#server.jids.parse(item.jid);
      if (contact !== undefined) await this.#tell(client, presence, contact);
    }
    for (const other of this.#server.clients.available(client.account)) {
      other.session.deliver(presence.with({ from: `${client.jid}`, to: `${other.jid}` }));
    }
  }

  async #tell(client: BoundClient, presence: XmlElement, to: Jid): Promise<void> {
    const blocked = await this.#server.blocklists.list(client.account);
    if (this.#server.isBlockedBy(blocked, to)) return;
    const stanza = new Stanza(presence.with({ from: `${client.jid}`, to: `${to}` }));
    await this.#server.route(stanza, client.jid, to, undefined);
  }

  #direct(client: BoundClient, stanza: Stanza, to: Jid, isAvailable: boolean): void | Promise<void> {
    const key = `${to}`;
    if (!isAvailable) client.directed.delete(key);
    else if (client.directed.has(key) || client.directed.size < this.#server.bounds.directedPresences) {
      client.directed.set(key, to);
    } else return this.#server.refuse(stanza.element, 'resource-constraint');
    if (!isAvailable) return this.#server.route(stanza, client.jid, to, client);
    const given = this.#server.stampPresence(client.account, stanza.element);
    const send = (stamped: XmlElement) =>
      this.#server.route(stamped === stanza.element ? stanza : new Stanza(stamped), client.jid, to, client);
    return given instanceof Promise ? given.then(send) : send(given);
  }

  /** RFC 6121 §4.3.2. */
  async #probed(account: string, from: Jid, to: Jid): Promise<void> {
    const isOwn = from.local === account && from.domain === this.#server.domain;
    const item = isOwn ? undefined : await this.#server.options.stores.rosters.item(account, `${from.bare}`);
    if (!isOwn && item?.subscription !== 'from' && item?.subscription !== 'both') {
      const attributes = { type: 'unsubscribed', from: `${to.bare}`, to: `${from.bare}` };
      const reply = new Stanza(element('presence', namespaces.client, attributes));
      await this.#server.route(reply, to.bare, from.bare, undefined);
      return;
    }
    if (isOwn || this.#server.clients.available(account).length > 0) return this.tellAll(account, from);
    // So that who asks knows, and need not wait.
    const attributes = { type: 'unavailable', from: `${to.bare}`, to: `${from}` };
    const gone = new Stanza(element('presence', namespaces.client, attributes));
    await this.#server.route(gone, to.bare, from, undefined);
  }

  async #items(account: string): Promise<readonly RosterItem[]> {
    return (await this.#server.options.stores.rosters.roster(account)).items;
  }
}

/** The contact sees our presence. */
function isSubscribed({ subscription }: RosterItem): boolean {
  return subscription === 'from' || subscription === 'both';
}

/** RFC 6121 §4.7.2.3. Undefined when it is none. */
function readPriority(presence: XmlElement): number | undefined {
  const text = presence.childText('priority')?.trim();
  if (text === undefined) return 0;
  if (!/^[+-]?\d{1,3}$/.test(text)) return undefined;
  const priority = Number(text);
  return priority >= -128 && priority <= 127 ? priority : undefined;
}
