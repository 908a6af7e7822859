import { element, type XmlElement } from '@yaolian/xmpp';
import { raClientErrors } from './errors.ts';

/**
 * A list comes in as many answers as it takes: `next` of one goes into `after` of the request for the next.
 * @param ask sends a get
 * @param item the name of what is listed
 * @param who answers, for the error
 * @throws RA_ANSWER_MALFORMED when an answer leads back to where it was asked for; what `ask` throws
 */
export async function wholeList(
  ask: (request: XmlElement) => Promise<XmlElement | undefined>,
  item: string,
  list: XmlElement,
  who: string,
): Promise<readonly XmlElement[]> {
  const all: XmlElement[] = [];
  for (let after: string | undefined; ; ) {
    const found = await ask(element(list.name, list.namespace, { ...list.attributes, after }));
    const items = found?.elements(item) ?? [];
    all.push(...items);
    const next = found?.attribute('next');
    if (next === undefined) return all;
    if (items.length === 0 || next === after) throw raClientErrors.RA_ANSWER_MALFORMED(who);
    after = next;
  }
}
