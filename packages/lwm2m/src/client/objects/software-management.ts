import { defineObject } from '@yaolian/lwm2m-objects';

/** Where a software component stands (9/x/7; OMA-TS-LWM2M_SwMgmt 1.0 §6). */
export const SoftwareState = { Initial: 0, DownloadStarted: 1, Downloaded: 2, Delivered: 3, Installed: 4 } as const;
export type SoftwareState = (typeof SoftwareState)[keyof typeof SoftwareState];

/** What became of the last thing that was done with it (9/x/9). */
export const SoftwareResult = {
  Initial: 0,
  Downloading: 1,
  Installed: 2,
  Verified: 3,
  NotEnoughStorage: 50,
  OutOfMemory: 51,
  ConnectionLost: 52,
  IntegrityCheckFailure: 53,
  UnsupportedPackageType: 54,
  InvalidUri: 56,
  UpdateError: 57,
  InstallationFailed: 58,
  UninstallationFailed: 59,
} as const;
export type SoftwareResult = (typeof SoftwareResult)[keyof typeof SoftwareResult];

/** LWM2M Software Management 1.0: an instance for each software component. */
export const softwareManagementObject = defineObject({
  id: 9,
  name: 'LWM2M Software Management',
  urn: 'urn:oma:lwm2m:oma:9',
  multiple: true,
  resources: {
    packageName: { id: 0, operations: 'R', type: 'string', name: 'PkgName', mandatory: true, range: '0..255' },
    packageVersion: { id: 1, operations: 'R', type: 'string', name: 'PkgVersion', mandatory: true, range: '0..255' },
    package: { id: 2, operations: 'W', type: 'opaque', name: 'Package' },
    packageUri: { id: 3, operations: 'W', type: 'string', name: 'Package URI', range: '0..255' },
    install: { id: 4, operations: 'E', name: 'Install', mandatory: true },
    uninstall: { id: 6, operations: 'E', name: 'Uninstall', mandatory: true },
    updateState: { id: 7, operations: 'R', type: 'integer', name: 'Update State', mandatory: true, range: '0..4' },
    updateResult: { id: 9, operations: 'R', type: 'integer', name: 'Update Result', mandatory: true, range: '0..200' },
    activate: { id: 10, operations: 'E', name: 'Activate', mandatory: true },
    deactivate: { id: 11, operations: 'E', name: 'Deactivate', mandatory: true },
    activationState: { id: 12, operations: 'R', type: 'boolean', name: 'Activation State', mandatory: true },
    statusReason: { id: 16, operations: 'R', type: 'string', name: 'Status Reason', range: '0..255' },
  },
});
