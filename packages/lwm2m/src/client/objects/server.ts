import { defineObject } from '@yaolian/lwm2m-objects';

const resources = {
  shortServerId: {
    id: 0,
    operations: 'R',
    type: 'integer',
    name: 'Short Server ID',
    mandatory: true,
    range: '1..65534',
  },
  lifetime: { id: 1, operations: 'RW', type: 'integer', name: 'Lifetime', mandatory: true, units: 's' },
  defaultMinimumPeriod: { id: 2, operations: 'RW', type: 'integer', name: 'Default Minimum Period', units: 's' },
  defaultMaximumPeriod: { id: 3, operations: 'RW', type: 'integer', name: 'Default Maximum Period', units: 's' },
  disable: { id: 4, operations: 'E', name: 'Disable' },
  disableTimeout: { id: 5, operations: 'RW', type: 'integer', name: 'Disable Timeout', units: 's' },
  notificationStoring: {
    id: 6,
    operations: 'RW',
    type: 'boolean',
    name: 'Notification Storing When Disabled or Offline',
    mandatory: true,
  },
  binding: { id: 7, operations: 'RW', type: 'string', name: 'Binding', mandatory: true },
  registrationUpdateTrigger: { id: 8, operations: 'E', name: 'Registration Update Trigger', mandatory: true },
} as const;

/** LwM2M Server 1.0: how the terminal behaves towards one server. */
export const serverObject10 = defineObject({
  id: 1,
  name: 'LwM2M Server',
  urn: 'urn:oma:lwm2m:oma:1',
  multiple: true,
  mandatory: true,
  resources,
});

const resources11 = {
  ...resources,
  bootstrapRequestTrigger: { id: 9, operations: 'E', name: 'Bootstrap-Request Trigger' },
  apnLink: { id: 10, operations: 'RW', type: 'objlnk', name: 'APN Link' },
  tlsDtlsAlertCode: { id: 11, operations: 'R', type: 'unsigned', name: 'TLS-DTLS Alert Code', range: '0..255' },
  lastBootstrapped: { id: 12, operations: 'R', type: 'time', name: 'Last Bootstrapped' },
  registrationPriorityOrder: { id: 13, operations: '', type: 'unsigned', name: 'Registration Priority Order' },
  initialRegistrationDelay: {
    id: 14,
    operations: '',
    type: 'unsigned',
    name: 'Initial Registration Delay Timer',
    units: 's',
  },
  registrationFailureBlock: { id: 15, operations: '', type: 'boolean', name: 'Registration Failure Block' },
  bootstrapOnRegistrationFailure: {
    id: 16,
    operations: '',
    type: 'boolean',
    name: 'Bootstrap on Registration Failure',
  },
  communicationRetryCount: { id: 17, operations: '', type: 'unsigned', name: 'Communication Retry Count' },
  communicationRetryTimer: {
    id: 18,
    operations: '',
    type: 'unsigned',
    name: 'Communication Retry Timer',
    units: 's',
  },
  communicationSequenceDelay: {
    id: 19,
    operations: '',
    type: 'unsigned',
    name: 'Communication Sequence Delay Timer',
  },
  communicationSequenceRetryCount: {
    id: 20,
    operations: '',
    type: 'unsigned',
    name: 'Communication Sequence Retry Count',
  },
  trigger: { id: 21, operations: 'RW', type: 'boolean', name: 'Trigger' },
  preferredTransport: { id: 22, operations: 'RW', type: 'string', name: 'Preferred Transport' },
  muteSend: { id: 23, operations: 'RW', type: 'boolean', name: 'Mute Send' },
} as const;

/** LwM2M Server 1.1. */
export const serverObject11 = defineObject({
  id: 1,
  name: 'LwM2M Server',
  version: '1.1',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:1:1.1',
  multiple: true,
  mandatory: true,
  resources: resources11,
});

/** LwM2M Server 1.2. */
export const serverObject12 = defineObject({
  id: 1,
  name: 'LwM2M Server',
  version: '1.2',
  lwm2mVersion: '1.2',
  urn: 'urn:oma:lwm2m:oma:1:1.2',
  multiple: true,
  mandatory: true,
  resources: {
    ...resources11,
    registrationPriorityOrder: { ...resources11.registrationPriorityOrder, operations: 'R' },
    initialRegistrationDelay: { ...resources11.initialRegistrationDelay, operations: 'RW' },
    registrationFailureBlock: { ...resources11.registrationFailureBlock, operations: 'R' },
    bootstrapOnRegistrationFailure: { ...resources11.bootstrapOnRegistrationFailure, operations: 'R' },
    communicationRetryCount: { ...resources11.communicationRetryCount, operations: 'RW' },
    communicationRetryTimer: { ...resources11.communicationRetryTimer, operations: 'RW' },
    communicationSequenceDelay: { ...resources11.communicationSequenceDelay, operations: 'RW' },
    communicationSequenceRetryCount: { ...resources11.communicationSequenceRetryCount, operations: 'RW' },
    alternateApnLinks: { id: 24, operations: 'RW', type: 'objlnk', name: 'Alternate APN Links', multiple: true },
    supportedServerVersions: {
      id: 25,
      operations: 'RW',
      type: 'string',
      name: 'Supported Server Versions',
      multiple: true,
    },
    defaultNotificationMode: {
      id: 26,
      operations: 'RW',
      type: 'integer',
      name: 'Default Notification Mode',
      range: '0..1',
    },
    profileIdHashAlgorithm: {
      id: 27,
      operations: 'RW',
      type: 'integer',
      name: 'Profile ID Hash Algorithm',
      range: '0..255',
    },
  },
});
