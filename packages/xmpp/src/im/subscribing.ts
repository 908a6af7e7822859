import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { serialiseXml } from '../xml/serialise.ts';
import type { ImServer } from './im-server.ts';
import type { Refusal } from './module.ts';
import type { Presences } from './presence.ts';
import { StanzaError } from './stanza-error.ts';
import type { RosterItem } from './stores.ts';
import {
  inboundTransitions,
  itemInState,
  newItem,
  outboundTransitions,
  type SubscriptionType,
  subscriptionState,
} from './subscription.ts';

/** Bytes of a request that waits to be answered, at most. */
const maxRequest = 8192;

/** Presence subscriptions (RFC 6121 §3), each side with its own roster, by the tables of appendix A. */
export class Subscribing {
  readonly #server: ImServer;
  readonly #presences: Presences;

  constructor(server: ImServer, presences: Presences) {
    this.#server = server;
    this.#presences = presences;
  }

  /** A user asks, answers, or ends. `presence` is between bare JIDs. @returns why not */
  async outbound(account: string, from: Jid, to: Jid, type: SubscriptionType, presence: XmlElement): Promise<Refusal> {
    if (to.equals(from)) return undefined;
    const keeper = this.#server.keeperOf(to);
    if (keeper !== undefined) return keeper.subscribe(account, to, type);
    const done = await this.#server.roster.inTurn(account, () => this.#changeOutbound(account, to, type));
    if (done instanceof StanzaError) return done;
    const { state, passes } = done;
    if (!passes) return undefined;
    await this.#server.route(new Stanza(presence), from, to, undefined);
    if (type === 'subscribed') {
      await this.#presences.tellAll(account, to);
      this.#server.subscriberAdded(account, to);
    }
    if (type === 'unsubscribed' && (state === 'from' || state === 'from-out' || state === 'both')) {
      await this.#presences.tellGone(account, to);
    }
    return undefined;
  }

  async #changeOutbound(account: string, to: Jid, type: SubscriptionType) {
    const before = await this.#server.options.stores.rosters.item(account, `${to}`);
    if (before === undefined && type === 'subscribe' && (await this.#isFull(account))) {
      return new StanzaError('resource-constraint', 'the roster is full');
    }
    const state = subscriptionState(before);
    const { next, passes } = outboundTransitions[type][state];
    const isApproval = type === 'subscribed' && !passes && !['from', 'from-out', 'both'].includes(state);
    if (before !== undefined || next !== state || isApproval) {
      const item = itemInState(before ?? newItem(`${to}`), next, before?.request);
      // RFC 6121 §3.4: an approval of what was not asked yet holds for when it is.
      const approved = isApproval || (item.approved && type !== 'unsubscribed');
      await this.#keep(account, before, { ...item, approved, listed: item.listed || isApproval });
    }
    return { state, passes };
  }

  /** A contact asks, answers, or ends. */
  async inbound(account: string, from: Jid, to: Jid, type: SubscriptionType, presence: XmlElement): Promise<void> {
    const { accounts } = this.#server.options;
    if (from.equals(to)) return;
    if (!(await accounts.exists(account))) {
      // RFC 6121 §3.1.3: nobody is there to be asked.
      if (type === 'subscribe') await this.#answer('unsubscribed', to, from);
      return;
    }
    const { outcome, state } = await this.#server.roster.inTurn(account, () =>
      this.#changeInbound(account, from, type, presence),
    );
    if (outcome === 'nothing') return;
    if (outcome === 'full') return this.#answer('unsubscribed', to, from);
    if (outcome !== 'kept') await this.#answer('subscribed', to, from);
    if (outcome === 'approved') {
      await this.#presences.tellAll(account, from);
      this.#server.subscriberAdded(account, from);
    }
    if (outcome !== 'kept') return;
    if (type === 'unsubscribe' && state !== 'none-in' && state !== 'none-out-in' && state !== 'to-in') {
      await this.#presences.tellGone(account, from);
    }
    const { clients } = this.#server;
    const sessions =
      type === 'subscribe' ? clients.available(account) : clients.of(account).filter((one) => one.isInterested);
    for (const client of sessions) client.session.deliver(presence.with({ to: `${to}` }));
  }

  /** What goes to a contact that is removed from a roster (RFC 6121 §2.5.2). */
  async end(account: string, to: Jid, item: RosterItem): Promise<void> {
    const from = this.#server.accountJid(account);
    const { subscription, asked, request } = item;
    const send = (type: SubscriptionType) =>
      this.#server.route(
        new Stanza(element('presence', namespaces.client, { type, from: `${from}`, to: `${to}` })),
        from,
        to,
        undefined,
      );
    if (subscription === 'to' || subscription === 'both' || asked) await send('unsubscribe');
    if (subscription === 'from' || subscription === 'both' || request !== undefined) {
      await send('unsubscribed');
      await this.#presences.tellGone(account, to);
    }
  }

  /** `known`: it may see the presence already. */
  async #changeInbound(account: string, from: Jid, type: SubscriptionType, presence: XmlElement) {
    const before = await this.#server.options.stores.rosters.item(account, `${from}`);
    const state = subscriptionState(before);
    if (type === 'subscribe') {
      if (state === 'from' || state === 'from-out' || state === 'both') return { outcome: 'known', state } as const;
      if (before?.approved) {
        const next = state === 'to' ? 'both' : state === 'none-out' ? 'from-out' : 'from';
        await this.#keep(account, before, { ...itemInState(before, next, undefined), approved: false });
        return { outcome: 'approved', state } as const;
      }
    }
    const { next, passes } = inboundTransitions[type][state];
    if (!passes) return { outcome: 'nothing', state } as const;
    if (before === undefined && (await this.#isFull(account))) return { outcome: 'full', state } as const;
    const request = type === 'subscribe' ? requestText(presence) : before?.request;
    await this.#keep(account, before, itemInState(before ?? newItem(`${from}`), next, request));
    return { outcome: 'kept', state } as const;
  }

  async #keep(account: string, before: RosterItem | undefined, item: RosterItem): Promise<void> {
    const isNothing = !item.listed && item.request === undefined;
    if (isNothing) {
      if (before !== undefined) await this.#server.roster.remove(account, before);
      return;
    }
    // RFC 6121 §A.3: that somebody asks changes nothing that a client sees of its roster.
    const isSeen = before === undefined || !sameToClients(before, item);
    if (isSeen) await this.#server.roster.put(account, item);
    else await this.#server.options.stores.rosters.put(account, item);
  }

  async #answer(type: SubscriptionType, from: Jid, to: Jid): Promise<void> {
    const presence = element('presence', namespaces.client, { type, from: `${from}`, to: `${to}` });
    await this.#server.route(new Stanza(presence), from, to, undefined);
  }

  async #isFull(account: string): Promise<boolean> {
    const { items } = await this.#server.options.stores.rosters.roster(account);
    return items.length >= this.#server.bounds.rosterItems;
  }
}

function sameToClients(a: RosterItem, b: RosterItem): boolean {
  return a.subscription === b.subscription && a.asked === b.asked && a.approved === b.approved && a.listed === b.listed;
}

/** The request to keep: whole when it is not too large, so that its status and nick (XEP-0172) are shown. */
function requestText(presence: XmlElement): string {
  const whole = serialiseXml(presence, clientContext);
  return whole.length <= maxRequest ? whole : serialiseXml(presence.containing(), clientContext);
}
