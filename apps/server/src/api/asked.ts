import { ContentFormat } from '@yaolian/coap';
import { type RouteQuery, type routes, type ValueFormat, valueFormats } from '@yaolian/contract';
import { parseDuration } from '@yaolian/kernel';
import { type Lwm2mPath, parsePath } from '@yaolian/lwm2m';
import type { ClientReference, OperationOptions } from '@yaolian/lwm2m/server';
import type { Fleet } from '../fleet/fleet.ts';
import { Refusal } from '../http/refusal.ts';

/** Content-Formats by the names that the API has for them. */
const contentFormats: Readonly<Record<ValueFormat, number>> = {
  text: ContentFormat.Text,
  opaque: ContentFormat.OctetStream,
  tlv: ContentFormat.Lwm2mTlv,
  json: ContentFormat.Lwm2mJson,
  cbor: ContentFormat.Cbor,
  'senml-json': ContentFormat.SenmlJson,
  'senml-cbor': ContentFormat.SenmlCbor,
  'lwm2m-cbor': ContentFormat.Lwm2mCbor,
};

export function contentFormatOf(format: ValueFormat | undefined): number | undefined {
  return format === undefined ? undefined : contentFormats[format];
}

export function formatOf(contentFormat: number | undefined): ValueFormat | undefined {
  return valueFormats.find((format) => contentFormats[format] === contentFormat);
}

/** @throws Refusal `invalid-path` */
export function pathFrom(text: string): Lwm2mPath {
  const parsed = parsePath(text.startsWith('/') ? text : `/${text}`);
  if (parsed.ok && parsed.value.prefix !== undefined && parsed.value.objectId === undefined) {
    const detail = `"${text}" is the prefix of a device behind a gateway, or no path: write ids behind it, such as /d01/3303/0.`;
    throw new Refusal('invalid-path', { detail });
  }
  if (parsed.ok) return parsed.value;
  throw new Refusal('invalid-path', { detail: `${parsed.error.message}.` });
}

/**
 * The device that a URL names, as the LwM2M server knows it.
 * @throws Refusal `device-unknown`, `device-not-registered`
 */
export async function clientFrom(fleet: Fleet, name: string): Promise<ClientReference> {
  const registration = fleet.registration(name);
  if (registration) return { deviceKey: registration.deviceKey };
  const known = await fleet.find(name);
  if (!known) {
    throw new Refusal('device-unknown', { detail: `There is no device with the key or endpoint name "${name}".` });
  }
  throw new Refusal('device-not-registered');
}

/** What the query of every operation says. */
export function optionsFrom(
  query: Pick<RouteQuery<typeof routes.deleteInstance>, 'timeout' | 'unchecked'>,
  signal: AbortSignal,
): OperationOptions {
  const { timeout, unchecked = false } = query;
  return { signal, unchecked, ...(timeout === undefined ? {} : { timeout: parseDuration(timeout) }) };
}
