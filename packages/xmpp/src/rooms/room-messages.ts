import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { OccupantSession } from './occupant.ts';
import { isAtLeast, roles } from './privileges.ts';
import type { Room } from './room.ts';
import { mayTalk, notInside, onError, tooFast } from './room-entry.ts';
import { onInvitation } from './room-invitations.ts';
import { mucUser, occupantIds, ownWords } from './room-presence.ts';
import type { Begun } from './room-queue.ts';
import { isVoiceRequest, onVoiceRequest } from './voice-requests.ts';

const stanzaIds = 'urn:xmpp:sid:0';
const hints = 'urn:xmpp:hints';

/** A message to a room or to somebody in it. */
export function onMessage(room: Room, message: XmlElement, from: Jid, to: Jid): void | Promise<void> {
  const type = message.attribute('type');
  if (type === 'groupchat' && to.resource === undefined) return room.queue.beside(() => say(room, message, from));
  const invitations: Stanza[] = [];
  const done = room.queue.alone(() => {
    const session = room.sessions.get(`${from}`);
    if (type === 'error') return failed(room, session, message, to);
    if (to.resource !== undefined) return whisper(room, session, message, to.resource);
    const talk = message.child('x', mucUser);
    if (talk !== undefined) return onInvitation(room, session, { message, from, talk }, invitations);
    if (session === undefined) return room.refuse(message, notInside());
    if (isVoiceRequest(message)) return onVoiceRequest(room, session, message);
    return room.refuse(message, new StanzaError('bad-request', 'messages to a room are of the type groupchat'));
  });
  // Outside of the queue: an answer may come back to the room.
  return done instanceof Promise ? done.then(() => send(room, invitations)) : done;
}

async function send(room: Room, stanzas: readonly Stanza[]): Promise<void> {
  const { router } = room.context.options;
  for (const stanza of stanzas) {
    const to = router.jids.parse(stanza.element.attribute('to') ?? '');
    if (to !== undefined) await router.route(stanza, room.jid, to, undefined);
  }
}

/** XEP-0045 §7.4: to all; undefined where it is refused. */
function say(room: Room, message: XmlElement, from: Jid): Begun | undefined {
  const session = room.sessions.get(`${from}`);
  const refusal = unspeakable(room, session, message);
  if (session === undefined || refusal !== undefined) {
    room.refuse(message, refusal ?? notInside());
    return undefined;
  }
  const { context } = room;
  const at = context.options.clock.epoch();
  const id = context.ids.next(at);
  const stanza = new Stanza(spoken(room, session, message, id));
  if (isSubject(message)) return changeSubject(room, stanza, at);
  const isKept = isKeptMessage(message);
  const archived = { id, with: `${session.occupant.jid}`, at, stanza: stanza.text };
  const { historyMessages, historyBytes } = context.bounds;
  return {
    kept: isKept && room.isArchived ? context.options.store.archive.add(`${room.jid}`, archived) : undefined,
    finish: () => {
      if (isKept) room.history.add(stanza.bytes, at, historyMessages, historyBytes);
      room.broadcast(stanza);
    },
  };
}

/** §8.1: the subject is on disk before all learn of it. */
function changeSubject(room: Room, stanza: Stanza, at: number): Begun {
  const subject = { stanza: stanza.text, at };
  const kept = room.isStored ? room.context.options.store.put({ ...room.record, subject }) : undefined;
  // What comes after it is kept with it, also before it is out.
  const before = room.subject;
  room.subject = subject;
  kept?.catch(() => {
    if (room.subject === subject) room.subject = before;
  });
  return { kept, finish: () => room.broadcast(stanza) };
}

function unspeakable(room: Room, session: OccupantSession | undefined, message: XmlElement): StanzaError | undefined {
  if (session === undefined) return notInside();
  const { role } = session.occupant;
  if (role === 'visitor') return new StanzaError('forbidden', 'visitors do not speak here: ask for voice');
  if (isSubject(message)) {
    if (role !== 'moderator' && !room.config.changeSubject)
      return new StanzaError('forbidden', 'only moderators change the subject here');
    const size = message.elements('subject').reduce((sum, { children }) => sum + children.join('').length, 0);
    const { subject } = room.context.bounds;
    if (size > subject) return new StanzaError('not-acceptable', `a subject has at most ${subject} characters`);
  }
  return mayTalk(room, session) ? undefined : tooFast();
}

/** §8.1: a message with a subject and no text; what has both is a message with a subject of its own. */
function isSubject(message: XmlElement): boolean {
  return (
    message.child('subject') !== undefined &&
    message.child('body') === undefined &&
    message.child('thread') === undefined
  );
}

/** XEP-0313, XEP-0334: what carries a text, or asks to be kept. */
function isKeptMessage(message: XmlElement): boolean {
  if (message.child('no-store', hints) !== undefined) return false;
  if (message.child('no-permanent-store', hints) !== undefined) return false;
  return message.child('body') !== undefined || message.child('store', hints) !== undefined;
}

/** The message as the room says it, to nobody yet: with its id (XEP-0359), and who said it (XEP-0421). */
function spoken(room: Room, { occupant }: OccupantSession, message: XmlElement, id: string): XmlElement {
  const by = `${room.jid}`;
  const own = ownWords(message).children.filter(
    (child) => typeof child === 'string' || !isForged(child, room.jid.toString()),
  );
  return message
    .with({ from: `${occupant.jid}`, to: undefined })
    .containing(
      ...own,
      element('occupant-id', occupantIds, { id: occupant.id }),
      element('stanza-id', stanzaIds, { by, id }),
    );
}

/** What only the room says: its ids (XEP-0359 §5), and when something was said (XEP-0203). */
function isForged(child: XmlElement, room: string): boolean {
  if (child.is('stanza-id', stanzaIds)) return child.attribute('by') === room;
  return child.is('delay', 'urn:xmpp:delay') && child.attribute('from') === room;
}

/** §7.5: a private message, to all sessions of the nick. */
function whisper(room: Room, session: OccupantSession | undefined, message: XmlElement, nick: string): void {
  const told = whispered(room, session, message, nick);
  if (told !== undefined) room.refuse(message, told);
}

/** @returns why not */
function whispered(
  room: Room,
  session: OccupantSession | undefined,
  message: XmlElement,
  nick: string,
): StanzaError | undefined {
  if (session === undefined) return notInside();
  if (message.attribute('type') === 'groupchat')
    return new StanzaError('bad-request', 'to one of the room messages are of the type chat');
  const target = room.occupants.get(nick);
  if (target === undefined) return new StanzaError('item-not-found', 'nobody has this nick');
  const { id: longest } = room.context.bounds;
  if ((message.attribute('id')?.length ?? 0) > longest)
    return new StanzaError('not-acceptable', `an id has at most ${longest} characters`);
  if (!mayWhisper(room, session)) return new StanzaError('not-allowed', 'private messages are not allowed here');
  if (!mayTalk(room, session)) return tooFast();
  const { occupant } = session;
  const said = ownWords(message);
  const stanza = new Stanza(
    said
      .with({ from: `${occupant.jid}`, to: undefined })
      .containing(...said.children, element('x', mucUser), element('occupant-id', occupantIds, { id: occupant.id })),
  );
  for (const one of target.sessions) {
    one.privately(message.attribute('id'));
    room.post(one, stanza);
  }
  return undefined;
}

function mayWhisper(room: Room, { occupant }: OccupantSession): boolean {
  switch (room.config.allowPrivate) {
    case 'anyone':
      return true;
    case 'none':
      return false;
    case 'participants':
      return roles.indexOf(occupant.role) >= roles.indexOf('participant');
    case 'moderators':
      return occupant.role === 'moderator' || isAtLeast(room.affiliationOf(occupant.bare), 'admin');
  }
}

/** An error comes back: of a private message it goes to who wrote that, of all else it tells that nobody is there. */
function failed(room: Room, session: OccupantSession | undefined, message: XmlElement, to: Jid): void {
  if (session === undefined) return;
  if (!session.answersPrivately(message.attribute('id'))) {
    onError(room, session, message);
    return;
  }
  const target = room.occupants.get(to.resource ?? '');
  const error = message.child('error', namespaces.client);
  if (target === undefined || error === undefined) return;
  const attributes = { type: 'error', id: message.attribute('id'), from: `${session.occupant.jid}` };
  const stanza = new Stanza(element('message', namespaces.client, attributes, error, element('x', mucUser)));
  for (const one of target.sessions) room.post(one, stanza);
}
