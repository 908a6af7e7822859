import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as references from './generated/references.ts';
import {
  Device,
  EventLog,
  inVersion,
  type Location,
  type ResourceReference,
  Temperature,
} from './generated/references.ts';
import { omaObjects } from './oma.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when the types are the same: this is where the compiler tests what it knows of references. */
function isSame<_T extends true>(): void {}

isSame<Equal<(typeof Temperature.SensorValue)['type'], 'float'>>();
isSame<Equal<(typeof Temperature.SensorValue)['operations'], 'R'>>();
isSame<Equal<(typeof Temperature.SensorValue)['multiple'], false>>();
isSame<Equal<(typeof Temperature.FractionalTimestamp)['units'], 's'>>();
isSame<Equal<(typeof Temperature.SensorValue)['id'] & number, 5700>>();
isSame<Equal<(typeof Temperature.ResetMinAndMaxMeasuredValues)['type'], 'none'>>();
isSame<Equal<(typeof Temperature.ApplicationType)['operations'], 'RW'>>();
isSame<Equal<(typeof Device.AvailablePowerSources)['multiple'], true>>();
isSame<Equal<(typeof Device.BatteryLevel)['units'], '/100'>>();
isSame<Equal<(typeof Device.CurrentTime)['type'], 'time'>>();
isSame<Equal<(typeof Location.Velocity)['type'], 'opaque'>>();
// @ts-expect-error there is no such resource
void Temperature.SensorValeu;

test('a reference is the resource of the registry', () => {
  const { SensorValue } = Temperature;
  const definition = omaObjects.object(3303)!.resources.get(5700)!;
  const keys = Object.keys(definition) as (keyof typeof definition)[];
  for (const key of keys) assert.equal(SensorValue[key], definition[key], key);
  assert.deepEqual([SensorValue.objectId, SensorValue.objectVersion, SensorValue.operations], [3303, '1.1', 'R']);
});

test('every object is there, and says of every resource what the table says', () => {
  const objects = Object.values(references).filter((value) => typeof value === 'object');
  assert.equal(objects.length, [...omaObjects.objects()].length);
  for (const object of objects) {
    const definition = omaObjects.object(object.id)!;
    assert.equal(object.version, definition.version);
    assert.equal(object.resources, definition.resources);
    const named = Object.entries(object.named) as unknown as [string, ResourceReference][];
    assert.deepEqual(
      named.map(([, { id }]) => id),
      [...definition.resources.keys()],
      definition.name,
    );
    for (const [name, resource] of named) {
      const word = name.charAt(0).toUpperCase() + name.slice(1);
      assert.equal((object as unknown as Record<string, unknown>)[word], resource);
      assert.match(word, /^[A-Z][A-Za-z0-9]*$/);
    }
  }
});

test('names are those of the registry as one word', () => {
  assert.equal(Device.SupportedBindingAndModes.id, 16);
  assert.equal(references.ApnConnectionProfile.AutoSelectApnByDevice.id, 2);
  assert.equal(references.CellularConnectivity.EdrxParametersForWbS1Mode.id, 8);
  assert.equal(references.BearerSelection.ListOfAvailablePlmns.id, 8);
  assert.equal(references.ConnectivityMonitoring.SignalSnr.id, 11);
});

test('an older version is the older definition', () => {
  const log = inVersion(EventLog, '1.0');
  assert.equal(log, inVersion(EventLog, '1.0'));
  assert.equal(log.version, '1.0');
  assert.equal(log.multiple, false);
  assert.equal(log.LogData.objectVersion, '1.0');
  assert.equal('LogDataIncremental' in log, false);
  assert.equal(inVersion(EventLog, '2.1'), EventLog);
  assert.throws(() => inVersion(EventLog, '7.0'), /no version 7.0 of Event Log \(20\)/);
});
