import { Gateway } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, instance } from '../object-instance.ts';

export type GatewayInstance = DeclaredInstance<typeof Gateway>;

/** A device behind a gateway. */
export interface EndDevice {
  /** Unique behind this gateway and for good: a serial number. */
  readonly deviceId: string;
  /** The first path segment of what is the device's: letters, digits, `-`, `_`; no number, for that would be an object. */
  readonly prefix: string;
  /** Paths of the objects and object instances that it has: `['/3303/0', '/3311/0']`. */
  readonly objects: readonly string[];
}

const prefixText = /^(?!\d+$)[\w-]{1,32}$/;

/**
 * An instance of the LwM2M Gateway object (25): one device behind the gateway.
 * @param id the object instance id
 * @throws RangeError when the prefix cannot be one, or a path is none
 */
export function gatewayDevice(device: EndDevice, id: number): GatewayInstance {
  return instance(Gateway, gatewayValues(device), { id });
}

/** The device behind the gateway is another one, or has other objects. */
export function updateGatewayDevice(self: GatewayInstance, device: EndDevice): void {
  self.update(gatewayValues(device));
}

function gatewayValues({ deviceId, prefix, objects }: EndDevice) {
  if (!prefixText.test(prefix)) {
    throw new RangeError(`a prefix is 1 to 32 letters, digits, "-" and "_" and no number, not "${prefix}"`);
  }
  for (const path of objects) {
    if (!/^\/\d{1,5}(\/\d{1,5})?$/.test(path)) throw new RangeError(`"${path}" is no object or object instance`);
  }
  const links = objects.map((path) => `</${prefix}${path}>`).join(',');
  return { deviceId, prefix, iotDeviceObjects: links };
}
