import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { OccupantSession } from './occupant.ts';
import { isAtLeast } from './privileges.ts';
import type { Room } from './room.ts';
import { refusalOfSize } from './room-administration.ts';
import { mayTalk, notInside, tooFast } from './room-entry.ts';
import { mucUser } from './room-presence.ts';

export interface Invitation {
  readonly message: XmlElement;
  readonly from: Jid;
  /** The `x` of it. */
  readonly talk: XmlElement;
}

/** XEP-0045 §7.8.2: an invitation by way of the room, or that somebody declines one. @param out gets what goes to them */
export async function onInvitation(
  room: Room,
  session: OccupantSession | undefined,
  { message, from, talk }: Invitation,
  out: Stanza[],
): Promise<void> {
  const decline = talk.child('decline');
  if (decline !== undefined) return declined(room, message, from, decline, out);
  const invites = talk.elements('invite');
  if (invites.length === 0) return room.refuse(message, 'bad-request');
  if (session === undefined) return room.refuse(message, notInside());
  const { affiliation } = room.standing(from);
  if (room.config.isMembersOnly && !isAtLeast(affiliation, room.config.allowInvites ? 'member' : 'admin'))
    return room.refuse(message, new StanzaError('forbidden', 'only admins invite to this room'));
  for (const invite of invites) {
    const refusal = mayTalk(room, session) ? await invited(room, session, invite, out) : tooFast();
    if (refusal !== undefined) return room.refuse(message, refusal);
  }
}

async function invited(
  room: Room,
  session: OccupantSession,
  invite: XmlElement,
  out: Stanza[],
): Promise<StanzaError | undefined> {
  const { options, bounds } = room.context;
  const to = options.router.jids.parse(invite.attribute('to') ?? '');
  if (to?.local === undefined || to.domain === room.jid.domain)
    return new StanzaError('jid-malformed', 'an invitation has the address of an account');
  const key = `${to.bare}`;
  if (room.affiliationOf(to.bare) === 'outcast') return new StanzaError('forbidden', `${key} is banned from this room`);
  if (!room.invitations.has(key) && room.invitations.size >= bounds.invitations)
    return new StanzaError('resource-constraint', 'too many who are invited did not come yet');
  const from = session.occupant.bare;
  const stanza = invitation(room, from, to, invite);
  const refusal = await options.invitable?.(from, to, stanza.element);
  if (refusal !== undefined) return refusal;
  if (room.config.isMembersOnly && room.affiliationOf(to.bare) === 'none') {
    // §7.8.2: who is invited to a room for members is one.
    const member = { jid: key, affiliation: 'member', nick: undefined, reason: undefined } as const;
    const full = refusalOfSize(room, new Map(room.affiliations).set(key, member));
    if (full !== undefined) return full;
    if (room.isStored) await options.store.affiliate(`${room.jid}`, [member]);
    room.affiliations.set(key, member);
  }
  room.invitations.set(key, `${from}`);
  out.push(stanza);
  return undefined;
}

function invitation(room: Room, from: Jid, to: Jid, invite: XmlElement): Stanza {
  const reason = invite.childText('reason');
  const { password } = room.config;
  const thread = invite.child('continue');
  const x = element(
    'x',
    mucUser,
    {},
    element(
      'invite',
      mucUser,
      { from: `${from}` },
      reason === undefined ? undefined : element('reason', mucUser, {}, reason),
      thread,
    ),
    password === '' ? undefined : element('password', mucUser, {}, password),
  );
  // XEP-0249: for clients that know only this one.
  const direct = element('x', 'jabber:x:conference', {
    jid: `${room.jid}`,
    reason,
    password: password === '' ? undefined : password,
  });
  return new Stanza(element('message', namespaces.client, { from: `${room.jid}`, to: `${to}` }, x, direct));
}

/** Only who was invited declines, and only to who invited. */
function declined(room: Room, message: XmlElement, from: Jid, decline: XmlElement, out: Stanza[]): void {
  const inviter = room.invitations.get(`${from.bare}`);
  const to = room.context.options.router.jids.parse(decline.attribute('to') ?? '');
  if (inviter === undefined || to === undefined || `${to.bare}` !== inviter) {
    room.refuse(message, new StanzaError('item-not-found', 'there is no such invitation'));
    return;
  }
  room.invitations.delete(`${from.bare}`);
  const reason = decline.childText('reason');
  const told = element(
    'decline',
    mucUser,
    { from: `${from.bare}` },
    reason === undefined ? undefined : element('reason', mucUser, {}, reason),
  );
  const x = element('x', mucUser, {}, told);
  const stanza = new Stanza(element('message', namespaces.client, { from: `${room.jid}`, to: inviter }, x));
  out.push(stanza);
}
