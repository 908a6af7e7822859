import { element, type XmlElement } from '../../xml/element.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import type { ImServer } from '../im-server.ts';
import { StanzaError } from '../stanza-error.ts';
import type { NodeOptions } from './node-options.ts';
import { parsedPayload } from './pep-notifier.ts';
import type { PepService } from './pep-service.ts';

/** XEP-0048. */
export const legacyBookmarks = 'storage:bookmarks';

/** XEP-0402. */
const bookmarks = 'urn:xmpp:bookmarks:1';

/** XEP-0402 §3.2. */
const options: Partial<NodeOptions> = {
  access_model: 'whitelist',
  max_items: 'max',
  send_last_published_item: 'never',
};

/** Bookmarks of rooms as older clients keep them, all in one element (XEP-0048), made of those of newer ones (XEP-0402 §5) and into them. */
export class Bookmarks {
  readonly #server: ImServer;
  readonly #service: PepService;

  constructor(server: ImServer, service: PepService) {
    this.#server = server;
    this.#service = service;
  }

  /** @param rest what is kept besides rooms */
  async read(account: string, rest: XmlElement): Promise<XmlElement> {
    const rooms = [...(await this.#rooms(account))].map(([jid, conference]) => {
      const texts = ['nick', 'password'].map((name) => {
        const text = conference.childText(name);
        return text === undefined ? undefined : element(name, legacyBookmarks, {}, text);
      });
      const { name, autojoin } = conference.attributes;
      return element('conference', legacyBookmarks, { jid, name, autojoin }, ...texts);
    });
    return rest.containing(...rest.children, ...rooms);
  }

  /** Publishes what is new and retracts what is gone. @returns what is to be kept besides rooms, or why nothing is */
  async write(account: string, storage: XmlElement): Promise<XmlElement | StanzaError> {
    const wanted = new Map<string, XmlElement>();
    for (const room of storage.elements('conference')) {
      const jid = this.#server.jids.parse(room.attribute('jid') ?? '');
      if (jid === undefined) return new StanzaError('jid-malformed', 'a bookmark has the JID of a room');
      wanted.set(`${jid}`, room);
    }
    const before = await this.#rooms(account);
    for (const [jid, room] of wanted) {
      const payload = newBookmark(room, before.get(jid));
      const known = before.get(jid);
      // XEP-0402 §5.2: what did not change is not told.
      if (known !== undefined && serialiseXml(known) === serialiseXml(payload)) continue;
      const id = await this.#service.publish(account, bookmarks, { id: jid, payload }, {}, options);
      if (id instanceof StanzaError) return id;
    }
    const gone = [...before.keys()].filter((jid) => !wanted.has(jid));
    const refusal = gone.length === 0 ? undefined : await this.#service.retract(account, bookmarks, gone, true);
    // Another session may have been faster.
    if (refusal !== undefined && refusal.condition !== 'item-not-found') return refusal;
    return storage.containing(
      ...storage.children.filter((child) => typeof child !== 'string' && !child.is('conference', legacyBookmarks)),
    );
  }

  async #rooms(account: string): Promise<ReadonlyMap<string, XmlElement>> {
    const { bounds, options } = this.#server;
    const items = await options.stores.pubsub.items(account, bookmarks, { limit: bounds.pubsubItems });
    const rooms = new Map<string, XmlElement>();
    for (const item of items) {
      const conference = parsedPayload(item);
      if (conference?.is('conference', bookmarks) === true) rooms.set(item.id, conference);
    }
    return rooms;
  }
}

/** What older clients do not know of stays (XEP-0402 §3.1: `extensions`). */
function newBookmark(room: XmlElement, before: XmlElement | undefined): XmlElement {
  const { name, autojoin } = room.attributes;
  const texts = ['nick', 'password'].map((key) => {
    const text = room.childText(key, legacyBookmarks);
    return text === undefined ? undefined : element(key, bookmarks, {}, text);
  });
  return element('conference', bookmarks, { name, autojoin }, ...texts, before?.child('extensions'));
}
