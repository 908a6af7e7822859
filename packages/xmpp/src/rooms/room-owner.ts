import { dataForms } from '../im/data-form.ts';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { Occupant } from './occupant.ts';
import { isAtLeast } from './privileges.ts';
import type { Room } from './room.ts';
import { refusalOfReason } from './room-administration.ts';
import { configForm, type RoomConfig, readConfig } from './room-config.ts';
import { mucOwner, mucUser } from './room-presence.ts';

/** How a room is set up, and its end (XEP-0045 §10.1, §10.2, §10.9). */
export async function answerOwner(
  room: Room,
  type: 'get' | 'set',
  query: XmlElement,
  from: Jid,
): Promise<XmlElement | undefined | StanzaError> {
  if (room.affiliationOf(from.bare) !== 'owner') return new StanzaError('forbidden', 'only owners do this');
  const { archives, bounds } = room.context;
  if (type === 'get') return element('query', mucOwner, {}, configForm(room.config, archives));
  const destroy = query.child('destroy');
  if (destroy !== undefined) return destroyed(room, destroy);
  const form = query.child('x', dataForms);
  if (form?.attribute('type') === 'cancel') {
    // §10.1.3: a room that is given up before it was set up never was.
    if (room.isLocked) await destroyRoom(room, undefined, undefined);
    return undefined;
  }
  if (form?.attribute('type') !== 'submit')
    return new StanzaError('bad-request', 'a form of the type submit or cancel is needed, or <destroy/>');
  const config = readConfig(form, room.config, bounds);
  if (typeof config === 'string') return new StanzaError('not-acceptable', config);
  await configure(room, config);
  return undefined;
}

async function destroyed(room: Room, destroy: XmlElement): Promise<StanzaError | undefined> {
  const venue = destroy.attribute('jid');
  const jid = venue === undefined ? undefined : room.context.options.router.jids.parse(venue);
  if (venue !== undefined && jid === undefined)
    return new StanzaError('jid-malformed', 'the other place is no address');
  const reason = destroy.childText('reason');
  const tooLong = refusalOfReason(room, reason);
  if (tooLong !== undefined) return tooLong;
  await destroyRoom(room, reason, jid, destroy.childText('password'));
  return undefined;
}

/** Ends a room for good: on disk, then for who is in it (§10.9). @param venue where to go instead */
export async function destroyRoom(
  room: Room,
  reason: string | undefined,
  venue: Jid | undefined,
  password?: string,
): Promise<void> {
  if (room.isStored) await room.context.options.store.remove(`${room.jid}`);
  room.isStored = false;
  const told = element(
    'destroy',
    mucUser,
    { jid: venue && `${venue}` },
    reason === undefined ? undefined : element('reason', mucUser, {}, reason),
    password === undefined ? undefined : element('password', mucUser, {}, password),
  );
  for (const occupant of [...room.occupants.values()]) {
    // §10.9: each is told of its own end only.
    for (const session of occupant.sessions) {
      room.tellSelf(session, { type: 'unavailable', destroyed: told, affiliation: 'none' });
      room.sessions.delete(`${session.jid}`);
      room.requests.left(session);
    }
  }
  room.occupants.clear();
  room.end();
}

/** Sets a room up: on disk, then for who is in it (§10.2). */
export async function configure(room: Room, config: RoomConfig): Promise<void> {
  const { store } = room.context.options;
  const before = room.config;
  const wasArchived = room.isArchived;
  const key = `${room.jid}`;
  if (config.isPersistent) {
    await store.put({ ...room.record, config }, room.isStored ? [] : [...room.affiliations.values()]);
  } else if (room.isStored) await store.remove(key);
  room.isStored = config.isPersistent;
  room.config = config;
  const wasLocked = room.isLocked;
  room.isLocked = false;
  if (config.isMembersOnly && !before.isMembersOnly) expelStrangers(room);
  if (before.isModerated && !config.isModerated) giveVoice(room);
  if (!wasLocked) room.notify(...changeCodes(before, config, wasArchived, room.isArchived));
  room.endIfEmpty();
}

/** §10.2.1, §15.6.2. */
function changeCodes(before: RoomConfig, after: RoomConfig, wasArchived: boolean, isArchived: boolean): number[] {
  const codes = [
    ...(wasArchived === isArchived ? [] : [isArchived ? 170 : 171]),
    ...(before.whois === after.whois ? [] : [after.whois === 'anyone' ? 172 : 173]),
  ];
  const { whois: _whois, isLogged: _logged, ...rest } = after;
  const isOther = Object.entries(rest).some(([key, value]) => before[key as keyof RoomConfig] !== value);
  return isOther || codes.length === 0 ? [104, ...codes] : codes;
}

/** §10.2.1: who is no member leaves a room that became one for members. */
function expelStrangers(room: Room): void {
  for (const occupant of [...room.occupants.values()]) {
    if (!belongs(room, occupant)) room.expel(occupant, { codes: [322] });
  }
}

function belongs(room: Room, { bare }: Occupant): boolean {
  return isAtLeast(room.affiliationOf(bare), 'member');
}

/** How many of those who are in a room stay when it is set up so. */
export function staying(room: Room, { isMembersOnly }: RoomConfig): number {
  const { occupants } = room;
  return isMembersOnly ? [...occupants.values()].filter((one) => belongs(room, one)).length : occupants.size;
}

/** In a room that is moderated no more, everybody speaks. */
function giveVoice(room: Room): void {
  for (const occupant of room.occupants.values()) {
    if (occupant.role !== 'visitor') continue;
    occupant.role = 'participant';
    room.announce(occupant);
  }
}
