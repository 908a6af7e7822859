import { element, type XmlElement } from '../../xml/element.ts';
import { dataForms } from '../data-form.ts';
import type { ImServer } from '../im-server.ts';
import type { IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';
import type { PubsubItem } from '../stores.ts';
import { pubsub, pubsubError, resultSets } from './namespaces.ts';
import { type NodeOptionBounds, type NodeOptions, readNodeOptions } from './node-options.ts';
import { refusalOfAccess } from './pep-access.ts';
import type { PepNode } from './pep-node.ts';
import { parsedPayload } from './pep-notifier.ts';
import type { PepService } from './pep-service.ts';

type Answer = Promise<ModuleAnswer> | ModuleAnswer;

/** XEP-0060 §10: what requests are called as features, where that is something else. */
const featureNames: ReadonlyMap<string, string> = new Map([
  ['options', 'subscription-options'],
  ['default', 'retrieve-default-sub'],
]);

export const onlyOwners = () => new StanzaError('forbidden', 'only the owner of the account does this');

/** What options of nodes may be. */
export function optionBounds({ bounds }: ImServer): NodeOptionBounds {
  return { items: bounds.pubsubItems, text: bounds.pubsubText, groups: bounds.rosterGroups };
}

/** XEP-0060 §6 and §7: subscribers and publishers. */
export class PepRequests {
  readonly #server: ImServer;
  readonly #service: PepService;

  constructor(server: ImServer, service: PepService) {
    this.#server = server;
    this.#service = service;
  }

  handle(request: IqRequest): Answer {
    const { type, isOwn, payload } = request;
    // What stands beside it are its options.
    const [asked] = payload.elements();
    const action = asked?.namespace === pubsub ? `${type} ${asked.name}` : '';
    switch (action) {
      case 'get items':
        return this.#items(request, asked!);
      case 'get subscriptions':
        return this.#subscriptions(request, asked!);
      case 'get affiliations':
        return this.#affiliations(request, asked!);
      case 'set subscribe':
        return this.#subscribe(request, asked!);
      case 'set unsubscribe':
        return this.#unsubscribe(request, asked!);
      case 'set publish':
        return isOwn ? this.#publish(request, asked!) : onlyOwners();
      case 'set retract':
        return isOwn ? this.#retract(request, asked!) : onlyOwners();
      case 'set create':
        return isOwn ? this.#create(request, asked!) : onlyOwners();
      case '':
        return new StanzaError('bad-request', `an element of ${pubsub} is needed`);
      default: {
        const feature = featureNames.get(asked!.name) ?? asked!.name;
        return pubsubError('feature-not-implemented', 'unsupported', { feature });
      }
    }
  }

  /** The node of a request, where who asks may see it. */
  async #node({ account, from }: IqRequest, asked: XmlElement): Promise<PepNode | StanzaError> {
    const name = asked.attribute('node');
    if (!name) return pubsubError('bad-request', 'nodeid-required');
    const node = (await this.#service.nodes(account!)).get(name);
    if (node === undefined) return new StanzaError('item-not-found', 'there is no such node');
    return (await refusalOfAccess(this.#server, account!, node, from)) ?? node;
  }

  /** XEP-0060 §7.1. */
  async #publish({ account, payload }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const name = asked.attribute('node') ?? '';
    const [item, ...more] = asked.elements('item');
    if (more.length > 0) return new StanzaError('bad-request', 'one item at a time');
    const payloads = item?.elements() ?? [];
    if (payloads.length > 1) return pubsubError('bad-request', 'invalid-payload');
    const options = this.#options(payload.child('publish-options'), 'publish-options');
    if (options instanceof StanzaError) return options;
    const publication = item && { id: item.attribute('id') || undefined, payload: payloads[0] };
    const id = await this.#service.publish(account!, name, publication, options);
    if (id instanceof StanzaError) return id;
    const told = id === undefined ? undefined : element('item', pubsub, { id });
    return element('pubsub', pubsub, {}, element('publish', pubsub, { node: name }, told));
  }

  #options(
    around: XmlElement | undefined,
    formType: 'node_config' | 'publish-options',
  ): Partial<NodeOptions> | StanzaError {
    return readNodeOptions(around?.child('x', dataForms), formType, optionBounds(this.#server));
  }

  /** XEP-0060 §7.2. */
  async #retract({ account }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const name = asked.attribute('node');
    if (!name) return pubsubError('bad-request', 'nodeid-required');
    const ids = asked.elements('item').map((item) => item.attribute('id') ?? '');
    if (ids.length === 0 || ids.includes('')) return pubsubError('bad-request', 'item-required');
    const notify = ['1', 'true'].includes(asked.attribute('notify') ?? '') ? true : undefined;
    return this.#service.retract(account!, name, [...new Set(ids)], notify);
  }

  /** XEP-0060 §8.1. */
  async #create({ account, payload }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const name = asked.attribute('node');
    // XEP-0060 §8.1.2: nodes of accounts have names that say what they are of.
    if (!name) return pubsubError('not-acceptable', 'nodeid-required');
    const options = this.#options(payload.child('configure'), 'node_config');
    if (options instanceof StanzaError) return options;
    const refusal = await this.#service.create(account!, name, options);
    return refusal ?? element('pubsub', pubsub, {}, element('create', pubsub, { node: name }));
  }

  /** XEP-0060 §6.5. */
  async #items(request: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const node = await this.#node(request, asked);
    if (node instanceof StanzaError) return node;
    const ids = asked.elements('item').map((item) => item.attribute('id') ?? '');
    const page = ids.length > 0 ? await this.#named(request, node, ids) : await this.#page(request, node, asked);
    if (page instanceof StanzaError) return page;
    const items = page.items.map((item) => element('item', pubsub, { id: item.id }, parsedPayload(item)));
    return element('pubsub', pubsub, {}, element('items', pubsub, { node: node.name }, ...items), page.set);
  }

  async #named({ account }: IqRequest, node: PepNode, ids: readonly string[]): Promise<Page> {
    const items: PubsubItem[] = [];
    const { pubsub: store } = this.#server.options.stores;
    for (const id of new Set(ids)) {
      const item = await store.item(account!, node.name, id);
      // XEP-0060 §6.5.8: those that are not there are left out.
      if (item !== undefined) items.push(item);
    }
    return { items: this.#fitting(items), set: undefined };
  }

  async #page(request: IqRequest, node: PepNode, asked: XmlElement): Promise<Page | StanzaError> {
    const account = request.account!;
    const { pubsub: store } = this.#server.options.stores;
    const set = request.payload.child('set', resultSets);
    if (set?.child('index') !== undefined)
      return new StanzaError('feature-not-implemented', 'pages are asked for by id');
    const [most, newest] = [set?.childText('max'), asked.attribute('max_items')];
    if ([most, newest].some((text) => text !== undefined && !/^\d{1,9}$/.test(text)))
      return new StanzaError('bad-request', 'max and max_items are numbers');
    const limit = Math.min(Number(most ?? newest ?? this.#server.bounds.pubsubItems), this.#server.bounds.pubsubItems);
    const after = set?.childText('after');
    // XEP-0060 §6.5.7: without a page, the newest ones.
    const before = set?.childText('before') ?? (set === undefined ? '' : undefined);
    for (const id of [after, before]) {
      if (id && (await store.item(account, node.name, id)) === undefined)
        return new StanzaError('item-not-found', 'there is no item of that id');
    }
    const between = { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
    const found = limit === 0 ? [] : await store.items(account, node.name, { ...between, limit });
    const items = before === undefined ? this.#fitting(found) : this.#fitting(found.toReversed()).toReversed();
    const isWhole = set === undefined && (items.length === found.length || newest !== undefined);
    return { items, set: isWhole ? undefined : await this.#set(account, node, items) };
  }

  /** The first ones of them that one answer has room for. */
  #fitting(items: readonly PubsubItem[]): readonly PubsubItem[] {
    let size = 0;
    const end = items.findIndex(({ payload = '' }, index) => {
      size += payload.length;
      return size > this.#server.bounds.pubsubAnswer && index > 0;
    });
    return end < 0 ? items : items.slice(0, end);
  }

  async #set(account: string, { name }: PepNode, items: readonly PubsubItem[]): Promise<XmlElement> {
    const { pubsub: store } = this.#server.options.stores;
    const [first, last] = [items[0]?.id, items.at(-1)?.id];
    const index = first === undefined ? undefined : String(await store.count(account, name, first));
    return element(
      'set',
      resultSets,
      {},
      first === undefined ? undefined : element('first', resultSets, { index }, first),
      last === undefined ? undefined : element('last', resultSets, {}, last),
      element('count', resultSets, {}, String(await store.count(account, name))),
    );
  }

  /** XEP-0060 §6.1. */
  async #subscribe(request: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const jid = this.#server.jids.parse(asked.attribute('jid') ?? '');
    if (jid === undefined || !jid.sameBare(request.from)) return pubsubError('bad-request', 'invalid-jid');
    const node = await this.#node(request, asked);
    if (node instanceof StanzaError) return node;
    const refusal = await this.#service.subscribe(request.account!, node.name, jid);
    if (refusal !== undefined) return refusal;
    await this.#service.showLastItem(request.account!, node, jid);
    return element('pubsub', pubsub, {}, encodeSubscription(node.name, `${jid}`));
  }

  /** XEP-0060 §6.2. */
  async #unsubscribe({ account, from }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const jid = this.#server.jids.parse(asked.attribute('jid') ?? '');
    if (jid === undefined) return pubsubError('bad-request', 'jid-required');
    if (!jid.sameBare(from)) return new StanzaError('forbidden', 'only the own address is unsubscribed');
    const name = asked.attribute('node');
    return name ? this.#service.unsubscribe(account!, name, `${jid}`) : pubsubError('bad-request', 'nodeid-required');
  }

  /** XEP-0060 §5.6: one's own. */
  async #subscriptions({ account, from }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const only = asked.attribute('node');
    const found: XmlElement[] = [];
    for (const { name, subscribers } of (await this.#service.nodes(account!)).values()) {
      if (only !== undefined && only !== name) continue;
      for (const subscriber of subscribers) {
        if (this.#server.jids.parse(subscriber)?.sameBare(from)) found.push(encodeSubscription(name, subscriber));
      }
    }
    return element('pubsub', pubsub, {}, element('subscriptions', pubsub, { node: only }, ...found));
  }

  /** XEP-0060 §5.7: one's own. */
  async #affiliations({ account, from, isOwn }: IqRequest, asked: XmlElement): Promise<ModuleAnswer> {
    const only = asked.attribute('node');
    const nodes = [...(await this.#service.nodes(account!)).values()].filter(
      ({ name }) => only === undefined || only === name,
    );
    const found = nodes.flatMap(({ name, affiliations }) => {
      const affiliation = isOwn ? 'owner' : affiliations.get(`${from.bare}`);
      return affiliation === undefined ? [] : [element('affiliation', pubsub, { node: name, affiliation })];
    });
    return element('pubsub', pubsub, {}, element('affiliations', pubsub, { node: only }, ...found));
  }
}

interface Page {
  readonly items: readonly PubsubItem[];
  /** XEP-0059. */
  readonly set: XmlElement | undefined;
}

function encodeSubscription(node: string, jid: string): XmlElement {
  return element('subscription', pubsub, { node, jid, subscription: 'subscribed' });
}
