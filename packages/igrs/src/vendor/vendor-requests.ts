import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { faultIn } from '../schema/schema.ts';
import { answerBinding, answerVerificationCode } from '../server/binding-requests.ts';
import { answerForTerminal } from '../server/device-requests.ts';
import { answerBookmark, answerLink } from '../server/friend-requests.ts';
import type { RaBinding } from '../server/ports.ts';
import type { RaRequest, RaServices } from '../server/request.ts';
import { answer, answerList, done, type RaAnswer, type RaListed, refuse } from '../wire/answer.ts';
import { decodeDeviceDescription } from '../wire/device-description.ts';
import { type VendorNamespace, vendorNamespaces as vendor } from './namespaces.ts';
import { vendorSchemas } from './schemas.ts';

type Answering = (services: RaServices, request: RaRequest) => Promise<RaAnswer>;

/**
 * Answers a `<query/>` in a namespace of the originators: it is the request of ours with the same effect, so that checks, audit and
 * pushes are the same.
 */
export async function answerVendor(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const namespace = request.payload.namespace as VendorNamespace;
  const { type, answering } = requests[namespace];
  if (request.type !== type) return refuse('bad-request', `it is a request of type ${type}`);
  if (request.payload.name !== 'query') return refuse('bad-request', 'it is a <query/>');
  const fault = faultIn(request.payload, vendorSchemas[namespace].request);
  return fault === undefined ? answering(services, request) : refuse('bad-request', fault);
}

const requests: Readonly<Record<VendorNamespace, { readonly type: 'get' | 'set'; readonly answering: Answering }>> = {
  [vendor.userBind]: { type: 'set', answering: bind },
  [vendor.deviceBind]: {
    type: 'set',
    answering: (services, request) => {
      const accept = field(request, 'accept') ?? '1';
      const verb = accept === '1' || accept === 'true' ? 'confirm' : 'decline';
      return answerBinding(services, ours(request, verb, raNamespaces.binding, { user: field(request, 'user') }));
    },
  },
  [vendor.unbind]: {
    type: 'set',
    answering: async (services, request) => {
      const sides = { device: field(request, 'device'), user: field(request, 'user') };
      const unbound = await answerBinding(services, ours(request, 'unbind', raNamespaces.binding, sides));
      return unbound.ok ? done : unbound; // the new code of a removal is in no namespace of theirs
    },
  },
  [vendor.queryBind]: {
    type: 'get',
    answering: async (services, request) =>
      list(
        request,
        (await bindingsOf(services, request)).map((binding) => ({
          key: request.kind === 'user' ? binding.device : binding.user,
          item: boundElement(services, request, binding),
        })),
      ),
  },
  [vendor.verifyCode]: { type: 'set', answering: resetCode },
  [vendor.userDevicesInfo]: {
    type: 'get',
    answering: async (services, request) => {
      if (request.kind !== 'user') return refuse('not-allowed', 'users have devices');
      const active = (await bindingsOf(services, request)).filter(({ state }) => state === 'active');
      return inform(services, request, { devices: active.map(({ device }) => device), bindings: active });
    },
  },
  [vendor.devicesInfo]: { type: 'get', answering: (services, request) => informNamed(services, request) },
  [vendor.deviceInfo]: { type: 'get', answering: (services, request) => informNamed(services, request) },
  [vendor.deviceAdd]: { type: 'set', answering: (services, request) => link(services, request, 'link') },
  [vendor.deviceUnlink]: { type: 'set', answering: (services, request) => link(services, request, 'unlink') },
  [vendor.linkedDevicesInfo]: { type: 'get', answering: linkedDevices },
  [vendor.bookmarkAdd]: {
    type: 'set',
    answering: (services, request) => {
      const kept = { name: field(request, 'name'), address: field(request, 'address') };
      return answerBookmark(services, ours(request, 'bookmark', raNamespaces.bookmark, kept, field(request, 'text')));
    },
  },
  [vendor.bookmarkRemove]: {
    type: 'set',
    answering: (services, request) =>
      answerBookmark(services, ours(request, 'remove', raNamespaces.bookmark, { name: field(request, 'name') })),
  },
  [vendor.bookmarkGet]: {
    type: 'get',
    answering: async (services, request) => {
      const kept = await services.bookmarks.bookmarks(request.account);
      const found = kept.map(({ name, address, text }) => ({
        key: name,
        item: child(request, 'bookmark', {}, texts(request, { name, address, text })),
      }));
      return list(request, found);
    },
  },
  [vendor.modifyLocation]: { type: 'set', answering: modifyLocation },
};

async function bind(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const groups = request.payload.elements('group').map((one) => element('group', raNamespaces.binding, {}, one.text()));
  const attributes = {
    device: field(request, 'device'),
    code: field(request, 'verifyCode'),
    name: field(request, 'name'),
  };
  const payload = element('bind', raNamespaces.binding, attributes, ...groups);
  const bound = await answerBinding(services, { ...request, payload });
  if (!bound.ok) return bound;
  const device = localOf(attributes.device, services);
  const binding = device === undefined ? undefined : await services.bindings.binding(request.account, device);
  return binding === undefined ? done : reply(request, boundElement(services, request, binding));
}

async function resetCode(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const device = field(request, 'device');
  const reset = await answerVerificationCode(
    services,
    ours(request, 'reset', raNamespaces.verificationCode, { device }),
  );
  if (!reset.ok || reset.payload === undefined) return reset;
  const { device: named, expires } = reset.payload.attributes;
  return reply(request, ...texts(request, { device: named, verifyCode: reset.payload.text(), expires }));
}

/** The first group of a device is where it is. */
async function modifyLocation(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const device = localOf(field(request, 'device'), services);
  const binding = device === undefined ? undefined : await services.bindings.binding(request.account, device);
  if (binding === undefined) return refuse('item-not-found');
  const groups = [field(request, 'location') ?? '', ...binding.groups.slice(1)].filter((name) => name !== '');
  const moved = await services.bindings.rename(request.account, binding.device, binding.name, groups);
  return moved ? done : refuse('item-not-found');
}

function link(services: RaServices, request: RaRequest, verb: 'link' | 'unlink'): Promise<RaAnswer> {
  const pair = { device: field(request, 'device'), other: field(request, 'other') };
  return answerLink(services, ours(request, verb, raNamespaces.link, pair));
}

async function linkedDevices(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const after = request.payload.attribute('after');
  const asked = ours(request, 'links', raNamespaces.link, { device: field(request, 'device'), after });
  const told = await answerLink(services, asked);
  if (!told.ok) return told;
  const linked = (told.payload?.elements('link') ?? []).flatMap(
    (one) => localOf(one.attribute('device'), services) ?? [],
  );
  // Who may see the links may not always see what the devices are: those are told by their addresses.
  return inform(services, request, { devices: linked, goesOn: told.payload?.attribute('next') !== undefined });
}

/** One device that may not be seen is a refusal; among several it is left out. */
async function informNamed(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const named = request.payload.elements('device');
  const devices = named.flatMap((one) => localOf(one.text(), services) ?? []);
  const told = await inform(services, request, { devices: [...new Set(devices)] });
  const isOne = request.payload.namespace === vendor.deviceInfo;
  const isEmpty = told.ok && told.payload!.elements('device').every((one) => one.elements().length === 0);
  return isOne && isEmpty ? refuse('forbidden') : told;
}

interface Informed {
  /** Their accounts. */
  readonly devices: readonly string[];
  /** What the user calls them. */
  readonly bindings?: readonly RaBinding[];
  /** Whether there are more after these. */
  readonly goesOn?: boolean;
}

/** `<device jid='lamp@d' state='online'><name/><protocolVersion/><deviceType/><manufacturer/><modelName/><modelNumber/></device>` */
async function inform(
  services: RaServices,
  request: RaRequest,
  { devices, bindings = [], goesOn = false }: Informed,
): Promise<RaAnswer> {
  const { vendorDevices = 100 } = services.bounds ?? {};
  const after = request.payload.attribute('after') ?? '';
  const rest = devices.filter((device) => device > after).sort();
  const told = await Promise.all(
    rest.slice(0, vendorDevices).map(async (device) => {
      const asked: RaRequest = { ...request, type: 'get', payload: element('device', raNamespaces.device) };
      const described = await answerForTerminal(services, device, asked, new AbortController().signal);
      const facts = described.ok ? decodeDeviceDescription(described.payload) : undefined;
      const binding = bindings.find((one) => one.device === device);
      const jid = `${device}@${services.domain}`;
      const groups = (binding?.groups ?? []).map((name) => child(request, 'group', {}, [name]));
      const { deviceType, vendor: manufacturer, model: modelName, state } = facts ?? {};
      const about = facts && { protocolVersion: '2', deviceType, manufacturer, modelName, modelNumber: '' };
      const item = child(request, 'device', { jid, state }, [
        ...texts(request, { name: binding?.name }),
        ...groups,
        ...texts(request, about ?? {}),
      ]);
      return { key: device, item };
    }),
  );
  return list(request, told, goesOn || rest.length > vendorDevices);
}

function bindingsOf({ bindings }: RaServices, { account, kind }: RaRequest): Promise<readonly RaBinding[]> {
  return kind === 'user' ? bindings.devicesOf(account) : bindings.ownersOf(account);
}

function boundElement({ domain }: RaServices, request: RaRequest, binding: RaBinding): XmlElement {
  const { user, device, state, name, groups } = binding;
  return child(request, 'bind', {}, [
    ...texts(request, { user: `${user}@${domain}`, device: `${device}@${domain}`, state, name }),
    ...groups.map((group) => child(request, 'group', {}, [group])),
  ]);
}

/** The text of a child; undefined when it is missing or empty. */
function field({ payload }: RaRequest, name: string): string | undefined {
  return payload.childText(name) || undefined;
}

function localOf(address: string | undefined, { domain }: RaServices): string | undefined {
  return address?.endsWith(`@${domain}`) ? address.slice(0, -domain.length - 1) : undefined;
}

function ours(
  request: RaRequest,
  name: string,
  namespace: string,
  attributes: Readonly<Record<string, string | undefined>>,
  text?: string,
): RaRequest {
  return { ...request, payload: element(name, namespace, attributes, text) };
}

function child(
  { payload }: RaRequest,
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  content: readonly (XmlElement | string)[],
): XmlElement {
  return element(name, payload.namespace, attributes, ...content);
}

function texts(request: RaRequest, fields: Readonly<Record<string, string | undefined>>): readonly XmlElement[] {
  return Object.entries(fields).flatMap(([name, text]) => (text === undefined ? [] : child(request, name, {}, [text])));
}

/** What is longer than clients take goes on as our lists do, by `next` and `after`: who does not know that has the beginning. */
function list(request: RaRequest, listed: readonly RaListed[], goesOn = false): RaAnswer {
  const empty = element('query', request.payload.namespace);
  return answerList(empty, listed, request.payload.attribute('after'), goesOn);
}

function reply(request: RaRequest, ...content: readonly XmlElement[]): RaAnswer {
  return answer(element('query', request.payload.namespace, {}, ...content));
}
