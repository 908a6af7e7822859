import { type Duration, toSeconds } from '@yaolian/kernel';
import { element, type StanzaErrorCondition, type XmlElement } from '@yaolian/xmpp';

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

export function refuse(condition: StanzaErrorCondition, text?: string, detail?: XmlElement): RaAnswer {
  return { ok: false, refusal: { condition, ...(text === undefined ? {} : { text }), ...(detail && { detail }) } };
}

/** Too many of its kind: `<retry after='…'/>` tells after how many seconds the next may come. */
export function refuseForNow(retryAfter: Duration, ns: string): RaAnswer {
  const wait = String(Math.max(1, Math.ceil(toSeconds(retryAfter))));
  return refuse('policy-violation', `try again in ${wait} s`, element('retry', ns, { after: wait }));
}
