import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, type RaAnswer, refuse } from '../wire/answer.ts';
import type { DeviceDescription } from '../wire/device-description.ts';
import type { RaBinding } from './ports.ts';
import type { RaRequest, RaServices } from './request.ts';

const ns = raNamespaces.device;

/**
 * §13: a user looks among the devices that it owns, with their states, in one request:
 * `<search xmlns='urn:yaolian:ra:1:device' text='lamp' state='online' group='Hall' feature='urn:oma:lwm2m:ext:3311'/>`. What is not
 * said does not narrow; the text is part of a name, an address, a type, a vendor or a model, in any case of letters.
 */
export async function answerDeviceSearch(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, kind, account } = request;
  if (type !== 'get' || payload.name !== 'search') return refuse('bad-request', 'search is a get');
  if (kind !== 'user') return refuse('not-allowed', 'users search their devices');
  const { text, state, group, feature } = payload.attributes;
  if (state !== undefined && !states.has(state)) return refuse('bad-request', `a state is ${[...states].join(', ')}`);
  const items: ReturnType<typeof encodeItem>[] = [];
  for (const binding of await services.bindings.devicesOf(account)) {
    if (group !== undefined && !binding.groups.includes(group)) continue;
    const facts = await factsFor(services, binding);
    const shown = binding.state === 'pending' ? 'pending' : (facts?.state ?? 'offline');
    if (state !== undefined && state !== shown) continue;
    if (feature !== undefined && facts?.features.includes(feature) !== true) continue;
    if (text !== undefined && !speaksOf(text, binding, facts)) continue;
    items.push(encodeItem(binding, shown, facts, services.domain));
  }
  return answer(element('devices', ns, {}, ...items));
}

const states: ReadonlySet<string> = new Set(['online', 'sleeping', 'offline', 'pending']);

/** Undefined where the device has yet to agree: then its owner-to-be learns nothing of it. */
async function factsFor(
  { permissions, terminals }: RaServices,
  { user, device, state }: RaBinding,
): Promise<DeviceDescription | undefined> {
  if (state === 'pending') return undefined;
  const { allowed } = await permissions.decide(device, { account: user, feature: ns, operation: 'read' });
  return allowed ? terminals.facts(device) : undefined;
}

function speaksOf(text: string, { name, device }: RaBinding, facts: DeviceDescription | undefined): boolean {
  const wanted = text.toLowerCase();
  const texts = [name, device, facts?.deviceType, facts?.vendor, facts?.model];
  return texts.some((one) => one?.toLowerCase().includes(wanted) === true);
}

/** `<item device='lamp@d' name='Lamp' state='online' type='lamp'><group>Hall</group></item>` */
function encodeItem(
  { device, name, groups }: RaBinding,
  state: string,
  facts: DeviceDescription | undefined,
  domain: string,
) {
  return element(
    'item',
    ns,
    { device: `${device}@${domain}`, name, state, type: facts?.deviceType || undefined },
    ...groups.map((group) => element('group', ns, {}, group)),
  );
}
