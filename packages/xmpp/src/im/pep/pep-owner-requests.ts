import { element, type XmlElement } from '../../xml/element.ts';
import { dataForms } from '../data-form.ts';
import type { ImServer } from '../im-server.ts';
import type { IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';
import { pubsubError, pubsubOwner } from './namespaces.ts';
import { defaultNodeOptions, nodeOptionsForm, readNodeOptions } from './node-options.ts';
import type { NodeAffiliation, PepNode } from './pep-node.ts';
import { onlyOwners, optionBounds } from './pep-requests.ts';
import type { PepService } from './pep-service.ts';

const affiliations: readonly string[] = ['member', 'outcast', 'none'];

/** XEP-0060 §8: what owners do with their nodes. */
export class PepOwnerRequests {
  readonly #server: ImServer;
  readonly #service: PepService;

  constructor(server: ImServer, service: PepService) {
    this.#server = server;
    this.#service = service;
  }

  async handle(request: IqRequest): Promise<ModuleAnswer> {
    const { type, isOwn, account, payload } = request;
    const [asked, ...more] = payload.elements();
    if (asked === undefined || more.length > 0 || asked.namespace !== pubsubOwner)
      return new StanzaError('bad-request', `one element of ${pubsubOwner} is needed`);
    if (!isOwn) return onlyOwners();
    if (type === 'get' && asked.name === 'default') {
      return answer(element('default', pubsubOwner, {}, nodeOptionsForm('form', 'node_config', defaultNodeOptions)));
    }
    const name = asked.attribute('node');
    if (!name) return pubsubError('bad-request', 'nodeid-required');
    const node = (await this.#service.nodes(account!)).get(name);
    if (node === undefined) return new StanzaError('item-not-found', 'there is no such node');
    return type === 'get' ? this.#read(node, asked) : this.#write(account!, name, asked);
  }

  #read({ name: node, options, affiliations: known, subscribers }: PepNode, asked: XmlElement): ModuleAnswer {
    switch (asked.name) {
      case 'configure':
        return answer(element('configure', pubsubOwner, { node }, nodeOptionsForm('form', 'node_config', options)));
      case 'affiliations': {
        const found = [...known].map(([jid, affiliation]) => element('affiliation', pubsubOwner, { jid, affiliation }));
        return answer(element('affiliations', pubsubOwner, { node }, ...found));
      }
      case 'subscriptions': {
        const found = [...subscribers].map((jid) =>
          element('subscription', pubsubOwner, { jid, subscription: 'subscribed' }),
        );
        return answer(element('subscriptions', pubsubOwner, { node }, ...found));
      }
      default:
        return pubsubError('feature-not-implemented', 'unsupported', { feature: asked.name });
    }
  }

  #write(account: string, name: string, asked: XmlElement): Promise<ModuleAnswer> | ModuleAnswer {
    switch (asked.name) {
      case 'configure': {
        const form = asked.child('x', dataForms);
        // XEP-0060 §8.2.3.
        if (form?.attribute('type') === 'cancel') return undefined;
        if (form === undefined) return new StanzaError('bad-request', 'the form of the options is missing');
        const options = readNodeOptions(form, 'node_config', optionBounds(this.#server));
        return options instanceof StanzaError ? options : this.#service.configure(account, name, options);
      }
      case 'delete':
        return this.#service.delete(account, name);
      case 'purge':
        return this.#service.purge(account, name);
      case 'affiliations':
        return this.#affiliate(account, name, asked);
      case 'subscriptions':
        return this.#endSubscriptions(account, name, asked);
      default:
        return pubsubError('feature-not-implemented', 'unsupported', { feature: asked.name });
    }
  }

  async #affiliate(account: string, name: string, asked: XmlElement): Promise<ModuleAnswer> {
    const changes = new Map<string, NodeAffiliation | 'none'>();
    for (const item of asked.elements('affiliation')) {
      const jid = this.#server.jids.parse(item.attribute('jid') ?? '');
      const affiliation = item.attribute('affiliation') ?? '';
      if (jid === undefined) return badAddress();
      if (!affiliations.includes(affiliation)) {
        return new StanzaError('not-acceptable', `an affiliation is one of ${affiliations.join(', ')}`);
      }
      changes.set(`${jid.bare}`, affiliation as NodeAffiliation | 'none');
    }
    // XEP-0060 §8.9.2.4: an owner stays one.
    if (changes.has(`${this.#server.accountJid(account)}`))
      return new StanzaError('not-acceptable', 'the owner stays the owner');
    return this.#service.affiliate(account, name, changes);
  }

  /** XEP-0060 §8.8.2: an owner ends subscriptions, and makes none. */
  async #endSubscriptions(account: string, name: string, asked: XmlElement): Promise<ModuleAnswer> {
    const listed = asked.elements('subscription');
    if (listed.some((one) => one.attribute('subscription') !== 'none')) {
      return new StanzaError('not-acceptable', 'a subscription is none here: others subscribe by themselves');
    }
    for (const one of listed) {
      const jid = this.#server.jids.parse(one.attribute('jid') ?? '');
      const refusal = jid === undefined ? badAddress() : await this.#service.unsubscribe(account, name, `${jid}`);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
}

const badAddress = () => new StanzaError('jid-malformed', 'jid is the address of somebody');

function answer(content: XmlElement): XmlElement {
  return element('pubsub', pubsubOwner, {}, content);
}
