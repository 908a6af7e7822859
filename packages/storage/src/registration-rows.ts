import type { SQLInputValue } from 'node:sqlite';
import { parseSocketAddress, type SocketAddress } from '@yaolian/kernel';
import type { ObservationRecord, Registration } from '@yaolian/lwm2m/server';
import { TextDigest } from './text-digest.ts';

/** Beyond so many different texts, further ones are kept one by one. */
const maxSharedTexts = 10_000;

/** Makes equal texts one string: 100,000 terminals have a handful of object link lists between them. */
export class TextSharing {
  readonly #texts = new Map<string, string>();

  share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < maxSharedTexts) this.#texts.set(text, text);
    return text;
  }
}

/** Columns in the order of {@link RegistrationRow}; the narrow row, where there is one, is stronger. */
export const registrationsQuery = `
  SELECT r.slot, r.endpoint, r.device_key, r.lwm2m_version, r.binding, r.queue_mode, r.sms_number, r.object_links,
    r.other_parameters, f.slot IS NOT NULL, coalesce(f.id, r.id), coalesce(f.address, r.address),
    coalesce(f.lifetime, r.lifetime), coalesce(f.registered_at, r.registered_at), coalesce(f.updated_at, r.updated_at),
    CASE WHEN f.slot IS NULL THEN r.peer ELSE f.peer END
  FROM registration r LEFT JOIN registration_refresh f USING (slot) ORDER BY r.slot`;

export type RegistrationRow = readonly [
  slot: number,
  endpoint: string,
  deviceKey: string | null,
  lwm2mVersion: string,
  binding: string,
  queueMode: 0 | 1,
  smsNumber: string | null,
  objectLinks: string,
  otherParameters: string | null,
  refreshed: 0 | 1,
  id: string,
  address: string,
  lifetime: number,
  registeredAt: number,
  updatedAt: number,
  peerKey: string | null,
];

/** @throws Error when the row is not one that {@link wideValues} made */
export function readRegistration(row: RegistrationRow, texts: TextSharing): Registration {
  const [, endpoint, deviceKey, lwm2mVersion, binding, queueMode, smsNumber, objectLinks, otherParameters] = row;
  return {
    id: row[10],
    endpoint,
    deviceKey: deviceKey ?? endpoint,
    address: readAddress(row[11]),
    ...(row[15] === null ? {} : { peerKey: row[15] }),
    lifetime: row[12],
    lwm2mVersion: texts.share(lwm2mVersion),
    binding: texts.share(binding),
    queueMode: queueMode === 1,
    smsNumber: smsNumber ?? undefined,
    objectLinks: texts.share(objectLinks),
    otherParameters: otherParameters === null ? undefined : (JSON.parse(otherParameters) as Record<string, string>),
    registeredAt: row[13],
    updatedAt: row[14],
  };
}

function readAddress(text: string): SocketAddress {
  const address = parseSocketAddress(text);
  if (!address.ok) throw new Error(address.error);
  return address.value;
}

/** The values of the wide row after the slot, in the order of its columns. */
export function wideValues(registration: Registration): SQLInputValue[] {
  const { id, endpoint, deviceKey, address, lifetime, lwm2mVersion, binding, otherParameters } = registration;
  return [
    id,
    endpoint,
    deviceKey === endpoint ? null : deviceKey,
    address.key,
    lifetime,
    lwm2mVersion,
    binding,
    registration.queueMode ? 1 : 0,
    registration.smsNumber ?? null,
    registration.objectLinks,
    otherParameters === undefined ? null : JSON.stringify(otherParameters),
    registration.registeredAt,
    registration.updatedAt,
    registration.peerKey ?? null,
  ];
}

/** Tells whether the wide row still serves: a digest of all its columns that the narrow row does not have. */
export function wideDigest(registration: Registration): number {
  const { otherParameters, smsNumber } = registration;
  const digest = new TextDigest()
    .add(registration.objectLinks)
    .add(registration.endpoint)
    .add(registration.binding)
    .add(registration.queueMode ? 'Q' : '')
    .add(registration.lwm2mVersion);
  if (registration.deviceKey !== registration.endpoint) digest.add('key').add(registration.deviceKey);
  if (smsNumber !== undefined) digest.add('sms').add(smsNumber);
  if (otherParameters !== undefined) digest.add('other').add(JSON.stringify(otherParameters));
  return digest.value();
}

export type ObservationRow = readonly [
  slot: number,
  token: Uint8Array,
  path: string,
  accept: number | null,
  createdAt: number,
  composite: number,
  query: string | null,
];

export const observationsQuery = 'SELECT slot, token, path, accept, created_at, composite, query FROM observation';

export function readObservation(row: ObservationRow, registrationId: string): ObservationRecord {
  const [, token, path, accept, createdAt, composite, query] = row;
  return {
    registrationId,
    token,
    path,
    ...(composite === 1 ? { composite: true } : {}),
    ...(query === null ? {} : { query }),
    accept: accept ?? undefined,
    createdAt,
  };
}
