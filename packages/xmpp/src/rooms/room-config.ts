import { dataForms, formField, formValues } from '../im/data-form.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { RoomBounds } from './room-options.ts';

const whoMayWritePrivately = ['anyone', 'participants', 'moderators', 'none'] as const;

/** How a room is set up (XEP-0045 §10.2). */
export interface RoomConfig {
  readonly name: string;
  readonly description: string;
  /** RFC 5646; `''`: not said. */
  readonly language: string;
  readonly isPersistent: boolean;
  readonly isPublic: boolean;
  readonly isMembersOnly: boolean;
  readonly isModerated: boolean;
  /** Who sees real JIDs. */
  readonly whois: 'moderators' | 'anyone';
  /** `''`: none. */
  readonly password: string;
  readonly maxUsers: number;
  /** Participants change the subject too, not only moderators. */
  readonly changeSubject: boolean;
  /** In a room for members only, members invite too, not only admins. */
  readonly allowInvites: boolean;
  readonly isLogged: boolean;
  readonly allowPrivate: (typeof whoMayWritePrivately)[number];
  readonly maxHistory: number;
}

/** Of a room that nobody set up otherwise. */
export function defaultRoomConfig(bounds: Required<RoomBounds>, archives: boolean): RoomConfig {
  return {
    name: '',
    description: '',
    language: '',
    isPersistent: false,
    isPublic: true,
    isMembersOnly: false,
    isModerated: false,
    whois: 'moderators',
    password: '',
    maxUsers: bounds.occupants,
    changeSubject: false,
    allowInvites: false,
    isLogged: archives,
    allowPrivate: 'anyone',
    maxHistory: Math.min(20, bounds.historyMessages),
  };
}

interface ConfigField {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly options?: readonly string[];
  written(config: RoomConfig): string;
  /** What the value makes of the configuration; a text: what would be right. */
  read(value: string, bounds: Required<RoomBounds>): Partial<RoomConfig> | string;
}

type KeysOf<T> = { readonly [K in keyof RoomConfig]: RoomConfig[K] extends T ? K : never }[keyof RoomConfig];

function yesNo(name: string, key: KeysOf<boolean>, label: string): ConfigField {
  return {
    ...{ name: `muc#roomconfig_${name}`, type: 'boolean', label },
    written: (config) => (config[key] ? '1' : '0'),
    read: (value) => {
      if (!/^(?:1|0|true|false)$/.test(value)) return 'a boolean: 1 or 0';
      return { [key]: value === '1' || value === 'true' };
    },
  };
}

function line(
  name: string,
  key: 'name' | 'description' | 'password',
  label: string,
  bound: 'roomName' | 'roomDescription' | 'password',
): ConfigField {
  return {
    ...{ name: `muc#roomconfig_${name}`, type: key === 'password' ? 'text-private' : 'text-single', label },
    written: (config) => config[key],
    read: (value, bounds) =>
      [...value].length > bounds[bound] ? `at most ${bounds[bound]} characters` : { [key]: value },
  };
}

function choice<K extends 'whois' | 'allowPrivate'>(
  name: string,
  key: K,
  label: string,
  options: readonly RoomConfig[K][],
): ConfigField {
  return {
    ...{ name: `muc#roomconfig_${name}`, type: 'list-single', label, options },
    written: (config) => config[key],
    read: (value) =>
      (options as readonly string[]).includes(value) ? { [key]: value } : `one of ${options.join(', ')}`,
  };
}

function count(
  name: string,
  key: 'maxUsers' | 'maxHistory',
  label: string,
  least: number,
  bound: 'occupants' | 'historyMessages',
): ConfigField {
  return {
    ...{ name, type: 'text-single', label },
    written: (config) => String(config[key]),
    read: (value, bounds) => {
      // XEP-0045 §10.2: `none` is "as many as may be".
      if (value === 'none' || value === '') return { [key]: bounds[bound] };
      if (!/^\d{1,9}$/.test(value) || Number(value) < least) return `a number from ${least} on, or none`;
      return { [key]: Math.min(Number(value), bounds[bound]) };
    },
  };
}

/** The fields of XEP-0045 §15.5.3, in the order of the form. */
const fields: readonly ConfigField[] = [
  line('roomname', 'name', 'Name', 'roomName'),
  line('roomdesc', 'description', 'Description', 'roomDescription'),
  {
    ...{ name: 'muc#roomconfig_lang', type: 'text-single', label: 'Language' },
    written: (config) => config.language,
    read: (value) => (/^[A-Za-z0-9-]{0,35}$/.test(value) ? { language: value } : 'a language tag such as en or zh-CN'),
  },
  yesNo('persistentroom', 'isPersistent', 'Stays when everybody has left'),
  yesNo('publicroom', 'isPublic', 'Listed for everybody'),
  yesNo('membersonly', 'isMembersOnly', 'For members only'),
  yesNo('moderatedroom', 'isModerated', 'Moderated: who is no member asks before speaking'),
  choice('whois', 'whois', 'Who sees real addresses', ['moderators', 'anyone']),
  {
    ...{ name: 'muc#roomconfig_passwordprotectedroom', type: 'boolean', label: 'A password is needed' },
    written: ({ password }) => (password === '' ? '0' : '1'),
    read: (value) => {
      if (!/^(?:1|0|true|false)$/.test(value)) return 'a boolean: 1 or 0';
      return value === '0' || value === 'false' ? { password: '' } : {};
    },
  },
  line('roomsecret', 'password', 'Password', 'password'),
  count('muc#roomconfig_maxusers', 'maxUsers', 'People at once', 1, 'occupants'),
  yesNo('changesubject', 'changeSubject', 'Everybody who may speak changes the subject'),
  yesNo('allowinvites', 'allowInvites', 'Members invite to a room for members'),
  choice('allowpm', 'allowPrivate', 'Who writes private messages', whoMayWritePrivately),
  yesNo('enablelogging', 'isLogged', 'Keeps an archive, where it is persistent'),
  count('muc#maxhistoryfetch', 'maxHistory', 'Earlier messages that newcomers see', 0, 'historyMessages'),
];

const formType = 'http://jabber.org/protocol/muc#roomconfig';

/** XEP-0045 §10.2: the form as it stands. */
export function configForm(config: RoomConfig, archives: boolean): XmlElement {
  return element(
    'x',
    dataForms,
    { type: 'form' },
    element('title', dataForms, {}, 'Configuration of the room'),
    formField('FORM_TYPE', formType, { type: 'hidden' }),
    ...fields
      .filter(({ name }) => archives || name !== 'muc#roomconfig_enablelogging')
      .map(({ name, type, label, options, written }) => filledField(name, type, written(config), label, options)),
  );
}

/**
 * Reads a form that was filled in; what it does not name stays.
 * @returns the new configuration, or a text that says what was wrong and what is right
 */
export function readConfig(form: XmlElement, config: RoomConfig, bounds: Required<RoomBounds>): RoomConfig | string {
  const values = formValues(form);
  const type = values.get('FORM_TYPE')?.[0];
  if (type !== undefined && type !== formType) return `FORM_TYPE is ${formType}`;
  let changed = config;
  for (const { name, read } of orderOfReading) {
    const value = values.get(name)?.[0] ?? (values.has(name) ? '' : undefined);
    if (value === undefined) continue;
    const change = read(value, bounds);
    if (typeof change === 'string') return `${name} is ${change}`;
    changed = { ...changed, ...change };
  }
  const wantsPassword = /^(?:1|true)$/.test(values.get('muc#roomconfig_passwordprotectedroom')?.[0] ?? '');
  if (wantsPassword && changed.password === '') return 'muc#roomconfig_roomsecret is the password that is asked for';
  return changed;
}

/** That no password is needed counts for more than one that stands there. */
const orderOfReading = [...fields].sort((a, b) => rankOf(a) - rankOf(b));

function rankOf({ name }: ConfigField): number {
  return name === 'muc#roomconfig_passwordprotectedroom' ? 1 : 0;
}

/** @param value `''`: none */
export function filledField(
  name: string,
  type: string,
  value: string,
  label: string,
  options: readonly string[] = [],
): XmlElement {
  return formField(name, value === '' ? [] : value, { type, label, options });
}
