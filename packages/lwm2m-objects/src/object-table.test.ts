import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineObject } from './define-object.ts';
import { combineModels, compareVersions, encodedObjectTable, objectTable } from './object-table.ts';
import { encodeObject } from './table.ts';

const thing = (version: string, name = 'Thing') => defineObject({ id: 30_000, name, version, resources: {} });

test('versions are ordered as numbers', () => {
  assert.deepEqual(['2.0', '1.10', '1.9', '1.0'].toSorted(compareVersions), ['1.0', '1.9', '1.10', '2.0']);
});

test('a table of given definitions; the later of two equal versions counts', () => {
  const table = objectTable([thing('2.0'), thing('1.9'), thing('1.10'), thing('1.9', 'New')]);
  assert.equal(table.object(30_000)?.version, '2.0');
  assert.equal(table.object(30_000, '1')?.version, '1.10');
  assert.equal(table.object(30_000, '1.9')?.name, 'New');
  assert.deepEqual([...table.objects()], [{ id: 30_000, name: 'Thing', versions: ['1.9', '1.10', '2.0'] }]);
});

test('combined tables: versions add up, and the first table has the say', () => {
  const other = defineObject({ id: 5, name: 'Other', resources: {} });
  const table = combineModels(objectTable([thing('1.1', 'Mine')]), objectTable([thing('1.1'), thing('1.0'), other]));
  assert.equal(table.object(30_000, '1.1')?.name, 'Mine');
  assert.equal(table.object(30_000, '1.0')?.name, 'Thing');
  assert.equal(table.object(30_000)?.name, 'Mine');
  assert.equal(table.object(5)?.name, 'Other');
  assert.equal(table.object(6), undefined);
  assert.deepEqual(
    [...table.objects()].map(({ id, versions }) => [id, versions]),
    [
      [5, ['1.0']],
      [30_000, ['1.0', '1.1']],
    ],
  );
});

test('the line format reads back what it writes', () => {
  const definition = defineObject({
    id: 30_000,
    name: 'All kinds',
    version: '1.2',
    multiple: true,
    mandatory: true,
    resources: {
      a: { id: 0, operations: 'R', type: 'string', range: '0..255 bytes' },
      b: { id: 1, operations: 'RW', type: 'integer', multiple: true, mandatory: true, units: 's' },
      c: { id: 2, operations: 'W', type: 'unsigned' },
      d: { id: 3, operations: '', type: 'float', range: '0..1', units: '%' },
      e: { id: 4, operations: 'E' },
      f: { id: 5, operations: 'R', type: 'boolean' },
      g: { id: 6, operations: 'R', type: 'opaque' },
      h: { id: 7, operations: 'R', type: 'time' },
      i: { id: 8, operations: 'R', type: 'objlnk' },
      j: { id: 9, operations: 'R', type: 'corelnk' },
    },
  });
  const { named, ...plain } = definition;
  const table = encodedObjectTable(`\n${encodeObject(definition)}\n${encodeObject(thing('1.0'))}\n`);
  assert.equal(Object.keys(named).length, 10);
  // What makes a declared resource a reference is said by the object that it stands in.
  const resources = [...plain.resources].map(([id, { ...resource }]) => {
    for (const key of ['objectId', 'objectVersion', 'operations']) delete (resource as Record<string, unknown>)[key];
    return [id, resource] as const;
  });
  assert.deepEqual(table.object(30_000, '1.2'), { ...plain, resources: new Map(resources) });
  assert.equal(table.object(30_000, '1.0')?.resources.size, 0);
  assert.throws(() => encodeObject(thing('1.0', 'a\tb')), RangeError);
});
