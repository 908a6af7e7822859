import type { Jid } from '../../jid/jid.ts';
import { namespaces } from '../../namespaces.ts';
import { Stanza } from '../../server/stanza.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import { parseXmlText } from '../../xml/parse.ts';
import type { BoundClient } from '../client-table.ts';
import { delayOf } from '../delay.ts';
import type { ImServer } from '../im-server.ts';
import type { PubsubItem } from '../stores.ts';
import { pubsubEvent } from './namespaces.ts';
import { nodeOptionsForm } from './node-options.ts';
import { refusalOfAccess } from './pep-access.ts';
import type { PepNode } from './pep-node.ts';

interface Published {
  readonly id: string;
  readonly payload: XmlElement | undefined;
}

/**
 * Tells of what happens to nodes (XEP-0163 §4): sessions of the account, and of contacts that may see the node, as far as their clients want
 * to (`+notify`), and those that subscribed by themselves. All of them headlines, which are neither kept nor copied.
 */
export class PepNotifier {
  readonly #server: ImServer;

  constructor(server: ImServer) {
    this.#server = server;
  }

  published(account: string, node: PepNode, item: Published | undefined): Promise<void> {
    const items = element('items', pubsubEvent, { node: node.name }, item && encodeItem(node, item));
    return this.#tell(account, node, items);
  }

  retracted(account: string, node: PepNode, ids: readonly string[]): Promise<void> {
    const gone = ids.map((id) => element('retract', pubsubEvent, { id }));
    return this.#tell(account, node, element('items', pubsubEvent, { node: node.name }, ...gone));
  }

  purged(account: string, node: PepNode): Promise<void> {
    return this.#tell(account, node, element('purge', pubsubEvent, { node: node.name }));
  }

  deleted(account: string, node: PepNode): Promise<void> {
    return this.#tell(account, node, element('delete', pubsubEvent, { node: node.name }));
  }

  configured(account: string, node: PepNode): Promise<void> {
    const form = node.options.deliver_payloads ? nodeOptionsForm('result', 'node_config', node.options) : undefined;
    return this.#tell(account, node, element('configuration', pubsubEvent, { node: node.name }, form));
  }

  /** XEP-0163 §4.3.4: the last item of a node, for a session that came or began to want it. */
  async lastItem(account: string, node: PepNode, to: Jid, deliver: (message: Stanza) => unknown): Promise<void> {
    if (!node.options.deliver_notifications) return;
    const [last] = await this.#server.options.stores.pubsub.items(account, node.name, { before: '', limit: 1 });
    if (last === undefined) return;
    const payload = parsedPayload(last);
    const items = element('items', pubsubEvent, { node: node.name }, encodeItem(node, { id: last.id, payload }));
    await deliver(this.#message(account, items, delayOf(last.at, undefined)).addressed(`${to}`));
  }

  async #tell(account: string, node: PepNode, event: XmlElement): Promise<void> {
    if (!node.options.deliver_notifications) return;
    const told = new Set<string>();
    const message = this.#message(account, event);
    for (const client of await this.#interested(account, node)) {
      told.add(`${client.jid}`).add(`${client.jid.bare}`);
      client.session.deliver(message.addressed(`${client.jid}`));
    }
    for (const subscriber of node.subscribers) {
      const jid = this.#server.jids.parse(subscriber);
      // XEP-0163 §4.3.2: who is told by its presence is not told twice.
      if (jid === undefined || told.has(subscriber)) continue;
      if ((await refusalOfAccess(this.#server, account, node, jid)) !== undefined) continue;
      await this.#server.route(message.addressed(`${jid}`), this.#server.accountJid(account), jid, undefined);
    }
  }

  async #interested(account: string, node: PepNode): Promise<readonly BoundClient[]> {
    const own = this.#server.clients.of(account).filter((client) => wants(client, node));
    const { access_model } = node.options;
    const isPrivate = access_model === 'whitelist' && node.affiliations.size === 0;
    if (isPrivate) return own;
    const found = [...own];
    const { items } = await this.#server.options.stores.rosters.roster(account);
    for (const { jid, subscription } of items) {
      if (subscription !== 'from' && subscription !== 'both') continue;
      const contact = this.#server.jids.parse(jid);
      if (contact !== undefined) found.push(...(await this.#interestedOf(account, node, contact)));
    }
    return found;
  }

  async #interestedOf(account: string, node: PepNode, contact: Jid): Promise<readonly BoundClient[]> {
    const wanting = this.sessionsOf(contact).filter((client) => wants(client, node));
    const found: BoundClient[] = [];
    for (const client of wanting) if (await this.mayTell(account, node, client)) found.push(client);
    return found;
  }

  /** Sessions of an account of any domain of the process. */
  sessionsOf(contact: Jid): readonly BoundClient[] {
    if (contact.local === undefined) return [];
    return this.#server.domainOf(contact)?.clients.available(contact.local) ?? [];
  }

  /** The node is for the owner of the session, and neither blocks the other. */
  async mayTell(account: string, node: PepNode, client: BoundClient): Promise<boolean> {
    if ((await refusalOfAccess(this.#server, account, node, client.jid)) !== undefined) return false;
    const isRefused = this.#server.domainOf(client.jid)?.isRefusedBy(client.account, this.#server.accountJid(account));
    return (await isRefused) !== true;
  }

  /** To nobody yet. */
  #message(account: string, event: XmlElement, delay?: XmlElement): Stanza {
    const attributes = { from: `${this.#server.accountJid(account)}`, type: 'headline' };
    const content = element('event', pubsubEvent, {}, event);
    return new Stanza(element('message', namespaces.client, attributes, content, delay));
  }
}

/** XEP-0163 §4.3.2. */
function wants(client: BoundClient, { name }: PepNode): boolean {
  return client.takesMessages && client.interests.has(name);
}

function encodeItem(node: PepNode, { id, payload }: Published): XmlElement {
  return element('item', pubsubEvent, { id }, node.options.deliver_payloads ? payload : undefined);
}

/** What a store has is what was written there. */
export function parsedPayload({ payload }: PubsubItem): XmlElement | undefined {
  const parsed = payload === undefined ? undefined : parseXmlText(payload);
  return parsed?.ok === true ? parsed.value : undefined;
}
