import type { Jid, JidCache } from '../../jid/jid.ts';
import { namespaces } from '../../namespaces.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import { clientContext } from '../../xml/literal.ts';
import { parseXmlText } from '../../xml/parse.ts';
import { dataForms, formValues } from '../data-form.ts';
import { delayOf, readTimestamp, timestamp } from '../delay.ts';
import type { ImServer } from '../im-server.ts';
import type { ImModule, IqRequest, PayloadAnswer } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';
import type { ArchivedMessage, ArchivePage, ArchiveQuery, ArchiveStore } from '../stores.ts';

const namespace = 'urn:xmpp:mam:2';
const resultSets = 'http://jabber.org/protocol/rsm';
const validation = 'http://jabber.org/protocol/xdata-validate';

/** An archive that is asked. */
export interface AskedArchive {
  readonly archive: ArchiveStore;
  /** Whose it is in the store. */
  readonly account: string;
  readonly jids: JidCache;
  /** Messages of one page. */
  readonly maximum: number;
  /** What messages with somebody are found by. */
  readonly contact: (jid: Jid) => Pick<Query, 'with' | 'resource'>;
  /** Takes the results, in their order. */
  readonly deliver: (result: XmlElement) => void;
}

/** The archive of messages (XEP-0313), by page (XEP-0059), with what `#extended` adds. */
export function archiveModule(server: ImServer): ImModule {
  const answer = (request: IqRequest) => {
    const { account, client, type, payload } = request;
    if (client === undefined) return new StanzaError('not-allowed');
    const asked: AskedArchive = {
      archive: server.options.stores.archive,
      account: account!,
      jids: server.jids,
      maximum: server.bounds.archivePage,
      contact: (jid) => ({ with: `${jid.bare}`, ...(jid.isBare ? {} : { resource: jid }) }),
      deliver: (result) => {
        const attributes = { from: `${client.jid.bare}`, to: `${client.jid}` };
        client.session.deliver(element('message', namespaces.client, attributes, result));
      },
    };
    return answerArchive(asked, type, payload);
  };
  const own = { namespace, targets: ['own'] as const };
  return {
    name: 'XEP-0313',
    accountFeatures: [namespace, `${namespace}#extended`, 'urn:xmpp:sid:0'],
    handlers: [
      { ...own, name: 'query', types: ['get', 'set'], handle: answer },
      { ...own, name: 'metadata', types: ['get'], handle: answer },
    ],
  };
}

/** Answers what an archive is asked: the form, a page, or from when to when it goes. */
export async function answerArchive(
  asked: AskedArchive,
  type: 'get' | 'set',
  payload: XmlElement,
): Promise<PayloadAnswer> {
  if (type === 'get' && payload.name === 'query') return form();
  if (type === 'get' && payload.name === 'metadata') return metadata(asked);
  if (type === 'set' && payload.name === 'query') return page(asked, payload);
  return new StanzaError('service-unavailable');
}

/** XEP-0313 §4.1.5: which fields a query has. */
function form(): XmlElement {
  const field = (name: string, type: string, value?: string) =>
    element(
      'field',
      dataForms,
      { var: name, type },
      value === undefined ? undefined : element('value', dataForms, {}, value),
    );
  return element(
    'query',
    namespace,
    {},
    element(
      'x',
      dataForms,
      { type: 'form' },
      field('FORM_TYPE', 'hidden', namespace),
      field('with', 'jid-single'),
      field('start', 'text-single'),
      field('end', 'text-single'),
      field('before-id', 'text-single'),
      field('after-id', 'text-single'),
      // XEP-0122 §4.2: any id, not one of a list.
      element(
        'field',
        dataForms,
        { var: 'ids', type: 'list-multi' },
        element('validate', validation, { datatype: 'xs:string' }, element('open', validation)),
      ),
    ),
  );
}

/** XEP-0313 §5: the oldest and the newest message. */
async function metadata({ archive, account }: AskedArchive): Promise<PayloadAnswer> {
  const ends = [
    ['start', await archive.page(account, { limit: 1 })],
    ['end', await archive.page(account, { limit: 1, before: '' })],
  ] as const;
  const told = ends.flatMap(([name, { messages }]) =>
    messages.map(({ id, at }) => element(name, namespace, { id, timestamp: timestamp(at) })),
  );
  return element('metadata', namespace, {}, ...told);
}

async function page(asked: AskedArchive, payload: XmlElement): Promise<PayloadAnswer> {
  const query = readQuery(asked, payload);
  if (query instanceof StanzaError) return query;
  const { archive, account } = asked;
  for (const id of [query.after, query.before, query.afterId, query.beforeId]) {
    // XEP-0313 §4.3.1: from an item that is not there nothing can be paged.
    if (id && (await archive.message(account, id)) === undefined) return new StanzaError('item-not-found');
  }
  const read = (one: ArchiveQuery) => readPage(asked, one, query.resource);
  const found = query.ids === undefined ? await pageBetween(read, query) : await byIds(archive, account, query.ids);
  if (found instanceof StanzaError) return found;
  const queryId = payload.attribute('queryid');
  // XEP-0313 §4.3.3: the newest of a page first; what is told of the page is told as ever.
  const isFlipped = payload.child('flip-page') !== undefined;
  const ordered = isFlipped ? found.messages.toReversed() : found.messages;
  for (const message of ordered) deliverResult(asked, message, queryId);
  return encodeFin(found, await places(archive, account, query, found));
}

interface Places {
  /** Messages that fit the query, on all pages. */
  readonly count: number;
  /** Of them before this page. */
  readonly index: number;
}

/**
 * XEP-0059 §2.6, §2.7: where a page stands among all that fit. Not told where whole messages would have to be read to count them: by time
 * and by resource.
 */
async function places(
  archive: ArchiveStore,
  account: string,
  query: Query,
  { messages }: ArchivePage,
): Promise<Places | undefined> {
  const { resource, start, end, ids, afterId: after = '', beforeId: before = '' } = query;
  if (ids !== undefined) return { count: ids.length, index: 0 };
  if (resource !== undefined || start !== undefined || end !== undefined) return undefined;
  const fitting = { ...(query.with === undefined ? {} : { with: query.with }), after };
  const count = await archive.count(account, { ...fitting, before });
  const first = messages[0]?.id;
  return { count, index: first === undefined ? 0 : await archive.count(account, { ...fitting, before: first }) };
}

/**
 * A page of the store, which knows contacts by their bare JIDs: who asks for one of their resources gets what came from or went to that
 * one only (XEP-0313 §4.1.1).
 */
async function readPage(
  { archive, account, maximum, jids }: AskedArchive,
  asked: ArchiveQuery,
  full?: Jid,
): Promise<ArchivePage> {
  if (full === undefined) return archive.page(account, asked);
  const { limit, before } = asked;
  let from: Pick<ArchiveQuery, 'after' | 'before'> = {};
  let found: readonly ArchivedMessage[] = [];
  for (;;) {
    const { messages, complete } = await archive.page(account, { ...asked, ...from, limit: maximum });
    const fitting = messages.filter(({ stanza }) => isBetween(jids, stanza, full));
    found = before === undefined ? [...found, ...fitting] : [...fitting, ...found];
    if (complete || found.length > limit) {
      const page = before === undefined ? found.slice(0, limit) : found.slice(Math.max(0, found.length - limit));
      return { messages: page, complete: complete && found.length <= limit };
    }
    from = before === undefined ? { after: messages.at(-1)!.id } : { before: messages[0]!.id };
  }
}

function isBetween(jids: JidCache, stanza: string, full: Jid): boolean {
  const parsed = parseXmlText(stanza, clientContext);
  if (!parsed.ok) return false;
  return ['from', 'to'].some((side) => jids.parse(parsed.value.attribute(side) ?? '')?.equals(full));
}

/** A page of what stands between the ids of the query; ids ascend. */
async function pageBetween(read: (asked: ArchiveQuery) => Promise<ArchivePage>, query: Query): Promise<ArchivePage> {
  const { afterId = '', beforeId, ...asked } = query;
  const isInside = ({ id }: ArchivedMessage) => id > afterId && (beforeId === undefined || id < beforeId);
  const isBackwards = asked.before !== undefined;
  const after = [asked.after ?? '', afterId].sort().at(-1)!;
  const before = [asked.before ?? '', beforeId ?? ''].filter((id) => id !== '').sort()[0] ?? '';
  const from = isBackwards ? { before } : after === '' ? {} : { after };
  const { messages, complete } = await read({ ...asked, ...from });
  const kept = messages.filter(isInside);
  const edge = isBackwards ? kept[0]?.id : kept.at(-1)?.id;
  if (complete || kept.length < messages.length || edge === undefined) {
    return { messages: kept, complete: complete || kept.length < messages.length };
  }
  if (afterId === '' && beforeId === undefined) return { messages, complete };
  // The next one may stand outside.
  const next = await read({ ...asked, ...(isBackwards ? { before: edge } : { after: edge }), limit: 1 });
  return { messages: kept, complete: !next.messages.some(isInside) };
}

/** XEP-0313 §4.1.4: certain messages, all of them or none. */
async function byIds(
  archive: ArchiveStore,
  account: string,
  ids: readonly string[],
): Promise<ArchivePage | StanzaError> {
  const messages: ArchivedMessage[] = [];
  for (const id of ids) {
    const message = await archive.message(account, id);
    if (message === undefined) return new StanzaError('item-not-found');
    messages.push(message);
  }
  return { messages: messages.sort((a, b) => (a.id < b.id ? -1 : 1)), complete: true };
}

export interface Query extends ArchiveQuery {
  /** The full JID that `with` is the bare one of, if it was asked for. */
  readonly resource?: Jid;
  readonly afterId?: string;
  readonly beforeId?: string;
  readonly ids?: readonly string[];
}

const known = new Set(['FORM_TYPE', 'with', 'start', 'end', 'before-id', 'after-id', 'ids']);

function readQuery({ jids, maximum, contact }: AskedArchive, payload: XmlElement): Query | StanzaError {
  const fields = formValues(payload.child('x', dataForms));
  if ([...fields.keys()].some((name) => !known.has(name))) return new StanzaError('feature-not-implemented');
  const one = (name: string) => fields.get(name)?.[0];
  const other = fields.has('with') ? jids.parse(one('with') ?? '') : undefined;
  const start = fields.has('start') ? readTimestamp(one('start') ?? '') : undefined;
  const end = fields.has('end') ? readTimestamp(one('end') ?? '') : undefined;
  if (fields.has('with') && other === undefined) return new StanzaError('bad-request');
  if ((fields.has('start') && start === undefined) || (fields.has('end') && end === undefined)) {
    return new StanzaError('bad-request');
  }
  const ids = fields.has('ids') ? [...new Set(fields.get('ids'))] : undefined;
  if (ids !== undefined && ids.length > maximum) {
    return new StanzaError('bad-request', `${maximum} ids at most`);
  }
  const set = payload.child('set', resultSets);
  // XEP-0059 §2.6.
  if (set?.child('index') !== undefined) return new StanzaError('feature-not-implemented', 'pages are asked for by id');
  const wanted = set?.childText('max');
  if (wanted !== undefined && !/^\d{1,9}$/.test(wanted)) return new StanzaError('bad-request');
  const limit = Math.min(Number(wanted ?? maximum), maximum);
  const after = set?.childText('after');
  const before = set?.childText('before');
  const [afterId, beforeId] = [one('after-id'), one('before-id')];
  return {
    limit,
    ...(other === undefined ? {} : contact(other)),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(afterId === undefined ? {} : { afterId }),
    ...(beforeId === undefined ? {} : { beforeId }),
    ...(ids === undefined ? {} : { ids }),
  };
}

function deliverResult(asked: AskedArchive, { id, at, stanza }: ArchivedMessage, queryId: string | undefined): void {
  const parsed = parseXmlText(stanza, clientContext);
  if (!parsed.ok) return;
  const forwarded = element('forwarded', 'urn:xmpp:forward:0', {}, delayOf(at, undefined), parsed.value);
  asked.deliver(element('result', namespace, { queryid: queryId, id }, forwarded));
}

function encodeFin({ messages, complete }: ArchivePage, places: Places | undefined): XmlElement {
  const first = messages[0]?.id;
  const last = messages.at(-1)?.id;
  return element(
    'fin',
    namespace,
    { complete: complete ? 'true' : undefined },
    element(
      'set',
      resultSets,
      {},
      first === undefined ? undefined : element('first', resultSets, { index: places && String(places.index) }, first),
      last === undefined ? undefined : element('last', resultSets, {}, last),
      places && element('count', resultSets, {}, String(places.count)),
    ),
  );
}
