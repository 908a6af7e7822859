import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answerList, type RaAnswer, refuse } from '../wire/answer.ts';
import type { DeviceDescription } from '../wire/device-description.ts';
import { visibleFacts } from './device-requests.ts';
import type { RaRequest, RaServices } from './request.ts';

const ns = raNamespaces.device;

/**
 * §13: a user looks among the devices that it owns, with their states, in one request:
 * `<search xmlns='urn:yaolian:ra:1:device' text='lamp' state='online' group='Hall' feature='urn:oma:lwm2m:ext:3311' shared='true'/>`. What
 * is not said does not narrow; the text is part of a name, an address, a type, a vendor or a model, in any case of letters. With
 * `shared='true'` those that friends share come too, behind its own: with `owner`, and without `state` where that is not for the user.
 */
export async function answerDeviceSearch(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, kind, account } = request;
  if (type !== 'get' || payload.name !== 'search') return refuse('bad-request', 'search is a get');
  if (kind !== 'user') return refuse('not-allowed', 'users search their devices');
  const { text, state, group, feature, after, shared = 'false' } = payload.attributes;
  if (shared !== 'true' && shared !== 'false') return refuse('bad-request', 'shared is true or false');
  if (state !== undefined && !states.has(state)) return refuse('bad-request', `a state is ${[...states].join(', ')}`);
  const fits = ({ name, device, groups, shown, facts }: Seen) =>
    (group === undefined || groups.includes(group)) &&
    (state === undefined || state === shown) &&
    (feature === undefined || facts?.features.includes(feature) === true) &&
    (text === undefined || speaksOf(text, name, device, facts));
  const seen = await ownDevices(services, account);
  if (shared === 'true') seen.push(...(await sharedDevices(services, account)));
  const found = seen.filter(fits).map((one) => ({
    key: `${one.owner === undefined ? 'own' : 'shared'} ${one.device}`,
    item: encodeItem(one, services.domain),
  }));
  return answerList(element('devices', ns), found, after);
}

/** A device as the user may see it. */
interface Seen {
  readonly device: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly owner?: string;
  /** Undefined: it is not for the user to know. */
  readonly shown: string | undefined;
  readonly facts: DeviceDescription | undefined;
}

async function ownDevices(services: RaServices, user: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { device, name, groups, state } of await services.bindings.devicesOf(user)) {
    // Of a device that has yet to agree its owner-to-be learns nothing.
    const facts = state === 'pending' ? undefined : await visibleFacts(services, user, device);
    seen.push({ device, name, groups, shown: state === 'pending' ? 'pending' : (facts?.state ?? 'offline'), facts });
  }
  return seen;
}

async function sharedDevices(services: RaServices, user: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { device, owner } of await services.permissions.sharedWith(user)) {
    const facts = await visibleFacts(services, user, device);
    seen.push({ device, name: device, groups: [], owner, shown: facts?.state, facts });
  }
  return seen;
}

const states: ReadonlySet<string> = new Set(['online', 'sleeping', 'offline', 'pending']);

function speaksOf(text: string, name: string, device: string, facts: DeviceDescription | undefined): boolean {
  const wanted = text.toLowerCase();
  const texts = [name, device, facts?.deviceType, facts?.vendor, facts?.model];
  return texts.some((one) => one?.toLowerCase().includes(wanted) === true);
}

/** `<item device='lamp@d' name='Lamp' state='online' type='lamp'><group>Hall</group></item>` */
function encodeItem({ device, name, groups, owner, shown, facts }: Seen, domain: string) {
  const attributes = {
    device: `${device}@${domain}`,
    name,
    state: shown,
    type: facts?.deviceType || undefined,
    owner: owner && `${owner}@${domain}`,
  };
  return element('item', ns, attributes, ...groups.map((group) => element('group', ns, {}, group)));
}
