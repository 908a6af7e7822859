import type { Jid } from '../../jid/jid.ts';
import { namespaces } from '../../namespaces.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import type { BoundClient } from '../client-table.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

const namespace = 'urn:xmpp:blocking';

/** Blocking (XEP-0191). */
export function blockingModule(server: ImServer): ImModule {
  const blocking = new Blocking(server);
  const own = { namespace, targets: ['own'] as const };
  return {
    name: 'XEP-0191',
    serverFeatures: [namespace],
    accountFeatures: [namespace],
    handlers: [
      { ...own, name: 'blocklist', types: ['get'], handle: (request) => blocking.list(request) },
      { ...own, name: 'block', types: ['set'], handle: (request) => blocking.block(request) },
      { ...own, name: 'unblock', types: ['set'], handle: (request) => blocking.unblock(request) },
    ],
  };
}

class Blocking {
  readonly #server: ImServer;
  #pushes = 0;

  constructor(server: ImServer) {
    this.#server = server;
  }

  async list({ account, client }: IqRequest): Promise<ModuleAnswer> {
    if (client !== undefined) client.watchesBlocking = true;
    return element('blocklist', namespace, {}, ...items([...(await this.#server.blocklists.list(account!))]));
  }

  async block({ account, payload }: IqRequest): Promise<ModuleAnswer> {
    const jids = this.#jids(payload);
    if (jids === undefined) return new StanzaError('jid-malformed');
    // XEP-0191 §3.3.
    if (jids.length === 0) return new StanzaError('bad-request');
    const list = await this.#server.blocklists.list(account!);
    if (list.size + jids.length > this.#server.bounds.blockedJids) return new StanzaError('resource-constraint');
    const fresh = jids.filter((jid) => !list.has(`${jid}`));
    for (const jid of fresh) await this.#server.seemsGone(account!, jid);
    await this.#server.blocklists.block(account!, fresh.map(String));
    this.#push(account!, element('block', namespace, {}, ...items(jids.map(String))));
    return undefined;
  }

  async unblock({ account, payload }: IqRequest): Promise<ModuleAnswer> {
    const jids = this.#jids(payload);
    if (jids === undefined) return new StanzaError('jid-malformed');
    const gone = await this.#server.blocklists.unblock(account!, jids.length === 0 ? undefined : jids.map(String));
    this.#push(account!, element('unblock', namespace, {}, ...items(jids.map(String))));
    for (const text of gone) {
      const jid = this.#server.jids.parse(text);
      if (jid !== undefined) await this.#server.seemsPresent(account!, jid);
    }
    return undefined;
  }

  #jids(payload: XmlElement): readonly Jid[] | undefined {
    const jids = payload.elements('item').map((item) => this.#server.jids.parse(item.attribute('jid') ?? ''));
    return jids.includes(undefined) ? undefined : (jids as Jid[]);
  }

  #push(account: string, payload: XmlElement): void {
    const watching = this.#server.clients.of(account).filter((client: BoundClient) => client.watchesBlocking);
    for (const client of watching) {
      const attributes = { type: 'set', id: `blocking-${++this.#pushes}`, to: `${client.jid}` };
      client.session.deliver(element('iq', namespaces.client, attributes, payload));
    }
  }
}

function items(jids: readonly string[]): readonly XmlElement[] {
  return jids.map((jid) => element('item', namespace, { jid }));
}
