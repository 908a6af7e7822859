import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineObject } from './define-object.ts';

test('a declaration becomes a definition, with its resources by name and typed', () => {
  const thermostat = defineObject({
    id: 33_000,
    name: 'Thermostat',
    resources: {
      target: { id: 1, operations: 'RW', type: 'float', units: 'Cel', range: '5..30', mandatory: true },
      history: { id: 0, operations: 'R', type: 'float', multiple: true },
      boost: { id: 2, operations: 'E' },
    },
  });
  // The compiler checks these: the literals are in the types.
  const id: 33_000 = thermostat.id;
  const type: 'float' = thermostat.named.target.type;
  const none: 'none' = thermostat.named.boost.type;
  const multiple: true = thermostat.named.history.multiple;
  assert.deepEqual([id, type, none, multiple], [33_000, 'float', 'none', true]);
  assert.deepEqual([...thermostat.resources.keys()], [0, 1, 2]);
  assert.equal(thermostat.resources.get(1), thermostat.named.target);
  assert.equal(thermostat.urn, 'urn:oma:lwm2m:x:33000');
  assert.equal(thermostat.version, '1.0');
  assert.deepEqual(thermostat.named.target, {
    objectId: 33_000,
    objectVersion: '1.0',
    id: 1,
    name: 'target',
    operations: 'RW',
    readable: true,
    writable: true,
    executable: false,
    multiple: false,
    mandatory: true,
    type: 'float',
    range: '5..30',
    units: 'Cel',
  });
});

test('refuses what cannot be', () => {
  const resources = {};
  assert.throws(() => defineObject({ id: 65_535, name: 'X', resources }), /0 to 65534/);
  assert.throws(() => defineObject({ id: 1.5, name: 'X', resources }), /0 to 65534/);
  assert.throws(
    () => defineObject({ id: 1, name: 'X', resources: { a: { id: -1, operations: 'E' } } }),
    /a of object X is 0 to 65534/,
  );
  const twice = { a: { id: 0, operations: 'E' }, b: { id: 0, operations: 'E' } } as const;
  assert.throws(() => defineObject({ id: 1, name: 'X', resources: twice }), /declares a resource id twice/);
  assert.throws(() => defineObject({ id: 1, name: 'X', resources: { a: { id: 0, operations: 'R' } } }), /has no type/);
});
