import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
import type { ObjectReference } from './reference.ts';

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

/** What the compiler reads from each way of writing a resource that is in the references: operations, type, multiplicity. */
interface Readings {
  readonly E: readonly ['E', 'none', false];
  readonly 'E!': readonly ['E', 'none', false];
  readonly RWb: readonly ['RW', 'boolean', false];
  readonly 'RWb!': readonly ['RW', 'boolean', false];
  readonly RWbm: readonly ['RW', 'boolean', true];
  readonly RWc: readonly ['RW', 'corelnk', false];
  readonly 'RWc!': readonly ['RW', 'corelnk', false];
  readonly RWcm: readonly ['RW', 'corelnk', true];
  readonly 'RWcm!': readonly ['RW', 'corelnk', true];
  readonly RWf: readonly ['RW', 'float', false];
  readonly 'RWf!': readonly ['RW', 'float', false];
  readonly RWfm: readonly ['RW', 'float', true];
  readonly 'RWfm!': readonly ['RW', 'float', true];
  readonly RWi: readonly ['RW', 'integer', false];
  readonly 'RWi!': readonly ['RW', 'integer', false];
  readonly RWim: readonly ['RW', 'integer', true];
  readonly 'RWim!': readonly ['RW', 'integer', true];
  readonly RWl: readonly ['RW', 'objlnk', false];
  readonly 'RWl!': readonly ['RW', 'objlnk', false];
  readonly RWlm: readonly ['RW', 'objlnk', true];
  readonly 'RWlm!': readonly ['RW', 'objlnk', true];
  readonly RWo: readonly ['RW', 'opaque', false];
  readonly 'RWo!': readonly ['RW', 'opaque', false];
  readonly RWom: readonly ['RW', 'opaque', true];
  readonly 'RWom!': readonly ['RW', 'opaque', true];
  readonly RWs: readonly ['RW', 'string', false];
  readonly 'RWs!': readonly ['RW', 'string', false];
  readonly RWsm: readonly ['RW', 'string', true];
  readonly 'RWsm!': readonly ['RW', 'string', true];
  readonly RWt: readonly ['RW', 'time', false];
  readonly 'RWt!': readonly ['RW', 'time', false];
  readonly RWtm: readonly ['RW', 'time', true];
  readonly RWu: readonly ['RW', 'unsigned', false];
  readonly 'RWu!': readonly ['RW', 'unsigned', false];
  readonly RWum: readonly ['RW', 'unsigned', true];
  readonly Rb: readonly ['R', 'boolean', false];
  readonly 'Rb!': readonly ['R', 'boolean', false];
  readonly Rbm: readonly ['R', 'boolean', true];
  readonly 'Rc!': readonly ['R', 'corelnk', false];
  readonly 'Rcm!': readonly ['R', 'corelnk', true];
  readonly Rf: readonly ['R', 'float', false];
  readonly 'Rf!': readonly ['R', 'float', false];
  readonly Rfm: readonly ['R', 'float', true];
  readonly 'Rfm!': readonly ['R', 'float', true];
  readonly Ri: readonly ['R', 'integer', false];
  readonly 'Ri!': readonly ['R', 'integer', false];
  readonly Rim: readonly ['R', 'integer', true];
  readonly 'Rim!': readonly ['R', 'integer', true];
  readonly Rl: readonly ['R', 'objlnk', false];
  readonly 'Rl!': readonly ['R', 'objlnk', false];
  readonly Rlm: readonly ['R', 'objlnk', true];
  readonly 'Rlm!': readonly ['R', 'objlnk', true];
  readonly Ro: readonly ['R', 'opaque', false];
  readonly 'Ro!': readonly ['R', 'opaque', false];
  readonly Rom: readonly ['R', 'opaque', true];
  readonly 'Rom!': readonly ['R', 'opaque', true];
  readonly Rs: readonly ['R', 'string', false];
  readonly 'Rs!': readonly ['R', 'string', false];
  readonly Rsm: readonly ['R', 'string', true];
  readonly 'Rsm!': readonly ['R', 'string', true];
  readonly Rt: readonly ['R', 'time', false];
  readonly 'Rt!': readonly ['R', 'time', false];
  readonly Rtm: readonly ['R', 'time', true];
  readonly 'Rtm!': readonly ['R', 'time', true];
  readonly Ru: readonly ['R', 'unsigned', false];
  readonly 'Ru!': readonly ['R', 'unsigned', false];
  readonly Wb: readonly ['W', 'boolean', false];
  readonly 'Wb!': readonly ['W', 'boolean', false];
  readonly Wf: readonly ['W', 'float', false];
  readonly Wi: readonly ['W', 'integer', false];
  readonly Wo: readonly ['W', 'opaque', false];
  readonly 'Wo!': readonly ['W', 'opaque', false];
  readonly Ws: readonly ['W', 'string', false];
  readonly 'Wsm!': readonly ['W', 'string', true];
  readonly Wu: readonly ['W', 'unsigned', false];
  readonly 'Wu!': readonly ['W', 'unsigned', false];
  readonly 'b!': readonly ['', 'boolean', false];
  readonly i: readonly ['', 'integer', false];
  readonly 'i!': readonly ['', 'integer', false];
  readonly l: readonly ['', 'objlnk', false];
  readonly lm: readonly ['', 'objlnk', true];
  readonly o: readonly ['', 'opaque', false];
  readonly 'o!': readonly ['', 'opaque', false];
  readonly s: readonly ['', 'string', false];
  readonly 's!': readonly ['', 'string', false];
  readonly sm: readonly ['', 'string', true];
  readonly u: readonly ['', 'unsigned', false];
  readonly um: readonly ['', 'unsigned', true];
}

type Read<Text extends string> = ObjectReference<1, { readonly X: Text }>['X'];

interface Seen<Text extends string> {
  readonly said: readonly [Read<Text>['operations'], Read<Text>['type'], Read<Text>['multiple']];
  readonly units: Read<Text>['units'];
}

/** For each way of writing, whether the compiler reads that, and the unit behind it. */
type Agreements = {
  [Flags in keyof Readings]: [
    Equal<Seen<`7 ${Flags} Cel`>['said'], Readings[Flags]>,
    Equal<Seen<`7 ${Flags} Cel`>['units'], 'Cel'>,
    Equal<Seen<`7 ${Flags}`>['units'], ''>,
  ];
};
isSame<Equal<Agreements[keyof Agreements], [true, true, true]>>();

const readings: { readonly [Flags in keyof Readings]: [operations: string, type: string, multiple: boolean] } = {
  E: ['E', 'none', false],
  'E!': ['E', 'none', false],
  RWb: ['RW', 'boolean', false],
  'RWb!': ['RW', 'boolean', false],
  RWbm: ['RW', 'boolean', true],
  RWc: ['RW', 'corelnk', false],
  'RWc!': ['RW', 'corelnk', false],
  RWcm: ['RW', 'corelnk', true],
  'RWcm!': ['RW', 'corelnk', true],
  RWf: ['RW', 'float', false],
  'RWf!': ['RW', 'float', false],
  RWfm: ['RW', 'float', true],
  'RWfm!': ['RW', 'float', true],
  RWi: ['RW', 'integer', false],
  'RWi!': ['RW', 'integer', false],
  RWim: ['RW', 'integer', true],
  'RWim!': ['RW', 'integer', true],
  RWl: ['RW', 'objlnk', false],
  'RWl!': ['RW', 'objlnk', false],
  RWlm: ['RW', 'objlnk', true],
  'RWlm!': ['RW', 'objlnk', true],
  RWo: ['RW', 'opaque', false],
  'RWo!': ['RW', 'opaque', false],
  RWom: ['RW', 'opaque', true],
  'RWom!': ['RW', 'opaque', true],
  RWs: ['RW', 'string', false],
  'RWs!': ['RW', 'string', false],
  RWsm: ['RW', 'string', true],
  'RWsm!': ['RW', 'string', true],
  RWt: ['RW', 'time', false],
  'RWt!': ['RW', 'time', false],
  RWtm: ['RW', 'time', true],
  RWu: ['RW', 'unsigned', false],
  'RWu!': ['RW', 'unsigned', false],
  RWum: ['RW', 'unsigned', true],
  Rb: ['R', 'boolean', false],
  'Rb!': ['R', 'boolean', false],
  Rbm: ['R', 'boolean', true],
  'Rc!': ['R', 'corelnk', false],
  'Rcm!': ['R', 'corelnk', true],
  Rf: ['R', 'float', false],
  'Rf!': ['R', 'float', false],
  Rfm: ['R', 'float', true],
  'Rfm!': ['R', 'float', true],
  Ri: ['R', 'integer', false],
  'Ri!': ['R', 'integer', false],
  Rim: ['R', 'integer', true],
  'Rim!': ['R', 'integer', true],
  Rl: ['R', 'objlnk', false],
  'Rl!': ['R', 'objlnk', false],
  Rlm: ['R', 'objlnk', true],
  'Rlm!': ['R', 'objlnk', true],
  Ro: ['R', 'opaque', false],
  'Ro!': ['R', 'opaque', false],
  Rom: ['R', 'opaque', true],
  'Rom!': ['R', 'opaque', true],
  Rs: ['R', 'string', false],
  'Rs!': ['R', 'string', false],
  Rsm: ['R', 'string', true],
  'Rsm!': ['R', 'string', true],
  Rt: ['R', 'time', false],
  'Rt!': ['R', 'time', false],
  Rtm: ['R', 'time', true],
  'Rtm!': ['R', 'time', true],
  Ru: ['R', 'unsigned', false],
  'Ru!': ['R', 'unsigned', false],
  Wb: ['W', 'boolean', false],
  'Wb!': ['W', 'boolean', false],
  Wf: ['W', 'float', false],
  Wi: ['W', 'integer', false],
  Wo: ['W', 'opaque', false],
  'Wo!': ['W', 'opaque', false],
  Ws: ['W', 'string', false],
  'Wsm!': ['W', 'string', true],
  Wu: ['W', 'unsigned', false],
  'Wu!': ['W', 'unsigned', false],
  'b!': ['', 'boolean', false],
  i: ['', 'integer', false],
  'i!': ['', 'integer', false],
  l: ['', 'objlnk', false],
  lm: ['', 'objlnk', true],
  o: ['', 'opaque', false],
  'o!': ['', 'opaque', false],
  s: ['', 'string', false],
  's!': ['', 'string', false],
  sm: ['', 'string', true],
  u: ['', 'unsigned', false],
  um: ['', 'unsigned', true],
};

test('what the compiler reads of each resource of the registry is what the table has: operations, type, multiplicity, unit', () => {
  let count = 0;
  for (const file of ['core-references.ts', 'references.ts']) {
    const source = readFileSync(new URL(`generated/${file}`, import.meta.url), 'utf8');
    for (const block of source.split('objectReference(').slice(1)) {
      const [, objectId, version] = /^(\d+), '([^']+)'/.exec(block)!;
      const { resources } = omaObjects.object(Number(objectId), version)!;
      const written = [...block.matchAll(/'(\d+) ([^ ']+)(?: ([^']*))?'/g)];
      assert.equal(written.length, resources.size, `${objectId} ${version}`);
      for (const [text, id, flags, units = ''] of written) {
        const { readable, writable, executable, type, multiple, units: unit } = resources.get(Number(id))!;
        const operations = executable ? 'E' : `${readable ? 'R' : ''}${writable ? 'W' : ''}`;
        const read = readings[flags as keyof Readings];
        assert.ok(read, `${flags} is not among the ways that the compiler is tested with`);
        assert.deepEqual([...read, units], [operations, type, multiple, unit], `/${objectId}/x/${id} ${text}`);
        count++;
      }
    }
  }
  assert.equal(
    count,
    [...omaObjects.objects()].reduce((sum, { id }) => sum + omaObjects.object(id)!.resources.size, 0),
  );
});

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
