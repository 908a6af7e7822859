import {
  because,
  type JsonAuditEntry,
  type JsonIssuedCode,
  type JsonRaDevice,
  type JsonRaPermission,
  routes,
} from '@yaolian/contract';
import {
  type AuditEntry,
  type AuditedPermission,
  type AuditTrail,
  type Grant,
  type IssuedCode,
  type RaDevice,
  type RaDeviceStore,
  raAccountOfKey,
  raDeviceKey,
} from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import type { FastifyReply } from 'fastify';
import { renderSVG } from 'uqr';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import { optionalTime, spanFrom, timeToJson } from '../api/times.ts';
import { ownAddresses } from '../firmware/addresses.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { decodeCursor, pageFrom, pageOfAll } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { featureNameOf } from './feature-name.ts';
import { type PeopleOrigin, peopleOrigin } from './people-origin.ts';
import type { RaService } from './ra-service.ts';

export interface RemoteAccessServices {
  /** Undefined where the RA is off. */
  readonly ra: RaService | undefined;
  readonly raDevices: RaDeviceStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly removal: AccountRemoval;
  readonly fleet: Fleet;
  /** By which features are named. */
  readonly model: ObjectModel;
  /** `http.public-url` */
  readonly publicUrl: string | undefined;
  /** The URLs of REST, console and home. */
  readonly listening: () => readonly string[];
}

/** Terminals that are shared, their verification codes, and the audit trail. */
export function addRemoteAccessRoutes(table: RouteTable, services: RemoteAccessServices): void {
  const { raDevices, audit, fleet } = services;
  const originFor = ({ request }: FastifyReply) =>
    peopleOrigin({
      asked: `${request.protocol}://${request.host}`,
      publicUrl: services.publicUrl,
      listening: services.listening(),
      addresses: ownAddresses().map(({ host }) => host),
    });
  table.add(routes.shareDevice, async ({ params, body, actor, reply }) => {
    const ra = required(services.ra);
    const found = await fleet.find(params.device);
    if (!found) throw new Refusal('device-unknown', { detail: `There is no device "${params.device}".` });
    const issued = await ra.share(found.device.key, body ?? {}, actor!.operator);
    if (typeof issued === 'string') throw new Refusal('conflict', because(refusals[issued]));
    return issuedToJson(issued, ra.domain, originFor(reply));
  });
  table.add(routes.listRaDevices, async ({ query: { cursor, limit = 100 } }) => {
    const ra = required(services.ra);
    const after = decodeCursor(cursor);
    const devices = await raDevices.raDevices({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    const page = pageFrom(
      devices,
      limit,
      ({ account }) => account,
      (device) => deviceToJson(device, ra),
    );
    return { ...page, items: await Promise.all(page.items) };
  });
  table.add(routes.listRaPermissions, async ({ params, query }) => {
    const ra = required(services.ra);
    const account = nameOf(params.account, ra);
    if ((await raDevices.raDevice(account)) === undefined) throw unknown(params.account);
    const grants = (await ra.permissions.of(account, account)) ?? [];
    return pageOfAll(grants, query, permissionKey, (grant) => permissionToJson(grant, ra.domain));
  });
  table.add(routes.resetVerificationCode, async ({ params, actor, reply }) => {
    const ra = required(services.ra);
    const issued = await ra.resetCode(nameOf(params.account, ra), actor!.operator);
    if (issued === undefined) throw unknown(params.account);
    return issuedToJson(issued, ra.domain, originFor(reply));
  });
  table.add(routes.setRaConfirmation, async ({ params, body, actor }) => {
    const ra = required(services.ra);
    const by = { actor: actor!.operator, door: 'rest' } as const;
    if (await ra.bindings.requireConfirmation(nameOf(params.account, ra), body.confirms, by)) return;
    throw unknown(params.account);
  });
  table.add(routes.confirmRaOwner, async ({ params, actor }) => {
    const ra = required(services.ra);
    const by = { actor: actor!.operator, door: 'rest' } as const;
    if (await ra.bindings.answer(nameOf(params.account, ra), nameOf(params.user, ra), true, by)) return;
    throw new Refusal('not-found', because('binding-not-asked', { user: params.user, device: params.account }));
  });
  table.add(routes.removeRaOwner, async ({ params, actor, reply }) => {
    const ra = required(services.ra);
    const account = nameOf(params.account, ra);
    const by = { actor: actor!.operator, door: 'rest' } as const;
    const removed = await ra.bindings.removeOwner(nameOf(params.user, ra), account, by);
    if (removed.ok) return issuedToJson(removed.value, ra.domain, originFor(reply));
    throw new Refusal('not-found', because('owner-unknown', { user: params.user, device: params.account }));
  });
  table.add(routes.removeRaDevice, async ({ params, actor }) => {
    const ra = required(services.ra);
    const account = nameOf(params.account, ra);
    if ((await raDevices.raDevice(account)) === undefined) throw unknown(params.account);
    await services.removal.remove(account);
    const what = { action: 'remove-account', device: account, subject: undefined, outcome: 'done' } as const;
    await audit.record({ door: 'rest', actor: actor!.operator, ...what });
  });
  table.add(routes.listAudit, async ({ query: { actor, device, looks, cursor, limit = 100, ...span } }) => {
    const text = decodeCursor(cursor);
    const before = text === undefined ? undefined : Number(text);
    const names = device === undefined ? undefined : await namesOf(device, services);
    const { from, to } = spanFrom(span, services.clock);
    const within = { ...(span.from === undefined ? {} : { from }), ...(span.to === undefined ? {} : { to }) };
    const entries = await audit.entries({ actor, before, looks, ...within, limit: limit + 1 }, names);
    return pageFrom(
      entries,
      limit,
      ({ id }) => String(id),
      (entry) => entryToJson(entry, services.model),
    );
  });
}

const refusals = {
  'name-unfit': 'account-name-unfit',
  'name-taken': 'account-name-taken',
  'shared-already': 'shared-already',
} as const;

function required(ra: RaService | undefined): RaService {
  if (ra !== undefined) return ra;
  throw new Refusal('unavailable', because('no-remote-access'));
}

function unknown(account: string): Refusal {
  return new Refusal('not-found', { detail: `There is no device of the RA with the account "${account}".` });
}

/** `lamp` and `lamp@home.example` alike. */
function nameOf(text: string, ra: RaService): string {
  return text.endsWith(`@${ra.domain}`) ? text.slice(0, -ra.domain.length - 1) : text;
}

/** What the device is called in the trail: operators ask for a terminal by its key or endpoint name, users for its account. */
async function namesOf(text: string, { ra, raDevices, fleet }: RemoteAccessServices): Promise<readonly string[]> {
  const found = (await fleet.find(text))?.device;
  const account = ra && (raAccountOfKey(text, ra.domain) ?? text);
  const device = account === undefined ? undefined : await raDevices.raDevice(account);
  const shared = device ?? (await raDevices.raDeviceOfTerminal(found?.key ?? text));
  const terminal = shared?.terminal === undefined ? found : (await fleet.find(shared.terminal))?.device;
  const names = [text, terminal?.key, terminal?.endpoint, shared?.account];
  if (ra && shared !== undefined) names.push(raDeviceKey(shared.account, ra.domain));
  return [...new Set(names.filter((name) => name !== undefined))];
}

function issuedToJson(
  { device, code, expiresAt }: IssuedCode,
  domain: string,
  { origin, isLocal }: PeopleOrigin,
): JsonIssuedCode {
  const account = `${device}@${domain}`;
  const link = `${origin}/home/add#${new URLSearchParams({ device: account, code })}`;
  const qrSvg = renderSVG(link, { border: 2 });
  return { account, code, ...optionalTime('expiresAt', expiresAt), link, linkIsLocal: isLocal, qrSvg };
}

/** What a device of the platform is in Remote Access. */
export async function remoteAccessOf(
  key: string,
  ra: RaService,
  raDevices: RaDeviceStore,
): Promise<JsonRaDevice | undefined> {
  const account = raAccountOfKey(key, ra.domain);
  const device = account === undefined ? await raDevices.raDeviceOfTerminal(key) : await raDevices.raDevice(account);
  return device && deviceToJson(device, ra);
}

/** A subject has one permission for a feature, which has no spaces. */
function permissionKey({ subject, feature }: Grant): string {
  return subject.kind === 'class' ? `c:${subject.class} ${feature}` : `u:${subject.account} ${feature}`;
}

function permissionToJson(
  { subject, feature, operations, expiresAt, grantedBy }: Grant,
  domain: string,
): JsonRaPermission {
  return {
    to: subject.kind === 'class' ? `${subject.class}s` : `${subject.account}@${domain}`,
    ...{ feature, operations: [...operations] },
    ...optionalTime('expiresAt', expiresAt),
    grantedBy: `${grantedBy}@${domain}`,
  };
}

async function deviceToJson(device: RaDevice, ra: RaService): Promise<JsonRaDevice> {
  const owners = await ra.bindings.ownersOf(device.account);
  const { terminal, deviceType, vendor, model, confirms, createdAt } = device;
  return {
    account: `${device.account}@${ra.domain}`,
    device: terminal ?? raDeviceKey(device.account, ra.domain),
    ...{ deviceType, vendor, model, confirms, state: ra.stateOf(device) },
    owners: owners.map(({ user, name, state, since }) => ({
      user: `${user}@${ra.domain}`,
      name,
      state,
      since: timeToJson(since),
    })),
    createdAt: timeToJson(createdAt),
  };
}

function entryToJson({ device, subject, time, permission, ...rest }: AuditEntry, model: ObjectModel): JsonAuditEntry {
  return {
    ...rest,
    time: timeToJson(time),
    ...(device === undefined ? {} : { device }),
    ...(subject === undefined ? {} : { subject }),
    ...(permission === undefined ? {} : { permission: auditedToJson(permission, model) }),
  };
}

function auditedToJson({ to, feature, operations, expiresAt }: AuditedPermission, model: ObjectModel) {
  const featureName = featureNameOf(feature, model);
  return {
    ...{ to, feature, operations: [...operations] },
    ...(featureName === undefined ? {} : { featureName }),
    ...(expiresAt === undefined ? {} : { expiresAt: timeToJson(expiresAt) }),
  };
}
