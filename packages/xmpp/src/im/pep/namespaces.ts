import { element } from '../../xml/element.ts';
import { StanzaError, type StanzaErrorCondition } from '../stanza-error.ts';

/** XEP-0060. */
export const pubsub = 'http://jabber.org/protocol/pubsub';
export const pubsubOwner = `${pubsub}#owner`;
export const pubsubEvent = `${pubsub}#event`;
export const pubsubErrors = `${pubsub}#errors`;
export const resultSets = 'http://jabber.org/protocol/rsm';

/** What is wrong and what is right, where nothing more can be said. */
const texts: Readonly<Record<string, string>> = {
  'closed-node': 'this node is for others',
  'invalid-jid': 'only the own address is subscribed',
  'invalid-payload': 'an item has one element as its payload',
  'item-required': 'an item with an id is needed',
  'jid-required': 'the address of the subscriber is needed: jid',
  'nodeid-required': 'the name of the node is needed: node',
  'not-in-roster-group': 'this node is for other groups of contacts',
  'not-subscribed': 'there is no such subscription',
  'payload-required': 'an element is needed as the payload of the item',
  'presence-subscription-required': 'this node is for contacts who see the presence of the account',
  unsupported: 'this is not done here',
};

/** A stanza error with what XEP-0060 adds to it. @param feature of `unsupported` */
export function pubsubError(
  condition: StanzaErrorCondition,
  detail: string,
  { text, feature }: { readonly text?: string; readonly feature?: string } = {},
): StanzaError {
  return new StanzaError(condition, text ?? texts[detail], element(detail, pubsubErrors, { feature }));
}
