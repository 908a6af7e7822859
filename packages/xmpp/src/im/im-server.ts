import { type Log, silentLog } from '@yaolian/kernel';
import type { Jid } from '../jid/jid.ts';
import { JidCache } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { SessionHandler, XmppSession } from '../server/ports.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { Blocklists, isBlocked } from './blocklist.ts';
import { BoundClient, ClientTable } from './client-table.ts';
import { Messages } from './messages.ts';
import {
  type ContactKeeper,
  type ImModule,
  type IqRequest,
  type ModuleAnswer,
  ModuleHandlers,
  type Refusal,
} from './module.ts';
import { defaultImBounds, type ImBounds, type ImServerOptions, type ImService } from './options.ts';
import { PassedOnRequests } from './passed-on.ts';
import { Presences } from './presence.ts';
import { RosterBook } from './roster.ts';
import { errorReply, failureOf, StanzaError, type StanzaErrorCondition } from './stanza-error.ts';
import type { RosterItem } from './stores.ts';
import { isSubscription } from './subscription.ts';

const settled = Promise.resolve();

/**
 * The instant messaging of one domain (RFC 6121): rosters, presence, routing, and what modules add. Stanzas come from sessions,
 * from services and from other domains inside the process (`ImDomains`); those elsewhere are not reached.
 */
export class ImServer implements SessionHandler {
  readonly domain: string;
  readonly options: ImServerOptions;
  readonly bounds: Required<ImBounds>;
  readonly clients = new ClientTable();
  readonly jids = new JidCache();
  readonly blocklists: Blocklists;
  readonly roster: RosterBook;
  readonly #messages: Messages;
  readonly #presences: Presences;
  readonly #sessions = new Map<XmppSession, BoundClient>();
  readonly #services = new Map<string, ImService>();
  readonly #neighbours = new Map<string, ImServer>();
  readonly #passedOn = new PassedOnRequests();
  readonly #log: Log;
  #modules: readonly ImModule[] = [];
  #handlers = new ModuleHandlers([]);
  #gate: ImModule['admits'];
  #keeper: ContactKeeper | undefined;

  constructor(options: ImServerOptions) {
    this.options = options;
    this.domain = options.domain;
    this.bounds = { ...defaultImBounds, ...options.bounds };
    this.#log = options.log ?? silentLog;
    this.blocklists = new Blocklists(options.stores.blocking);
    this.roster = new RosterBook(this);
    this.#messages = new Messages(this);
    this.#presences = new Presences(this);
    this.use(this.roster.module());
  }

  /** Adds an extension. */
  use(...modules: readonly ImModule[]): this {
    this.#modules = [...this.#modules, ...modules];
    this.#handlers = new ModuleHandlers(this.#modules);
    this.#gate = this.#modules.find(({ admits }) => admits !== undefined)?.admits;
    this.#keeper = this.#modules.find(({ contacts }) => contacts !== undefined)?.contacts;
    return this;
  }

  /** Why a message that waited for an account does not reach it any more. */
  refusalOfWaiting(account: string, message: XmlElement): Promise<Refusal> | undefined {
    return this.#modules.find(({ releases }) => releases !== undefined)?.releases?.(account, message);
  }

  get modules(): readonly ImModule[] {
    return this.#modules;
  }

  /** Who decides about a contact, where that is not the table of subscriptions. */
  keeperOf(contact: Jid): ContactKeeper | undefined {
    if (contact.domain !== this.domain || contact.local === undefined) return undefined;
    return this.#keeper;
  }

  /** Routes everything for `domain` to `service`. @throws RangeError when the domain is taken */
  addService(domain: string, service: ImService): void {
    if (domain === this.domain || this.#services.has(domain)) throw new RangeError(`${domain} is taken`);
    this.#services.set(domain, service);
  }

  /** Another domain of this process. @throws RangeError when the domain is taken */
  addNeighbour(other: ImServer): void {
    this.addService(other.domain, { onStanza: (stanza, from, to) => other.#fromNeighbour(stanza, from, to) });
    this.#neighbours.set(other.domain, other);
  }

  /** Who has the accounts of the domain of a JID, in this process. */
  domainOf({ domain }: Jid): ImServer | undefined {
    return domain === this.domain ? this : this.#neighbours.get(domain);
  }

  /** What an account of a neighbour sends; services of the process come in by {@link route}. */
  #fromNeighbour(stanza: Stanza, from: Jid, to: Jid): void | Promise<void> {
    const refusal = this.#gate?.(from, to, stanza.element);
    if (refusal instanceof Promise) {
      return refusal.then((why) => (why ? this.refuse(stanza.element, why) : this.route(stanza, from, to, undefined)));
    }
    return refusal === undefined ? this.route(stanza, from, to, undefined) : this.refuse(stanza.element, refusal);
  }

  /** Why an account may not write to another one, if a module says so; services ask it where they write for somebody. */
  admission(from: Jid, to: Jid, stanza: XmlElement): Refusal | Promise<Refusal> {
    return this.#gate?.(from, to, stanza);
  }

  onBound(session: XmppSession, requests: readonly XmlElement[]): void {
    const client = new BoundClient(session);
    client.hasCarbons = requests.some((request) => request.is('enable', 'urn:xmpp:carbons:2'));
    this.#sessions.set(session, client);
    this.clients.add(client);
    this.#inOrder(client, async () => {
      await this.blocklists.list(client.account);
    });
  }

  onStanza(session: XmppSession, stanza: Stanza): void | Promise<void> {
    const client = this.#sessions.get(session);
    if (client === undefined) return;
    // What comes after something that waits, waits too: order holds between two entities (RFC 6120 §10.1).
    const isReady = client.busy === 0 && this.blocklists.known(client.account) !== undefined;
    if (isReady && stanza.element.name === 'message') {
      const refusal = this.#refusal(client, stanza.element);
      if (!(refusal instanceof Promise)) {
        const done = this.#take(client, stanza, refusal);
        return done instanceof Promise ? this.#besideOthers(client, this.#guarded(client, stanza, done)) : done;
      }
      return this.#inOrder(client, () => this.#guarded(client, stanza, this.#takeLater(client, stanza, refusal)));
    }
    return this.#inOrder(client, () => {
      const refusal = this.#refusal(client, stanza.element);
      const done =
        refusal instanceof Promise ? this.#takeLater(client, stanza, refusal) : this.#take(client, stanza, refusal);
      return this.#guarded(client, stanza, done);
    });
  }

  onEnded(session: XmppSession, undelivered: readonly Stanza[]): void {
    const client = this.#sessions.get(session);
    if (client === undefined) return;
    this.#sessions.delete(session);
    this.clients.remove(client);
    // Before anything else: what comes from now on is younger.
    const messages = undelivered.filter(({ element: { name } }) => name === 'message');
    const returned = messages.length === 0 ? settled : this.#messages.returned(client, messages);
    returned.catch((error: unknown) => {
      this.#log.error('messages that a session gave back are not kept', { error, jid: `${client.jid}` });
    });
    this.#inOrder(client, async () => {
      await returned.catch(() => {});
      if (client.presence !== undefined || client.hasDirected) await this.#presences.ended(client);
      for (const { element: xml } of undelivered) {
        // RFC 6121 §8.5.3.2.3. Requests to the account that it was to answer are not to its full JID.
        if (xml.name === 'iq' && xml.attribute('to') === `${client.jid}`) await this.refuse(xml, 'service-unavailable');
      }
      for (const iq of this.#passedOn.ended(client)) await this.refuse(iq, 'recipient-unavailable');
    });
  }

  /** Routes a stanza of a service of this process; `from` and `to` stand in it. @returns once it is taken over */
  async send(stanza: XmlElement | Stanza): Promise<void> {
    const carried = stanza instanceof Stanza ? stanza : new Stanza(stanza);
    const from = this.jids.parse(carried.element.attribute('from') ?? '');
    const to = this.jids.parse(carried.element.attribute('to') ?? '');
    if (from === undefined || to === undefined) throw new RangeError('a stanza of a service has both from and to');
    await this.route(carried, from, to, undefined);
  }

  /** Takes a stanza to where it goes. @param client the session that it came from */
  route(stanza: Stanza, from: Jid, to: Jid, client: BoundClient | undefined): void | Promise<void> {
    if (to.domain !== this.domain) {
      const service = this.#services.get(to.domain);
      if (service !== undefined) return service.onStanza(stanza, from, to);
      return this.refuse(stanza.element, 'remote-server-not-found');
    }
    const { name } = stanza.element;
    if (name === 'message') return this.#messages.route(stanza, from, to);
    if (name === 'presence') return this.#presences.route(stanza, from, to);
    return this.#routeIq(stanza, from, to, client);
  }

  /** Answers with an error, if the stanza is one that is answered. */
  refuse(stanza: XmlElement, error: StanzaError | StanzaErrorCondition): void | Promise<void> {
    const why = typeof error === 'string' ? new StanzaError(error) : error;
    const reply = errorReply(stanza, why);
    return reply && this.reply(reply);
  }

  /** Takes an answer of the server back to a session or service; it is never answered. */
  reply(answer: XmlElement): void | Promise<void> {
    const to = this.jids.parse(answer.attribute('to') ?? '');
    if (to === undefined) return;
    if (to.domain !== this.domain) {
      const from = this.jids.parse(answer.attribute('from') ?? this.domain);
      return from && this.#services.get(to.domain)?.onStanza(new Stanza(answer), from, to);
    }
    if (to.local === undefined || to.resource === undefined) return;
    this.clients.find(to.local, to.resource)?.session.deliver(answer);
  }

  /** Why a session may not send this, if a module says so. */
  #refusal(client: BoundClient, stanza: XmlElement): Refusal | Promise<Refusal> {
    const text = stanza.attribute('to');
    if (this.#gate === undefined || text === undefined) return undefined;
    const to = this.jids.parse(text);
    if (to !== undefined && this.#neighbours.has(to.domain)) return this.#gate(client.jid, to, stanza);
    if (to?.local === undefined || to.domain !== this.domain || to.sameBare(client.jid)) return undefined;
    if (stanza.name === 'presence' && isSubscription(stanza.attribute('type'))) return undefined;
    return this.#gate(client.jid, to, stanza);
  }

  async #takeLater(client: BoundClient, stanza: Stanza, refusal: Promise<Refusal>): Promise<void> {
    await this.#take(client, stanza, await refusal);
  }

  #take(client: BoundClient, stanza: Stanza, refusal: Refusal): void | Promise<void> {
    const { element: xml } = stanza;
    if (refusal !== undefined) return this.refuse(xml, refusal);
    const text = xml.attribute('to');
    const to = text === undefined ? undefined : this.jids.parse(text);
    if (text !== undefined && to === undefined) return this.refuse(xml, 'jid-malformed');
    if (to !== undefined && !to.sameBare(client.jid)) {
      const blocked = this.blocklists.known(client.account);
      if (blocked === undefined) {
        return this.blocklists.list(client.account).then(() => this.#take(client, stanza, refusal));
      }
      if (isBlocked(blocked, to) && xml.attribute('type') !== 'unavailable') {
        // XEP-0191 §3.4: who blocks somebody does not write to them.
        return this.refuse(
          xml,
          new StanzaError('not-acceptable', undefined, element('blocked', 'urn:xmpp:blocking:errors')),
        );
      }
    }
    if (to?.local === undefined && to?.domain === this.domain && this.#isTaken(client, xml)) return;
    if (xml.name === 'message') return this.#messages.sent(client, stanza, to ?? client.jid.bare);
    if (xml.name === 'presence') return this.#presences.sent(client, stanza, to);
    // RFC 6120 §10.3.3: an iq without `to` is for the own account.
    return this.route(stanza, client.jid, to ?? client.jid.bare, client);
  }

  /** A session became available, or is so no more. */
  presenceChanged(client: BoundClient): void {
    for (const module of this.#modules) module.presenceChanged?.(client);
  }

  /** Available presence with what modules add. */
  stampPresence(account: string, presence: XmlElement): XmlElement | Promise<XmlElement> {
    const stamping = this.#modules.filter(({ stampPresence }) => stampPresence !== undefined);
    return stamping.length === 0 ? presence : stampedBy(stamping, account, presence);
  }

  /** What modules add to presence is something else now: contacts will see it, each session after what it said before. */
  renewPresence(account: string): void {
    for (const client of this.clients.available(account)) {
      void this.#inOrder(client, () => this.#presences.renew(client));
    }
  }

  /** A session sent available presence to all. */
  presenceSent(client: BoundClient, presence: XmlElement): void {
    for (const module of this.#modules) module.presenceSent?.(client, presence);
  }

  /** From now on `subscriber` sees the presence of an account. */
  subscriberAdded(account: string, subscriber: Jid): void {
    for (const module of this.#modules) module.subscriberAdded?.(account, subscriber);
  }

  /** Whether a module takes what is for the server itself. */
  #isTaken(client: BoundClient, stanza: XmlElement): boolean {
    const type = stanza.attribute('type');
    const isFit = stanza.name === 'message' || (stanza.name === 'iq' && (type === 'result' || type === 'error'));
    return isFit && this.#modules.some((module) => module.toServer?.(client, stanza) === true);
  }

  async #routeIq(stanza: Stanza, from: Jid, to: Jid, client: BoundClient | undefined): Promise<void> {
    const { element: iq } = stanza;
    const type = iq.attribute('type');
    const payloads = iq.elements();
    if (type !== 'get' && type !== 'set' && type !== 'result' && type !== 'error')
      return this.refuse(iq, 'bad-request');
    if (iq.attribute('id') === undefined) return this.refuse(iq, 'bad-request');
    if ((type === 'get' || type === 'set') && payloads.length !== 1) return this.refuse(iq, 'bad-request');
    if (to.local !== undefined && to.resource !== undefined) {
      const target = this.clients.find(to.local, to.resource);
      if (target === undefined || (await this.isRefusedBy(to.local, from)))
        return this.refuse(iq, 'service-unavailable');
      const isPassedOn =
        client !== undefined && (type === 'result' || type === 'error') && this.#passedOn.isAnswer(client, iq);
      target.session.deliver(isPassedOn ? iq.with({ from: `${from.bare}` }) : stanza);
      return;
    }
    if (type === 'result' || type === 'error') return; // RFC 6121 §8.5.2.1.3
    const isOwn = to.local !== undefined && from.sameBare(to);
    const request: IqRequest = { type, from, client, account: to.local, isOwn, payload: payloads[0]! };
    await this.#serve(iq, request);
  }

  async #serve(iq: XmlElement, request: IqRequest): Promise<void> {
    const { account, isOwn, from } = request;
    if (account !== undefined && !isOwn) {
      const isThere = await this.options.accounts.exists(account);
      if (!isThere || (await this.isRefusedBy(account, from))) return this.refuse(iq, 'service-unavailable');
    }
    const handler = this.#handlers.of(request);
    if (handler === undefined) return this.refuse(iq, 'service-unavailable');
    const { client } = request;
    if (handler.isSlow !== true || client === undefined || account === undefined) {
      return this.#answer(iq, await handler.handle(request));
    }
    const isTaken = client.slow.add(account, async () => {
      try {
        await this.#answer(iq, await handler.handle(request));
      } catch (error) {
        this.#log.error('a stanza could not be dealt with', { error, jid: `${client.jid}` });
        await this.refuse(iq, failureOf(error));
      }
    });
    if (!isTaken)
      return this.refuse(iq, new StanzaError('resource-constraint', 'too many requests wait', undefined, 'wait'));
  }

  async #answer(iq: XmlElement, answer: ModuleAnswer): Promise<void> {
    if (answer instanceof StanzaError) return this.refuse(iq, answer);
    if (answer instanceof BoundClient) {
      if (!this.#passedOn.add(answer, iq)) return this.refuse(iq, 'resource-constraint');
      if (!answer.session.deliver(iq)) return this.refuse(iq, 'recipient-unavailable');
      return;
    }
    const attributes = { type: 'result', id: iq.attribute('id'), from: iq.attribute('to'), to: iq.attribute('from') };
    return this.reply(element('iq', namespaces.client, attributes, answer));
  }

  /** The bare JID of an account. @throws RangeError when there can be none */
  accountJid(account: string): Jid {
    const jid = this.jids.parse(`${account}@${this.domain}`);
    if (jid === undefined) throw new RangeError(`${account} is no local part`);
    return jid;
  }

  /** Ends what subscriptions there are, on the side of the contact. */
  endSubscriptions(account: string, contact: Jid, item: RosterItem): Promise<void> {
    return this.#presences.subscribing.end(account, contact, item);
  }

  /** To `contact` all sessions of the account become unavailable, when it saw them (XEP-0191 §3.3). */
  async seemsGone(account: string, contact: Jid): Promise<void> {
    if (await this.#isSeenBy(account, contact)) await this.#presences.tellGone(account, contact);
  }

  /** To `contact` the sessions of the account are there again (XEP-0191 §3.4). */
  async seemsPresent(account: string, contact: Jid): Promise<void> {
    if (!(await this.#isSeenBy(account, contact))) return;
    await this.#presences.tellAll(account, contact);
    this.subscriberAdded(account, contact);
  }

  /** Tells `contact` how the sessions of `account` are, or that they are gone, whatever its roster says. */
  async tellPresence(account: string, contact: Jid, isGone: boolean): Promise<void> {
    if (isGone) return this.#presences.tellGone(account, contact);
    await this.#presences.tellAll(account, contact);
    this.subscriberAdded(account, contact);
  }

  async #isSeenBy(account: string, contact: Jid): Promise<boolean> {
    const item = await this.options.stores.rosters.item(account, `${contact.bare}`);
    return item?.subscription === 'from' || item?.subscription === 'both';
  }

  /** Gives a session what waited for its account. */
  flush(client: BoundClient): Promise<void> {
    return this.#messages.flush(client);
  }

  isBlockedBy(list: ReadonlySet<string>, jid: Jid): boolean {
    return isBlocked(list, jid);
  }

  /** True when `account` blocks `from`. At once where its list is in memory. */
  isRefusedBy(account: string, from: Jid): boolean | Promise<boolean> {
    if (from.local === account && from.domain === this.domain) return false;
    const known = this.blocklists.known(account);
    return known === undefined
      ? this.blocklists.list(account).then((list) => isBlocked(list, from))
      : isBlocked(known, from);
  }

  #inOrder(client: BoundClient, run: () => void | Promise<void>): Promise<void> {
    client.busy++;
    const done = client.tail.then(run).catch((error: unknown) => {
      this.#log.error('a stanza could not be dealt with', { error, jid: `${client.jid}` });
    });
    const tail = done.then(() => {
      client.busy--;
      // Who waits for nothing holds no promise.
      if (client.tail === tail) client.tail = settled;
    });
    client.tail = tail;
    return tail;
  }

  /** Messages do not wait for each other to be stored; all else waits for them, so that its answer tells that they are taken over. */
  #besideOthers(client: BoundClient, done: Promise<void>): Promise<void> {
    const before = client.tail;
    client.tail = done.then(() => before);
    return done;
  }

  async #guarded(client: BoundClient, stanza: Stanza, done: void | Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      this.#log.error('a stanza could not be dealt with', { error, jid: `${client.jid}` });
      await this.refuse(stanza.element, failureOf(error));
    }
  }
}

async function stampedBy(modules: readonly ImModule[], account: string, presence: XmlElement): Promise<XmlElement> {
  let stamped = presence;
  for (const module of modules) stamped = (await module.stampPresence?.(account, stamped)) ?? stamped;
  return stamped;
}
