import { toSeconds } from '@yaolian/kernel';
import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, done, type RaAnswer, refuse } from '../wire/answer.ts';
import type { RaBinding } from './ports.ts';
import { accountIn, groupsOf, type RaRequest, type RaServices, timeText } from './request.ts';

const ns = raNamespaces.binding;

/** GB/T 29265.205 §10.3, §10.4. */
export async function answerBinding(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type } = request;
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

async function list({ bindings, domain }: RaServices, { account, kind }: RaRequest): Promise<RaAnswer> {
  const found = kind === 'user' ? await bindings.devicesOf(account) : await bindings.ownersOf(account);
  return answer(element('bindings', ns, {}, ...found.map((binding) => encodeBinding(binding, domain))));
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
    case 'too-many-attempts': {
      const wait = Math.max(1, Math.ceil(toSeconds(bound.error.retryAfter)));
      return refuse('policy-violation', `try again in ${wait} s`, element('retry', ns, { after: String(wait) }));
    }
    case 'too-many-devices':
    case 'too-many-owners':
      return refuse('resource-constraint', bound.error.reason.replaceAll('-', ' '));
    default:
      return refuse('not-authorized');
  }
}

async function unbind({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { account, kind } = request;
  const other = accountIn(request, kind === 'user' ? 'device' : 'user', domain);
  if (other === undefined) return refuse('bad-request', 'unbind names the other side');
  const [user, device] = kind === 'user' ? [account, other] : [other, account];
  return (await bindings.unbind(user, device, account)) === undefined ? refuse('item-not-found') : done;
}

async function confirm({ bindings, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const user = accountIn(request, 'user', domain);
  if (user === undefined || request.kind !== 'device') return refuse('bad-request', 'a device confirms a user');
  const agrees = request.payload.name === 'confirm';
  return (await bindings.answer(request.account, user, agrees)) ? done : refuse('item-not-found');
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
  const attributes = { device: `${device}@${services.domain}`, expires: timeText(issued.expiresAt) };
  return answer(element('code', raNamespaces.verificationCode, attributes, issued.code));
}
