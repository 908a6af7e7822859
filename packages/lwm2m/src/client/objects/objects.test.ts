import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ObjectDefinition, omaObjects } from '@yaolian/lwm2m-objects';
import {
  connectivityMonitoringObject10,
  connectivityMonitoringObject12,
  connectivityMonitoringObject13,
} from './connectivity-monitoring.ts';
import { deviceObject10, deviceObject11 } from './device.ts';
import { firmwareUpdateObject10, firmwareUpdateObject11, firmwareUpdateObject12 } from './firmware-update.ts';
import { securityObject10, securityObject11 } from './security.ts';
import { serverObject10, serverObject11 } from './server.ts';

const declared: readonly ObjectDefinition[] = [
  securityObject10,
  securityObject11,
  serverObject10,
  serverObject11,
  deviceObject10,
  deviceObject11,
  firmwareUpdateObject10,
  firmwareUpdateObject11,
  firmwareUpdateObject12,
  connectivityMonitoringObject10,
  connectivityMonitoringObject12,
  connectivityMonitoringObject13,
];

for (const definition of declared) {
  test(`${definition.name} ${definition.version} is what OMA's registry says`, () => {
    const registered = omaObjects.object(definition.id, definition.version)!;
    const { resources, ...head } = definition;
    const { resources: registeredResources, ...registeredHead } = registered;
    assert.deepEqual({ ...registeredHead, named: undefined }, { ...head, named: undefined });
    const facts = (all: ObjectDefinition['resources']) =>
      [...all.values()].map(({ id, name, type, mandatory, multiple, readable, writable, executable }) => ({
        id,
        name,
        type,
        mandatory,
        multiple,
        readable,
        writable,
        executable,
      }));
    assert.deepEqual(facts(resources), facts(registeredResources));
  });
}
