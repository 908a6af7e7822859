import { delayOf } from '../im/delay.ts';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import { Occupant, OccupantSession } from './occupant.ts';
import { isAtLeast } from './privileges.ts';
import type { Room } from './room.ts';
import { readHistoryWish } from './room-history.ts';
import { muc, ownWords, presenceOf } from './room-presence.ts';

/** Conditions that say that nobody is there any more (XEP-0045 §18.1.2). */
const goneConditions = new Set([
  'gone',
  'item-not-found',
  'jid-malformed',
  'recipient-unavailable',
  'redirect',
  'remote-server-not-found',
  'remote-server-timeout',
  'service-unavailable',
]);

/** Whether somebody asks to be let in. */
export function isEntry(presence: XmlElement): boolean {
  return presence.attribute('type') === undefined && presence.child('x', muc) !== undefined;
}

/** Presence to a room that is there. */
export function onPresence(room: Room, presence: XmlElement, from: Jid, to: Jid): void | Promise<void> {
  const session = room.sessions.get(`${from}`);
  switch (presence.attribute('type')) {
    case 'unavailable':
      return session && leave(room, session, presence);
    case 'error':
      return onError(room, session, presence);
    case undefined:
      break;
    default:
      // Rooms are nobody's contacts, and answer no probes (§17.3).
      return presence.attribute('type') === 'subscribe' ? room.decline(from.bare) : undefined;
  }
  if (to.resource === undefined) return room.refuse(presence, needsNick());
  if (session === undefined) {
    if (isEntry(presence)) return enter(room, presence, from, to);
    // It lost its place and does not know (XEP-0410 §3).
    return room.refuse(presence, notInside());
  }
  if (to.resource !== session.occupant.nick) return changeNick(room, session, presence, to);
  if (!mayTalk(room, session)) return room.refuse(presence, tooFast());
  if (isEntry(presence)) return welcome(room, session, presence, []);
  session.presence = ownWords(presence);
  session.occupant.show(session);
  room.announce(session.occupant, { id: presence.attribute('id') });
}

export function notInside(): StanzaError {
  return new StanzaError('not-acceptable', 'only occupants send this: enter the room first');
}

export function needsNick(): StanzaError {
  return new StanzaError('jid-malformed', 'a nick is needed behind a slash: room@service/nick');
}

export function tooFast(): StanzaError {
  return new StanzaError('resource-constraint', 'too many at once: wait a moment and send it again');
}

export function mayTalk({ context, talk }: Room, { occupant }: OccupantSession): boolean {
  return talk.take(`${occupant.bare}`, context.options.clock.monotonic());
}

/** Lets somebody in, or says why not (XEP-0045 §7.2). @param isNew the room was made for it */
export async function enter(room: Room, presence: XmlElement, from: Jid, to: Jid, isNew = false): Promise<void> {
  const nick = to.resource!;
  const refusal = refusalOf(room, presence, from, nick);
  if (refusal !== undefined) {
    room.refuse(presence, refusal);
    room.endIfEmpty();
    return;
  }
  const id = await room.occupantId(from.bare);
  await room.readEarlier();
  const role = room.roleFor(room.affiliationOf(from.bare));
  const occupant = room.occupants.get(nick) ?? new Occupant(to, from.bare, id, role);
  const session = new OccupantSession(from, occupant, ownWords(presence));
  room.add(session);
  room.invitations.delete(`${from.bare}`);
  welcome(room, session, presence, isNew ? [201] : []);
  room.announceToOthers(occupant);
  for (const other of occupant.sessions) if (other !== session) room.tellSelf(other);
}

/** §7.2.2: who is in, then itself, then what was said, then the subject. For who lost it again too. */
function welcome(room: Room, session: OccupantSession, presence: XmlElement, codes: readonly number[]): void {
  const { occupant } = session;
  const withJid = room.seesJids(occupant);
  for (const other of room.occupants.values()) {
    if (other !== occupant) room.post(session, new Stanza(presenceOf(room, other.shown, { withJid })));
  }
  const told = [
    ...codes,
    ...(room.config.whois === 'anyone' ? [100] : []),
    ...(room.isArchived ? [170] : []),
    // §7.2.3: a nick is prepared, and may be another one then.
    ...(nickAsAsked(presence) === occupant.nick ? [] : [210]),
  ];
  room.tellSelf(session, { codes: told, id: presence.attribute('id') });
  const history = presence.child('x', muc)?.child('history');
  const wish = readHistoryWish(history, room.context.options.clock.epoch());
  for (const said of room.history.replay(`${room.jid}`, room.config.maxHistory, wish)) room.post(session, said);
  room.post(session, subjectOf(room));
}

function nickAsAsked(presence: XmlElement): string {
  const to = presence.attribute('to') ?? '';
  return to.slice(to.indexOf('/') + 1);
}

/** §7.2.15: there is always one, if an empty one. */
function subjectOf(room: Room): Stanza {
  const parsed = room.subject === undefined ? undefined : parseXmlText(room.subject.stanza, clientContext);
  if (parsed?.ok !== true) {
    const attributes = { from: `${room.jid}`, type: 'groupchat' };
    return new Stanza(element('message', namespaces.client, attributes, element('subject', namespaces.client)));
  }
  return new Stanza(parsed.value.containing(...parsed.value.children, delayOf(room.subject!.at, `${room.jid}`)));
}

function refusalOf(room: Room, presence: XmlElement, from: Jid, nick: string): StanzaError | undefined {
  const { config, occupants, context } = room;
  const { bounds } = context;
  const affiliation = room.affiliationOf(from.bare);
  const isInCharge = isAtLeast(affiliation, 'admin');
  if (affiliation === 'outcast') return new StanzaError('forbidden', 'banned from this room');
  if (room.isLocked && affiliation !== 'owner') return new StanzaError('item-not-found', 'the room is not set up yet');
  if (config.isMembersOnly && !isAtLeast(affiliation, 'member'))
    return new StanzaError('registration-required', 'for members only: somebody has to invite you');
  const mayTry = () => room.talk.take(`${from.bare}`, context.options.clock.monotonic());
  const password = presence.child('x', muc)?.childText('password');
  if (config.password !== '' && affiliation !== 'owner' && password !== config.password) {
    if (password === undefined) return new StanzaError('not-authorized', 'a password is needed');
    // Who guesses gets no further than who talks.
    return mayTry() ? new StanzaError('not-authorized', 'the password is wrong') : tooFast();
  }
  const unfit = unfitNick(room, from.bare, nick);
  if (unfit !== undefined) return unfit;
  const known = occupants.get(nick);
  const most = isInCharge ? bounds.occupants : Math.min(config.maxUsers, bounds.occupants);
  if (known === undefined && occupants.size >= most)
    return new StanzaError('service-unavailable', 'the room is full', undefined, 'wait');
  if (known !== undefined && known.sessions.length >= bounds.sessionsPerOccupant)
    return new StanzaError('resource-constraint', 'too many sessions have this nick');
  // Who comes and goes is told of to all, and each session is shown all that are there.
  return mayTry() ? undefined : tooFast();
}

/** Why somebody may not have a nick: §7.2.8, §7.6, and §7.10 where it is kept for somebody else. */
function unfitNick(room: Room, bare: Jid, nick: string): StanzaError | undefined {
  const { bounds } = room.context;
  if ([...nick].length > bounds.nick)
    return new StanzaError('not-acceptable', `a nick has at most ${bounds.nick} characters`);
  if (nick.trim() === '') return new StanzaError('jid-malformed', 'a nick is more than spaces');
  const known = room.occupants.get(nick);
  if (known !== undefined && !known.bare.equals(bare))
    return new StanzaError('conflict', 'somebody else has this nick');
  for (const { jid, nick: kept } of room.affiliations.values()) {
    if (kept === nick && jid !== `${bare}`) return new StanzaError('conflict', 'this nick is kept for somebody else');
  }
  return undefined;
}

/** §7.6: all sessions of the nick take the new one. */
function changeNick(room: Room, session: OccupantSession, presence: XmlElement, to: Jid): void | Promise<void> {
  const { occupant } = session;
  const nick = to.resource!;
  const taken = room.occupants.has(nick) ? new StanzaError('conflict', 'you are here under this nick too') : undefined;
  const unfit = unfitNick(room, occupant.bare, nick) ?? taken;
  if (unfit !== undefined) return room.refuse(presence, unfit);
  if (!mayTalk(room, session)) return room.refuse(presence, tooFast());
  room.announce(occupant, { type: 'unavailable', codes: [303], newNick: nick });
  room.rename(occupant, to);
  session.presence = ownWords(presence);
  occupant.show(session);
  const codes = nickAsAsked(presence) === nick ? [] : [210];
  room.announce(occupant, { id: presence.attribute('id'), codes });
}

function leave(room: Room, session: OccupantSession, presence: XmlElement): void {
  session.presence = ownWords(presence);
  room.remove(session, { id: presence.attribute('id') });
}

/** §18.1.2: who answers with an error of this kind is not there any more. */
export function onError(room: Room, session: OccupantSession | undefined, stanza: XmlElement): void {
  const error = stanza.child('error');
  const condition = error?.elements().find(({ namespace }) => namespace === namespaces.stanzaErrors)?.name;
  if (session === undefined || condition === undefined || !goneConditions.has(condition)) return;
  room.remove(session, { codes: [333] });
}
