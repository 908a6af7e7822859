import { dataForms, formField, formValues } from '../im/data-form.ts';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { isAtLeast } from './privileges.ts';
import type { Room } from './room.ts';

const register = 'jabber:iq:register';
const formType = 'http://jabber.org/protocol/muc#register';
const nickField = 'muc#register_roomnick';

/**
 * XEP-0045 §7.10: a nick that is kept for somebody. Members keep one by themselves; who is no member is made one by an admin first, for
 * that is what admins decide.
 */
export async function answerRegister(
  room: Room,
  type: 'get' | 'set',
  query: XmlElement,
  from: Jid,
): Promise<XmlElement | undefined | StanzaError> {
  const key = `${from.bare}`;
  const known = room.affiliations.get(key);
  if (known === undefined || !isAtLeast(known.affiliation, 'member'))
    return new StanzaError('not-allowed', 'only members keep a nick: ask an admin to make you one');
  if (type === 'get') return offer(known.nick);
  const isRemoved = query.child('remove') !== undefined;
  const form = query.child('x', dataForms);
  const asked = form === undefined ? query.childText('nick') : formValues(form).get(nickField)?.[0];
  const nick = isRemoved ? undefined : room.jid.withResource(asked ?? '')?.resource;
  if (!isRemoved && nick === undefined) return new StanzaError('bad-request', `${nickField} is the nick`);
  if (nick !== undefined && [...nick].length > room.context.bounds.nick)
    return new StanzaError('not-acceptable', `a nick has at most ${room.context.bounds.nick} characters`);
  const isTaken =
    [...room.affiliations.values()].some((other) => other.nick === nick && other.jid !== key) ||
    !(room.occupants.get(nick ?? '')?.bare.equals(from.bare) ?? true);
  if (nick !== undefined && isTaken) return new StanzaError('conflict', 'somebody else has this nick');
  const changed = { ...known, nick };
  if (room.isStored) await room.context.options.store.affiliate(`${room.jid}`, [changed]);
  room.affiliations.set(key, changed);
  return undefined;
}

function offer(nick: string | undefined): XmlElement {
  const form = element(
    'x',
    dataForms,
    { type: 'form' },
    element('title', dataForms, {}, 'Registration with the room'),
    formField('FORM_TYPE', formType, { type: 'hidden' }),
    formField(nickField, nick ?? [], { type: 'text-single', label: 'Nick' }),
  );
  const registered =
    nick === undefined ? [] : [element('registered', register), element('username', register, {}, nick)];
  return element('query', register, {}, ...registered, form);
}
