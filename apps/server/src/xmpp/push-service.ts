import {
  type ComponentAccess,
  element,
  encodeInfo,
  type ImService,
  namespaces,
  prepareDomain,
  type StanzaRouter,
} from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';

const discoInfo = 'http://jabber.org/protocol/disco#info';

/**
 * The domain of the push service of the platform (XEP-0357). Undefined where there is none.
 * @param domains of accounts
 * @throws YaolianError XMPP_SETTING_BAD
 */
export function pushDomain(
  config: Config,
  domains: readonly string[],
  components: readonly ComponentAccess[],
): string | undefined {
  const asked = config['xmpp.push-domain'];
  if (asked === undefined) return undefined;
  const bad = (why: string) => platformErrors.XMPP_SETTING_BAD('xmpp.push-domain', why);
  const domain = prepareDomain(asked);
  if (domain === undefined) throw bad(`"${asked}" is no domain; write one such as push.home.example`);
  if (domains.includes(domain)) throw bad(`${domain} is a domain of accounts`);
  if (components.some((component) => component.domain === domain)) throw bad(`${domain} is a component`);
  return domain;
}

/** What the push service says of itself; all else is refused: accounts enable it at their own server. */
export function pushService(domain: string, router: StanzaRouter): ImService {
  return {
    onStanza: ({ element: stanza }) => {
      const { type, id, from, to } = stanza.attributes;
      const isAsked = stanza.name === 'iq' && type === 'get' && stanza.child('query', discoInfo) !== undefined;
      if (!isAsked || to !== domain) return router.refuse(stanza, 'service-unavailable');
      const info = encodeInfo({
        identities: [{ category: 'pubsub', type: 'push', name: 'Yaolian' }],
        features: [discoInfo, 'urn:xmpp:push:0'],
      });
      return router.reply(element('iq', namespaces.client, { type: 'result', id, from: to, to: from }, info));
    },
  };
}
