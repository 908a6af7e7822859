import type { ImModule } from '../module.ts';
import { StanzaError } from '../stanza-error.ts';

const namespace = 'urn:xmpp:carbons:2';

/** Message carbons (XEP-0280): a session gets copies of what other sessions of its account send and receive. */
export function carbonsModule(): ImModule {
  const switched = (name: 'enable' | 'disable') =>
    ({
      namespace,
      name,
      types: ['set'],
      targets: ['own'],
      handle: ({ client }) => {
        if (client === undefined) return new StanzaError('not-allowed');
        client.hasCarbons = name === 'enable';
        return undefined;
      },
    }) satisfies NonNullable<ImModule['handlers']>[number];
  return {
    name: 'XEP-0280',
    serverFeatures: [namespace, 'urn:xmpp:carbons:rules:0'],
    accountFeatures: [namespace, 'urn:xmpp:carbons:rules:0'],
    handlers: [switched('enable'), switched('disable')],
  };
}
