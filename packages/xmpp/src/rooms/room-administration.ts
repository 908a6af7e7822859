import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { Occupant } from './occupant.ts';
import {
  type Affiliation,
  isAffiliation,
  isAtLeast,
  isRole,
  mayChangeAffiliation,
  mayChangeRole,
  type Role,
  type Standing,
} from './privileges.ts';
import type { Room } from './room.ts';
import { mucAdmin, mucUser } from './room-presence.ts';
import type { RoomAffiliation } from './room-store.ts';

/** Lists and changes of roles and affiliations (XEP-0045 §8.2 to §8.5, §9). */
export async function answerAdmin(
  room: Room,
  type: 'get' | 'set',
  query: XmlElement,
  from: Jid,
): Promise<XmlElement | undefined | StanzaError> {
  const items = query.elements('item');
  if (items.length === 0) return new StanzaError('bad-request', 'items are needed');
  if (type === 'get') return list(room, items, from);
  const changes: Change[] = [];
  for (const item of items) {
    const change = readChange(room, item, from);
    if (change instanceof StanzaError) return change;
    changes.push(change);
  }
  const refusal = refusalOfAll(room, changes);
  if (refusal !== undefined) return refusal;
  await carryOut(room, changes, room.sessions.get(`${from}`)?.occupant.nick);
  return undefined;
}

/**
 * Makes an account what whoever runs the service says (§8.2 to §9.10), which may do all that owners do; who is in the room is told.
 * @returns why not: the room would have no owner, or more affiliations than may be
 */
export async function affiliate(
  room: Room,
  { jid, affiliation, reason }: { readonly jid: Jid; readonly affiliation: Affiliation; readonly reason?: string },
): Promise<StanzaError | undefined> {
  const bare = `${jid.bare}`;
  // A nick is kept for members, not for who is banned (§7.10).
  const nick = isAtLeast(affiliation, 'member') ? room.affiliations.get(bare)?.nick : undefined;
  const changes = [{ kind: 'affiliation', affiliation: { jid: bare, affiliation, nick, reason } }] as const;
  const refusal = refusalOfReason(room, reason) ?? refusalOfAll(room, changes);
  if (refusal === undefined) await carryOut(room, changes, undefined);
  return refusal;
}

/** On disk, then for who is in the room. @param actor the nick of who does it */
async function carryOut(room: Room, changes: readonly Change[], actor: string | undefined): Promise<void> {
  const affiliations = changes.flatMap((change) => (change.kind === 'affiliation' ? [change.affiliation] : []));
  if (room.isStored && affiliations.length > 0) await room.context.options.store.affiliate(`${room.jid}`, affiliations);
  for (const change of changes) {
    if (change.kind === 'role') applyRole(room, change, actor);
    else applyAffiliation(room, change.affiliation, actor);
  }
  room.endIfEmpty();
}

type Change =
  | {
      readonly kind: 'role';
      readonly occupant: Occupant;
      readonly role: Role;
      readonly reason: string | undefined;
    }
  | { readonly kind: 'affiliation'; readonly affiliation: RoomAffiliation };

function readChange(room: Room, item: XmlElement, from: Jid): Change | StanzaError {
  const { role, affiliation, nick } = item.attributes;
  const actor = room.standing(from);
  const reason = item.childText('reason');
  const tooLong = refusalOfReason(room, reason);
  if (tooLong !== undefined) return tooLong;
  if ((role === undefined) === (affiliation === undefined))
    return new StanzaError('bad-request', 'an item has either a role or an affiliation');
  if (role !== undefined) {
    if (!isRole(role)) return new StanzaError('bad-request', `"${role}" is no role`);
    return readRole(room, actor, nick, role, reason);
  }
  if (!isAffiliation(affiliation)) return new StanzaError('bad-request', `"${affiliation}" is no affiliation`);
  const bare = item.attribute('jid') === undefined ? room.occupants.get(nick ?? '')?.bare : bareOf(room, item);
  if (bare === undefined)
    return item.attribute('jid') === undefined
      ? new StanzaError('item-not-found', 'nobody has this nick')
      : new StanzaError('jid-malformed', 'an affiliation is that of the address of an account');
  const before = room.affiliationOf(bare);
  if (!isAtLeast(actor.affiliation, 'admin')) return new StanzaError('forbidden', 'only admins change affiliations');
  // §9.1: nobody bans itself.
  if (affiliation === 'outcast' && bare.equals(from.bare)) return new StanzaError('conflict', 'that is you');
  if (before !== affiliation && !mayChangeAffiliation(actor.affiliation, before, affiliation))
    return new StanzaError('not-allowed', 'only owners make and unmake admins and owners');
  const known = room.affiliations.get(`${bare}`);
  // A nick is kept for members, not for who is banned (§7.10).
  const kept = isAtLeast(affiliation, 'member') ? known?.nick : undefined;
  return { kind: 'affiliation', affiliation: { jid: `${bare}`, affiliation, nick: kept, reason } };
}

/** It is kept, and told to all. */
export function refusalOfReason({ context }: Room, reason: string | undefined): StanzaError | undefined {
  const { reason: longest } = context.bounds;
  if ((reason?.length ?? 0) <= longest) return undefined;
  return new StanzaError('not-acceptable', `a reason has at most ${longest} characters`);
}

function bareOf(room: Room, item: XmlElement): Jid | undefined {
  const jid = room.context.options.router.jids.parse(item.attribute('jid') ?? '');
  return jid?.domain === room.jid.domain ? undefined : jid?.bare;
}

function readRole(
  room: Room,
  actor: Standing,
  nick: string | undefined,
  role: Role,
  reason: string | undefined,
): Change | StanzaError {
  if (actor.role !== 'moderator') return new StanzaError('forbidden', 'only moderators change roles');
  const occupant = room.occupants.get(nick ?? '');
  if (occupant === undefined) return new StanzaError('item-not-found', 'nobody has this nick');
  const target = { role: occupant.role, affiliation: room.affiliationOf(occupant.bare) };
  if (!mayChangeRole(actor, target, role)) return new StanzaError('not-allowed', 'not to somebody who stands so high');
  return { kind: 'role', occupant, role, reason };
}

/** What no single change shows: a room keeps an owner, and no more than so many affiliations. */
function refusalOfAll(room: Room, changes: readonly Change[]): StanzaError | undefined {
  const after = new Map(room.affiliations);
  for (const change of changes) {
    if (change.kind === 'role') continue;
    const { jid, affiliation } = change.affiliation;
    if (affiliation === 'none') after.delete(jid);
    else after.set(jid, change.affiliation);
  }
  const hasOwner = (all: ReadonlyMap<string, RoomAffiliation>) =>
    [...all.values()].some(({ affiliation }) => affiliation === 'owner');
  if (!hasOwner(after) && hasOwner(room.affiliations))
    return new StanzaError('conflict', 'a room has at least one owner');
  return refusalOfSize(room, after);
}

/** Why a room may not have so many affiliations, or such long ones; fewer and shorter ones it always may. */
export function refusalOfSize(room: Room, after: ReadonlyMap<string, RoomAffiliation>): StanzaError | undefined {
  const { affiliations, affiliationText } = room.context.bounds;
  if (after.size > affiliations && after.size > room.affiliations.size)
    return new StanzaError('resource-constraint', `a room has at most ${affiliations} affiliations`);
  const text = textOf(after);
  if (text > affiliationText && text > textOf(room.affiliations))
    return new StanzaError('resource-constraint', `affiliations of a room have at most ${affiliationText} characters`);
  return undefined;
}

function textOf(affiliations: ReadonlyMap<string, RoomAffiliation>): number {
  let text = 0;
  for (const { jid, nick = '', reason = '' } of affiliations.values()) text += jid.length + nick.length + reason.length;
  return text;
}

function applyRole(
  room: Room,
  { occupant, role, reason }: Extract<Change, { kind: 'role' }>,
  actor: string | undefined,
): void {
  if (role === 'none') {
    room.expel(occupant, { codes: [307], actor, reason });
    return;
  }
  if (occupant.role === role) return;
  occupant.role = role;
  room.announce(occupant, { actor, reason });
}

/** Sets what is on disk by now where the room is, and tells of it. */
export function applyAffiliation(room: Room, change: RoomAffiliation, actor?: string): void {
  const { jid, affiliation, reason } = change;
  const before = room.affiliations.get(jid)?.affiliation ?? 'none';
  if (affiliation === 'none') room.affiliations.delete(jid);
  else room.affiliations.set(jid, change);
  if (before === affiliation) return;
  const present = room.occupantsOf(jid);
  for (const occupant of present) {
    if (affiliation === 'outcast') room.expel(occupant, { codes: [301], actor, reason });
    else if (room.config.isMembersOnly && !isAtLeast(affiliation, 'member'))
      room.expel(occupant, { codes: [321], actor, reason });
    else {
      occupant.role = roleAfter(room, occupant.role, before, affiliation);
      room.announce(occupant, { actor, reason });
    }
  }
  if (present.length === 0) tellOfAbsent(room, change);
}

/** XEP-0045 §5.1.2, §5.2.1: a role follows the affiliation, but a moderator who was made one stays one. */
function roleAfter(room: Room, role: Role, before: Affiliation, after: Affiliation): Role {
  if (isAtLeast(after, 'admin') || isAtLeast(before, 'admin')) return room.roleFor(after);
  if (role === 'moderator') return role;
  return room.roleFor(after);
}

/** §9.3: who may see real JIDs learns of somebody who is not in the room. */
function tellOfAbsent(room: Room, { jid, affiliation, reason }: RoomAffiliation): void {
  const item = element(
    'item',
    mucUser,
    { affiliation, jid, role: 'none' },
    reason === undefined ? undefined : element('reason', mucUser, {}, reason),
  );
  const message = new Stanza(
    element('message', namespaces.client, { from: `${room.jid}` }, element('x', mucUser, {}, item)),
  );
  for (const session of room.sessions.values()) if (room.seesJids(session.occupant)) room.post(session, message);
}

/** XEP-0045 §8.5, §9.2, §9.5, §9.8: everybody with a role or an affiliation. */
function list(room: Room, items: readonly XmlElement[], from: Jid): XmlElement | StanzaError {
  const actor = room.standing(from);
  const found: XmlElement[] = [];
  for (const item of items) {
    const { role, affiliation } = item.attributes;
    if (isRole(role)) {
      if (actor.role !== 'moderator') return new StanzaError('forbidden', 'only moderators see roles');
      found.push(...withRole(room, role));
    } else if (isAffiliation(affiliation)) {
      if (!maySee(room, actor, affiliation)) return new StanzaError('forbidden', 'only admins see this list');
      found.push(...withAffiliation(room, affiliation));
    } else return new StanzaError('bad-request', 'an item asks for a role or an affiliation');
  }
  return element('query', mucAdmin, {}, ...found);
}

/** Where everybody sees real JIDs, members see who else is one, so that they can encrypt for them. */
function maySee(room: Room, { affiliation }: Standing, asked: Affiliation): boolean {
  if (isAtLeast(affiliation, 'admin')) return true;
  return asked !== 'outcast' && room.config.whois === 'anyone' && isAtLeast(affiliation, 'member');
}

function withRole(room: Room, role: Role): readonly XmlElement[] {
  return [...room.occupants.values()]
    .filter((occupant) => occupant.role === role)
    .map((occupant) =>
      element('item', mucAdmin, {
        affiliation: room.affiliationOf(occupant.bare),
        role,
        nick: occupant.nick,
        jid: `${occupant.shown.jid}`,
      }),
    );
}

function withAffiliation(room: Room, asked: Affiliation): readonly XmlElement[] {
  return [...room.affiliations.values()]
    .filter(({ affiliation }) => affiliation === asked)
    .map(({ jid, affiliation, nick, reason }) =>
      element(
        'item',
        mucAdmin,
        { affiliation, jid, nick },
        reason === undefined ? undefined : element('reason', mucAdmin, {}, reason),
      ),
    );
}
