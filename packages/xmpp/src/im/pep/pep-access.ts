import type { Jid } from '../../jid/jid.ts';
import { isBlocked } from '../blocklist.ts';
import type { ImServer } from '../im-server.ts';
import type { StanzaError } from '../stanza-error.ts';
import { pubsubError } from './namespaces.ts';
import type { PepNode } from './pep-node.ts';

/** XEP-0060 §4.5: why somebody may not retrieve items of a node and subscribe to it; undefined: it may. Blocked contacts are let in nowhere. */
export async function refusalOfAccess(
  server: ImServer,
  account: string,
  { options, affiliations }: PepNode,
  who: Jid,
): Promise<StanzaError | undefined> {
  if (who.local === account && who.domain === server.domain) return undefined;
  const affiliation = affiliations.get(`${who.bare}`);
  if (affiliation === 'outcast' || isBlocked(await server.blocklists.list(account), who)) {
    return pubsubError('forbidden', 'closed-node');
  }
  if (options.access_model === 'open') return undefined;
  if (options.access_model === 'whitelist') {
    return affiliation === 'member' ? undefined : pubsubError('not-allowed', 'closed-node');
  }
  const item = await server.options.stores.rosters.item(account, `${who.bare}`);
  if (item?.subscription !== 'from' && item?.subscription !== 'both') {
    return pubsubError('not-authorized', 'presence-subscription-required');
  }
  if (options.access_model === 'presence') return undefined;
  const isInGroup = item.groups.some((group) => options.roster_groups_allowed.includes(group));
  return isInGroup ? undefined : pubsubError('not-authorized', 'not-in-roster-group');
}
