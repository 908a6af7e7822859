import type { Jid, SaslCrypto, XmlElement } from '@yaolian/xmpp';
import { Jid as JidOf } from '@yaolian/xmpp';
import type {
  RaAccounts,
  RaAudit,
  RaBindings,
  RaBookmarks,
  RaFriends,
  RaLinks,
  RaPermissions,
  RaTerminals,
} from './ports.ts';

/** What one account may have, and one answer. */
export interface RaBounds {
  /** Bookmarks of one account. Default 100. */
  readonly bookmarks?: number;
  /** Devices in one answer to clients that came before the standard. Default 100. */
  readonly vendorDevices?: number;
}

export interface RaServices {
  /** The domain of the accounts, prepared. */
  readonly domain: string;
  readonly accounts: RaAccounts;
  readonly bindings: RaBindings;
  readonly permissions: RaPermissions;
  readonly friends: RaFriends;
  readonly links: RaLinks;
  readonly bookmarks: RaBookmarks;
  readonly terminals: RaTerminals;
  readonly audit: RaAudit;
  readonly crypto: Pick<SaslCrypto, 'hash'>;
  readonly bounds?: RaBounds;
}

/** The payload of an iq, with who asks. */
export interface RaRequest {
  /** The bare name of the account that asks: stamped by the server. */
  readonly account: string;
  readonly kind: 'user' | 'device';
  /** The connection that it came by. */
  readonly resource: string | undefined;
  readonly type: 'get' | 'set';
  readonly payload: XmlElement;
}

/** The account that an attribute names: an address of this domain. Undefined when it is not one. */
export function accountIn({ payload }: RaRequest, name: string, domain: string): string | undefined {
  const jid: Jid | undefined = JidOf.parse(payload.attribute(name) ?? '');
  return jid?.local !== undefined && jid.domain === domain && jid.isBare ? jid.local : undefined;
}

export function groupsOf(payload: XmlElement): readonly string[] {
  return payload.elements('group').map((group) => group.text());
}

export function timeText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
