import type { Jid } from '../../jid/jid.ts';
import type { Stanza } from '../../server/stanza.ts';
import type { XmlElement } from '../../xml/element.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import { AccountTurns } from '../account-turns.ts';
import type { ImServer } from '../im-server.ts';
import { StanzaError } from '../stanza-error.ts';
import type { PubsubItem } from '../stores.ts';
import { pubsubError } from './namespaces.ts';
import { NodeCache, type Nodes, textOfNodes } from './node-cache.ts';
import { type NodeOptions, unmetPrecondition } from './node-options.ts';
import { keptNode, type NodeAffiliation, newNode, nodeText, type PepNode, readNode } from './pep-node.ts';
import type { PepNotifier } from './pep-notifier.ts';

/** An item as somebody publishes it. */
export interface Publication {
  /** Default: one that nobody has guessed. */
  readonly id?: string | undefined;
  readonly payload: XmlElement | undefined;
}

/** Somebody who hears of what its owner did to a node, before that is answered: conversions of what older clients know. */
export interface PepListener {
  published?(account: string, node: string, item: Publication & { readonly id: string }): Promise<void>;
  retracted?(account: string, node: string, ids: readonly string[]): Promise<void>;
  deleted?(account: string, node: string): Promise<void>;
}

/**
 * What accounts publish (XEP-0163): nodes and items, changed one after another within an account, kept before that is answered, and told to
 * those who want to know.
 */
export class PepService {
  readonly #server: ImServer;
  readonly #notifier: PepNotifier;
  readonly #turns = new AccountTurns();
  readonly #known: NodeCache;
  readonly #listeners: PepListener[] = [];

  constructor(server: ImServer, notifier: PepNotifier) {
    this.#server = server;
    this.#notifier = notifier;
    this.#known = new NodeCache(server.bounds.pubsubCache);
  }

  listen(listener: PepListener): void {
    this.#listeners.push(listener);
  }

  /** The account is gone: who has its name later has nothing of it. */
  forget(account: string): void {
    this.#known.delete(account);
    // What was under way when it went is not remembered either.
    void this.#turns.take(account, async () => this.#known.delete(account));
  }

  get #store() {
    return this.#server.options.stores.pubsub;
  }

  async nodes(account: string): Promise<Nodes> {
    const known = this.#known.get(account);
    if (known !== undefined) return known;
    const kept = await this.#store.nodes(account);
    // Who changed something meanwhile knows better.
    const newer = this.#known.get(account);
    if (newer !== undefined) return newer;
    const nodes = new Map(kept.map((node) => [node.name, readNode(node)]));
    this.#known.set(account, nodes);
    return nodes;
  }

  /** Items that a node keeps. */
  kept({ options: { persist_items, max_items } }: PepNode): number {
    if (!persist_items) return 0;
    return max_items === 'max' ? this.#server.bounds.pubsubItems : Math.min(max_items, this.#server.bounds.pubsubItems);
  }

  /**
   * XEP-0060 §7.1. A node that is there has to be as `wanted` says; one that is not there is made so.
   * @param made how one is made, where that is more
   * @returns the id of the item, or why not
   */
  publish(
    account: string,
    name: string,
    publication: Publication | undefined,
    wanted: Partial<NodeOptions> = {},
    made: Partial<NodeOptions> = wanted,
  ): Promise<string | undefined | StanzaError> {
    return this.#inTurn(account, async (nodes) => {
      const found = nodes.get(name);
      const unmet = found && unmetPrecondition(found.options, wanted);
      if (unmet !== undefined) return unmet;
      const node = found ?? newNode(name, made);
      const full = found === undefined ? this.#refusalOfNode(nodes, node) : undefined;
      if (full !== undefined) return full;
      if (publication === undefined) return this.#announce(account, nodes, node);
      const id = publication.id ?? this.#newId();
      const item = { id, payload: publication.payload };
      const refusal = await this.#keep(account, nodes, node, item);
      if (refusal !== undefined) return refusal;
      for (const listener of this.#listeners) await listener.published?.(account, name, item);
      await this.#tell(account, this.#notifier.published(account, node, item));
      return id;
    });
  }

  /** A node without items and payloads tells that something happened. */
  async #announce(account: string, nodes: Nodes, node: PepNode): Promise<undefined | StanzaError> {
    const { persist_items, deliver_payloads } = node.options;
    if (persist_items || deliver_payloads) return pubsubError('bad-request', 'item-required');
    if (!nodes.has(node.name)) await this.#putNode(account, nodes, node);
    await this.#tell(account, this.#notifier.published(account, node, undefined));
    return undefined;
  }

  async #keep(
    account: string,
    nodes: Nodes,
    node: PepNode,
    { id, payload }: Publication & { id: string },
  ): Promise<StanzaError | undefined> {
    const { pubsubItem, pubsubText, pubsubAccount } = this.#server.bounds;
    const { persist_items, deliver_payloads } = node.options;
    if (payload === undefined && (persist_items || deliver_payloads))
      return pubsubError('bad-request', 'payload-required');
    if (id.length > pubsubText) return new StanzaError('not-acceptable', `an id has ${pubsubText} characters at most`);
    const text = payload && serialiseXml(payload);
    if ((text?.length ?? 0) > pubsubItem) {
      return pubsubError('not-acceptable', 'payload-too-big', { text: `an item has ${pubsubItem} characters at most` });
    }
    const kept = this.kept(node);
    if (kept === 0) {
      if (!nodes.has(node.name)) await this.#putNode(account, nodes, node);
      return undefined;
    }
    const item: PubsubItem = { id, at: this.#server.options.clock.epoch(), payload: text };
    if (!(await this.#store.publish(account, keptNode(node), item, kept, pubsubAccount))) {
      return new StanzaError('resource-constraint', `items of an account have ${pubsubAccount} characters at most`);
    }
    this.#replace(account, nodes, node);
    return undefined;
  }

  #newId(): string {
    const { random } = this.#server.options;
    return [random.uint32(), random.uint32(), random.uint32()].map((part) => part.toString(36)).join('');
  }

  /** Why there cannot be one more. */
  #refusalOfNode(nodes: Nodes, node: PepNode): StanzaError | undefined {
    const { name } = node;
    const { pubsubNodes, pubsubText } = this.#server.bounds;
    if (name === '') return pubsubError('bad-request', 'nodeid-required');
    if (name.length > pubsubText) {
      return new StanzaError('not-acceptable', `the name of a node has ${pubsubText} characters at most`);
    }
    if (nodes.size >= pubsubNodes)
      return pubsubError('conflict', 'max-nodes-exceeded', { text: `an account has ${pubsubNodes} nodes at most` });
    return this.#refusalOfText(nodes, node);
  }

  /** Why a node may not become so; less text than before it may always have. */
  #refusalOfText(nodes: Nodes, node: PepNode, maximum = this.#server.bounds.pubsubNodeText): StanzaError | undefined {
    const before = nodes.get(node.name);
    const grown = nodeText(node) - (before === undefined ? 0 : nodeText(before));
    if (grown <= 0 || textOfNodes(nodes) + grown <= maximum) return undefined;
    return new StanzaError(
      'resource-constraint',
      `nodes of an account have ${maximum} characters at most, items aside`,
    );
  }

  /** Tells others; that they cannot be told does not undo what is kept. */
  async #tell(account: string, telling: Promise<void>): Promise<void> {
    await telling.catch((error: unknown) => {
      this.#server.options.log?.error('not everybody was told of what was published', { error, account });
    });
  }

  /** XEP-0060 §8.1. */
  create(account: string, name: string, options: Partial<NodeOptions>): Promise<StanzaError | undefined> {
    return this.#inTurn(account, async (nodes) => {
      if (nodes.has(name)) return new StanzaError('conflict', 'there is a node of that name');
      const node = newNode(name, options);
      const refusal = this.#refusalOfNode(nodes, node);
      if (refusal !== undefined) return refusal;
      await this.#putNode(account, nodes, node);
      return undefined;
    });
  }

  /** XEP-0060 §8.2. */
  configure(account: string, name: string, options: Partial<NodeOptions>): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node, nodes) => {
      const changed = { ...node, options: { ...node.options, ...options } };
      const refusal = this.#refusalOfText(nodes, changed);
      if (refusal !== undefined) return refusal;
      await this.#putNode(account, nodes, changed);
      if (this.kept(changed) < this.kept(node)) await this.#store.trim(account, name, this.kept(changed));
      if (changed.options.notify_config) await this.#tell(account, this.#notifier.configured(account, changed));
      return undefined;
    });
  }

  /** XEP-0060 §8.4. */
  delete(account: string, name: string): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node, nodes) => {
      await this.#store.removeNode(account, name);
      this.#known.set(account, new Map([...nodes].filter(([other]) => other !== name)));
      for (const listener of this.#listeners) await listener.deleted?.(account, name);
      if (node.options.notify_delete) await this.#tell(account, this.#notifier.deleted(account, node));
      return undefined;
    });
  }

  /** XEP-0060 §8.5. */
  purge(account: string, name: string): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node) => {
      await this.#store.trim(account, name, 0);
      for (const listener of this.#listeners) await listener.deleted?.(account, name);
      if (node.options.notify_retract) await this.#tell(account, this.#notifier.purged(account, node));
      return undefined;
    });
  }

  /** XEP-0060 §7.2. @param notify tell of it whatever the node says; undefined: as the node says */
  retract(account: string, name: string, ids: readonly string[], notify?: boolean): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node) => {
      const gone = await this.#store.retract(account, name, ids);
      if (gone.length === 0) return new StanzaError('item-not-found', 'there is no such item');
      for (const listener of this.#listeners) await listener.retracted?.(account, name, gone);
      if (notify ?? node.options.notify_retract)
        await this.#tell(account, this.#notifier.retracted(account, node, gone));
      return undefined;
    });
  }

  /** XEP-0060 §6.1: besides what contacts hear anyway. Who may not is refused by the caller. */
  subscribe(account: string, name: string, jid: Jid): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node, nodes) => {
      if (node.subscribers.has(`${jid}`)) return undefined;
      const { pubsubSubscribers, pubsubSubscriptions, pubsubNodeText } = this.#server.bounds;
      const own = [...node.subscribers].filter((other) => this.#server.jids.parse(other)?.sameBare(jid)).length;
      const changed = { ...node, subscribers: new Set([...node.subscribers, `${jid}`]) };
      // Others leave the owner room for what it does itself.
      const isFull = this.#refusalOfText(nodes, changed, pubsubNodeText / 2) !== undefined;
      if (isFull || node.subscribers.size >= pubsubSubscribers || own >= pubsubSubscriptions) {
        return pubsubError('policy-violation', 'too-many-subscriptions', {
          text: 'this node takes no more subscriptions',
        });
      }
      await this.#putNode(account, nodes, changed);
      return undefined;
    });
  }

  /** XEP-0060 §6.1.7: who subscribed by itself is shown what is there. */
  async showLastItem(account: string, node: PepNode, jid: Jid): Promise<void> {
    if (node.options.send_last_published_item === 'never') return;
    const deliver = (message: Stanza) => this.#server.route(message, this.#server.accountJid(account), jid, undefined);
    await this.#tell(account, this.#notifier.lastItem(account, node, jid, deliver));
  }

  /** XEP-0060 §6.2. */
  unsubscribe(account: string, name: string, jid: string): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node, nodes) => {
      const subscribers = new Set(node.subscribers);
      if (!subscribers.delete(jid)) return pubsubError('unexpected-request', 'not-subscribed');
      await this.#putNode(account, nodes, { ...node, subscribers });
      return undefined;
    });
  }

  /** XEP-0060 §8.9. @param changes by bare JID; `none` takes it away */
  affiliate(
    account: string,
    name: string,
    changes: ReadonlyMap<string, NodeAffiliation | 'none'>,
  ): Promise<StanzaError | undefined> {
    return this.#change(account, name, async (node, nodes) => {
      const affiliations = new Map(node.affiliations);
      for (const [jid, affiliation] of changes) {
        if (affiliation === 'none') affiliations.delete(jid);
        else affiliations.set(jid, affiliation);
      }
      if (affiliations.size > this.#server.bounds.pubsubSubscribers) {
        const text = `${this.#server.bounds.pubsubSubscribers} affiliations of a node at most`;
        return new StanzaError('resource-constraint', text);
      }
      const changed = { ...node, affiliations };
      const refusal = this.#refusalOfText(nodes, changed);
      if (refusal === undefined) await this.#putNode(account, nodes, changed);
      return refusal;
    });
  }

  async #putNode(account: string, nodes: Nodes, node: PepNode): Promise<void> {
    await this.#store.putNode(account, keptNode(node));
    this.#replace(account, nodes, node);
  }

  /** @param nodes as they were when it was this change's turn: by now they may be forgotten */
  #replace(account: string, nodes: Nodes, node: PepNode): void {
    if (nodes.get(node.name) !== node) this.#known.set(account, new Map(nodes).set(node.name, node));
  }

  #change(
    account: string,
    name: string,
    change: (node: PepNode, nodes: Nodes) => Promise<StanzaError | undefined>,
  ): Promise<StanzaError | undefined> {
    return this.#inTurn(account, async (nodes) => {
      const node = nodes.get(name);
      return node === undefined ? new StanzaError('item-not-found', 'there is no such node') : change(node, nodes);
    });
  }

  /** Changes of one account come one after another, so that what was checked still holds when it is kept. */
  #inTurn<Answer>(account: string, change: (nodes: Nodes) => Promise<Answer>): Promise<Answer> {
    return this.#turns.take(account, async () => change(await this.nodes(account)));
  }
}
