import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { OccupantSession } from './occupant.ts';
import type { Affiliation, Role } from './privileges.ts';
import type { Room } from './room.ts';

export const muc = 'http://jabber.org/protocol/muc';
export const mucUser = `${muc}#user`;
export const mucAdmin = `${muc}#admin`;
export const mucOwner = `${muc}#owner`;
export const occupantIds = 'urn:xmpp:occupant-id:0';

/** What a presence of a room says beside how somebody is. */
export interface PresenceForm {
  readonly type?: 'unavailable';
  /** Status codes (XEP-0045 §15.6). */
  readonly codes?: readonly number[];
  /** With the real JID. */
  readonly withJid?: boolean;
  /** Who did it. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  /** The nick that it takes (§7.6). */
  readonly newNick?: string;
  readonly affiliation?: Affiliation;
  readonly role?: Role;
  /** The room ends (§10.9). */
  readonly destroyed?: XmlElement;
  /** Of the presence that is answered. */
  readonly id?: string | undefined;
  /** The nick as it was. */
  readonly from?: Jid;
}

/** The presence of a room that tells of a session; without `to`. */
export function presenceOf(room: Room, session: OccupantSession, form: PresenceForm = {}): XmlElement {
  const { occupant, presence } = session;
  const { type, codes = [], actor, reason, destroyed } = form;
  const isGone = type === 'unavailable';
  const leaves = isGone && form.newNick === undefined;
  const affiliation = form.affiliation ?? room.affiliationOf(occupant.bare);
  const item = element(
    'item',
    mucUser,
    {
      affiliation: destroyed === undefined ? affiliation : 'none',
      role: form.role ?? (leaves ? 'none' : occupant.role),
      jid: form.withJid === true ? `${session.jid}` : undefined,
      nick: form.newNick,
    },
    actor === undefined ? undefined : element('actor', mucUser, { nick: actor }),
    reason === undefined ? undefined : element('reason', mucUser, {}, reason),
  );
  const statuses = codes.map((code) => element('status', mucUser, { code: String(code) }));
  const isOwnWord = !isGone || presence.attribute('type') === 'unavailable';
  return element(
    'presence',
    namespaces.client,
    {
      from: `${form.from ?? occupant.jid}`,
      type,
      id: form.id,
      'xml:lang': isOwnWord ? presence.attribute('xml:lang') : undefined,
    },
    ...(isOwnWord ? presence.children : []),
    element('occupant-id', occupantIds, { id: occupant.id }),
    element('x', mucUser, {}, item, destroyed, ...statuses),
  );
}

/** What somebody says of itself, without what only rooms say (XEP-0045 §17.2, XEP-0421 §5). */
export function ownWords(stanza: XmlElement): XmlElement {
  const own = stanza.children.filter((child) => {
    if (typeof child === 'string') return true;
    return !isOfRooms(child);
  });
  return stanza.containing(...own);
}

function isOfRooms({ name, namespace }: XmlElement): boolean {
  return namespace === muc || namespace === mucUser || (name === 'occupant-id' && namespace === occupantIds);
}
