import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answerList, done, type RaAnswer, refuse } from '../wire/answer.ts';
import { type RaGrant, type RaOperation, type RaSubject, raOperations } from './ports.ts';
import { accountIn, type RaRequest, type RaServices, timeText } from './request.ts';

const ns = raNamespaces.permission;

/** GB/T 29265.205 §9.2, §9.3: set, read and revoke permissions on a device. */
export async function answerPermission(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, account, kind } = request;
  const own = payload.attribute('device') === undefined && kind === 'device' ? account : undefined;
  const device = own ?? accountIn(request, 'device', services.domain);
  if (device === undefined) return refuse('bad-request', 'it names a device');
  if (type === 'get') {
    if (payload.name !== 'permissions') return refuse('bad-request');
    const grants = await services.permissions.of(device, account);
    if (grants === undefined) return refuse('forbidden');
    const listed = grants.map((grant) => ({ key: keyOf(grant), item: encodeGrant(grant, services.domain) }));
    const list = element('permissions', ns, { device: `${device}@${services.domain}` });
    return answerList(list, listed, payload.attribute('after'));
  }
  const subject = subjectOf(request, services.domain);
  const feature = payload.attribute('feature');
  if (subject === undefined || feature === undefined) return refuse('bad-request', 'it names whom, and a feature');
  if (payload.name === 'grant') return grant(services, request, { device, subject, feature });
  return payload.name === 'revoke' ? revoke(services, request, { device, subject, feature }) : refuse('bad-request');
}

/** A subject has one grant of a feature. */
function keyOf({ subject, feature }: RaGrant): string {
  return `${subject.kind === 'class' ? `class ${subject.class}` : `account ${subject.account}`} ${feature}`;
}

type Place = Pick<RaGrant, 'device' | 'subject' | 'feature'>;

async function grant({ permissions }: RaServices, { payload, account }: RaRequest, place: Place): Promise<RaAnswer> {
  const operations = operationsOf(payload.attribute('operations'));
  const until = payload.attribute('expires');
  const expiresAt = until === undefined ? undefined : Date.parse(until);
  if (operations === undefined || Number.isNaN(expiresAt)) {
    return refuse('bad-request', `operations are of ${raOperations.join(' ')}; expires is a time`);
  }
  const outcome = await permissions.set({ ...place, operations, expiresAt, grantedBy: account });
  switch (outcome) {
    case 'set':
      return done;
    case 'too-many':
      return refuse('resource-constraint', 'the device has as many permissions as it may');
    case 'stranger':
      return refuse('item-not-found', 'the account is not associated with the device');
    default:
      return refuse('forbidden');
  }
}

async function revoke({ permissions }: RaServices, { account }: RaRequest, place: Place): Promise<RaAnswer> {
  const outcome = await permissions.revoke(place.device, place.subject, place.feature, account);
  if (outcome === 'revoked') return done;
  return refuse(outcome === 'none' ? 'item-not-found' : 'forbidden');
}

function subjectOf(request: RaRequest, domain: string): RaSubject | undefined {
  const group = request.payload.attribute('class');
  const account = accountIn(request, 'account', domain);
  if (group !== undefined) {
    return account === undefined && (group === 'owner' || group === 'friend')
      ? { kind: 'class', class: group }
      : undefined;
  }
  return account === undefined ? undefined : { kind: 'account', account };
}

function operationsOf(text: string | undefined): readonly RaOperation[] | undefined {
  const names = text?.split(' ').filter((name) => name !== '');
  return names?.every((name) => (raOperations as readonly string[]).includes(name))
    ? (names as readonly RaOperation[])
    : undefined;
}

/** `<grant account='bob@d' feature='urn:oma:lwm2m:ext:3303' operations='read observe' expires='…'/>`, or `class='friend'` */
export function encodeGrant({ subject, feature, operations, expiresAt }: RaGrant, domain: string): XmlElement {
  const whom = subject.kind === 'class' ? { class: subject.class } : { account: `${subject.account}@${domain}` };
  return element('grant', ns, { ...whom, feature, operations: operations.join(' '), expires: timeText(expiresAt) });
}
