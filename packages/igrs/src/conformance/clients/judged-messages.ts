import { raNamespaces } from '../../namespaces.ts';
import { accountRequestSchemas, raSchemas } from '../../schema/index.ts';

/** The cases that judge a message, or why none does. */
type Judging = readonly string[] | string;

/** A message of GB/T 29265.205, and what judges it of a client of each kind. */
export interface JudgedMessage {
  readonly clause: string;
  /** `binding bind`, `device/register`, `presence` */
  readonly message: string;
  readonly user: Judging;
  readonly device: Judging;
}

const inAnswer = 'stands in answers of the platform';
const ofUsers = 'users send it';
const ofDevices = 'devices send it';
const ofDomain = 'the domain sends it, to users';
const byPlatform = 'the platform answers it, in the place of the device';

const row = (clause: string, message: string, user: Judging, device: Judging): JudgedMessage => ({
  clause,
  message,
  user,
  device,
});

/** Every message, by clause 7 to 14. Each that a client sends is held against its schema besides (cases ending in `-0`). */
export const judgedMessages: readonly JudgedMessage[] = [
  row('7', 'user/register', ['7-1'], ofUsers),
  row('7', 'device/register', ofDevices, ['7-1']),
  row('7', 'user/read', ['7-2'], ofUsers),
  row('7', 'device/read', ofDevices, ['7-2']),
  row('7', 'user/modify', ['7-3'], ofUsers),
  row('7', 'device/modify', ofDevices, ['7-3']),
  row('7', 'user/delete', ['7-4'], ofUsers),
  row('7', 'device/delete', ofDevices, ['7-4']),
  row('7', 'device/verifycode', ofDevices, ['10.5-2']),
  row('7', 'message/send', 'application servers send it', 'application servers send it'),
  row('8', 'TLS, certificate', ['8-10', '8-11', '8-12', '8-1'], ['8-10', '8-11', '8-12', '8-1']),
  row('8', 'stream', ['8-13', '8-14'], ['8-13', '8-14']),
  row('8', 'SASL', ['8-15', '8-16', '8-17', '8-18', '8-1'], ['8-15', '8-16', '8-17', '8-18', '8-1']),
  row('8', 'connection ID (resource)', ['8-19', '8-20', '8-1'], ['8-19', '8-20', '8-1']),
  row('8', 'ping (XEP-0199)', ['8-2', '8-3'], ['8-2', '8-3']),
  row('9', 'permission grant', ['9-1'], ['9-3']),
  row('9', 'permission revoke', ['9-2'], ['9-4']),
  row('9', 'permission permissions', ['9-3'], ['9-2']),
  row('9', 'permission retry', inAnswer, inAnswer),
  row('10.2', 'friend ask', ['10.2-1'], ofUsers),
  row('10.2', 'friend accept', ['10.2-4'], ofUsers),
  row('10.2', 'friend remove', ['10.2-5', '10.2-6'], ofUsers),
  row('10.2', 'friend rename', ['10.2-3'], ofUsers),
  row('10.2', 'friend friends', ['10.2-2'], ofUsers),
  row('10.2', 'friend friend', inAnswer, inAnswer),
  row('10.2', 'friend retry', inAnswer, inAnswer),
  row('10.2', 'link link', ['10.2-7'], 'an owner of both sends it'),
  row('10.2', 'link unlink', ['10.2-9'], 'an owner of both sends it'),
  row('10.2', 'link links', ['10.2-8'], ['10.2-2']),
  row('10.2', 'link retry', inAnswer, inAnswer),
  row('10.2', 'bookmark bookmark', ['10.2-10'], ofUsers),
  row('10.2', 'bookmark bookmarks', ['10.2-11'], ofUsers),
  row('10.2', 'bookmark remove', ['10.2-12'], ofUsers),
  row('10.2', 'bookmark retry', inAnswer, inAnswer),
  row('10.3', 'binding bind', ['10.3-1', '10.3-2', '10.3-6'], ofUsers),
  row('10.3', 'binding confirm', ofDevices, ['10.3-1']),
  row('10.3', 'binding decline', ofDevices, ['10.3-6']),
  row('10.3', 'binding rename', ['10.3-5'], ofUsers),
  row('10.3', 'binding confirmation', ['10.3-7', '10.3-8'], ['10.3-4', '10.3-5']),
  row('10.3', 'binding bindings', ['10.3-3', '10.3-4'], ['10.3-3']),
  row('10.3', 'binding binding', inAnswer, inAnswer),
  row('10.3', 'binding retry', inAnswer, inAnswer),
  row('10.4', 'binding unbind', ['10.4-1', '10.4-2'], ['10.4-2']),
  row('10.5', 'verification-code reset', ['10.5-1'], ['10.5-2']),
  row('10.5', 'verification-code code', inAnswer, inAnswer),
  row('10.5', 'verification-code retry', inAnswer, inAnswer),
  row(
    '11.1',
    'iq, answered and refused',
    ['11.2-1', '11.2-2', '11.2-3', '11.2-4'],
    ['11.2-1', '11.2-2', '11.2-3', '11.2-4'],
  ),
  row('11.1', 'message and presence with unknown content', ['11.1-1'], ['11.1-1']),
  row('11.2', 'data read', ['11.2-10'], ['11.2-10', '11.2-11', '11.2-12', '11.2-13', '9-1']),
  row('11.2', 'data write', ['11.2-11'], ['11.2-12', '11.2-13', '11.2-14']),
  row('11.2', 'data execute', ['11.2-12'], ['11.2-12', '11.2-16']),
  row('11.2', 'data observe', ['11.3-1'], ['11.3-1', '11.2-12']),
  row('11.2', 'data cancel', ['11.2-13'], ['11.2-15']),
  row(
    '11.2',
    'data queued',
    'a platform answers so for terminals that sleep, which the device of the suite does not',
    inAnswer,
  ),
  row('11.2', 'history history', ['11.2-17'], byPlatform),
  row('11.2', 'firmware firmware', ['11.2-14'], byPlatform),
  row('11.2', 'firmware update', ['11.2-15', '11.5-2'], byPlatform),
  row('11.2', 'firmware cancel', ['11.2-16'], byPlatform),
  row('11.3', 'data values', ['11.3-1', '11.5-2'], ['11.3-1', '10.4-1']),
  row('11.3', 'message (chat, normal, headline)', ['11.3-2'], ['11.3-2', '10.2-1']),
  row('11.4', 'application application', ['11.4-1'], ['11.4-1']),
  row('11.5', 'data result', ['11.5-2'], ofDomain),
  row('11.5', 'data ended', ['11.5-2'], ofDomain),
  row('11.5', 'push bound', ['11.5-2', '10.3-2'], ['10.3-1', '10.3-2']),
  row('11.5', 'push binding-asked', ['11.5-2'], ['10.3-1', '10.3-6', '11.5-1']),
  row('11.5', 'push binding-renamed', ['11.5-2'], ofDomain),
  row('11.5', 'push unbound', ['11.5-2'], ['10.4-1', '10.4-2']),
  row('11.5', 'push code-reset', ['11.5-2', '11.5-1'], ['10.5-1']),
  row('11.5', 'push confirmation', ['11.5-2'], ['11.5-2']),
  row('11.5', 'push granted', ['11.5-2'], ofDomain),
  row('11.5', 'push revoked', ['11.5-2'], ofDomain),
  row('11.5', 'push friend-asked', ['11.5-2', '10.2-4'], ofDomain),
  row('11.5', 'push friends', ['11.5-2', '10.2-1'], ofDomain),
  row('11.5', 'push friend-renamed', ['11.5-2'], ofDomain),
  row('11.5', 'push unfriended', ['11.5-2', '10.2-5'], ofDomain),
  row('11.5', 'push linked', ['11.5-2', '11.5-1'], ['10.2-1']),
  row('11.5', 'push unlinked', ['11.5-2'], ['10.2-1']),
  row('11.6', 'channel description', ['11.6-1'], ['11.6-1']),
  row(
    '11.6',
    'channel end',
    'only where a channel is open, and the suite opens none',
    'only where a channel is open, and the suite opens none',
  ),
  row('11.7', 'messages that waited', ['11.3-3'], ['11.3-3']),
  row('12', 'the end of the stream', ['12-1'], ['12-1']),
  row('13', 'presence', ['13-1', '13-5', '13-6'], ['13-1', '13-4']),
  row('13', 'contacts (RFC 6121 §2)', ['13-2'], 'a device may ask; nothing rests on it'),
  row('13', 'disco#info (XEP-0030)', 'users are not looked at', ['13-2', '13-4']),
  row('13', 'device device', ['13-3'], ['13-3']),
  row('13', 'device search', ['13-4'], ofUsers),
  row('13', 'device devices', inAnswer, inAnswer),
  row(
    '14',
    'without TLS, a certificate or a proof nothing is said',
    ['8-10', '8-11', '8-12', '8-17', '8-18'],
    ['8-10', '8-11', '8-12', '8-17', '8-18'],
  ),
  row('14', 'only the domain is believed', ['11.5-1'], ['11.5-1', '9-1']),
];

/** How {@link judgedMessages} names everything that has a schema. */
export function schemaNames(): readonly string[] {
  const groups = new Map(Object.entries(raSchemas).map(([namespace, messages]) => [groupOf(namespace), messages]));
  const elements = [...groups].flatMap(([group, messages]) => Object.keys(messages).map((name) => `${group} ${name}`));
  return [...elements, ...Object.keys(accountRequestSchemas)];
}

function groupOf(namespace: string): string {
  return namespace.slice(`${raNamespaces.binding.slice(0, -'binding'.length)}`.length);
}
