import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { type ObjectDefinition, omaObjects } from '@yaolian/lwm2m-objects';
import { VirtualTime } from '@yaolian/testkit';
import { simulatedIdentity } from '../identity.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Measured } from './measured.ts';
import {
  lightObject,
  locationObject,
  measure,
  temperatureObject,
  terminalObjects,
  thermometer,
  wandering,
} from './objects.ts';

for (const definition of [locationObject, temperatureObject, lightObject] as readonly ObjectDefinition[]) {
  test(`what ${definition.name} declares is what OMA's registry says`, () => {
    const registered = omaObjects.object(definition.id, definition.version)!;
    assert.deepEqual(
      [definition.version, definition.urn, definition.multiple],
      [registered.version, registered.urn, registered.multiple],
    );
    for (const resource of definition.resources.values()) {
      const { name, type, readable, writable, executable, multiple } = registered.resources.get(resource.id)!;
      const { name: ownName, type: ownType, readable: r, writable: w, executable: e, multiple: m } = resource;
      assert.equal(ownName, name);
      assert.deepEqual([ownType, r, w, e, m], [type, readable, writable, executable, multiple], name);
    }
  });
}

test('temperatures wander within reason, the same way for the same seed, and stop', async () => {
  const walk = async (seed: number) => {
    const time = new VirtualTime();
    const self = thermometer(21);
    const stop = new Measured([wandering(self, new SeededRandom(seed))]).wander(time, seconds(5));
    const values: number[] = [];
    for (let step = 0; step < 500; step++) {
      await time.advance(seconds(5));
      values.push(self.get('sensorValue')!);
    }
    stop();
    assert.equal(time.pending, 0);
    assert.equal(self.get('minimum'), Math.min(21, ...values));
    assert.equal(self.get('maximum'), Math.max(21, ...values));
    return values;
  };
  const values = await walk(1);
  assert.ok(values.every((value) => value > 15 && value < 27));
  assert.deepEqual(await walk(1), values);
  assert.notDeepEqual(await walk(2), values);
});

test('minimum and maximum start anew when they are reset', () => {
  const self = thermometer(20);
  measure(self, 25);
  measure(self, 22);
  assert.deepEqual([self.get('minimum'), self.get('maximum')], [20, 25]);
});

test('the light knows how long it is on, the clock can be set', () => {
  const time = new VirtualTime();
  const identity = simulatedIdentity(1, 0);
  const objects = terminalObjects({
    identity,
    random: new SeededRandom(1),
    clock: time,
    version: '1.1',
    onReboot: () => {},
  });
  assert.equal(objects.light.get('onTime'), 0);
  objects.light.set('on', true);
  assert.equal(objects.light.get('onTime'), 0);
  assert.equal(objects.device.get('serialNumber'), identity.imei);
  assert.equal(objects.device.get('currentTime')!.getTime(), time.epoch());
});
