/** The door by which a device speaks to the platform. */
export type DeviceDoorName = 'lwm2m' | 'ra';

/** The key of a device that speaks RA itself: the address of its account. Terminals may not have such keys. */
export function raDeviceKey(account: string, domain: string): string {
  return `${account}@${domain}`;
}

/** The account of a device key that is one of {@link raDeviceKey}; undefined: a terminal has it. */
export function raAccountOfKey(key: string, domain: string): string | undefined {
  const end = key.length - domain.length - 1;
  return end > 0 && key.endsWith(`@${domain}`) ? key.slice(0, end) : undefined;
}

/** Which door reaches the device. @param domain that of Remote Access; undefined where it is off */
export function doorOf(key: string, domain: string | undefined): DeviceDoorName {
  return domain !== undefined && raAccountOfKey(key, domain) !== undefined ? 'ra' : 'lwm2m';
}
