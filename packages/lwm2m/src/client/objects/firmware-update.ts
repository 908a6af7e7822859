import { defineObject } from '@yaolian/lwm2m-objects';

/** Where a firmware update stands (5/0/3; OMA-TS-LightweightM2M_Core 1.1 §E.6). */
export const FirmwareState = { Idle: 0, Downloading: 1, Downloaded: 2, Updating: 3 } as const;
export type FirmwareState = (typeof FirmwareState)[keyof typeof FirmwareState];

/** What became of it (5/0/5). */
export const FirmwareResult = {
  Initial: 0,
  Success: 1,
  NotEnoughStorage: 2,
  OutOfMemory: 3,
  ConnectionLost: 4,
  IntegrityCheckFailure: 5,
  UnsupportedPackageType: 6,
  InvalidUri: 7,
  UpdateFailed: 8,
  UnsupportedProtocol: 9,
  /** From 1.1 on. */
  Cancelled: 10,
  /** From 1.1 on. */
  Deferred: 11,
} as const;
export type FirmwareResult = (typeof FirmwareResult)[keyof typeof FirmwareResult];

/** How packages come (5/0/9). */
export const FirmwareDelivery = { Pull: 0, Push: 1, Both: 2 } as const;
export type FirmwareDelivery = (typeof FirmwareDelivery)[keyof typeof FirmwareDelivery];

const first = {
  package: { id: 0, operations: 'W', type: 'opaque', name: 'Package', mandatory: true },
  packageUri: { id: 1, operations: 'RW', type: 'string', name: 'Package URI', mandatory: true, range: '0..255' },
  update: { id: 2, operations: 'E', name: 'Update', mandatory: true },
  state: { id: 3, operations: 'R', type: 'integer', name: 'State', mandatory: true, range: '0..3' },
} as const;

const result = { id: 5, operations: 'R', type: 'integer', name: 'Update Result', mandatory: true } as const;

const second = {
  packageName: { id: 6, operations: 'R', type: 'string', name: 'PkgName', range: '0..255' },
  packageVersion: { id: 7, operations: 'R', type: 'string', name: 'PkgVersion', range: '0..255' },
  protocolSupport: {
    id: 8,
    operations: 'R',
    type: 'integer',
    name: 'Firmware Update Protocol Support',
    multiple: true,
    range: '0..5',
  },
  deliveryMethod: {
    id: 9,
    operations: 'R',
    type: 'integer',
    name: 'Firmware Update Delivery Method',
    mandatory: true,
    range: '0..2',
  },
} as const;

const control = {
  cancel: { id: 10, operations: 'E', name: 'Cancel' },
  severity: { id: 11, operations: 'RW', type: 'integer', name: 'Severity', range: '0..2' },
  lastStateChangeTime: { id: 12, operations: 'R', type: 'time', name: 'Last State Change Time' },
  maximumDeferPeriod: { id: 13, operations: 'RW', type: 'unsigned', name: 'Maximum Defer Period', units: 's' },
} as const;

/** Firmware Update 1.0. */
export const firmwareUpdateObject10 = defineObject({
  id: 5,
  name: 'Firmware Update',
  urn: 'urn:oma:lwm2m:oma:5',
  resources: { ...first, updateResult: { ...result, range: '0..9' }, ...second },
});

/** Firmware Update 1.1: can be cancelled and put off. */
export const firmwareUpdateObject11 = defineObject({
  id: 5,
  name: 'Firmware Update',
  version: '1.1',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:5:1.1',
  resources: { ...first, updateResult: { ...result, range: '0..11' }, ...second, ...control },
});

/** Firmware Update 1.2: can begin by itself once the package is there. */
export const firmwareUpdateObject12 = defineObject({
  id: 5,
  name: 'Firmware Update',
  version: '1.2',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:5:1.2',
  resources: {
    ...first,
    updateResult: { ...result, range: '0..11' },
    ...second,
    ...control,
    automaticUpgrade: { id: 14, operations: 'RW', type: 'boolean', name: 'Automatic Upgrade at Download' },
  },
});
