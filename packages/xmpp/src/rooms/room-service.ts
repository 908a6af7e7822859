import { encodeBase64Url, type Log, silentLog } from '@yaolian/kernel';
import { ArchiveIds } from '../im/archive-ids.ts';
import type { PayloadAnswer as Answer } from '../im/module.ts';
import { answerArchive } from '../im/modules/archive.ts';
import { discoInfo, discoItems, encodeInfo } from '../im/modules/disco.ts';
import type { ImService } from '../im/options.ts';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { type Affiliation, isAtLeast } from './privileges.ts';
import { Room, type RoomContext, refuse } from './room.ts';
import { affiliate, answerAdmin, applyAffiliation } from './room-administration.ts';
import { defaultRoomConfig, type RoomConfig } from './room-config.ts';
import { roomInfo, roomItems } from './room-disco.ts';
import { enter, isEntry, needsNick, notInside, onPresence } from './room-entry.ts';
import { onMessage } from './room-messages.ts';
import { defaultRoomBounds, type RoomBounds, type RoomServiceOptions } from './room-options.ts';
import { answerOwner, configure, destroyRoom, staying } from './room-owner.ts';
import { muc, mucAdmin, mucOwner } from './room-presence.ts';
import { answerRegister } from './room-registration.ts';

/**
 * Rooms for many (XEP-0045) at a domain of their own, with archives (XEP-0313), ids of occupants (XEP-0421) and of messages (XEP-0359).
 * Hand it to a router as the service of its domain.
 */
export class RoomService implements ImService {
  readonly domain: string;
  readonly bounds: Required<RoomBounds>;
  readonly #options: RoomServiceOptions;
  readonly #context: RoomContext;
  readonly #log: Log;
  readonly #rooms = new Map<string, Room>();

  private constructor(options: RoomServiceOptions) {
    this.#options = options;
    this.domain = options.domain;
    this.bounds = { ...defaultRoomBounds, ...options.bounds };
    this.#log = options.log ?? silentLog;
    this.#context = {
      options,
      bounds: this.bounds,
      archives: options.archives ?? true,
      ids: new ArchiveIds(options.random),
      log: this.#log,
      gone: (room) => this.#gone(room),
    };
  }

  /** With the rooms that the store has. */
  static async open(options: RoomServiceOptions): Promise<RoomService> {
    const service = new RoomService(options);
    for (const stored of await options.store.rooms(options.domain)) {
      const jid = options.router.jids.parse(stored.jid);
      // What a configuration did not have yet when it was kept is as for a new room.
      const config = { ...defaultRoomConfig(service.bounds, service.#context.archives), ...stored.config };
      if (jid === undefined) continue;
      service.#rooms.set(stored.jid, Room.restored(service.#context, jid, { ...stored, config }));
    }
    return service;
  }

  /** In the order of their JIDs. */
  get rooms(): readonly Room[] {
    return [...this.#rooms.values()].sort((a, b) => (`${a.jid}` < `${b.jid}` ? -1 : 1));
  }

  room(jid: Jid): Room | undefined {
    return this.#rooms.get(`${jid.bare}`);
  }

  /** Whether the service lets somebody in at all. */
  admits(jid: Jid): boolean {
    return this.#options.serves?.(jid) !== false;
  }

  onStanza(carried: Stanza, from: Jid, to: Jid): void | Promise<void> {
    const stanza = this.#shortened(carried);
    if (stanza instanceof StanzaError) return this.#refuse(carried.element, stanza);
    const done = this.#take(stanza, from, to);
    if (!(done instanceof Promise) || stanza.attribute('type') !== 'error') return done;
    // Errors that come back for what a room sends do not hold it up.
    done.catch((error: unknown) => this.#log.error('an error could not be dealt with', { from: `${from}`, error }));
  }

  /** What somebody says of itself is kept, and told to all: it is no longer than may be. Who leaves may leave, whatever it says. */
  #shortened(carried: Stanza): XmlElement | StanzaError {
    const { element: stanza } = carried;
    const type = stanza.attribute('type');
    if (stanza.name !== 'presence' || (type !== undefined && type !== 'unavailable')) return stanza;
    if (carried.bytes.length <= this.bounds.presence) return stanza;
    if (type === 'unavailable') return stanza.containing();
    return new StanzaError('not-acceptable', `a presence in a room has at most ${this.bounds.presence} bytes`);
  }

  #take(stanza: XmlElement, from: Jid, to: Jid): void | Promise<void> {
    if (!this.admits(from)) return this.#refuse(stanza, new StanzaError('forbidden'));
    if (to.local === undefined) return this.#toService(stanza, from);
    const room = this.room(to);
    if (stanza.name === 'iq') return this.#onIq(room, stanza, from, to);
    if (room === undefined) return this.#toNowhere(stanza, from, to);
    if (stanza.name === 'message') return onMessage(room, stanza, from, to);
    // It may have ended while this waited; by now there may be another one of that name.
    return room.queue.alone(() => (room.isGone ? this.#take(stanza, from, to) : onPresence(room, stanza, from, to)));
  }

  /** An account is no more: who takes its name later is nothing to any room. @param bare its address */
  async forget(bare: Jid): Promise<void> {
    const jid = `${bare}`;
    for (const room of this.rooms) {
      await room.queue.alone(async () => {
        if (!room.affiliations.has(jid)) return;
        const change = { jid, affiliation: 'none', nick: undefined, reason: undefined } as const;
        if (room.isStored) await this.#options.store.affiliate(`${room.jid}`, [change]);
        applyAffiliation(room, change);
      });
    }
  }

  /**
   * Makes a persistent room that nobody is in yet; what one account may make (`roomsPerAccount`) does not hold.
   * @param owner bare
   * @returns why not: it is there already, or the service has as many rooms as may be
   * @throws what the store throws; there is no such room then
   */
  async create(jid: Jid, owner: Jid, config: Partial<RoomConfig>): Promise<Room | 'exists' | 'full'> {
    if (this.#rooms.has(`${jid.bare}`)) return 'exists';
    if (this.#rooms.size >= this.bounds.rooms) return 'full';
    const room = this.#create(jid.bare, owner);
    await room.queue.alone(async () => {
      try {
        await configure(room, { ...room.config, ...config, isPersistent: true });
      } catch (error) {
        room.end();
        throw error;
      }
    });
    return room;
  }

  /**
   * Sets a room up otherwise, as an owner does (§10.2): who is in it is told by the codes of its form, and leaves where only members may stay.
   * False when the room has ended meanwhile.
   * @returns `empty` without a change when it would end with it, since nobody were in it and nothing would keep it (§10.9 is for that)
   */
  async configure(room: Room, change: Partial<RoomConfig>): Promise<boolean | 'empty'> {
    return this.#alone<boolean | 'empty'>(room, async () => {
      const maxUsers = Math.min(change.maxUsers ?? room.config.maxUsers, this.bounds.occupants);
      const config = { ...room.config, ...change, maxUsers };
      if (!config.isPersistent && staying(room, config) === 0) return 'empty';
      await configure(room, config);
      return true;
    });
  }

  /**
   * Makes an account what it is to be to a room, as an owner does (§9). False when the room has ended meanwhile.
   * @returns why not: the room would have no owner (`conflict`), or more affiliations than may be (`resource-constraint`)
   */
  async affiliate(
    room: Room,
    change: { readonly jid: Jid; readonly affiliation: Affiliation; readonly reason?: string },
  ): Promise<boolean | StanzaError> {
    return this.#alone<boolean | StanzaError>(room, async () => (await affiliate(room, change)) ?? true);
  }

  async #alone<T>(room: Room, work: () => Promise<T>): Promise<T | false> {
    let done: T | false = false;
    await room.queue.alone(async () => {
      if (!room.isGone) done = await work();
    });
    return done;
  }

  /** Ends a room for good. */
  async destroy(room: Room, reason?: string): Promise<void> {
    await room.queue.alone(() => destroyRoom(room, reason, undefined));
  }

  /** Tells everybody that the service goes down (status 332, §17.5). */
  close(): void {
    for (const room of this.rooms) {
      for (const session of room.sessions.values()) room.tellSelf(session, { type: 'unavailable', codes: [332] });
    }
  }

  #gone(room: Room): void {
    if (this.#rooms.get(`${room.jid}`) === room) this.#rooms.delete(`${room.jid}`);
  }

  #refuse(stanza: XmlElement, error: StanzaError): void | Promise<void> {
    return refuse(this.#options.router, stanza, error);
  }

  #toNowhere(stanza: XmlElement, from: Jid, to: Jid): void | Promise<void> {
    const type = stanza.attribute('type');
    if (stanza.name === 'message') {
      return this.#refuse(stanza, new StanzaError('item-not-found', 'there is no such room'));
    }
    if (type !== undefined) return undefined;
    if (!isEntry(stanza)) return this.#refuse(stanza, notInside());
    if (to.resource === undefined) return this.#refuse(stanza, needsNick());
    const refusal = this.#refusalToCreate(from);
    if (refusal !== undefined) return this.#refuse(stanza, refusal);
    const room = this.#create(to.bare, from);
    return room.queue.alone(() => enter(room, stanza, from, to, true));
  }

  /** XEP-0045 §10.1.1. */
  #refusalToCreate(from: Jid): StanzaError | undefined {
    const { rooms, roomsPerAccount } = this.bounds;
    if (this.#options.mayCreate?.(from) === false)
      return new StanzaError('not-allowed', 'there is no such room, and you may not make one');
    if (this.#rooms.size >= rooms)
      return new StanzaError('resource-constraint', 'there are as many rooms as may be', undefined, 'wait');
    const creator = `${from.bare}`;
    let own = 0;
    for (const { createdBy } of this.#rooms.values()) if (createdBy === creator) own++;
    if (own >= roomsPerAccount)
      return new StanzaError('resource-constraint', `nobody has more than ${roomsPerAccount} rooms`, undefined, 'wait');
    return undefined;
  }

  #create(jid: Jid, from: Jid): Room {
    const { clock, random } = this.#options;
    const createdBy = `${from.bare}`;
    const room = new Room(this.#context, jid, {
      jid: `${jid}`,
      config: defaultRoomConfig(this.bounds, this.#context.archives),
      subject: undefined,
      secret: encodeBase64Url(random.bytes(24)),
      createdBy,
      createdAt: clock.epoch(),
    });
    room.isLocked = true;
    room.affiliations.set(createdBy, { jid: createdBy, affiliation: 'owner', nick: undefined, reason: undefined });
    this.#rooms.set(`${jid}`, room);
    return room;
  }

  #toService(stanza: XmlElement, from: Jid): void | Promise<void> {
    const type = stanza.attribute('type');
    if (stanza.name === 'presence') return undefined;
    if (stanza.name === 'message') {
      return this.#refuse(stanza, new StanzaError('service-unavailable', 'write to a room: room@service'));
    }
    if (type !== 'get' && type !== 'set') return undefined;
    return this.#reply(stanza, this.#answerService(type, stanza, from));
  }

  #answerService(type: 'get' | 'set', iq: XmlElement, from: Jid): Answer {
    const [payload] = iq.elements();
    if (payload === undefined || type === 'set') return new StanzaError('service-unavailable');
    if (payload.is('ping', namespaces.ping)) return undefined;
    const node = payload.attribute('node');
    if (payload.is('query', discoInfo)) {
      if (node !== undefined) return new StanzaError('item-not-found');
      const identities = [{ category: 'conference', type: 'text', name: 'Rooms' }];
      return encodeInfo({ identities, features: [discoInfo, discoItems, muc, 'urn:xmpp:ping'] });
    }
    if (payload.is('query', discoItems)) {
      if (node !== undefined) return new StanzaError('item-not-found');
      return element('query', discoItems, {}, ...this.#listed(from));
    }
    return new StanzaError('service-unavailable');
  }

  /** §6.3: rooms that are listed for everybody, and those that who asks belongs to or is in. */
  #listed(from: Jid): readonly XmlElement[] {
    const isSeen = (room: Room) => {
      if (room.isLocked) return false;
      return room.config.isPublic || room.sessions.has(`${from}`) || isAtLeast(room.affiliationOf(from.bare), 'member');
    };
    return this.rooms
      .filter(isSeen)
      .map(({ jid, config }) => element('item', discoItems, { jid: `${jid}`, name: config.name || jid.local }));
  }

  #onIq(room: Room | undefined, iq: XmlElement, from: Jid, to: Jid): void | Promise<void> {
    const type = iq.attribute('type');
    if (type === 'result' || type === 'error') {
      if (room?.requests.answer(iq, from) !== true) this.#log.debug('an answer that nobody waits for', { to: `${to}` });
      return undefined;
    }
    if (type !== 'get' && type !== 'set') return this.#refuse(iq, new StanzaError('bad-request'));
    const [payload, ...more] = iq.elements();
    if (payload === undefined || more.length > 0) return this.#refuse(iq, new StanzaError('bad-request'));
    if (room === undefined) return this.#refuse(iq, new StanzaError('item-not-found', 'there is no such room'));
    // Outside of the queue: who is answered may be a room too.
    let answer: Answer | 'passed';
    const done = room.queue.alone(async () => {
      if (room.isGone) answer = new StanzaError('item-not-found', 'there is no such room any more');
      else
        answer =
          to.resource === undefined
            ? await answerRoom(room, type, payload, from)
            : toOccupant(room, iq, payload, from, to.resource);
    });
    return Promise.resolve(done).then(() => (answer === 'passed' ? undefined : this.#reply(iq, answer)));
  }

  #reply(iq: XmlElement, answer: Answer): void | Promise<void> {
    if (answer instanceof StanzaError) return this.#refuse(iq, answer);
    const attributes = { type: 'result', id: iq.attribute('id'), from: iq.attribute('to'), to: iq.attribute('from') };
    return this.#options.router.reply(element('iq', namespaces.client, attributes, answer));
  }
}

/** What a room itself is asked. */
async function answerRoom(room: Room, type: 'get' | 'set', payload: XmlElement, from: Jid): Promise<Answer> {
  const node = payload.attribute('node');
  const isOwner = room.affiliationOf(from.bare) === 'owner';
  if (room.isLocked && !isOwner) return new StanzaError('item-not-found', 'the room is not set up yet');
  if (room.affiliationOf(from.bare) === 'outcast' && type === 'get' && !payload.is('query', discoInfo))
    return new StanzaError('forbidden', 'banned from this room');
  if (type === 'get') {
    if (payload.is('ping', namespaces.ping)) return undefined;
    if (payload.is('query', discoInfo)) return roomInfo(room, node, from);
    if (payload.is('query', discoItems)) return roomItems(room, node, from);
  }
  if (payload.is('query', mucAdmin)) return answerAdmin(room, type, payload, from);
  if (payload.is('query', mucOwner)) return answerOwner(room, type, payload, from);
  if (payload.is('query', 'jabber:iq:register')) return answerRegister(room, type, payload, from);
  if (payload.namespace === 'urn:xmpp:mam:2' && room.isArchived) return fromArchive(room, type, payload, from);
  return new StanzaError('service-unavailable');
}

/** XEP-0313 §5.1.2: what was said in the room, to who is in it. */
async function fromArchive(room: Room, type: 'get' | 'set', payload: XmlElement, from: Jid): Promise<Answer> {
  const session = room.sessions.get(`${from}`);
  if (session === undefined)
    return new StanzaError('forbidden', 'only occupants read the archive: enter the room first');
  const { options } = room.context;
  const by = `${room.jid}`;
  const answer = await answerArchive(
    {
      archive: options.store.archive,
      account: by,
      jids: options.router.jids,
      maximum: options.archivePage ?? 100,
      // Of everybody, or of one nick.
      contact: (jid) => (jid.equals(room.jid) ? {} : { with: `${jid}` }),
      deliver: (result) => {
        room.post(session, new Stanza(element('message', namespaces.client, { from: by }, result)));
      },
    },
    type,
    payload,
  );
  // Its end comes behind its results.
  await session.tail;
  return answer;
}

/** Requests to somebody in a room: pings of oneself (XEP-0410), all else goes to them (XEP-0045 §17.4). */
function toOccupant(room: Room, iq: XmlElement, payload: XmlElement, from: Jid, nick: string): Answer | 'passed' {
  const session = room.sessions.get(`${from}`);
  if (session === undefined) return notInside();
  if (session.occupant.nick === nick && payload.is('ping', namespaces.ping)) return undefined;
  const target = room.occupants.get(nick);
  if (target === undefined) return new StanzaError('item-not-found', 'nobody has this nick');
  return room.requests.pass(iq, session, target) ?? 'passed';
}
