import type { Registration } from './registration.ts';

/**
 * What the Location of a registration looks like.
 * - `opaque`: `/rd/<id>`
 * - `endpoint`: `/rd/<endpoint name>`, as the China Mobile terminal documents show it
 * - `device-key-version`: `/<device key>;<version>`, one segment, as its platform documents show it
 */
export const LocationForm = {
  Opaque: 'opaque',
  Endpoint: 'endpoint',
  DeviceKeyVersion: 'device-key-version',
} as const;
export type LocationForm = (typeof LocationForm)[keyof typeof LocationForm];

/** OMA-TS-LightweightM2M 1.0 §5.3: where clients register. */
export const registrationPath = 'rd';

/** What a location leads to, before anybody looked whether it is there. */
export type LocationTarget =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'endpoint'; readonly endpoint: string }
  | { readonly by: 'device-key'; readonly deviceKey: string; readonly version: string };

/** @param version what stands after `;` in the form `device-key-version` */
export function formatLocation(form: LocationForm, registration: Registration, version: string): readonly string[] {
  switch (form) {
    case LocationForm.Endpoint:
      // RFC 7252 §5.10.7: a Location-Path segment is not "." or "..".
      if (registration.endpoint === '.' || registration.endpoint === '..') break;
      return [registrationPath, registration.endpoint];
    case LocationForm.DeviceKeyVersion: {
      const segment = `${registration.deviceKey};${version}`;
      return segment.length <= 85 || isShortAscii(segment) ? [segment] : [registrationPath, registration.id];
    }
    default:
  }
  return [registrationPath, registration.id];
}

/** RFC 7252 §5.10: a Location-Path segment has at most 255 bytes; 85 UTF-16 units never have more. */
function isShortAscii(text: string): boolean {
  if (text.length > 255) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/**
 * What a request's path may mean, likeliest first. Ids lead to their registration in every form, so that locations handed
 * out before the form was changed stay good; names do only where they are the form, because an id is harder to guess.
 */
export function parseLocation(form: LocationForm, path: readonly string[]): readonly LocationTarget[] {
  if (path.length === 2 && path[0] === registrationPath) {
    const id = { by: 'id', id: path[1]! } as const;
    return form === LocationForm.Endpoint ? [{ by: 'endpoint', endpoint: path[1]! }, id] : [id];
  }
  if (path.length === 1 && form === LocationForm.DeviceKeyVersion) {
    const segment = path[0]!;
    // The key of some profiles holds `;` itself, the version does not.
    const separator = segment.lastIndexOf(';');
    if (separator < 0) return [];
    return [{ by: 'device-key', deviceKey: segment.slice(0, separator), version: segment.slice(separator + 1) }];
  }
  return [];
}
