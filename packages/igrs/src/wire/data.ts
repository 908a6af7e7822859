import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';

const ns = raNamespaces.data;

/** A value of a device: text as LwM2M writes it (OMA-TS-LightweightM2M_Core §7.4.1), with what the object model knows of it. */
export interface RaValue {
  /** `/3303/0/5700` */
  readonly path: string;
  /** `string`, `integer`, `unsigned-integer`, `float`, `boolean`, `opaque` (base64), `time` (seconds), `object-link`, … */
  readonly type: string;
  readonly text: string;
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
}

/** What a device that is asked can answer. */
export type DataAnswer =
  | { readonly kind: 'values'; readonly time: string; readonly values: readonly RaValue[] }
  | { readonly kind: 'done' }
  /** The device sleeps: the answer is pushed when it was heard. */
  | { readonly kind: 'queued'; readonly id: string; readonly expiresAt: string };

/** `<values xmlns='urn:yaolian:ra:1:data' time='…'><value path='/3303/0/5700' type='float' unit='Cel'>21.5</value></values>` */
export function encodeDataAnswer(given: DataAnswer): XmlElement | undefined {
  if (given.kind === 'done') return undefined;
  if (given.kind === 'queued') return element('queued', ns, { id: given.id, expires: given.expiresAt });
  const values = given.values.map(({ path, type, name, unit, text }) =>
    element('value', ns, { path, type, name, unit }, text),
  );
  return element('values', ns, { time: given.time }, ...values);
}

/** Undefined when it is none of them. */
export function decodeDataAnswer(payload: XmlElement | undefined): DataAnswer | undefined {
  if (payload === undefined) return { kind: 'done' };
  const { id, expires, time } = payload.attributes;
  if (payload.is('queued', ns)) {
    return id === undefined || expires === undefined ? undefined : { kind: 'queued', id, expiresAt: expires };
  }
  if (!payload.is('values', ns) || time === undefined) return undefined;
  const values = payload.elements('value').map((value) => {
    const { path = '', type = 'string', name, unit } = value.attributes;
    return { path, type, text: value.text(), name, unit };
  });
  return { kind: 'values', time, values };
}

/**
 * Why an observation is over that who observes did not cancel.
 * - `forbidden`: what permitted it was revoked, or ended with a friendship or a link
 * - `expired`: what permitted it was for a time, and that is over
 * - `unbound`: the device is not the observer's any more
 * - `removed`: the account of the device is gone
 * - `cancelled`: whoever runs the platform ended it, or the device did
 */
export const observationEndReasons = ['forbidden', 'expired', 'unbound', 'removed', 'cancelled'] as const;

export type ObservationEndReason = (typeof observationEndReasons)[number];

/** `<ended xmlns='urn:yaolian:ra:1:data' device='lamp@home.example' path='/3303/0/5700' reason='expired'/>` */
export function encodeObservationEnd(device: string, path: string, reason: ObservationEndReason): XmlElement {
  return element('ended', ns, { device, path, reason });
}

/** What is asked of a device. */
export type DataRequest =
  | { readonly kind: 'read' | 'observe' | 'cancel'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'execute'; readonly path: string; readonly arguments: string };

/** `<read xmlns='urn:yaolian:ra:1:data' path='/3303/0/5700'/>`, `<write path='…'>22</write>`, … */
export function encodeDataRequest(request: DataRequest): XmlElement {
  const { kind, path } = request;
  if (kind === 'write') return element(kind, ns, { path }, request.text);
  return element(kind, ns, { path }, kind === 'execute' ? request.arguments : undefined);
}

/** Undefined when it is none. */
export function decodeDataRequest(payload: XmlElement, type: 'get' | 'set'): DataRequest | undefined {
  const path = payload.attribute('path');
  if (payload.namespace !== ns || path === undefined || !/^(\/\d{1,5}){1,4}$/.test(path)) return undefined;
  switch (payload.name) {
    case 'read':
      return type === 'get' ? { kind: 'read', path } : undefined;
    case 'observe':
    case 'cancel':
      return type === 'set' ? { kind: payload.name, path } : undefined;
    case 'write':
      return type === 'set' ? { kind: 'write', path, text: payload.text() } : undefined;
    case 'execute':
      return type === 'set' ? { kind: 'execute', path, arguments: payload.text() } : undefined;
    default:
      return undefined;
  }
}

/**
 * The feature that a path belongs to, for permissions: the URN of its object (OMA registry: below 1024 `oma`, to 10240 `ext`,
 * then `x`).
 */
export function featureOfPath(path: string): string {
  const id = Number(path.split('/')[1]);
  const kind = id < 1024 ? 'oma' : id <= 10_240 ? 'ext' : 'x';
  return `urn:oma:lwm2m:${kind}:${id}`;
}
