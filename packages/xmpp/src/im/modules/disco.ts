import { element, type XmlElement } from '../../xml/element.ts';
import type { ImServer } from '../im-server.ts';
import type { DiscoIdentity, DiscoItem, ImModule, IqRequest, ModuleAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

export const discoInfo = 'http://jabber.org/protocol/disco#info';
export const discoItems = 'http://jabber.org/protocol/disco#items';

/** What a server or account says that it is and does. */
export interface DiscoDescription {
  readonly identities: readonly DiscoIdentity[];
  readonly features: readonly string[];
  /** XEP-0128. */
  readonly forms?: readonly XmlElement[];
}

/** What the server says of itself, from its modules. */
export function serverDescription(server: ImServer): DiscoDescription {
  return {
    identities: [
      { category: 'server', type: 'im', name: 'Yaolian' },
      ...server.modules.flatMap(({ serverIdentities = [] }) => serverIdentities),
    ],
    features: sorted(server.modules.flatMap(({ serverFeatures = [] }) => serverFeatures)),
    forms: server.modules.flatMap(({ serverForms = [] }) => serverForms),
  };
}

function accountDescription(server: ImServer): DiscoDescription {
  return {
    identities: [
      { category: 'account', type: 'registered' },
      ...server.modules.flatMap(({ accountIdentities = [] }) => accountIdentities),
    ],
    features: sorted(server.modules.flatMap(({ accountFeatures = [] }) => accountFeatures)),
  };
}

function sorted(features: readonly string[]): readonly string[] {
  return [...new Set(features)].sort();
}

/** Service discovery (XEP-0030) of the server and of accounts. @param node of the capabilities of the server (XEP-0115) */
export function discoModule(server: ImServer, node: () => string | undefined = () => undefined): ImModule {
  const info = async (request: IqRequest): Promise<ModuleAnswer> => {
    const asked = request.payload.attribute('node');
    if (asked !== undefined && request.account !== undefined) return describedNode(server, request, asked);
    if (asked !== undefined && asked !== node()) return new StanzaError('item-not-found');
    if (request.account !== undefined && !(await seesAccount(server, request))) {
      return new StanzaError('service-unavailable');
    }
    const description = request.account === undefined ? serverDescription(server) : accountDescription(server);
    return encodeInfo(description, asked);
  };
  const items = async (request: IqRequest): Promise<ModuleAnswer> => {
    const asked = request.payload.attribute('node');
    if (asked !== undefined)
      return request.account === undefined ? new StanzaError('item-not-found') : listedNode(server, request, asked);
    if (request.account === undefined) {
      const listed = server.modules.flatMap(({ serverItems = [] }) => serverItems);
      return encodeItems(listed);
    }
    if (!(await seesAccount(server, request))) return new StanzaError('service-unavailable');
    const resources = server.clients.available(request.account).map(({ jid }) => ({ jid: `${jid}` }));
    const more = await Promise.all(server.modules.map((module) => module.accountItems?.(request) ?? []));
    return encodeItems([...resources, ...more.flat()]);
  };
  const targets = ['server', 'own', 'other'] as const;
  return {
    name: 'XEP-0030',
    serverFeatures: [discoInfo, discoItems],
    accountFeatures: [discoInfo, discoItems],
    handlers: [
      { namespace: discoInfo, name: 'query', types: ['get'], targets, handle: info },
      { namespace: discoItems, name: 'query', types: ['get'], targets, handle: items },
    ],
  };
}

function encodeItems(items: readonly DiscoItem[], node?: string): XmlElement {
  const encoded = items.map(({ jid, node, name }) => element('item', discoItems, { jid, node, name }));
  return element('query', discoItems, { node }, ...encoded);
}

async function listedNode(server: ImServer, request: IqRequest, name: string): Promise<ModuleAnswer> {
  for (const module of server.modules) {
    const items = await module.nodeItems?.(request, name);
    if (items !== undefined) return encodeItems(items, name);
  }
  return new StanzaError('item-not-found');
}

async function describedNode(server: ImServer, request: IqRequest, name: string): Promise<ModuleAnswer> {
  for (const module of server.modules) {
    const described = await module.describeNode?.(request, name);
    if (described !== undefined) return described;
  }
  return new StanzaError('item-not-found');
}

/** XEP-0030 §8: who may not see presence of an account learns nothing of it. */
async function seesAccount(server: ImServer, request: IqRequest): Promise<boolean> {
  if (request.isOwn) return true;
  const item = await server.options.stores.rosters.item(request.account!, `${request.from.bare}`);
  return item?.subscription === 'from' || item?.subscription === 'both';
}

export function encodeInfo({ identities, features, forms = [] }: DiscoDescription, node?: string): XmlElement {
  return element(
    'query',
    discoInfo,
    { node },
    ...identities.map(({ category, type, name }) => element('identity', discoInfo, { category, type, name })),
    ...features.map((feature) => element('feature', discoInfo, { var: feature })),
    ...forms,
  );
}
