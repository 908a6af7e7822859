import type { XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type DataAnswer, decodeDataAnswer } from '../wire/data.ts';
import { Refused } from './refused.ts';

/** What the server pushes about the data of devices (docs/igrs-ra.md). */
export type DataPush =
  /** New values of what is observed. */
  | { readonly kind: 'values'; readonly device: string; readonly answer: DataAnswer }
  /** What came of the request that waited as `id`. */
  | { readonly kind: 'late'; readonly device: string; readonly id: string; readonly outcome: DataAnswer | Refused };

/**
 * The push that a message is. Undefined when it is none, and when somebody else than the domain sent it.
 * @param domain that of the user
 */
export function decodeDataPush(message: XmlElement, domain: string): DataPush | undefined {
  const type = message.attribute('type');
  // Values are headlines; what came of a request waits for who is away.
  if (message.attribute('from') !== domain || (type !== 'headline' && type !== undefined)) return undefined;
  const [payload] = message.elements();
  const device = payload?.attribute('device');
  if (payload === undefined || device === undefined || payload.namespace !== raNamespaces.data) return undefined;
  if (payload.name !== 'result') {
    const answer = decodeDataAnswer(payload);
    return answer?.kind === 'values' ? { kind: 'values', device, answer } : undefined;
  }
  const id = payload.attribute('id');
  const [content] = payload.elements();
  const outcome = content?.is('refused', raNamespaces.data) ? refusedBy(content) : decodeDataAnswer(content);
  return id === undefined || outcome === undefined ? undefined : { kind: 'late', device, id, outcome };
}

function refusedBy(content: XmlElement): Refused {
  return new Refused(content.attribute('condition') ?? 'undefined-condition', content.text() || undefined);
}
