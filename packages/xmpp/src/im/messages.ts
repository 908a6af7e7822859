import type { Jid } from '../jid/jid.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import { AccountTurns } from './account-turns.ts';
import { ArchiveIds } from './archive-ids.ts';
import { isBlocked } from './blocklist.ts';
import type { BoundClient } from './client-table.ts';
import { delayOf } from './delay.ts';
import type { ImServer } from './im-server.ts';
import { type Recipient, routedStanza, routes } from './routing.ts';

const hints = 'urn:xmpp:hints';
const carbons = 'urn:xmpp:carbons:2';

/** Messages on their way: routing, carbon copies (XEP-0280), archive (XEP-0313), and what waits for who is away (XEP-0160). */
export class Messages {
  readonly #server: ImServer;
  /** What several sessions of an account have, as it came or as a copy, so that it is not there again when one of them gives it back. */
  readonly #shared = new WeakMap<Stanza, Shared>();
  /** Accounts that are just given what waited, or that a session gives back what it had: what comes meanwhile comes after that. */
  readonly #turns = new AccountTurns();
  readonly #archiveIds: ArchiveIds;

  constructor(server: ImServer) {
    this.#server = server;
    this.#archiveIds = new ArchiveIds(server.options.random);
  }

  /** A session sends a message. */
  sent(client: BoundClient, stanza: Stanza, to: Jid): void | Promise<void> {
    const isPlain = isCopied(stanza.element);
    if (isPlain) this.#copy('sent', stanza, client.account, [client]);
    const kept = isPlain ? this.#archive(client.account, stanza, to.bare)?.keep() : undefined;
    const routed = this.#server.route(stanza, client.jid, to, client);
    return together(kept, routed);
  }

  /** A message for somebody of this domain. */
  route(stanza: Stanza, from: Jid, to: Jid): void | Promise<void> {
    const account = to.local;
    if (account === undefined) return this.#server.refuse(stanza.element, 'service-unavailable');
    const blocked = this.#server.blocklists.known(account);
    if (blocked === undefined) return this.#routeLater(stanza, from, to, account);
    if (isBlocked(blocked, from) && !from.sameBare(to)) {
      // An error would tell the room that nobody is there (XEP-0045 §18.1.2): who blocks one nick stays in, who blocks the room does not.
      if (stanza.element.attribute('type') === 'groupchat' && !isBlocked(blocked, from.bare)) return undefined;
      return this.#server.refuse(stanza.element, 'service-unavailable');
    }
    // Errors wait for nobody: they are of no conversation, and one that waited could wait for the other side of itself.
    if (!this.#turns.isTaken(account) || stanza.element.attribute('type') === 'error')
      return this.#routeNow(stanza, to, account);
    return this.#turns.after(account, () => this.#routeNow(stanza, to, account));
  }

  #routeNow(stanza: Stanza, to: Jid, account: string): void | Promise<void> {
    if (this.#server.clients.of(account).length === 0) return this.#routeAway(stanza, to, account);
    return this.#apply(stanza, to, account, this.#recipient(to, account));
  }

  /** A session ended before it acknowledged these: as if it had not been there (XEP-0198 §4). */
  returned(client: BoundClient, stanzas: readonly Stanza[]): Promise<void> {
    return this.#turns.take(client.account, async () => {
      for (const stanza of stanzas) await this.#returned(client, stanza);
    });
  }

  async #returned(client: BoundClient, returned: Stanza): Promise<void> {
    const shared = this.#shared.get(returned);
    if (shared !== undefined && --shared.left > 0) return;
    const stanza = shared?.stanza ?? returned;
    const { element: message } = stanza;
    const type = routedStanza('message', message.attribute('type'));
    if (type !== 'message:chat' && type !== 'message:normal') return;
    if (message.attribute('from') === `${client.jid.bare}` && isOfServer(message)) return;
    const others = this.#server.clients.of(client.account).filter((other) => other.takesMessages);
    const taken = others.filter(({ session }) => session.deliver(stanza)).length;
    if (taken === 0) await this.#store(stanza, client.account);
    else this.#share(stanza, taken, []);
  }

  /** A session with a priority that is not negative came: it gets what waited, unless another one that came just before does; where it goes meanwhile, one that is there. */
  flush(client: BoundClient): Promise<void> {
    return this.#turns.take(client.account, () => this.#flush(client));
  }

  async #flush(client: BoundClient): Promise<void> {
    const { offline } = this.#server.options.stores;
    for (;;) {
      const messages = await offline.messages(client.account, 100);
      const last = messages.at(-1);
      if (last === undefined) return;
      for (const { stanza, at, notice } of messages) {
        const parsed = parseXmlText(stanza, clientContext);
        if (!parsed.ok) continue;
        const refusal = await this.#server.refusalOfWaiting(client.account, parsed.value);
        if (refusal !== undefined) {
          await this.#server.refuse(parsed.value, refusal);
          continue;
        }
        const delay = delayOf(at, this.#server.domain, 'Offline storage');
        const waited = new Stanza(parsed.value.containing(...parsed.value.children, delay), undefined, { notice });
        const takers = [client, ...this.#server.clients.of(client.account)];
        if (!takers.some((taker) => taker.takesMessages && taker.session.deliver(waited))) return;
      }
      await offline.removeUntil(client.account, last.id);
    }
  }

  async #routeLater(stanza: Stanza, from: Jid, to: Jid, account: string): Promise<void> {
    await this.#server.blocklists.list(account);
    await this.route(stanza, from, to);
  }

  async #routeAway(stanza: Stanza, to: Jid, account: string): Promise<void> {
    const exists = await this.#server.options.accounts.exists(account);
    await this.#apply(stanza, to, account, exists ? this.#recipient(to, account) : 'no-account');
  }

  #recipient(to: Jid, account: string): Recipient {
    const { clients } = this.#server;
    if (to.resource !== undefined && clients.find(account, to.resource) !== undefined) return 'resource';
    const isPresent = clients.of(account).some((client) => client.takesMessages);
    if (to.resource === undefined) return isPresent ? 'bare-present' : 'bare-absent';
    return isPresent ? 'gone-present' : 'gone-absent';
  }

  #apply(stanza: Stanza, to: Jid, account: string, recipient: Recipient): void | Promise<void> {
    const { element: message } = stanza;
    const route = routes[routedStanza('message', message.attribute('type'))][recipient];
    switch (route) {
      case 'one': {
        const client = this.#server.clients.find(account, to.resource!)!;
        return this.#deliver(stanza, account, [client]);
      }
      case 'all':
        return this.#deliver(
          stanza,
          account,
          this.#server.clients.of(account).filter((client) => client.takesMessages),
        );
      case 'store':
        return this.#deliver(stanza, account, []);
      case 'error':
        return this.#server.refuse(message, 'service-unavailable');
      default:
        return;
    }
  }

  #deliver(stanza: Stanza, account: string, clients: readonly BoundClient[]): void | Promise<void> {
    const archived = this.#archiveReceived(account, stanza);
    const stamped = stampedId(withoutPrivate(stanza), `${account}@${this.#server.domain}`, archived?.id);
    let delivered = 0;
    let isSeen = false;
    for (const { session } of clients) {
      if (!session.deliver(stamped)) continue;
      delivered++;
      isSeen ||= session.isConnected;
    }
    if (delivered > 0 && !isSeen && isStorable(stamped.element)) {
      // Kept for a session that lost its connection (XEP-0198): nobody sees it before that one is back.
      this.#server.options.onMessageWaiting?.(account, stamped.element);
    }
    const copies = isCopied(stanza.element) ? this.#copy('received', stamped, account, clients) : [];
    if (delivered > 0) this.#share(stamped, delivered, copies);
    return delivered > 0 ? archived?.keep() : this.#store(stamped, account, archived);
  }

  /** @param archived what a message that is refused is not kept as */
  async #store(stanza: Stanza, account: string, archived?: Archived): Promise<void> {
    const { stores, clock, onMessageStoring, onMessageWaiting } = this.#server.options;
    const { element: message } = stanza;
    if (!isStorable(message)) return archived?.keep();
    const { text, notice } = stanza;
    const { offlineMessages, offlineNotices } = this.#server.bounds;
    const limit = notice === undefined ? offlineMessages : offlineNotices;
    const adding = stores.offline.add(account, text, clock.epoch(), limit, notice);
    onMessageStoring?.(account, message);
    const kept = await adding;
    // XEP-0160 §3: who sends to a full store is told.
    if (!kept) return this.#server.refuse(message, 'service-unavailable');
    onMessageWaiting?.(account, message);
    await archived?.keep();
  }

  /** @param delivered to how many sessions it went as it is */
  #share(stanza: Stanza, delivered: number, copies: readonly Stanza[]): void {
    const left = delivered + copies.length;
    if (left < 2) return;
    const shared = { stanza, left };
    this.#shared.set(stanza, shared);
    for (const copy of copies) this.#shared.set(copy, shared);
  }

  /** XEP-0280 §6, §7: to the other sessions of the account that want them. @returns what went to them */
  #copy(
    kind: 'sent' | 'received',
    stanza: Stanza,
    account: string,
    without: readonly BoundClient[],
  ): readonly Stanza[] {
    let copies = none;
    for (const client of this.#server.clients.of(account)) {
      if (!client.hasCarbons || without.includes(client)) continue;
      const forwarded = element('forwarded', 'urn:xmpp:forward:0', {}, stanza.element);
      const copy = new Stanza(
        element(
          'message',
          clientContext.defaultNamespace!,
          { from: `${client.jid.bare}`, to: `${client.jid}`, type: stanza.element.attribute('type') },
          element(kind, carbons, {}, forwarded),
        ),
      );
      if (client.session.deliver(copy)) copies = [...copies, copy];
    }
    return copies;
  }

  #archiveReceived(account: string, stanza: Stanza): Archived | undefined {
    const from = this.#server.jids.parse(stanza.element.attribute('from') ?? '');
    if (from === undefined || (from.local === account && from.domain === this.#server.domain)) return undefined;
    return this.#archive(account, stanza, from.bare);
  }

  #archive(account: string, stanza: Stanza, other: Jid): Archived | undefined {
    const { archives = true, stores, clock } = this.#server.options;
    if (!archives || !isArchived(stanza.element)) return undefined;
    const at = clock.epoch();
    const id = this.#archiveIds.next(at);
    const { text } = stanza;
    return { id, keep: () => stores.archive.add(account, { id, with: `${other}`, at, stanza: text }) };
  }
}

const none: readonly Stanza[] = [];

interface Shared {
  readonly stanza: Stanza;
  /** Sessions that have it and did not give it back. */
  left: number;
}

interface Archived {
  readonly id: string;
  /** Resolves when it is kept. */
  keep(): Promise<void>;
}

const stanzaIds = 'urn:xmpp:sid:0';

/** XEP-0359 §4: tells under which id a message is archived; what somebody else says in our name is taken out. */
function stampedId(stanza: Stanza, by: string, id: string | undefined): Stanza {
  const { element: message } = stanza;
  const forged = message.elements('stanza-id', stanzaIds).filter((child) => child.attribute('by') === by);
  const told = id === undefined ? undefined : element('stanza-id', stanzaIds, { by, id });
  if (forged.length === 0) return told === undefined ? stanza : stanza.appended(told);
  const own = message.children.filter((child) => typeof child === 'string' || !forged.includes(child));
  return new Stanza(message.containing(...own, told));
}

/** XEP-0280 §8: that a message is not to be copied is for us, not for who gets it. */
function withoutPrivate(stanza: Stanza): Stanza {
  const { element: message } = stanza;
  const hint = message.child('private', carbons);
  return hint === undefined
    ? stanza
    : new Stanza(message.containing(...message.children.filter((child) => child !== hint)));
}

function together(a: void | Promise<void>, b: void | Promise<void>): void | Promise<void> {
  if (!(a instanceof Promise)) return b;
  return b instanceof Promise ? Promise.all([a, b]).then(() => {}) : a;
}

/** What a message is copied for besides a text: receipts (XEP-0184) and markers (XEP-0333). */
const conversational = new Set(['urn:xmpp:receipts', 'urn:xmpp:chat-markers:0']);

/** Each session that is in a room gets its own (XEP-0045 §7.5). */
function isUncopied({ name, namespace }: XmlElement): boolean {
  if (name === 'private') return namespace === carbons;
  if (name === 'no-copy') return namespace === hints;
  return name === 'x' && namespace === 'http://jabber.org/protocol/muc#user';
}

/** XEP-0280 §6.1: what belongs to a conversation. */
function isCopied(message: XmlElement): boolean {
  for (const child of message.children) if (typeof child !== 'string' && isUncopied(child)) return false;
  const type = message.attribute('type');
  if (type === 'chat') return true;
  if (type === 'groupchat' || type === 'headline') return false;
  return message.child('body') !== undefined || message.elements().some((child) => conversational.has(child.namespace));
}

/** Copies of what others have (XEP-0280), and pages of the archive (XEP-0313), which can be asked for again. */
function isOfServer(message: XmlElement): boolean {
  const isCopy = message.child('sent', carbons) !== undefined || message.child('received', carbons) !== undefined;
  return isCopy || message.child('result', 'urn:xmpp:mam:2') !== undefined;
}

/** XEP-0313 §6: what carries a text, or asks to be kept (XEP-0334). */
function isArchived(message: XmlElement): boolean {
  const type = message.attribute('type');
  if (type === 'error' || type === 'headline' || type === 'groupchat') return false;
  if (message.child('no-store', hints) !== undefined || message.child('no-permanent-store', hints) !== undefined)
    return false;
  return message.child('body') !== undefined || message.child('store', hints) !== undefined;
}

/** XEP-0160 §3: not what says only how somebody types (XEP-0085). */
function isStorable(message: XmlElement): boolean {
  if (message.child('no-store', hints) !== undefined) return false;
  if (message.child('store', hints) !== undefined) return true;
  const content = message.elements().filter((child) => child.name !== 'thread' && child.namespace !== hints);
  return content.some((child) => child.namespace !== 'http://jabber.org/protocol/chatstates');
}
