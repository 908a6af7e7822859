import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';

const ns = raNamespaces.device;

/** What a device is, and how it is now (GB/T 29265.205 §13). */
export interface DeviceDescription {
  readonly deviceType: string;
  readonly vendor: string;
  readonly model: string;
  readonly state: 'online' | 'offline' | 'sleeping';
  /** Namespaces that it understands; the URN of an object for each that it has. */
  readonly features: readonly string[];
  /** Its object instances: `/3303/0`. */
  readonly instances: readonly string[];
}

/** Features and instances of one description have so many entries at most; what is beyond is not read. */
export const mostDescribed = 1000;

/** `<device state='online'><deviceType/><manufacturer/><modelName/><feature var='…'/><instance path='/3303/0'/></device>` */
export function encodeDeviceDescription(description: DeviceDescription): XmlElement {
  const { deviceType, vendor, model, state, features, instances } = description;
  return element(
    'device',
    ns,
    { state },
    element('deviceType', ns, {}, deviceType),
    element('manufacturer', ns, {}, vendor),
    element('modelName', ns, {}, model),
    ...features.map((feature) => element('feature', ns, { var: feature })),
    ...instances.map((path) => element('instance', ns, { path })),
  );
}

/** Undefined when it is none. */
export function decodeDeviceDescription(payload: XmlElement | undefined): DeviceDescription | undefined {
  if (payload?.is('device', ns) !== true) return undefined;
  const state = payload.attribute('state');
  const all = (name: string, attribute: string) =>
    payload
      .elements(name)
      .slice(0, mostDescribed)
      .flatMap((one) => one.attribute(attribute) ?? []);
  return {
    deviceType: payload.childText('deviceType') ?? '',
    vendor: payload.childText('manufacturer') ?? '',
    model: payload.childText('modelName') ?? '',
    state: state === 'offline' || state === 'sleeping' ? state : 'online',
    features: all('feature', 'var'),
    instances: all('instance', 'path').filter((path) => /^\/\d{1,5}(\/\d{1,5})?$/.test(path)),
  };
}
