import { element, type IqAnswer, type XmlContent, type XmlElement, type XmppClient } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { type DataAnswer, type DataRequest, decodeDataAnswer, encodeDataRequest, type RaValue } from '../wire/data.ts';
import { type DeviceDescription, decodeDeviceDescription } from '../wire/device-description.ts';
import {
  decodeFirmwareProgress,
  decodeFirmwareState,
  type FirmwareProgress,
  type FirmwareState,
} from '../wire/firmware.ts';
import { decodeHistory, encodeHistoryQuestion, type HistoryQuestion, type RaHistory } from '../wire/history.ts';
import { raClientErrors } from './errors.ts';
import { wholeList } from './lists.ts';
import { Refused } from './refused.ts';

export interface HomeDevice {
  /** `lamp@home.example` */
  readonly device: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** `pending`: the device has yet to agree. */
  readonly state: 'active' | 'pending';
}

/** Somebody who owns a device, or asks to. */
export interface HomeOwner {
  /** `ann@home.example` */
  readonly user: string;
  readonly state: 'active' | 'pending';
  readonly since: Date;
}

export type DeviceState = 'online' | 'sleeping' | 'offline';

/** What is looked for; what is absent does not narrow. */
export interface DeviceSearch {
  /** Part of a name, an address, a type, a vendor or a model, in any case of letters. */
  readonly text?: string | undefined;
  readonly state?: FoundDevice['state'] | undefined;
  readonly group?: string | undefined;
  /** A namespace that it understands, or the URN of an object that it has: `urn:oma:lwm2m:ext:3311`. */
  readonly feature?: string | undefined;
  /** Those that friends share too, behind the user's own. */
  readonly shared?: boolean | undefined;
}

export interface FoundDevice {
  /** `lamp@home.example` */
  readonly device: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** `pending`: the device has yet to agree; undefined: of a shared one it is not for the user to know. */
  readonly state: DeviceState | 'pending' | undefined;
  /** What it registered as; undefined when it did not say, and while it is pending. */
  readonly deviceType: string | undefined;
  /** Of a shared device: an owner, `ann@home.example`. */
  readonly owner?: string;
}

export interface Permission {
  /** An address, or a class. */
  readonly to: string | { readonly class: 'owner' | 'friend' };
  /** A feature namespace, or its beginning with `*`. */
  readonly feature: string;
  readonly operations: readonly ('read' | 'write' | 'execute' | 'observe' | 'message')[];
  readonly expires?: Date;
}

/** What an account keeps for itself under a name (§10.1). */
export interface HomeBookmark {
  readonly name: string;
  readonly address: string;
  readonly text: string;
}

interface Asking {
  readonly signal?: AbortSignal;
}

/**
 * A user's devices and friends over XMPP. Everything that is asked resolves with the answer, rejects with {@link Refused} when
 * the answer is no, and with an error of the client when there is none.
 */
export class Home {
  readonly #client: XmppClient;

  /** @param client connected; it stays the caller's */
  constructor(client: XmppClient) {
    this.#client = client;
  }

  /** §10.3: the device is the user's from now on, or when it has agreed. */
  async bind(
    device: string,
    code: string,
    { name, groups = [], ...asking }: Asking & { readonly name?: string; readonly groups?: readonly string[] } = {},
  ): Promise<HomeDevice> {
    const content = groups.map((group) => element('group', raNamespaces.binding, {}, group));
    const bound = await this.#set(raNamespaces.binding, 'bind', { device, code, name }, content, asking);
    return readBinding(bound);
  }

  async unbind(device: string, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.binding, 'unbind', { device }, [], asking);
  }

  /** §10.1: who owns a device of the user, that one included, the first first. */
  async owners(device: string, asking: Asking = {}): Promise<readonly HomeOwner[]> {
    const found = await this.#all('binding', element('bindings', raNamespaces.binding, { device }), asking);
    const owners = found.map((binding) => readOwner(binding));
    return owners.sort((a, b) => a.since.getTime() - b.since.getTime() || (a.user < b.user ? -1 : 1));
  }

  /**
   * §10.4: one that came to own the device after the user owns it no more.
   * @returns its new code; the one that the removed owner may know is void
   * @throws Refused `not-allowed` when the other owned it before; RangeError for the user itself, which has {@link unbind}
   */
  async removeOwner(device: string, user: string, asking: Asking = {}): Promise<string> {
    if (user === this.#client.jid.bare.toString()) throw new RangeError('who gives a device up itself unbinds it');
    const code = await this.#set(raNamespaces.binding, 'unbind', { device, user }, [], asking);
    if (code === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(device);
    return code.text();
  }

  async rename(device: string, name: string, groups: readonly string[] = [], asking: Asking = {}): Promise<void> {
    const content = groups.map((group) => element('group', raNamespaces.binding, {}, group));
    await this.#set(raNamespaces.binding, 'rename', { device, name }, content, asking);
  }

  async devices(asking: Asking = {}): Promise<readonly HomeDevice[]> {
    const found = await this.#all('binding', element('bindings', raNamespaces.binding), asking);
    return found.map((binding) => readBinding(binding));
  }

  /** §13: those of the user's devices that fit, and of those that friends share where that is asked for, with their states. */
  async search(wanted: DeviceSearch = {}, asking: Asking = {}): Promise<readonly FoundDevice[]> {
    const { text, state, group, feature, shared } = wanted;
    const attributes = { text, state, group, feature, shared: shared === undefined ? undefined : String(shared) };
    const payload = element('search', raNamespaces.device, attributes);
    return (await this.#all('item', payload, asking)).map((item) => readFound(item));
  }

  /** §10.5: a new verification code for a device of the user; the one before is void. */
  async resetCode(device: string, asking: Asking = {}): Promise<string> {
    const code = await this.#set(raNamespaces.verificationCode, 'reset', { device }, [], asking);
    if (code === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(device);
    return code.text();
  }

  /** §7.3: whether a device of the user is asked before somebody owns it. */
  async confirmation(device: string, asking: Asking = {}): Promise<boolean> {
    const payload = element('confirmation', raNamespaces.binding, { device });
    return readConfirmation(await this.#ask('get', payload, undefined, asking), device);
  }

  /** The device is asked from now on, or not any more; all owners and the device are told. */
  async requireConfirmation(device: string, required: boolean, asking: Asking = {}): Promise<void> {
    const attributes = { device, required: String(required) };
    await this.#set(raNamespaces.binding, 'confirmation', attributes, [], asking);
  }

  /** §9: what somebody may do with a device of the user. */
  async permit(device: string, permission: Permission, asking: Asking = {}): Promise<void> {
    const { to, feature, operations, expires } = permission;
    const whom = typeof to === 'string' ? { account: to } : { class: to.class };
    const attributes = { device, ...whom, feature, operations: operations.join(' '), expires: expires?.toISOString() };
    await this.#set(raNamespaces.permission, 'grant', attributes, [], asking);
  }

  async revoke(
    device: string,
    { to, feature }: Pick<Permission, 'to' | 'feature'>,
    asking: Asking = {},
  ): Promise<void> {
    const whom = typeof to === 'string' ? { account: to } : { class: to.class };
    await this.#set(raNamespaces.permission, 'revoke', { device, ...whom, feature }, [], asking);
  }

  /** §9: what stands for a device of the user. */
  async permissions(device: string, asking: Asking = {}): Promise<readonly Permission[]> {
    const payload = element('permissions', raNamespaces.permission, { device });
    return (await this.#all('grant', payload, asking)).map((grant) => readPermission(grant));
  }

  /** Asks a user to be a friend, or accepts. */
  async befriend(user: string, asking: Asking = {}): Promise<'asking' | 'friends'> {
    const friend = await this.#set(raNamespaces.friend, 'ask', { user }, [], asking);
    return friend?.attribute('state') === 'friends' ? 'friends' : 'asking';
  }

  async unfriend(user: string, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.friend, 'remove', { user }, [], asking);
  }

  async friends(asking: Asking = {}): Promise<readonly { readonly user: string; readonly state: string }[]> {
    const found = await this.#all('friend', element('friends', raNamespaces.friend), asking);
    return found.map((friend) => ({
      user: friend.attribute('user') ?? '',
      state: friend.attribute('state') ?? '',
    }));
  }

  /** §10.2: two devices of the user may send each other messages. */
  async link(device: string, other: string, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.link, 'link', { device, other }, [], asking);
  }

  async unlink(device: string, other: string, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.link, 'unlink', { device, other }, [], asking);
  }

  /** The devices that a device of the user is linked to, and by whom. */
  async links(
    device: string,
    asking: Asking = {},
  ): Promise<readonly { readonly device: string; readonly by: string }[]> {
    const found = await this.#all('link', element('links', raNamespaces.link, { device }), asking);
    return found.map(({ attributes: { device: other = '', by = '' } }) => ({
      device: other,
      by,
    }));
  }

  /** Keeps a bookmark; it replaces the one of the same name. */
  async bookmark({ name, address, text }: HomeBookmark, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.bookmark, 'bookmark', { name, address }, [text], asking);
  }

  async removeBookmark(name: string, asking: Asking = {}): Promise<void> {
    await this.#set(raNamespaces.bookmark, 'remove', { name }, [], asking);
  }

  async bookmarks(asking: Asking = {}): Promise<readonly HomeBookmark[]> {
    const found = await this.#all('bookmark', element('bookmarks', raNamespaces.bookmark), asking);
    return found.map((one) => ({
      name: one.attribute('name') ?? '',
      address: one.attribute('address') ?? '',
      text: one.text(),
    }));
  }

  /** A device, the user's own or one that it was permitted to use. */
  device(address: string): RemoteDevice {
    return new RemoteDevice(address, (type, payload, asking) => this.#ask(type, payload, address, asking));
  }

  #set(
    namespace: string,
    name: string,
    attributes: Readonly<Record<string, string | undefined>>,
    content: XmlContent,
    asking: Asking,
  ): Promise<XmlElement | undefined> {
    return this.#ask('set', element(name, namespace, attributes, ...content), undefined, asking);
  }

  #all(item: string, list: XmlElement, asking: Asking): Promise<readonly XmlElement[]> {
    return wholeList((request) => this.#ask('get', request, undefined, asking), item, list, this.#client.jid.domain);
  }

  async #ask(
    type: 'get' | 'set',
    payload: XmlElement,
    to: string | undefined,
    asking: Asking,
  ): Promise<XmlElement | undefined> {
    const address = to ?? this.#client.jid.domain;
    const answer: IqAnswer = await this.#client.request(type, address, payload, asking);
    if (answer.kind === 'error') throw new Refused(answer.condition, answer.text);
    return answer.payload;
  }
}

type Ask = (type: 'get' | 'set', payload: XmlElement, asking: Asking) => Promise<XmlElement | undefined>;

/** A path, or a resource of the typed object table, instance 0. */
export type ResourcePlace = string | { readonly objectId: number; readonly id: number };

/** A device that is reached through the server. */
export class RemoteDevice {
  readonly address: string;
  readonly #ask: Ask;

  constructor(address: string, ask: Ask) {
    this.address = address;
    this.#ask = ask;
  }

  /** @throws Refused; RA_QUEUED when the device sleeps: its values are pushed later */
  async read(place: ResourcePlace, asking: Asking = {}): Promise<readonly RaValue[]> {
    const answer = await this.ask({ kind: 'read', path: pathOf(place) }, asking);
    if (answer.kind === 'queued') throw raClientErrors.RA_QUEUED(this.address, answer.id);
    return answer.kind === 'values' ? answer.values : [];
  }

  /** `queued`: the device sleeps, and the outcome is pushed later. */
  async write(place: ResourcePlace, value: string | number | boolean, asking: Asking = {}): Promise<'done' | 'queued'> {
    return kindOf(await this.ask({ kind: 'write', path: pathOf(place), text: String(value) }, asking));
  }

  async execute(place: ResourcePlace, args = '', asking: Asking = {}): Promise<'done' | 'queued'> {
    return kindOf(await this.ask({ kind: 'execute', path: pathOf(place), arguments: args }, asking));
  }

  /** Values come as pushes from the domain until {@link cancel}, or until a push `ended` says why none come any more. */
  observe(place: ResourcePlace, asking: Asking = {}): Promise<DataAnswer> {
    return this.ask({ kind: 'observe', path: pathOf(place) }, asking);
  }

  /** For this connection: what others of the same account observe goes on. */
  async cancel(place: ResourcePlace, asking: Asking = {}): Promise<void> {
    await this.ask({ kind: 'cancel', path: pathOf(place) }, asking);
  }

  /**
   * §13: what it is, and what it has.
   * @throws Refused `forbidden` when the user may not know, `recipient-unavailable` when a device that speaks for itself is away
   */
  async describe(asking: Asking = {}): Promise<DeviceDescription> {
    const told = decodeDeviceDescription(await this.#ask('get', element('device', raNamespaces.device), asking));
    if (told === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return told;
  }

  /**
   * What a resource was, the oldest first, also while the device sleeps or is away. Who may read it may ask.
   * @throws Refused
   */
  async history(
    place: ResourcePlace,
    span: Omit<HistoryQuestion, 'path'> = {},
    asking: Asking = {},
  ): Promise<RaHistory> {
    const question = encodeHistoryQuestion({ path: pathOf(place), ...span });
    const told = decodeHistory(await this.#ask('get', question, asking));
    if (told === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return told;
  }

  /** What firmware it has and is offered: for its owners. @throws Refused `service-unavailable` where it looks after that itself */
  async firmware(asking: Asking = {}): Promise<FirmwareState> {
    const told = decodeFirmwareState(await this.#ask('get', element('firmware', raNamespaces.firmware), asking));
    if (told === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return told;
  }

  /** Begins the update to what it is offered; its steps are pushed to all its owners ({@link decodeFirmwarePush}). @throws Refused */
  async updateFirmware(asking: Asking = {}): Promise<FirmwareProgress> {
    const told = decodeFirmwareProgress(await this.#ask('set', element('update', raNamespaces.firmware), asking));
    if (told === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return told;
  }

  /**
   * Gives up the update that is under way.
   * @throws Refused `item-not-found` without one, `conflict` where it is being installed, `not-allowed` where the operator rolls it out
   */
  async cancelFirmware(asking: Asking = {}): Promise<FirmwareProgress> {
    const told = decodeFirmwareProgress(await this.#ask('set', element('cancel', raNamespaces.firmware), asking));
    if (told === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return told;
  }

  /**
   * §13: whether it is there. A device that speaks for itself is there when it answers, whatever it answers.
   * @throws Refused `forbidden` when the user may not know
   */
  async state(asking: Asking = {}): Promise<DeviceState> {
    try {
      const told = await this.#ask('get', element('device', raNamespaces.device), asking);
      const state = told?.attribute('state');
      return state === 'offline' || state === 'sleeping' ? state : 'online';
    } catch (error) {
      if (!(error instanceof Refused) || error.condition === 'forbidden') throw error;
      return error.condition === 'recipient-unavailable' ? 'offline' : 'online';
    }
  }

  async ask(request: DataRequest, asking: Asking = {}): Promise<DataAnswer> {
    const payload = await this.#ask(request.kind === 'read' ? 'get' : 'set', encodeDataRequest(request), asking);
    const answer = decodeDataAnswer(payload);
    if (answer === undefined) throw raClientErrors.RA_ANSWER_MALFORMED(this.address);
    return answer;
  }
}

function pathOf(place: ResourcePlace): string {
  if (typeof place !== 'string') return `/${place.objectId}/0/${place.id}`;
  return place.startsWith('/') ? place : `/${place}`;
}

function kindOf(answer: DataAnswer): 'done' | 'queued' {
  return answer.kind === 'queued' ? 'queued' : 'done';
}

function readPermission(grant: XmlElement): Permission {
  const { account, class: group, feature = '', operations = '', expires } = grant.attributes;
  return {
    to: account ?? { class: group === 'friend' ? 'friend' : 'owner' },
    feature,
    operations: operations.split(' ').filter((name) => name !== '') as Permission['operations'][number][],
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
  };
}

/** @throws RA_ANSWER_MALFORMED */
export function readConfirmation(told: XmlElement | undefined, device: string): boolean {
  const required = told?.attribute('required');
  if (required !== 'true' && required !== 'false') throw raClientErrors.RA_ANSWER_MALFORMED(device);
  return required === 'true';
}

const foundStates = ['online', 'sleeping', 'offline', 'pending'] as const;

function readFound(item: XmlElement): FoundDevice {
  const { state, owner } = item.attributes;
  return {
    device: item.attribute('device') ?? '',
    name: item.attribute('name') ?? '',
    groups: item.elements('group').map((group) => group.text()),
    state: foundStates.find((one) => one === state),
    deviceType: item.attribute('type'),
    ...(owner !== undefined && { owner }),
  };
}

function readOwner({ attributes: { user = '', state, since = '' } }: XmlElement): HomeOwner {
  return { user, state: state === 'pending' ? 'pending' : 'active', since: new Date(since) };
}

function readBinding(binding: XmlElement | undefined): HomeDevice {
  const { device = '', name = device, state } = binding?.attributes ?? {};
  const groups = (binding?.elements('group') ?? []).map((group) => group.text());
  return { device, name, groups, state: state === 'pending' ? 'pending' : 'active' };
}
