import { socketAddress } from '@yaolian/kernel';
import type { Registration } from '@yaolian/lwm2m/server';

/** A registration as terminals make them, for tests. */
export function sampleRegistration(id: string, change: Partial<Registration> = {}): Registration {
  return {
    id,
    endpoint: `urn:imei:${id}`,
    deviceKey: `urn:imei:${id}`,
    address: socketAddress('192.0.2.1', 5683),
    lifetime: 86_400,
    lwm2mVersion: '1.0',
    binding: 'U',
    queueMode: false,
    smsNumber: undefined,
    objectLinks: '</>;rt="oma.lwm2m",</1/0>,</3/0>',
    otherParameters: undefined,
    registeredAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...change,
  };
}
