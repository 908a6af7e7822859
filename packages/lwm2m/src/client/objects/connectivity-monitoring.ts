import { type DeclaredObject, defineObject } from '@yaolian/lwm2m-objects';
import { type DeclaredInstance, type InstanceOptions, instance } from '../object-instance.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import type { InstanceValues } from '../typed-values.ts';

const resources = {
  networkBearer: { id: 0, operations: 'R', type: 'integer', name: 'Network Bearer', mandatory: true, range: '0..50' },
  availableNetworkBearer: {
    id: 1,
    operations: 'R',
    type: 'integer',
    name: 'Available Network Bearer',
    multiple: true,
    mandatory: true,
    range: '0..50',
  },
  radioSignalStrength: {
    id: 2,
    operations: 'R',
    type: 'integer',
    name: 'Radio Signal Strength',
    mandatory: true,
    units: 'dBm',
  },
  linkQuality: { id: 3, operations: 'R', type: 'integer', name: 'Link Quality' },
  ipAddresses: { id: 4, operations: 'R', type: 'string', name: 'IP Addresses', multiple: true, mandatory: true },
  routerIpAddresses: { id: 5, operations: 'R', type: 'string', name: 'Router IP Addresses', multiple: true },
  linkUtilization: { id: 6, operations: 'R', type: 'integer', name: 'Link Utilization', range: '0..100', units: '%' },
  apn: { id: 7, operations: 'R', type: 'string', name: 'APN', multiple: true },
  cellId: { id: 8, operations: 'R', type: 'integer', name: 'Cell ID' },
  smnc: { id: 9, operations: 'R', type: 'integer', name: 'SMNC', range: '0..999' },
  smcc: { id: 10, operations: 'R', type: 'integer', name: 'SMCC', range: '0..999' },
} as const;

/** Connectivity Monitoring 1.0. */
export const connectivityMonitoringObject10 = defineObject({
  id: 4,
  name: 'Connectivity Monitoring',
  urn: 'urn:oma:lwm2m:oma:4',
  resources,
});

/** Connectivity Monitoring 1.2, which LwM2M 1.1 comes with. */
export const connectivityMonitoringObject12 = defineObject({
  id: 4,
  name: 'Connectivity Monitoring',
  version: '1.2',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:4:1.2',
  resources: {
    ...resources,
    signalSnr: { id: 11, operations: 'R', type: 'integer', name: 'SignalSNR', units: 'dB' },
    lac: { id: 12, operations: 'R', type: 'integer', name: 'LAC' },
  },
});

/** Connectivity Monitoring 1.3, which LwM2M 1.2 comes with. */
export const connectivityMonitoringObject13 = defineObject({
  id: 4,
  name: 'Connectivity Monitoring',
  version: '1.3',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:4:1.3',
  resources: {
    ...resources,
    signalSnr: { id: 11, operations: 'R', type: 'integer', name: 'SignalSNR', units: 'dB' },
    lac: { id: 12, operations: 'R', type: 'integer', name: 'LAC' },
    coverageEnhancementLevel: {
      id: 13,
      operations: 'R',
      type: 'integer',
      name: 'Coverage Enhancement Level',
      range: '0..4',
    },
  },
});

/** An instance of the Connectivity Monitoring object of some release. */
export type ConnectivityMonitoringInstance = DeclaredInstance<typeof connectivityMonitoringObject13>;

/** Values of resource 0 of Connectivity Monitoring that terminals of today have. */
export const NetworkBearer = {
  Gsm: 0,
  Wcdma: 2,
  LteTdd: 5,
  LteFdd: 6,
  NbIot: 7,
  Wlan: 21,
  Bluetooth: 22,
  Ethernet: 41,
} as const;

const monitoringObjects: Readonly<Record<Lwm2mVersion, DeclaredObject>> = {
  '1.0': connectivityMonitoringObject10,
  '1.1': connectivityMonitoringObject12,
  '1.2': connectivityMonitoringObject13,
};

/**
 * The Connectivity Monitoring object; what is not given is an Ethernet link of unknown strength.
 * @throws RangeError when a value is for a resource that the object has not got in this release
 */
export function connectivityMonitoring(
  values: InstanceValues<typeof connectivityMonitoringObject13> = {},
  options: InstanceOptions<typeof connectivityMonitoringObject13> = {},
  release: Lwm2mVersion = '1.1',
): ConnectivityMonitoringInstance {
  const definition = monitoringObjects[release] as typeof connectivityMonitoringObject13;
  const bearer = values.networkBearer ?? NetworkBearer.Ethernet;
  const given = { availableNetworkBearer: [bearer], radioSignalStrength: 0, ipAddresses: [], ...values };
  return instance(definition, { ...given, networkBearer: bearer }, options);
}
