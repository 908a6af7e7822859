import { element, type XmlElement } from '../../xml/element.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';
import { Bookmarks, legacyBookmarks } from './bookmarks.ts';
import type { NodeOptions } from './node-options.ts';
import { parsedPayload } from './pep-notifier.ts';
import type { PepService } from './pep-service.ts';

const namespace = 'jabber:iq:private';

const options: Partial<NodeOptions> = {
  access_model: 'whitelist',
  max_items: 'max',
  send_last_published_item: 'never',
  deliver_notifications: false,
};

/**
 * Private XML storage (XEP-0049): items of a private node of that name, which count as such. Bookmarks there are those of XEP-0402, so that
 * older clients and newer ones see the same.
 */
export function privateXmlModule(server: ImServer, service: PepService): ImModule {
  const storage = new PrivateXml(server, service);
  return {
    name: 'XEP-0049',
    accountFeatures: [namespace, 'urn:xmpp:bookmarks:1#compat'],
    serverFeatures: [namespace],
    handlers: [
      { namespace, name: 'query', types: ['get'], targets: ['own'], handle: (request) => storage.read(request) },
      { namespace, name: 'query', types: ['set'], targets: ['own'], handle: (request) => storage.write(request) },
      {
        namespace,
        name: 'query',
        types: ['get', 'set'],
        targets: ['other'],
        handle: () => new StanzaError('forbidden', 'only the owner of the account does this'),
      },
    ],
  };
}

class PrivateXml {
  readonly #server: ImServer;
  readonly #service: PepService;
  readonly #bookmarks: Bookmarks;

  constructor(server: ImServer, service: PepService) {
    this.#server = server;
    this.#service = service;
    this.#bookmarks = new Bookmarks(server, service);
  }

  async read({ account, payload }: IqRequest): Promise<ModuleAnswer> {
    const [asked, ...more] = payload.elements();
    if (asked === undefined || more.length > 0) return new StanzaError('bad-request', 'one element at a time');
    if (!isFit(asked)) return new StanzaError('not-acceptable', 'an element has a namespace of its own');
    const item = await this.#server.options.stores.pubsub.item(account!, namespace, idOf(asked));
    const kept = (item && parsedPayload(item)) ?? element(asked.name, asked.namespace);
    const isBookmarks = asked.is('storage', legacyBookmarks);
    return element('query', namespace, {}, isBookmarks ? await this.#bookmarks.read(account!, kept) : kept);
  }

  async write({ account, payload }: IqRequest): Promise<ModuleAnswer> {
    const elements = payload.elements();
    if (elements.length === 0) return new StanzaError('bad-request', 'an element to keep is needed');
    if (!elements.every(isFit)) return new StanzaError('not-acceptable', 'an element has a namespace of its own');
    for (const content of elements) {
      const isBookmarks = content.is('storage', legacyBookmarks);
      const kept = isBookmarks ? await this.#bookmarks.write(account!, content) : content;
      if (kept instanceof StanzaError) return kept;
      const id = await this.#service.publish(account!, namespace, { id: idOf(content), payload: kept }, {}, options);
      if (id instanceof StanzaError) return id;
    }
    return undefined;
  }
}

/** XEP-0049 §5: not of namespaces that stanzas are made of. */
function isFit({ namespace: own }: XmlElement): boolean {
  return own !== '' && own !== namespace && own !== 'vcard-temp' && !/^jabber:(?:client|server)$/.test(own);
}

const idOf = ({ name, namespace: own }: XmlElement) => `{${own}}${name}`;
