import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, answerList, done, type RaAnswer, refuse, refuseForNow } from '../wire/answer.ts';
import type { RaBinding } from './ports.ts';
import { accountIn, groupsOf, type RaRequest, type RaServices, timeText } from './request.ts';

const ns = raNamespaces.binding;

/** GB/T 29265.205 §10.3, §10.4. */
export async function answerBinding(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type } = request;
  if (payload.name === 'confirmation') return confirmation(services, request);
  if (type === 'get') return payload.name === 'bindings' ? list(services, request) : refuse('bad-request');
  switch (payload.name) {
    case 'bind':
      return bind(services, request);
    case 'unbind':
      return unbind(services, request);
    case 'confirm':
    case 'decline':
      return confirm(services, request);
    case 'rename':
      return rename(services, request);
    default:
      return refuse('bad-request');
  }
}

/** A user's devices, or a device's owners; all owners of a device, for one of them. */
async function list({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { account, kind, payload } = request;
  const device = kind === 'device' ? account : accountIn(request, 'device', domain);
  if (device === undefined && payload.attribute('device') !== undefined) return refuse('bad-request');
  const found = device === undefined ? await bindings.devicesOf(account) : await bindings.ownersOf(device);
  const isTheirs = found.some(({ user, state }) => user === account && state === 'active');
  if (device !== undefined && kind === 'user' && !isTheirs) return refuse('forbidden');
  const listed = found.map((binding) => ({
    key: device === undefined ? binding.device : binding.user,
    item: encodeBinding(binding, domain),
  }));
  return answerList(element('bindings', ns), listed, payload.attribute('after'));
}

/** `<binding device='lamp@d' user='ann@d' state='active' name='Lamp' since='…'><group>hall</group></binding>` */
export function encodeBinding(
  binding: RaBinding,
  domain: string,
  namespace: string = ns,
  name = 'binding',
): XmlElement {
  const { user, device, state, groups } = binding;
  return element(
    name,
    namespace,
    {
      user: `${user}@${domain}`,
      device: `${device}@${domain}`,
      state,
      name: binding.name,
      since: timeText(binding.since),
    },
    ...groups.map((group) => element('group', namespace, {}, group)),
  );
}

async function bind({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const device = accountIn(request, 'device', domain);
  const { code, name } = request.payload.attributes;
  if (device === undefined || code === undefined) return refuse('bad-request', 'bind names a device and its code');
  if (request.kind !== 'user') return refuse('not-allowed', 'users bind devices');
  const groups = groupsOf(request.payload);
  const bound = await bindings.bind({ user: request.account, device, code, groups, ...(name && { name }) });
  if (bound.ok) return answer(encodeBinding(bound.value, domain));
  switch (bound.error.reason) {
    case 'exists':
      return refuse('conflict', 'the device is yours already');
    case 'too-many-attempts':
      return refuseForNow(bound.error.retryAfter, ns);
    case 'too-many-devices':
    case 'too-many-owners':
      return refuse('resource-constraint', bound.error.reason.replaceAll('-', ' '));
    default:
      return refuse('not-authorized');
  }
}

async function unbind({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { account, kind, payload } = request;
  const other = accountIn(request, kind === 'user' ? 'device' : 'user', domain);
  if (other === undefined) return refuse('bad-request', 'unbind names the other side');
  if (kind === 'user' && payload.attribute('user') !== undefined) {
    const owner = accountIn(request, 'user', domain);
    if (owner === undefined) return refuse('bad-request', 'the user is an address of this domain');
    if (owner !== account) return removeOwner({ bindings, domain }, owner, other, account);
  }
  const [user, device] = kind === 'user' ? [account, other] : [other, account];
  return (await bindings.unbind(user, device, account)) === undefined ? refuse('item-not-found') : done;
}

/** An owner speaks for its device towards those that came later; the new code is told to it. */
async function removeOwner(
  { bindings, domain }: Pick<RaServices, 'bindings' | 'domain'>,
  user: string,
  device: string,
  by: string,
): Promise<RaAnswer> {
  const removed = await bindings.removeOwner(user, device, { actor: by, door: 'ra' });
  if (removed.ok) return answer(encodeCode(device, removed.value, domain));
  switch (removed.error) {
    case 'not-owner':
      return refuse('forbidden');
    case 'none':
      return refuse('item-not-found');
    case 'elder':
      return refuse('not-allowed', 'that one owned the device before you: the device or its operator may remove it');
  }
}

async function confirm({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { account, kind, payload } = request;
  if (kind !== 'device') return refuse('not-allowed', 'devices confirm and decline');
  const user = accountIn(request, 'user', domain);
  if (user === undefined) return refuse('bad-request', `${payload.name} names a user of ${domain}`);
  if (await bindings.answer(account, user, payload.name === 'confirm')) return done;
  const binding = await bindings.binding(user, account);
  if (binding === undefined) return refuse('item-not-found', 'that user does not wait for consent');
  return refuse('conflict', 'that user owns the device already; unbind ends that');
}

/** §7.3: whether a device is asked before a user owns it: read and changed by its owners and itself. */
async function confirmation({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { account, kind, payload, type } = request;
  const isOwn = kind === 'device' && payload.attribute('device') === undefined;
  const device = isOwn ? account : accountIn(request, 'device', domain);
  if (device === undefined) return refuse('bad-request', 'confirmation names a device');
  if (type === 'get') {
    const required = await bindings.confirmation(device, account);
    if (required === undefined) return refuse('forbidden');
    return answer(element('confirmation', ns, { device: `${device}@${domain}`, required: String(required) }));
  }
  const required = payload.attribute('required');
  if (required !== 'true' && required !== 'false') return refuse('bad-request', 'required is true or false');
  const by = { actor: account, door: 'ra' } as const;
  return (await bindings.requireConfirmation(device, required === 'true', by)) ? done : refuse('forbidden');
}

async function rename({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const device = accountIn(request, 'device', domain);
  const name = request.payload.attribute('name');
  if (device === undefined || name === undefined) return refuse('bad-request', 'rename names a device and its name');
  return (await bindings.rename(request.account, device, name, groupsOf(request.payload)))
    ? done
    : refuse('item-not-found');
}

/** §10.5: the new code is told to who reset it, here only. */
export async function answerVerificationCode(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, account, kind } = request;
  if (type !== 'set' || payload.name !== 'reset') return refuse('bad-request');
  const named = payload.attribute('device') === undefined && kind === 'device' ? account : undefined;
  const device = named ?? accountIn(request, 'device', services.domain);
  if (device === undefined) return refuse('bad-request', 'reset names a device');
  const issued = await services.bindings.resetCode(device, account);
  if (issued === undefined) return refuse('forbidden');
  return answer(encodeCode(device, issued, services.domain));
}

/** `<code xmlns='urn:yaolian:ra:1:verification-code' device='lamp@d' expires='…'>7KQ2M-0WX9D</code>` */
function encodeCode(
  device: string,
  { code, expiresAt }: { readonly code: string; readonly expiresAt: number | undefined },
  domain: string,
): XmlElement {
  const attributes = { device: `${device}@${domain}`, expires: timeText(expiresAt) };
  return element('code', raNamespaces.verificationCode, attributes, code);
}
