import type { Clock, Log, Random } from '@yaolian/kernel';
import type { Jid } from '../jid/jid.ts';
import type { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import type { AccountLookup, ImStores } from './stores.ts';

/** Bounds of what accounts may keep. */
export interface ImBounds {
  /** Contacts of one roster. Default 2,000. */
  readonly rosterItems?: number;
  /** Characters of the name of a contact, or of a group. Default 1,023. */
  readonly rosterText?: number;
  /** Groups of one contact. Default 64. */
  readonly rosterGroups?: number;
  /** Characters of all names and groups of one roster. Default 262,144. */
  readonly rosterTexts?: number;
  /** Bytes of a roster as clients get it, in one stanza. Default 245,760: of more than 256 KiB they take none. */
  readonly rosterAnswer?: number;
  /** Messages that wait for one account. Default 500. */
  readonly offlineMessages?: number;
  /** Notices ({@link Stanza.notice}) that wait for one account, besides. Default 500. */
  readonly offlineNotices?: number;
  /** JIDs that one account blocks. Default 1,000. */
  readonly blockedJids?: number;
  /** Characters of a vCard. Default 262,144. */
  readonly vcard?: number;
  /** Messages of one page of the archive. Default 100. */
  readonly archivePage?: number;
  /** Whom one session sent directed presence. Default 1,000. */
  readonly directedPresences?: number;
  /** Targets of one account (XEP-0357). Default 20. */
  readonly pushTargets?: number;
  /** Nodes of one account (XEP-0163). Default 100. */
  readonly pubsubNodes?: number;
  /** Items of one node. Default 10,000. */
  readonly pubsubItems?: number;
  /** Characters of one item. Default 196,608. */
  readonly pubsubItem?: number;
  /** Characters of all items of one account, each with 200 more. Default 4,194,304. */
  readonly pubsubAccount?: number;
  /** Characters of the name of a node, of the id of an item, and of texts of the configuration. Default 1,023. */
  readonly pubsubText?: number;
  /** Characters of all nodes of one account without their items: options, affiliations, and subscribers, who get half of it. Default 262,144. */
  readonly pubsubNodeText?: number;
  /** Characters of nodes that are remembered, of all accounts together. Default 33,554,432. */
  readonly pubsubCache?: number;
  /** Subscriptions of one account to one node. Default 20. */
  readonly pubsubSubscriptions?: number;
  /** Subscribers of one node, and JIDs with an affiliation. Default 200 of each. */
  readonly pubsubSubscribers?: number;
  /** Characters of the items of one answer: more are asked for by page (XEP-0059). Default 524,288. */
  readonly pubsubAnswer?: number;
}

export const defaultImBounds: Required<ImBounds> = {
  rosterItems: 2000,
  rosterText: 1023,
  rosterGroups: 64,
  rosterTexts: 262_144,
  rosterAnswer: 245_760,
  offlineMessages: 500,
  offlineNotices: 500,
  blockedJids: 1000,
  vcard: 262_144,
  archivePage: 100,
  directedPresences: 1000,
  pushTargets: 20,
  pubsubNodes: 100,
  pubsubItems: 10_000,
  pubsubItem: 196_608,
  pubsubAccount: 4_194_304,
  pubsubText: 1023,
  pubsubNodeText: 262_144,
  pubsubCache: 33_554_432,
  pubsubSubscriptions: 20,
  pubsubSubscribers: 200,
  pubsubAnswer: 524_288,
};

/** Somebody at a domain of its own, or at the server itself: no account, and part of this process. */
export interface ImService {
  /** @returns once the stanza is taken over */
  onStanza(stanza: Stanza, from: Jid, to: Jid): void | Promise<void>;
}

export interface ImServerOptions {
  /** Of the accounts, prepared. */
  readonly domain: string;
  readonly stores: ImStores;
  readonly accounts: AccountLookup;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  readonly bounds?: ImBounds;
  /** Every message of an account is kept for its archive. Default true. */
  readonly archives?: boolean;
  /**
   * Told in the turn in which a message that waits is given to its store, so that what is stored along is in the same transaction. The
   * same message comes by {@link onMessageWaiting} once it is there; it does not when the store is full or failed. Must not throw.
   */
  readonly onMessageStoring?: (account: string, message: XmlElement) => void;
  /** Told of each message that waits: no session took it, or only such as have lost their connection (XEP-0357). */
  readonly onMessageWaiting?: (account: string, message: XmlElement) => void;
}
