import type { SaslCrypto } from '../../sasl/crypto.ts';
import { element } from '../../xml/element.ts';
import type { BoundClient } from '../client-table.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest } from '../module.ts';
import { discoInfo } from '../modules/disco.ts';
import { ClientInterests } from './client-interests.ts';
import { pubsub, pubsubOwner, resultSets } from './namespaces.ts';
import { nodeOptionsForm } from './node-options.ts';
import { refusalOfAccess } from './pep-access.ts';
import type { PepNode } from './pep-node.ts';
import { PepNotifier } from './pep-notifier.ts';
import { PepOwnerRequests } from './pep-owner-requests.ts';
import { PepRequests } from './pep-requests.ts';
import { PepService } from './pep-service.ts';

/** Of one answer of XEP-0030; all of them are had by page (XEP-0059). */
const listedItems = 1000;

/** XEP-0060 §10, as far as it is here. */
const features = [
  ...['access-open', 'access-presence', 'access-roster', 'access-whitelist', 'auto-create', 'auto-subscribe'],
  ...['config-node', 'config-node-max', 'create-and-configure', 'create-nodes', 'delete-items', 'delete-nodes'],
  ...[
    'filtered-notifications',
    'item-ids',
    'last-published',
    'manage-subscriptions',
    'member-affiliation',
    'meta-data',
  ],
  ...[
    'modify-affiliations',
    'multi-items',
    'outcast-affiliation',
    'persistent-items',
    'presence-notifications',
    'publish',
  ],
  ...['publish-options', 'purge-nodes', 'retract-items', 'retrieve-affiliations', 'retrieve-default', 'retrieve-items'],
  ...['retrieve-subscriptions', 'subscribe'],
].map((name) => `${pubsub}#${name}`);

/** The services of servers, for those of other domains of the process. */
const parts = new WeakMap<ImServer, { readonly service: PepService; readonly notifier: PepNotifier }>();

export interface Pep {
  readonly module: ImModule;
  readonly service: PepService;
}

/** What accounts publish for their contacts and themselves (XEP-0163, on what it needs of XEP-0060). */
export function personalEventing(server: ImServer, crypto: Pick<SaslCrypto, 'hash'>): Pep {
  const notifier = new PepNotifier(server);
  const service = new PepService(server, notifier);
  parts.set(server, { service, notifier });
  const inBackground = (client: BoundClient, work: Promise<void>) => {
    work.catch((error: unknown) => {
      server.options.log?.error('last items were not sent', { error, jid: `${client.jid}` });
    });
  };
  /** What sessions began to want while they are shown what they wanted before. */
  const wanted = new Map<BoundClient, Set<string>>();
  const showAll = async (client: BoundClient) => {
    try {
      for (let names = wanted.get(client)!; names.size > 0; names = wanted.get(client)!) {
        wanted.set(client, new Set());
        await showLastItems(server, client, names);
      }
    } finally {
      wanted.delete(client);
    }
  };
  const interests = new ClientInterests(server, crypto, (client, added) => {
    const waiting = wanted.get(client);
    for (const name of waiting === undefined ? [] : added) waiting!.add(name);
    if (waiting !== undefined) return;
    wanted.set(client, new Set(added));
    inBackground(client, showAll(client));
  });
  const requests = new PepRequests(server, service);
  const owner = new PepOwnerRequests(server, service);
  const module: ImModule = {
    name: 'XEP-0163',
    accountIdentities: [{ category: 'pubsub', type: 'pep' }],
    accountFeatures: [pubsub, ...features, resultSets],
    handlers: [
      {
        namespace: pubsub,
        name: 'pubsub',
        types: ['get', 'set'],
        targets: ['own', 'other'],
        handle: (request) => requests.handle(request),
      },
      {
        namespace: pubsubOwner,
        name: 'pubsub',
        types: ['get', 'set'],
        targets: ['own', 'other'],
        handle: (request) => owner.handle(request),
      },
    ],
    accountItems: async (request) => {
      const nodes = await visibleNodes(server, service, request);
      const jid = `${request.account}@${server.domain}`;
      return nodes.map(({ name, options: { title } }) => ({
        jid,
        node: name,
        ...(title === '' ? {} : { name: title }),
      }));
    },
    nodeItems: async (request, name) => {
      const node = await visibleNode(server, service, request, name);
      const kept = node && (await server.options.stores.pubsub.items(request.account!, name, { limit: listedItems }));
      const jid = `${request.account}@${server.domain}`;
      return kept?.map(({ id }) => ({ jid, name: id }));
    },
    describeNode: async (request, name) => {
      const node = await visibleNode(server, service, request, name);
      return node && describe(node);
    },
    presenceSent: (client, presence) => interests.seen(client, presence),
    presenceChanged: (client) => {
      if (!client.isAvailable) interests.left(client);
    },
    toServer: (client, stanza) => interests.isAnswer(client, stanza),
    subscriberAdded: (account, contact) => {
      for (const client of notifier.sessionsOf(contact)) {
        inBackground(client, lastItemsOf(server, account, client, client.interests));
      }
    },
  };
  return { module, service };
}

/** XEP-0060 §5.3. */
function describe({ name, options }: PepNode) {
  const shown = ['title', 'description', 'type', 'access_model', 'max_items'] as const;
  return element(
    'query',
    discoInfo,
    { node: name },
    element('identity', discoInfo, { category: 'pubsub', type: 'leaf', name: options.title || undefined }),
    element('feature', discoInfo, { var: pubsub }),
    nodeOptionsForm('result', 'meta-data', options, shown),
  );
}

async function visibleNodes(server: ImServer, service: PepService, request: IqRequest): Promise<readonly PepNode[]> {
  const nodes = [...(await service.nodes(request.account!)).values()];
  const refusals = await Promise.all(
    nodes.map((node) => refusalOfAccess(server, request.account!, node, request.from)),
  );
  return nodes.filter((_, index) => refusals[index] === undefined);
}

async function visibleNode(
  server: ImServer,
  service: PepService,
  { account, from }: IqRequest,
  name: string,
): Promise<PepNode | undefined> {
  const node = (await service.nodes(account!)).get(name);
  if (node === undefined) return undefined;
  return (await refusalOfAccess(server, account!, node, from)) === undefined ? node : undefined;
}

/** XEP-0163 §4.3.4: what a session that wants it has to know: of its own account, and of those whose presence it sees. */
async function showLastItems(server: ImServer, client: BoundClient, added: ReadonlySet<string>): Promise<void> {
  await lastItemsOf(server, client.account, client, added);
  const { items } = await server.options.stores.rosters.roster(client.account);
  for (const { jid, subscription } of items) {
    if (subscription !== 'to' && subscription !== 'both') continue;
    const contact = server.jids.parse(jid);
    if (contact?.local !== undefined) await lastItemsOf(server.domainOf(contact), contact.local, client, added);
  }
}

async function lastItemsOf(
  home: ImServer | undefined,
  account: string,
  client: BoundClient,
  names: ReadonlySet<string>,
): Promise<void> {
  const part = home && parts.get(home);
  if (part === undefined || names.size === 0 || !client.takesMessages) return;
  const { service, notifier } = part;
  for (const node of (await service.nodes(account)).values()) {
    if (!names.has(node.name) || node.options.send_last_published_item !== 'on_sub_and_presence') continue;
    if (!(await notifier.mayTell(account, node, client))) continue;
    await notifier.lastItem(account, node, client.jid, (message) => client.session.deliver(message));
  }
}
