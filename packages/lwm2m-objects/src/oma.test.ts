import assert from 'node:assert/strict';
import { test } from 'node:test';
import { omaObjects, reusableResource } from './oma.ts';

test('every object of the registry is there in every version, and each definition can be built', () => {
  const objects = [...omaObjects.objects()];
  assert.equal(objects.length, 327);
  assert.deepEqual(
    objects.map(({ id }) => id),
    objects.map(({ id }) => id).toSorted((a, b) => a - b),
  );
  let versionCount = 0;
  for (const { id, versions } of objects) {
    for (const version of versions) {
      const definition = omaObjects.object(id, version)!;
      assert.equal(definition.id, id);
      assert.equal(definition.version, version);
      for (const [resourceId, resource] of definition.resources) {
        assert.equal(resource.id, resourceId);
        assert.ok(resource.type, `${id}/${resourceId}`);
        assert.equal(resource.type === 'none', resource.executable, `${id}/${resourceId}`);
      }
      versionCount++;
    }
  }
  assert.equal(versionCount, 424);
});

test('the Device object has the facts of the registry', () => {
  const device = omaObjects.object(3, '1.1')!;
  assert.equal(device.name, 'Device');
  assert.equal(device.urn, 'urn:oma:lwm2m:oma:3:1.1');
  assert.equal(device.multiple, false);
  assert.equal(device.mandatory, true);
  assert.deepEqual(device.resources.get(9), {
    id: 9,
    name: 'Battery Level',
    readable: true,
    writable: false,
    executable: false,
    multiple: false,
    mandatory: false,
    type: 'integer',
    range: '0..100',
    units: '%',
  });
  assert.deepEqual(
    [4, 6, 13, 14].map((id) => device.resources.get(id)?.type),
    ['none', 'integer', 'time', 'string'],
  );
  assert.equal(device.resources.get(6)?.multiple, true);
  assert.equal(device.resources.get(14)?.writable, true);
  assert.equal(omaObjects.object(3, '1.0')?.urn, 'urn:oma:lwm2m:oma:3');
});

test('a definition is built once', () => {
  assert.equal(omaObjects.object(3303), omaObjects.object(3303));
  assert.equal(omaObjects.object(3, '1.1'), omaObjects.object(3, '1.1'));
});

test('versions: exact, else the newest of the major version, else the newest', () => {
  assert.equal(omaObjects.object(20)?.version, '2.1');
  assert.equal(omaObjects.object(20, '2.0')?.version, '2.0');
  assert.equal(omaObjects.object(20, '2.7')?.version, '2.1');
  assert.equal(omaObjects.object(20, '1')?.version, '1.0');
  assert.equal(omaObjects.object(20, '9.0')?.version, '2.1');
  assert.equal(omaObjects.object(4, '1')?.version, '1.3');
  assert.equal(omaObjects.object(20, '')?.version, '2.1');
  assert.equal(omaObjects.object(59_999), undefined);
  assert.equal(omaObjects.object(65_535), undefined);
});

test('oddities of the registry are put right', () => {
  assert.equal(omaObjects.object(10_482)?.resources.get(5)?.type, 'opaque', 'a readable resource without a type');
  assert.equal(omaObjects.object(10_260, '1.0')?.resources.get(3)?.type, 'none', 'an executable one with a type');
  assert.deepEqual([...omaObjects.object(3339)!.resources.keys()].slice(0, 2), [5522, 5523], 'resources out of order');
  assert.equal(omaObjects.object(0)?.resources.get(18)?.type, 'unsigned');
});

test('reusable resources', () => {
  const value = reusableResource(5700)!;
  assert.equal(value.name, 'Sensor Value');
  assert.equal(value.type, 'float');
  assert.equal(reusableResource(4020), undefined, 'an id that is set aside');
  assert.equal(reusableResource(0), undefined);
});
