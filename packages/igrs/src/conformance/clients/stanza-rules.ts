import { Jid, namespaces, stanzaErrorTypes, type XmlElement } from '@yaolian/xmpp';
import { jingleNamespaces } from '../../channel/jingle.ts';
import { channelNamespace, raNamespaces } from '../../namespaces.ts';
import { faultOfRaMessage, type RaElementSchema, raSchemas } from '../../schema/index.ts';

/** What a client said that it must not say. */
export interface Violation {
  /** Of GB/T 29265.205. */
  readonly clause: string;
  readonly wrong: string;
  readonly right: string;
  /** What came, as text. */
  readonly bytes: string;
}

export type Fault = Omit<Violation, 'bytes'>;

/** Which clause the messages of a namespace belong to. */
const clauses: Readonly<Record<string, string>> = {
  [raNamespaces.binding]: '10.3',
  [raNamespaces.verificationCode]: '10.5',
  [raNamespaces.permission]: '9',
  [raNamespaces.friend]: '10.2',
  [raNamespaces.link]: '10.2',
  [raNamespaces.bookmark]: '10.2',
  [raNamespaces.device]: '13',
  [raNamespaces.data]: '11.2',
  [raNamespaces.firmware]: '11.2',
  [raNamespaces.history]: '11.2',
  [raNamespaces.push]: '11.5',
  [raNamespaces.application]: '11.5',
  [channelNamespace]: '11.6',
};

/** The clauses that messages of clients are judged by: of the stanza itself, and of what it carries. */
export const messageClauses = ['11.1', ...new Set(Object.values(clauses))];

const { binding, verificationCode, permission, friend, link, bookmark, device, data, firmware, history } = raNamespaces;

/** Requests by namespace, with the type of iq that each has. */
const requests: Readonly<Record<string, Readonly<Record<string, readonly ('get' | 'set')[]>>>> = {
  [binding]: {
    ...typed('set', 'bind', 'unbind', 'confirm', 'decline', 'rename'),
    bindings: ['get'],
    confirmation: ['get', 'set'],
  },
  [verificationCode]: typed('set', 'reset'),
  [permission]: { ...typed('set', 'grant', 'revoke'), permissions: ['get'] },
  [friend]: { ...typed('set', 'ask', 'accept', 'remove', 'rename'), friends: ['get'] },
  [link]: { ...typed('set', 'link', 'unlink'), links: ['get'] },
  [bookmark]: { ...typed('set', 'bookmark', 'remove'), bookmarks: ['get'] },
  [device]: typed('get', 'device', 'search'),
  [data]: { read: ['get'], ...typed('set', 'write', 'execute', 'observe', 'cancel') },
  [firmware]: { firmware: ['get'], ...typed('set', 'update', 'cancel') },
  [history]: typed('get', 'history'),
};

function typed(type: 'get' | 'set', ...names: string[]): Readonly<Record<string, readonly ('get' | 'set')[]>> {
  return Object.fromEntries(names.map((name) => [name, [type]]));
}

/** The clause of GB/T 29265.205 that a payload belongs to; undefined: it is not of the RA. */
export function clauseOf({ namespace }: XmlElement): string | undefined {
  return clauses[namespace];
}

/** What a stanza carries: its payloads, and what Jingle has for a channel (XEP-0166 §7.3). */
export function payloadsOf(stanza: XmlElement): readonly XmlElement[] {
  const isChannel = ({ namespace }: XmlElement) => namespace === channelNamespace;
  const inJingle = stanza.elements().flatMap((payload) => {
    if (!payload.is('jingle', jingleNamespaces.jingle)) return [];
    return [...payload.elements(), ...payload.elements('content').flatMap((content) => content.elements())];
  });
  return [...stanza.elements(), ...inJingle.filter(isChannel)];
}

/** Everything that is wrong with a stanza of a client: RFC 6120 §8, and the schemas of the RA. */
export function faultsOf(stanza: XmlElement): readonly Fault[] {
  const payloads = payloadsOf(stanza);
  const isOwn = ({ namespace }: XmlElement) => namespace.startsWith('urn:yaolian:ra:');
  // RFC 6120 §8.3.1: an error may carry the request back, which is the asker's.
  const judged = stanza.attribute('type') === 'error' ? [] : payloads.filter(isOwn);
  return [...stanzaFaults(stanza), ...judged.flatMap((payload) => payloadFaults(stanza, payload))];
}

function stanzaFaults(stanza: XmlElement): readonly Fault[] {
  const type = stanza.attribute('type');
  const { to } = stanza.attributes;
  const found: Fault[] = [];
  const add = (wrong: string, right: string) => found.push({ clause: '11.1', wrong, right });
  if (to !== undefined && Jid.parse(to) === undefined) add(`"${to}" is no address`, 'name@domain/resource (RFC 7622)');
  if (!types[stanza.name]?.includes(type)) {
    const known = types[stanza.name]?.filter((one) => one !== undefined).join(', ');
    add(`the type of a ${stanza.name} is "${type ?? ''}"`, `one of ${known} (RFC 6120 §8, RFC 6121)`);
  }
  if (type === 'error') found.push(...errorFaults(stanza));
  if (stanza.name !== 'iq') return found;
  if (!stanza.attribute('id')) add('an iq has no id', 'every iq has one (RFC 6120 §8.1.3)');
  const count = stanza.elements().length;
  if ((type === 'get' || type === 'set') && count !== 1) {
    add(`an iq of type ${type} has ${count} elements`, 'exactly one (RFC 6120 §8.2.3)');
  }
  if (type === 'result' && count > 1) add(`a result has ${count} elements`, 'one at most (RFC 6120 §8.2.3)');
  return found;
}

const types: Readonly<Record<string, readonly (string | undefined)[]>> = {
  iq: ['get', 'set', 'result', 'error'],
  message: [undefined, 'normal', 'chat', 'groupchat', 'headline', 'error'],
  presence: [undefined, ...['unavailable', 'subscribe', 'subscribed', 'unsubscribe', 'unsubscribed', 'probe', 'error']],
};

function errorFaults(stanza: XmlElement): readonly Fault[] {
  const [error] = stanza.elements('error');
  const right =
    "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>, or another one of RFC 6120 §8.3";
  if (error === undefined) return [{ clause: '11.1', wrong: 'an error does not say which', right }];
  const type = error.attribute('type');
  if (!['auth', 'cancel', 'continue', 'modify', 'wait'].includes(type ?? '')) {
    return [{ clause: '11.1', wrong: `an error is of type "${type ?? ''}"`, right }];
  }
  const isThere = conditionOf(stanza) !== undefined;
  return isThere ? [] : [{ clause: '11.1', wrong: 'an error has no condition that is defined', right }];
}

/** The condition of an error, if it is one of RFC 6120 §8.3.3. */
export function conditionOf(stanza: XmlElement): string | undefined {
  const children = stanza.elements('error')[0]?.elements() ?? [];
  const isCondition = ({ name, namespace }: XmlElement) =>
    namespace === namespaces.stanzaErrors && Object.hasOwn(stanzaErrorTypes, name);
  return children.find(isCondition)?.name;
}

function payloadFaults(stanza: XmlElement, payload: XmlElement): readonly Fault[] {
  const { name, namespace } = payload;
  const clause = clauses[namespace];
  if (clause === undefined) {
    const right = `one of ${Object.keys(raSchemas).join(', ')}`;
    return [{ clause: nearestClause(namespace), wrong: `there is no namespace ${namespace} (<${name}/>)`, right }];
  }
  const fault = faultOfRaMessage(payload);
  if (fault !== undefined) return [{ clause, wrong: fault, right: shapeOf(payload) }];
  return roleFaults(stanza, payload, clause);
}

/** Of the namespace that was meant: another version of `urn:yaolian:ra:1:binding`. */
function nearestClause(namespace: string): string {
  const group = namespace.slice(namespace.lastIndexOf(':'));
  return Object.entries(clauses).find(([known]) => known.endsWith(group))?.[1] ?? '11.1';
}

/** Whether such a stanza may carry it, from a client. */
function roleFaults(stanza: XmlElement, { name, namespace }: XmlElement, clause: string): readonly Fault[] {
  const type = stanza.attribute('type') ?? '';
  if (namespace === raNamespaces.push || namespace === raNamespaces.application) {
    return [{ clause, wrong: `a client sends <${name} xmlns='${namespace}'/>`, right: 'only the domain does' }];
  }
  const asked = requests[namespace]?.[name];
  if (stanza.name === 'iq' && (type === 'get' || type === 'set') && requests[namespace] !== undefined) {
    const right = asked === undefined ? `a request: ${Object.keys(requests[namespace]).join(', ')}` : asked.join(', ');
    const isRight = asked?.includes(type) === true;
    return isRight ? [] : [{ clause, wrong: `<${name}/> is in an iq of type ${type}`, right }];
  }
  if (stanza.name === 'iq' || namespace === channelNamespace) return [];
  const isTold = namespace === data && name === 'values' && stanza.name === 'message' && type === 'headline';
  const right = asked === undefined ? 'a headline with <values/>, or an iq' : 'an iq';
  return isTold ? [] : [{ clause, wrong: `<${name}/> is in a ${stanza.name} of type "${type}"`, right }];
}

/** How an element of the schema is written: `<read xmlns='urn:yaolian:ra:1:data' path='path'/>`. */
function shapeOf({ name, namespace }: XmlElement): string {
  const messages = raSchemas[namespace as keyof typeof raSchemas];
  const schema: RaElementSchema | undefined = Object.hasOwn(messages, name) ? messages[name] : undefined;
  if (schema === undefined) return `one of ${Object.keys(messages).join(', ')} in ${namespace}`;
  const needed = Object.entries(schema.attributes ?? {}).map(([key, kind]) => `${key}='${textOf(kind)}'`);
  const possible = Object.entries(schema.optional ?? {}).map(([key, kind]) => `[${key}='${textOf(kind)}']`);
  const inside = [
    ...Object.entries(schema.children ?? {}).map(([key, { occurs }]) => `<${key}/>${occurs === '1' ? '' : occurs}`),
    ...(schema.text === undefined ? [] : [textOf(schema.text)]),
  ].join('');
  const tag = [name, `xmlns='${namespace}'`, ...needed, ...possible].join(' ');
  return inside === '' ? `<${tag}/>` : `<${tag}>${inside}</${name}>`;
}

function textOf(type: NonNullable<RaElementSchema['text']>): string {
  if (typeof type === 'string') return type;
  return 'list' in type ? type.list.join(' ') : type.join('|');
}
