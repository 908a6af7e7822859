import { defineObject } from '@yaolian/lwm2m-objects';

const resources = {
  serverUri: {
    id: 0,
    operations: '',
    type: 'string',
    name: 'LWM2M Server URI',
    mandatory: true,
    range: '0..255 bytes',
  },
  bootstrapServer: { id: 1, operations: '', type: 'boolean', name: 'Bootstrap-Server', mandatory: true },
  securityMode: { id: 2, operations: '', type: 'integer', name: 'Security Mode', mandatory: true, range: '0..4' },
  publicKeyOrIdentity: { id: 3, operations: '', type: 'opaque', name: 'Public Key or Identity', mandatory: true },
  serverPublicKey: { id: 4, operations: '', type: 'opaque', name: 'Server Public Key', mandatory: true },
  secretKey: { id: 5, operations: '', type: 'opaque', name: 'Secret Key', mandatory: true },
  smsSecurityMode: { id: 6, operations: '', type: 'integer', name: 'SMS Security Mode', range: '0..255' },
  smsBindingKeyParameters: { id: 7, operations: '', type: 'opaque', name: 'SMS Binding Key Parameters' },
  smsBindingSecretKeys: { id: 8, operations: '', type: 'opaque', name: 'SMS Binding Secret Key(s)' },
  serverSmsNumber: { id: 9, operations: '', type: 'string', name: 'LwM2M Server SMS Number' },
  shortServerId: { id: 10, operations: '', type: 'integer', name: 'Short Server ID', range: '1..65534' },
  clientHoldOffTime: { id: 11, operations: '', type: 'integer', name: 'Client Hold Off Time', units: 's' },
  bootstrapAccountTimeout: {
    id: 12,
    operations: '',
    type: 'integer',
    name: 'Bootstrap-Server Account Timeout',
    units: 's',
  },
} as const;

/** LwM2M Security 1.0: who the servers are and with what they and the terminal prove themselves. For Bootstrap-Servers only. */
export const securityObject10 = defineObject({
  id: 0,
  name: 'LWM2M Security',
  urn: 'urn:oma:lwm2m:oma:0',
  multiple: true,
  mandatory: true,
  resources,
});

const resources11 = {
  ...resources,
  matchingType: { id: 13, operations: '', type: 'unsigned', name: 'Matching Type', range: '0..3' },
  sni: { id: 14, operations: '', type: 'string', name: 'SNI' },
  certificateUsage: { id: 15, operations: '', type: 'unsigned', name: 'Certificate Usage', range: '0..3' },
  ciphersuite: { id: 16, operations: '', type: 'unsigned', name: 'DTLS/TLS Ciphersuite', multiple: true },
  oscoreSecurityMode: { id: 17, operations: '', type: 'objlnk', name: 'OSCORE Security Mode' },
} as const;

/** LwM2M Security 1.1. */
export const securityObject11 = defineObject({
  id: 0,
  name: 'LWM2M Security',
  version: '1.1',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:0:1.1',
  multiple: true,
  mandatory: true,
  resources: resources11,
});

/** LwM2M Security 1.2. */
export const securityObject12 = defineObject({
  id: 0,
  name: 'LWM2M Security',
  version: '1.2',
  lwm2mVersion: '1.1',
  urn: 'urn:oma:lwm2m:oma:0:1.2',
  multiple: true,
  mandatory: true,
  resources: {
    ...resources11,
    groupsToUse: { id: 18, operations: '', type: 'unsigned', name: 'Groups To Use by Client', multiple: true },
    signatureAlgorithmsOfServer: {
      id: 19,
      operations: '',
      type: 'unsigned',
      name: 'Signature Algorithms Supported by Server',
      multiple: true,
    },
    signatureAlgorithmsToUse: {
      id: 20,
      operations: '',
      type: 'unsigned',
      name: 'Signature Algorithms To Use by Client',
      multiple: true,
    },
    mqttServer: { id: 26, operations: '', type: 'objlnk', name: 'MQTT Server' },
    coseSecurity: { id: 27, operations: '', type: 'objlnk', name: 'LwM2M COSE Security', multiple: true },
  },
});

/** Values of resource 2 of the Security object. */
export const SecurityMode = {
  PreSharedKey: 0,
  RawPublicKey: 1,
  Certificate: 2,
  NoSec: 3,
  CertificateWithEst: 4,
} as const;
