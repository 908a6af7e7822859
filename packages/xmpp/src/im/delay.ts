import { element, type XmlElement } from '../xml/element.ts';

/** XEP-0082: `2026-01-01T00:00:00.000Z`. */
export function timestamp(at: number): string {
  return new Date(at).toISOString();
}

/** Reads XEP-0082. Undefined when it is no date with a time. */
export function readTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** XEP-0203. */
export function delayOf(at: number, from: string | undefined, reason?: string): XmlElement {
  return element('delay', 'urn:xmpp:delay', { from, stamp: timestamp(at) }, reason);
}
