import type { ImServerOptions } from '../im/options.ts';
import { MemoryRoomStore } from '../memory/memory-room-store.ts';
import type { RoomServiceOptions } from '../rooms/room-options.ts';
import { RoomService } from '../rooms/room-service.ts';
import { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import { xml } from '../xml/literal.ts';
import { escapeText } from '../xml/serialise.ts';
import { available, ImWorld, type RecordedSession, xmlOf } from './im-world.ts';

export interface RoomWorldOptions {
  readonly crypto: RoomServiceOptions['crypto'];
  readonly rooms?: Partial<RoomServiceOptions>;
  readonly im?: Partial<ImServerOptions>;
}

/** A message server of `example.com` with rooms at `rooms.example.com`. */
export class RoomWorld {
  readonly im: ImWorld;
  readonly store = new MemoryRoomStore();
  readonly #options: RoomWorldOptions;
  #service: RoomService | undefined;

  private constructor(options: RoomWorldOptions) {
    this.#options = options;
    this.im = new ImWorld({ archives: true, ...options.im });
  }

  static async open(options: RoomWorldOptions): Promise<RoomWorld> {
    const world = new RoomWorld(options);
    await world.#serve();
    world.im.server.addService('rooms.example.com', {
      onStanza: (stanza, from, to) => world.service.onStanza(stanza, from, to),
    });
    return world;
  }

  get service(): RoomService {
    return this.#service!;
  }

  /** The service ends, and another one begins with what it kept. */
  async restart(): Promise<void> {
    this.service.close();
    await this.im.settle();
    await this.#serve();
  }

  async #serve(): Promise<void> {
    this.#service = await RoomService.open({
      domain: 'rooms.example.com',
      router: this.im.server,
      store: this.store,
      crypto: this.#options.crypto,
      clock: this.im.time,
      random: this.im.server.options.random,
      ...this.#options.rooms,
    });
  }

  /** Sessions of accounts that are available. */
  available(...jids: readonly string[]): Promise<RecordedSession[]> {
    return available(this.im, ...jids);
  }

  /** A stanza of somebody who has no session here: a service, a component. */
  async inject(stanza: XmlElement): Promise<void> {
    const { jids } = this.im.server;
    const from = jids.parse(stanza.attribute('from')!)!;
    const to = jids.parse(stanza.attribute('to')!)!;
    await this.im.server.route(new Stanza(stanza), from, to, undefined);
    await this.im.settle();
  }

  /** Makes a room that its owner is in, under its name. @param fields of the form, each `name=value` */
  async make(owner: RecordedSession, room: string, ...fields: readonly string[]): Promise<void> {
    await enterRoom(owner, room, owner.jid.local!);
    await configure(owner, room, ...fields);
    owner.take();
  }
}

export const roomsDomain = 'rooms.example.com';

/** Enters a room. @param more what stands in the `x` of it */
export async function enterRoom(session: RecordedSession, room: string, nick: string, more = ''): Promise<void> {
  const x = xmlOf(`<x xmlns='http://jabber.org/protocol/muc'>${more}</x>`);
  await session.send(xml`<presence to='${room}@rooms.example.com/${nick}'>${x}</presence>`);
}

/** Sets up a room as its owner. @param fields each `name=value`, names without `muc#roomconfig_` */
export async function configure(owner: RecordedSession, room: string, ...fields: readonly string[]): Promise<void> {
  const written = fields.map((field) => {
    const [name = '', value = ''] = field.split('=');
    const full = name.startsWith('muc#') ? name : `muc#roomconfig_${name}`;
    return `<field var='${full}'><value>${escapeText(value)}</value></field>`;
  });
  const form = xmlOf(`<x xmlns='jabber:x:data' type='submit'>${written.join('')}</x>`);
  await owner.send(
    xml`<iq type='set' id='config' to='${room}@rooms.example.com'><query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query></iq>`,
  );
}

/** Says something in a room. */
export async function say(session: RecordedSession, room: string, body: string, id = body): Promise<void> {
  await session.send(
    xml`<message type='groupchat' id='${id}' to='${room}@rooms.example.com'><body>${body}</body></message>`,
  );
}

/** What came, short: `p alice none/participant 110`, `m alice: hi`, without what is random. */
export function digest(stanzas: readonly string[]): readonly string[] {
  return stanzas.map((text) => digestOne(xmlOf(text)));
}

const user = 'http://jabber.org/protocol/muc#user';

function digestOne(stanza: XmlElement): string {
  const from = stanza.attribute('from') ?? '';
  const nick = from.includes('/') ? from.slice(from.indexOf('/') + 1) : from.split('@')[0];
  const type = stanza.attribute('type');
  const x = stanza.child('x', user);
  const codes = x?.elements('status').map((status) => status.attribute('code')) ?? [];
  const error = stanza.child('error')?.elements()[0]?.name;
  if (stanza.name === 'iq') return `iq ${error ?? type}`;
  if (error !== undefined) return `${stanza.name[0]} ${nick} error ${error}`;
  if (stanza.name === 'presence') {
    const item = x?.child('item');
    const jid = item?.attribute('jid');
    return [
      type === 'unavailable' ? 'gone' : 'p',
      nick,
      `${item?.attribute('affiliation')}/${item?.attribute('role')}`,
      ...(jid === undefined ? [] : [`(${jid})`]),
      ...(item?.attribute('nick') === undefined ? [] : [`-> ${item.attribute('nick')}`]),
      ...codes,
    ].join(' ');
  }
  const subject = stanza.childText('subject');
  const body = stanza.childText('body');
  const late = stanza.child('delay', 'urn:xmpp:delay') === undefined ? '' : ' late';
  if (body !== undefined) return `m ${nick}: ${body}${late}`;
  return subject === undefined ? `m ${nick} ${codes.join(' ')}`.trim() : `subject ${nick}: ${subject}${late}`;
}
