import type { XmlElement } from '@yaolian/xmpp';
import { channelNamespace, type RaNamespace, raNamespaces } from '../namespaces.ts';
import { observationEndReasons } from '../wire/data.ts';
import { firmwarePhases } from '../wire/firmware.ts';
import { faultIn, type RaChildSchema, type RaElementSchema, type RaNamespaceSchema } from './schema.ts';

const operations = { list: ['read', 'write', 'execute', 'observe', 'message'] } as const;
const classes = ['owner', 'friend'] as const;

const group = { group: { occurs: '*', text: 'text' } } as const satisfies RaElementSchema['children'];

const bindingOf = {
  attributes: { user: 'address', device: 'address', state: ['active', 'pending'], name: 'text', since: 'time' },
  children: group,
} as const satisfies RaElementSchema;

const many = (schema: RaElementSchema): RaChildSchema => ({ ...schema, occurs: '*' });
const maybe = (schema: RaElementSchema): RaChildSchema => ({ ...schema, occurs: '?' });

/** In an error: seconds to wait. */
const retryLater = { attributes: { after: 'whole-number' } } as const satisfies RaElementSchema;

/** Of a list that goes on: `next` of an answer goes into `after` of the next request. */
const further = { after: 'text', next: 'text' } as const satisfies RaElementSchema['optional'];

const binding: RaNamespaceSchema = {
  bind: { attributes: { device: 'address', code: 'text' }, optional: { name: 'text' }, children: group },
  unbind: { optional: { device: 'address', user: 'address' } },
  confirm: { attributes: { user: 'address' } },
  decline: { attributes: { user: 'address' } },
  rename: { attributes: { device: 'address', name: 'text' }, children: group },
  /** A get names the device, unless it asks for itself. */
  confirmation: { optional: { device: 'address', required: ['true', 'false'] } },
  binding: bindingOf,
  /** A get: of the user, or with `device` of all its owners. */
  bindings: { optional: { device: 'address', ...further }, children: { binding: many(bindingOf) } },
  retry: retryLater,
};

const verificationCode: RaNamespaceSchema = {
  reset: { optional: { device: 'address' } },
  code: { attributes: { device: 'address' }, optional: { expires: 'time' }, text: 'text' },
  retry: retryLater,
};

/** As it stands: who, and what. */
const standingGrant: RaElementSchema = {
  attributes: { feature: 'feature' },
  optional: { account: 'address', class: classes, operations, expires: 'time' },
};

const permission: RaNamespaceSchema = {
  grant: {
    attributes: { feature: 'feature', operations },
    optional: { device: 'address', account: 'address', class: classes, expires: 'time' },
  },
  revoke: {
    attributes: { feature: 'feature' },
    optional: { device: 'address', account: 'address', class: classes },
  },
  permissions: { optional: { device: 'address', ...further }, children: { grant: many(standingGrant) } },
  retry: retryLater,
};

const friendStates = ['friends', 'asking', 'asked'] as const;
const named: RaElementSchema = { attributes: { user: 'address' }, optional: { name: 'text' }, children: group };

const friend: RaNamespaceSchema = {
  ask: named,
  accept: named,
  remove: { attributes: { user: 'address' } },
  rename: { attributes: { user: 'address', name: 'text' }, children: group },
  friend: { attributes: { state: friendStates } },
  retry: retryLater,
  friends: {
    optional: further,
    children: {
      friend: many({ attributes: { user: 'address', state: friendStates, name: 'text' }, children: group }),
    },
  },
};

const joined: RaElementSchema = { attributes: { other: 'address' }, optional: { device: 'address' } };

const link: RaNamespaceSchema = {
  link: joined,
  unlink: joined,
  links: {
    optional: { device: 'address', ...further },
    children: { link: many({ attributes: { device: 'address', by: 'address' } }) },
  },
  retry: retryLater,
};

const bookmarkOf: RaElementSchema = { attributes: { name: 'text' }, optional: { address: 'text' }, text: 'text' };

const bookmark: RaNamespaceSchema = {
  bookmark: bookmarkOf,
  remove: { attributes: { name: 'text' } },
  bookmarks: { optional: further, children: { bookmark: many(bookmarkOf) } },
  retry: retryLater,
};

const deviceStates = ['online', 'offline', 'sleeping'] as const;

const device: RaNamespaceSchema = {
  search: {
    optional: {
      text: 'text',
      state: [...deviceStates, 'pending'],
      group: 'text',
      feature: 'text',
      shared: ['true', 'false'],
      after: 'text',
    },
  },
  devices: {
    optional: { next: 'text' },
    children: {
      item: many({
        attributes: { device: 'address', name: 'text' },
        optional: { state: [...deviceStates, 'pending'], type: 'text', owner: 'address' },
        children: group,
      }),
    },
  },
  device: {
    optional: { state: deviceStates },
    children: {
      deviceType: maybe({ text: 'text' }),
      manufacturer: maybe({ text: 'text' }),
      modelName: maybe({ text: 'text' }),
      feature: many({ attributes: { var: 'text' } }),
      instance: many({ attributes: { path: 'path' } }),
    },
  },
};

const values: RaElementSchema = {
  attributes: { time: 'time' },
  /** In a push: the device that told them. */
  optional: { device: 'address' },
  children: {
    value: many({ attributes: { path: 'path', type: 'text' }, optional: { name: 'text', unit: 'text' }, text: 'text' }),
  },
};
const at: RaElementSchema = { attributes: { path: 'path' } };

const data: RaNamespaceSchema = {
  read: at,
  observe: at,
  cancel: at,
  write: { ...at, text: 'text' },
  execute: { ...at, text: 'text' },
  values,
  queued: { attributes: { id: 'text', expires: 'time' } },
  /** A push: an observation is over, and no more values come. */
  ended: { attributes: { device: 'address', path: 'path', reason: observationEndReasons } },
  /** A push: what came of a request that was queued. Without content: done. */
  result: {
    attributes: { device: 'address', id: 'text' },
    children: { values: maybe(values), refused: maybe({ attributes: { condition: 'text' }, text: 'text' }) },
  },
};

const update: RaElementSchema = {
  optional: { device: 'address', id: 'text', phase: firmwarePhases, to: 'text', failure: 'text' },
};

const firmware: RaNamespaceSchema = {
  firmware: { optional: { version: 'text', offer: 'text' }, children: { update: maybe(update) } },
  /** A set says nothing; an answer and a push say what becomes of it, a push of which device. */
  update,
  /** A set; the answer is the update as it is then. */
  cancel: {},
};

const history: RaNamespaceSchema = {
  /** A get has the question, its answer the values or spans. */
  history: {
    attributes: { path: 'path' },
    optional: {
      ...{ from: 'time', to: 'time', every: 'whole-number', max: 'whole-number', after: 'text' },
      ...{ name: 'text', unit: 'text', next: 'text' },
    },
    children: {
      value: many({ attributes: { time: 'time' }, text: 'text' }),
      span: many({
        attributes: { time: 'time', count: 'whole-number', last: 'text' },
        optional: { least: 'text', greatest: 'text', mean: 'text' },
      }),
    },
  },
};

const inPush = (schema: RaElementSchema): RaElementSchema => ({
  attributes: { device: 'address' },
  children: { [`{${raNamespaces.permission}}grant`]: { ...schema, occurs: '1' } },
});
const friendship: RaElementSchema = { attributes: { user: 'address', other: 'address', name: 'text' } };
const pair: RaElementSchema = { attributes: { device: 'address', other: 'address' } };

const push: RaNamespaceSchema = {
  bound: bindingOf,
  'binding-asked': bindingOf,
  'binding-renamed': bindingOf,
  /** `by` whom; absent: whoever runs the platform. */
  unbound: { ...bindingOf, optional: { by: 'address' } },
  'code-reset': { attributes: { device: 'address' }, optional: { expires: 'time' } },
  /** `by` whom; absent: whoever runs the platform. */
  confirmation: { attributes: { device: 'address', required: ['true', 'false'] }, optional: { by: 'address' } },
  granted: inPush(standingGrant),
  revoked: inPush(standingGrant),
  'friend-asked': { attributes: { user: 'address' } },
  friends: friendship,
  'friend-renamed': friendship,
  unfriended: friendship,
  linked: pair,
  unlinked: pair,
};

const application: RaNamespaceSchema = { application: { attributes: { name: 'text' } } };

/** In Jingle (XEP-0166): the description of a content, and what a session-info says. */
const channel: RaNamespaceSchema = { description: { optional: { name: 'text' } }, end: {} };

/** Every message of the RA, by namespace and element. */
export const raSchemas: Readonly<Record<RaNamespace | typeof channelNamespace, RaNamespaceSchema>> = {
  [raNamespaces.binding]: binding,
  [raNamespaces.verificationCode]: verificationCode,
  [raNamespaces.permission]: permission,
  [raNamespaces.friend]: friend,
  [raNamespaces.link]: link,
  [raNamespaces.bookmark]: bookmark,
  [raNamespaces.device]: device,
  [raNamespaces.data]: data,
  [raNamespaces.firmware]: firmware,
  [raNamespaces.history]: history,
  [raNamespaces.push]: push,
  [raNamespaces.application]: application,
  [channelNamespace]: channel,
};

/** What the account server answers in XML. */
export const accountAnswerSchema: RaElementSchema = {
  children: {
    code: { occurs: '1', text: ['200', '400', '420', '421', '422', '423', '424', '429', '500'] },
    id: { occurs: '?', text: 'address' },
    message: { occurs: '1', text: 'text' },
    verifyCode: { occurs: '?', text: 'text' },
    expires: { occurs: '?', text: 'time' },
    kind: { occurs: '?', text: ['user', 'device'] },
    nick: { occurs: '?', text: 'text' },
    deviceType: { occurs: '?', text: 'text' },
    vendor: { occurs: '?', text: 'text' },
    model: { occurs: '?', text: 'text' },
    confirm: { occurs: '?', text: ['0', '1'] },
  },
};

/** What is wrong with a payload of one of our namespaces, as a sentence; undefined: nothing, or it is of another namespace. */
export function faultOfRaMessage(payload: XmlElement): string | undefined {
  if (!Object.hasOwn(raSchemas, payload.namespace)) return undefined;
  const messages = raSchemas[payload.namespace as RaNamespace];
  if (!Object.hasOwn(messages, payload.name)) return `${payload.namespace} has no <${payload.name}/>`;
  return faultIn(payload, messages[payload.name]!);
}
