import { type Duration, toSeconds } from '@yaolian/kernel';
import { element, encodeXml, type StanzaErrorCondition, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';

export interface RaRefusal {
  readonly condition: StanzaErrorCondition;
  readonly text?: string;
  /** What says more in a namespace of its own: the code that a device answered. */
  readonly detail?: XmlElement;
}

/** What became of a request: the payload of the result, if it has one, or a refusal. */
export type RaAnswer =
  | { readonly ok: true; readonly payload?: XmlElement | undefined }
  | { readonly ok: false; readonly refusal: RaRefusal };

export const done: RaAnswer = { ok: true };

export function answer(payload: XmlElement): RaAnswer {
  return { ok: true, payload };
}

/** How long an answer is: servers and clients take stanzas of 256 KiB (RFC 6120 §13.12 has them bound it). */
export const answerBytes = 131_072;

/** One thing of a list, and what it is found by: no two of a list have the same key. */
export interface RaListed {
  readonly key: string;
  readonly item: XmlElement;
}

/**
 * A list in as many answers as it takes, by the order of keys: each has what fits into {@link answerBytes}, at least one thing, and
 * where there is more `next`, which goes into `after` of the next request. What comes or goes meanwhile moves nothing else.
 * @param list without content
 * @param after of the request; undefined: from the beginning
 * @param goesOn whether there is more than `things`
 */
export function answerList(
  list: XmlElement,
  things: readonly RaListed[],
  after: string | undefined,
  goesOn = false,
): RaAnswer {
  const rest = things.filter(({ key }) => after === undefined || key > after).sort((a, b) => (a.key < b.key ? -1 : 1));
  const given: XmlElement[] = [];
  let bytes = encodeXml(list).length;
  let last: string | undefined;
  for (const { key, item } of rest) {
    bytes += encodeXml(item).length;
    // The marker is an attribute of the same answer, and escaped a character of it takes six at most.
    if (last !== undefined && bytes + 6 * key.length > answerBytes) break;
    given.push(item);
    last = key;
  }
  const next = goesOn || given.length < rest.length ? last : undefined;
  return answer(element(list.name, list.namespace, { ...list.attributes, next }, ...given));
}

export function refuse(condition: StanzaErrorCondition, text?: string, detail?: XmlElement): RaAnswer {
  return { ok: false, refusal: { condition, ...(text === undefined ? {} : { text }), ...(detail && { detail }) } };
}

/** Too many of its kind: `<retry after='…'/>` tells after how many seconds the next may come; older clients know the text alone. */
export function refuseForNow(retryAfter: Duration, ns: string): RaAnswer {
  const wait = String(Math.max(1, Math.ceil(toSeconds(retryAfter))));
  const isOurs = (Object.values(raNamespaces) as readonly string[]).includes(ns);
  const retry = isOurs ? element('retry', ns, { after: wait }) : undefined;
  return refuse('policy-violation', `try again in ${wait} s`, retry);
}
