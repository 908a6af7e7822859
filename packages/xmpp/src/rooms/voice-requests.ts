import { dataForms, formField, formValues } from '../im/data-form.ts';
import { StanzaError } from '../im/stanza-error.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { OccupantSession } from './occupant.ts';
import type { Room } from './room.ts';
import { mayTalk, tooFast } from './room-entry.ts';

const formType = 'http://jabber.org/protocol/muc#request';

/** XEP-0045 §7.13, §8.6: a visitor asks for voice, or a moderator answers. */
export function isVoiceRequest(message: XmlElement): boolean {
  const form = message.child('x', dataForms);
  return form !== undefined && formValues(form).get('FORM_TYPE')?.[0] === formType;
}

export function onVoiceRequest(room: Room, session: OccupantSession, message: XmlElement): void | Promise<void> {
  const { occupant } = session;
  if (!mayTalk(room, session)) return room.refuse(message, tooFast());
  if (occupant.role === 'moderator') return approve(room, session, message);
  if (occupant.role !== 'visitor') return room.refuse(message, new StanzaError('not-allowed', 'you have voice'));
  const form = element(
    'x',
    dataForms,
    { type: 'form' },
    element('title', dataForms, {}, 'Voice request'),
    formField('FORM_TYPE', formType, { type: 'hidden' }),
    formField('muc#role', 'participant', { type: 'list-single', label: 'Requested role', options: ['participant'] }),
    formField('muc#jid', `${session.jid}`, { type: 'jid-single', label: 'Address' }),
    formField('muc#roomnick', occupant.nick, { type: 'text-single', label: 'Nick' }),
    formField('muc#request_allow', '0', { type: 'boolean', label: 'Grant voice' }),
  );
  const request = new Stanza(element('message', namespaces.client, { from: `${room.jid}` }, form));
  for (const other of room.sessions.values()) if (other.occupant.role === 'moderator') room.post(other, request);
}

function approve(room: Room, session: OccupantSession, message: XmlElement): void | Promise<void> {
  const values = formValues(message.child('x', dataForms)!);
  const target = room.occupants.get(values.get('muc#roomnick')?.[0] ?? '');
  if (target === undefined) return room.refuse(message, new StanzaError('item-not-found', 'nobody has this nick'));
  const isGranted = /^(?:1|true)$/.test(values.get('muc#request_allow')?.[0] ?? '');
  if (!isGranted || target.role !== 'visitor') return;
  target.role = 'participant';
  room.announce(target, { actor: session.occupant.nick });
}
