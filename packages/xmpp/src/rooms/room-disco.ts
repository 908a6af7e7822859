import { dataForms, formField } from '../im/data-form.ts';
import { discoInfo, discoItems } from '../im/modules/disco.ts';
import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import type { Room } from './room.ts';
import { filledField } from './room-config.ts';
import { muc, occupantIds } from './room-presence.ts';

const nickNode = 'x-roomuser-item';

/** XEP-0045 §6.4, §7.12: what a room is, and which nick is kept for who asks. */
export function roomInfo(room: Room, node: string | undefined, from: Jid): XmlElement | StanzaError {
  if (node === nickNode) {
    const nick = room.affiliations.get(`${from.bare}`)?.nick;
    const known =
      nick === undefined ? [] : [element('identity', discoInfo, { category: 'conference', type: 'text', name: nick })];
    return element('query', discoInfo, { node }, ...known);
  }
  if (node !== undefined) return new StanzaError('item-not-found');
  const { config } = room;
  const features = [
    discoInfo,
    discoItems,
    muc,
    `${muc}#stable_id`,
    `${muc}#self-ping-optimization`,
    `${muc}#request`,
    'jabber:iq:register',
    occupantIds,
    'urn:xmpp:ping',
    'urn:xmpp:sid:0',
    config.isPersistent ? 'muc_persistent' : 'muc_temporary',
    config.isPublic ? 'muc_public' : 'muc_hidden',
    config.isMembersOnly ? 'muc_membersonly' : 'muc_open',
    config.isModerated ? 'muc_moderated' : 'muc_unmoderated',
    config.whois === 'anyone' ? 'muc_nonanonymous' : 'muc_semianonymous',
    config.password === '' ? 'muc_unsecured' : 'muc_passwordprotected',
    ...(room.isArchived ? ['urn:xmpp:mam:2', 'urn:xmpp:mam:2#extended'] : []),
  ];
  return element(
    'query',
    discoInfo,
    {},
    element('identity', discoInfo, { category: 'conference', type: 'text', name: config.name || room.jid.local }),
    ...features.map((feature) => element('feature', discoInfo, { var: feature })),
    infoForm(room),
  );
}

/** XEP-0045 §15.5.4. */
function infoForm(room: Room): XmlElement {
  const { config } = room;
  const field = (name: string, type: string, value: string, label: string) =>
    filledField(`muc#${name}`, type, value, label);
  const said = room.subject === undefined ? undefined : parseXmlText(room.subject.stanza, clientContext);
  return element(
    'x',
    dataForms,
    { type: 'result' },
    formField('FORM_TYPE', `${muc}#roominfo`, { type: 'hidden' }),
    field('roomconfig_roomname', 'text-single', config.name, 'Name'),
    field('roominfo_description', 'text-single', config.description, 'Description'),
    field(
      'roominfo_subject',
      'text-single',
      said?.ok === true ? (said.value.childText('subject') ?? '') : '',
      'Subject',
    ),
    field('roominfo_occupants', 'text-single', String(room.occupants.size), 'People in it'),
    field('roominfo_lang', 'text-single', config.language, 'Language'),
    field('roominfo_changesubject', 'boolean', config.changeSubject ? '1' : '0', 'Everybody changes the subject'),
    field('roomconfig_allowinvites', 'boolean', config.allowInvites ? '1' : '0', 'Members invite'),
    field('maxhistoryfetch', 'text-single', String(config.maxHistory), 'Earlier messages that newcomers see'),
  );
}

/** §6.5: who is in a room, to who is in it too, and to everybody where it is listed for everybody. */
export function roomItems(room: Room, node: string | undefined, from: Jid): XmlElement | StanzaError {
  if (node !== undefined) return new StanzaError('item-not-found');
  const isTold = room.sessions.has(`${from}`) || (room.config.isPublic && !room.config.isMembersOnly);
  const nicks = isTold ? [...room.occupants.values()] : [];
  return element('query', discoItems, {}, ...nicks.map(({ jid }) => element('item', discoItems, { jid: `${jid}` })));
}
