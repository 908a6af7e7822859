import { encodeBase64Url, encodeUtf8, type Log } from '@yaolian/kernel';
import type { ArchiveIds } from '../im/archive-ids.ts';
import type { StanzaRouter } from '../im/im-domains.ts';
import { errorReply, StanzaError, type StanzaErrorCondition } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { Occupant, OccupantSession } from './occupant.ts';
import { type Affiliation, initialRole, type Standing } from './privileges.ts';
import type { RoomConfig } from './room-config.ts';
import { RoomHistory } from './room-history.ts';
import type { RoomBounds, RoomServiceOptions } from './room-options.ts';
import { muc, mucUser, type PresenceForm, presenceOf } from './room-presence.ts';
import { RoomQueue } from './room-queue.ts';
import { RoomRequests } from './room-requests.ts';
import type { RoomAffiliation, RoomRecord, RoomSubject, StoredRoom } from './room-store.ts';
import { TalkAllowance } from './talk-allowance.ts';

/** What rooms of a service have in common. */
export interface RoomContext {
  readonly options: RoomServiceOptions;
  readonly bounds: Required<RoomBounds>;
  readonly archives: boolean;
  readonly ids: ArchiveIds;
  readonly log: Log;
  /** The room is no more. */
  gone(room: Room): void;
}

/** Answers with an error. Those for presence say that they come from a room (XEP-0045 §7.2.1): clients tell them apart by that. */
export function refuse(
  router: StanzaRouter,
  stanza: XmlElement,
  error: StanzaError | StanzaErrorCondition,
): void | Promise<void> {
  if (stanza.name !== 'presence') return router.refuse(stanza, error);
  const answer = errorReply(stanza, typeof error === 'string' ? new StanzaError(error) : error);
  return answer && router.reply(answer.containing(element('x', muc), ...answer.children));
}

/** A room: how it is set up, who is what to it, who is in it. */
export class Room {
  readonly context: RoomContext;
  /** Bare. */
  readonly jid: Jid;
  readonly createdBy: string;
  readonly createdAt: number;
  /** From which ids of occupants are made (XEP-0421). */
  readonly secret: string;
  readonly queue = new RoomQueue();
  readonly talk: TalkAllowance;
  readonly requests: RoomRequests;
  readonly affiliations = new Map<string, RoomAffiliation>();
  readonly occupants = new Map<string, Occupant>();
  readonly sessions = new Map<string, OccupantSession>();
  /** Who was invited by whom, bare JIDs, and did not come yet. */
  readonly invitations = new Map<string, string>();
  history = new RoomHistory();
  config: RoomConfig;
  subject: RoomSubject | undefined;
  /** XEP-0045 §10.1: nobody but its owner comes in before it is set up. */
  isLocked = false;
  /** The store knows it. */
  isStored = false;
  /** What was said before this process began is not read yet. */
  hasEarlier = false;
  #isGone = false;

  constructor(context: RoomContext, jid: Jid, stored: RoomRecord) {
    this.context = context;
    this.jid = jid;
    this.createdBy = stored.createdBy;
    this.createdAt = stored.createdAt;
    this.secret = stored.secret;
    this.config = stored.config;
    this.subject = stored.subject;
    const { requests, messagesPerSecond, messageBurst, occupants } = context.bounds;
    this.requests = new RoomRequests(this, requests);
    this.talk = new TalkAllowance(messagesPerSecond, messageBurst, 2 * occupants);
  }

  /** A room as it was kept. */
  static restored(context: RoomContext, jid: Jid, stored: StoredRoom): Room {
    const room = new Room(context, jid, stored);
    for (const affiliation of stored.affiliations) room.affiliations.set(affiliation.jid, affiliation);
    room.isStored = true;
    room.hasEarlier = stored.config.isLogged && context.archives;
    return room;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get record(): RoomRecord {
    const { jid, config, subject, secret, createdBy, createdAt } = this;
    return { jid: `${jid}`, config, subject, secret, createdBy, createdAt };
  }

  /** What is said is kept in its archive. */
  get isArchived(): boolean {
    return this.isStored && this.config.isLogged && this.context.archives;
  }

  affiliationOf(bare: Jid): Affiliation {
    return this.affiliations.get(`${bare}`)?.affiliation ?? 'none';
  }

  /** What `jid` may do: who is not in the room has no role. */
  standing(jid: Jid): Standing {
    const role = this.sessions.get(`${jid}`)?.occupant.role ?? 'none';
    return { role, affiliation: this.affiliationOf(jid.bare) };
  }

  roleFor(affiliation: Affiliation): Occupant['role'] {
    return initialRole(affiliation, this.config.isModerated);
  }

  /** Whether an occupant sees real JIDs. */
  seesJids(occupant: Occupant): boolean {
    return this.config.whois === 'anyone' || occupant.role === 'moderator';
  }

  occupantsOf(bare: string): readonly Occupant[] {
    return [...this.occupants.values()].filter((occupant) => `${occupant.bare}` === bare);
  }

  /** XEP-0421 §3: the same for an account in this room as long as the room is, and another one in others. */
  async occupantId(bare: Jid): Promise<string> {
    for (const { bare: other, id } of this.occupants.values()) if (other.equals(bare)) return id;
    const mac = this.context.options.crypto.hmac('SHA-256', encodeUtf8(this.secret), encodeUtf8(`${bare}`));
    return encodeBase64Url(await mac);
  }

  /** Sends something to a session, after all that was sent before. @param stanza without `to` */
  post(session: OccupantSession, stanza: Stanza): void {
    const { router } = this.context.options;
    const addressed = stanza.addressed(`${session.jid}`);
    const from = router.jids.parse(addressed.element.attribute('from') ?? '') ?? this.jid;
    const send = () => router.route(addressed, from, session.jid, undefined);
    const sent = session.tail === undefined ? send() : session.tail.then(send);
    if (!(sent instanceof Promise)) return;
    const tail: Promise<void> = sent
      .catch((error: unknown) => this.context.log.error('a stanza of a room was lost', { to: `${session.jid}`, error }))
      .then(() => {
        if (session.tail === tail) session.tail = undefined;
      });
    session.tail = tail;
  }

  /** Answers with an error. What happens in the room does not wait until it is taken: who it goes to may wait for the room. */
  refuse(stanza: XmlElement, error: StanzaError | StanzaErrorCondition): void {
    this.#unawaited(refuse(this.context.options.router, stanza, error));
  }

  /** Refuses a subscription (RFC 6121 §3.1). */
  decline(contact: Jid): void {
    const attributes = { type: 'unsubscribed', from: `${this.jid}`, to: `${contact}` };
    const stanza = new Stanza(element('presence', namespaces.client, attributes));
    this.#unawaited(this.context.options.router.route(stanza, this.jid, contact, undefined));
  }

  #unawaited(done: void | Promise<void>): void {
    if (!(done instanceof Promise)) return;
    done.catch((error: unknown) => this.context.log.error('a stanza of a room was lost', { error }));
  }

  /** Sends the same to all. */
  broadcast(stanza: Stanza): void {
    for (const session of this.sessions.values()) this.post(session, stanza);
  }

  /** Tells all how an occupant is now. @param nick the one that it has to them */
  announce(occupant: Occupant, form: PresenceForm = {}): void {
    for (const session of occupant.sessions) this.tellSelf(session, form);
    this.announceToOthers(occupant, form);
  }

  /** @param form its id is that of who is told of itself */
  announceToOthers(occupant: Occupant, { id: _own, ...form }: PresenceForm = {}): void {
    const others = [...this.sessions.values()].filter((session) => session.occupant !== occupant);
    if (others.length === 0) return;
    let open: Stanza | undefined;
    let veiled: Stanza | undefined;
    for (const session of others) {
      if (this.seesJids(session.occupant)) {
        open ??= new Stanza(presenceOf(this, occupant.shown, { ...form, withJid: true }));
        this.post(session, open);
      } else {
        veiled ??= new Stanza(presenceOf(this, occupant.shown, form));
        this.post(session, veiled);
      }
    }
  }

  /** XEP-0045 §7.2.2: status 110 is for who it is about. */
  tellSelf(session: OccupantSession, form: PresenceForm = {}): void {
    const codes = [...(form.codes ?? []), 110].sort((a, b) => a - b);
    this.post(session, new Stanza(presenceOf(this, session, { ...form, withJid: true, codes })));
  }

  /** Tells all what changed about the room. */
  notify(...codes: readonly number[]): void {
    const statuses = codes.map((code) => element('status', mucUser, { code: String(code) }));
    const attributes = { from: `${this.jid}`, type: 'groupchat' };
    this.broadcast(
      new Stanza(element('message', namespaces.client, attributes, element('x', mucUser, {}, ...statuses))),
    );
  }

  /** Lets a session in. */
  add(session: OccupantSession): void {
    this.occupants.set(session.occupant.nick, session.occupant);
    this.sessions.set(`${session.jid}`, session);
    session.occupant.show(session);
  }

  rename(occupant: Occupant, jid: Jid): void {
    this.occupants.delete(occupant.nick);
    occupant.jid = jid;
    this.occupants.set(occupant.nick, occupant);
  }

  /** A session leaves, by itself or not: it and all others are told, unless others of its nick stay. */
  remove(session: OccupantSession, form: PresenceForm = {}): void {
    const { occupant } = session;
    const gone: PresenceForm = { ...form, type: 'unavailable' };
    const isLast = occupant.sessions.length === 1;
    const wasShown = occupant.shown === session;
    this.tellSelf(session, gone);
    this.sessions.delete(`${session.jid}`);
    if (isLast) {
      this.announceToOthers(occupant, gone);
      this.occupants.delete(occupant.nick);
    }
    occupant.remove(session);
    this.requests.left(session);
    if (!isLast && wasShown) this.announce(occupant);
    this.endIfEmpty();
  }

  /** Removes an occupant with all its sessions. */
  expel(occupant: Occupant, form: PresenceForm): void {
    if (this.occupants.get(occupant.nick) !== occupant) return;
    const { sessions } = occupant;
    const gone: PresenceForm = { ...form, type: 'unavailable' };
    for (const session of sessions) this.tellSelf(session, gone);
    for (const session of sessions) this.sessions.delete(`${session.jid}`);
    this.announceToOthers(occupant, gone);
    this.occupants.delete(occupant.nick);
    for (const session of sessions) this.requests.left(session);
  }

  /** XEP-0045 §10.9: a room that nothing keeps is gone when the last one leaves. */
  endIfEmpty(): void {
    if (this.sessions.size > 0) return;
    if (!this.isStored) this.end();
    else if (this.isArchived) {
      // Nobody is there to be shown it; the next one who comes has it read.
      this.history = new RoomHistory();
      this.hasEarlier = true;
    }
  }

  end(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.context.gone(this);
  }

  /** Reads what was said before this process began. */
  async readEarlier(): Promise<void> {
    if (!this.hasEarlier) return;
    const { options, bounds } = this.context;
    const { messages } = await options.store.archive.page(`${this.jid}`, { before: '', limit: bounds.historyMessages });
    this.hasEarlier = false;
    for (const { stanza, at } of messages)
      this.history.add(encodeUtf8(stanza), at, bounds.historyMessages, bounds.historyBytes);
  }
}
