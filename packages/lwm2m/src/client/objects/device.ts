import { type DeclaredObject, defineObject } from '@yaolian/lwm2m-objects';
import { type DeclaredInstance, type InstanceOptions, instance } from '../object-instance.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import type { InstanceValues } from '../typed-values.ts';

const resources = {
  manufacturer: { id: 0, operations: 'R', type: 'string', name: 'Manufacturer' },
  modelNumber: { id: 1, operations: 'R', type: 'string', name: 'Model Number' },
  serialNumber: { id: 2, operations: 'R', type: 'string', name: 'Serial Number' },
  firmwareVersion: { id: 3, operations: 'R', type: 'string', name: 'Firmware Version' },
  reboot: { id: 4, operations: 'E', name: 'Reboot', mandatory: true },
  factoryReset: { id: 5, operations: 'E', name: 'Factory Reset' },
  availablePowerSources: {
    id: 6,
    operations: 'R',
    type: 'integer',
    name: 'Available Power Sources',
    multiple: true,
    range: '0..7',
  },
  powerSourceVoltage: {
    id: 7,
    operations: 'R',
    type: 'integer',
    name: 'Power Source Voltage',
    multiple: true,
    units: 'mV',
  },
  powerSourceCurrent: {
    id: 8,
    operations: 'R',
    type: 'integer',
    name: 'Power Source Current',
    multiple: true,
    units: 'mA',
  },
  batteryLevel: { id: 9, operations: 'R', type: 'integer', name: 'Battery Level', range: '0..100', units: '%' },
  memoryFree: { id: 10, operations: 'R', type: 'integer', name: 'Memory Free', units: 'KB' },
  errorCode: {
    id: 11,
    operations: 'R',
    type: 'integer',
    name: 'Error Code',
    multiple: true,
    mandatory: true,
    range: '0..8',
  },
  resetErrorCode: { id: 12, operations: 'E', name: 'Reset Error Code' },
  currentTime: { id: 13, operations: 'RW', type: 'time', name: 'Current Time' },
  utcOffset: { id: 14, operations: 'RW', type: 'string', name: 'UTC Offset' },
  timezone: { id: 15, operations: 'RW', type: 'string', name: 'Timezone' },
  supportedBindingAndModes: {
    id: 16,
    operations: 'R',
    type: 'string',
    name: 'Supported Binding and Modes',
    mandatory: true,
  },
  deviceType: { id: 17, operations: 'R', type: 'string', name: 'Device Type' },
  hardwareVersion: { id: 18, operations: 'R', type: 'string', name: 'Hardware Version' },
  softwareVersion: { id: 19, operations: 'R', type: 'string', name: 'Software Version' },
  batteryStatus: { id: 20, operations: 'R', type: 'integer', name: 'Battery Status', range: '0..6' },
  memoryTotal: { id: 21, operations: 'R', type: 'integer', name: 'Memory Total' },
  extDevInfo: { id: 22, operations: 'R', type: 'objlnk', name: 'ExtDevInfo', multiple: true },
} as const;

/** Device 1.0. */
export const deviceObject10 = defineObject({
  id: 3,
  name: 'Device',
  urn: 'urn:oma:lwm2m:oma:3',
  mandatory: true,
  resources,
});

/** Device 1.1: the same resources. */
export const deviceObject11 = defineObject({
  id: 3,
  name: 'Device',
  version: '1.1',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:3:1.1',
  mandatory: true,
  resources,
});

/** Device 1.2: the same resources. */
export const deviceObject12 = defineObject({
  id: 3,
  name: 'Device',
  version: '1.2',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:3:1.2',
  mandatory: true,
  resources,
});

/** The Device object that goes with each release. */
const deviceObjects: Readonly<Record<Lwm2mVersion, DeclaredObject>> = {
  '1.0': deviceObject10,
  '1.1': deviceObject11,
  '1.2': deviceObject12,
};

/** An instance of the Device object of some release. */
export type DeviceInstance = DeclaredInstance<typeof deviceObject10>;

/** OMA: 0 is "no error"; Reset Error Code leaves that one. */
const noError: ReadonlyMap<number, number> = new Map([[0, 0]]);

/**
 * The Device object with what every terminal has: no error, UDP. Reboot is there even when nothing is done about it, because
 * the object demands it; Reset Error Code works.
 */
export function device(
  values: InstanceValues<typeof deviceObject10> = {},
  options: InstanceOptions<typeof deviceObject10> = {},
  release: Lwm2mVersion = '1.1',
): DeviceInstance {
  return instance(
    deviceObjects[release] as typeof deviceObject10,
    { errorCode: noError, supportedBindingAndModes: 'U', ...values },
    { ...options, onExecute: { ...deviceActions, ...options.onExecute } },
  );
}

const deviceActions: NonNullable<InstanceOptions<typeof deviceObject10>['onExecute']> = {
  reboot: () => {},
  resetErrorCode: (_args, device) => device.set('errorCode', noError),
};
