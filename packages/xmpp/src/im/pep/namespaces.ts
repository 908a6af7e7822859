import { element } from '../../xml/element.ts';
import { StanzaError, type StanzaErrorCondition } from '../stanza-error.ts';

/** XEP-0060. */
export const pubsub = 'http://jabber.org/protocol/pubsub';
export const pubsubOwner = `${pubsub}#owner`;
export const pubsubEvent = `${pubsub}#event`;
export const pubsubErrors = `${pubsub}#errors`;
export const resultSets = 'http://jabber.org/protocol/rsm';

/** A stanza error with what XEP-0060 adds to it. @param feature of `unsupported` */
export function pubsubError(
  condition: StanzaErrorCondition,
  detail: string,
  { text, feature }: { readonly text?: string; readonly feature?: string } = {},
): StanzaError {
  return new StanzaError(condition, text, element(detail, pubsubErrors, { feature }));
}
