import { defineObject } from '@yaolian/lwm2m-objects';

/** Report information of multi-form terminals (profile B): one instance of strings, each value encrypted. */
export const reportInformation = defineObject({
  id: 666,
  name: 'Report information',
  resources: {
    device: { id: 6601, operations: 'R', type: 'string', name: 'Device information' },
    application: { id: 6602, operations: 'R', type: 'string', name: 'Application information' },
    mac: { id: 6603, operations: 'R', type: 'string', name: 'MAC address' },
    rom: { id: 6604, operations: 'R', type: 'string', name: 'ROM' },
    ram: { id: 6605, operations: 'R', type: 'string', name: 'RAM' },
    cpu: { id: 6606, operations: 'R', type: 'string', name: 'CPU' },
    systemVersion: { id: 6607, operations: 'R', type: 'string', name: 'System version' },
    firmwareVersion: { id: 6608, operations: 'R', type: 'string', name: 'Firmware version' },
    firmwareName: { id: 6609, operations: 'R', type: 'string', name: 'Firmware name' },
    volte: { id: 6610, operations: 'R', type: 'string', name: 'VoLTE' },
    networkType: { id: 6611, operations: 'R', type: 'string', name: 'Network type' },
    account: { id: 6612, operations: 'R', type: 'string', name: 'Account' },
    phoneNumber: { id: 6613, operations: 'R', type: 'string', name: 'Phone number' },
    location: { id: 6614, operations: 'R', type: 'string', name: 'Location' },
  },
});

/** What a DM 4.0 terminal (profile C) is to report, when, and to whom: JSON texts that the server writes. */
export const reportConfiguration = defineObject({
  id: 668,
  name: 'Report configuration',
  version: '1.2',
  resources: {
    fields: { id: 1, operations: 'RW', type: 'string', name: 'Field configuration' },
    rules: { id: 2, operations: 'RW', type: 'string', name: 'Rule configuration' },
    address: { id: 3, operations: 'RW', type: 'string', name: 'Address configuration' },
  },
});

/** What a DM 4.0 terminal (profile C) reports: a JSON text of the chosen fields, each value encrypted. */
export const reportedFields = defineObject({
  id: 669,
  name: 'Reported fields',
  version: '1.2',
  resources: { report: { id: 1, operations: 'R', type: 'string', name: 'Report' } },
});

/** China Mobile's own objects, which OMA's registry does not have. */
export const chinaMobileObjects = [reportInformation, reportConfiguration, reportedFields] as const;
