import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DefinitionType, ResourceDefinition } from '@yaolian/lwm2m-objects';
import { omaObjects } from '@yaolian/lwm2m-objects';
import type { ResourceValue } from '../value.ts';
import { rangeViolation } from './value-range.ts';

function violates(type: DefinitionType, range: string, value: ResourceValue): boolean {
  const definition: ResourceDefinition = {
    id: 1,
    name: 'x',
    readable: true,
    writable: true,
    executable: false,
    multiple: false,
    mandatory: false,
    type,
    range,
    units: '',
  };
  return rangeViolation(definition, value) !== undefined;
}

test('ranges and enumerations of numbers', () => {
  const inside: [string, number | bigint][] = [
    ['0..255', 0],
    ['0..255', 255],
    ['0-100', 100],
    ['-24..24', -24],
    ['1...15', 15],
    ['0.0..1.0', 0.5],
    ['-30..-120', -100],
    ['5, 10, 15, 20', 15],
    ['0..3, 99', 99],
    ['0; 3.8..20.5', 0],
    ['0..18446744073709551615', 18446744073709551615n],
  ];
  for (const [range, value] of inside) assert.equal(violates('integer', range, value), false, `${value} in ${range}`);
  const outside: [string, number | bigint][] = [
    ['0..255', 256],
    ['0..255', -1],
    ['0-100', 101],
    ['5, 10, 15, 20', 11],
    ['0..3, 99', 98],
    ['-30..-120', -20],
    ['0..65535', 2n ** 60n],
  ];
  for (const [range, value] of outside)
    assert.equal(violates('integer', range, value), true, `${value} not in ${range}`);
});

test('lengths of texts and bytes, in bytes', () => {
  assert.equal(violates('string', '1..4', 'abcd'), false);
  assert.equal(violates('string', '1..4', 'abcde'), true);
  assert.equal(violates('string', '0..5 bytes', '温度'), true);
  assert.equal(violates('opaque', '0..4 bytes', new Uint8Array(5)), true);
  assert.equal(violates('opaque', '16-32-48 bytes', new Uint8Array(5)), false);
});

test('what leaves a doubt stops nothing', () => {
  const doubtful = ['', '255', '8 bit', '2 Instances', '<7 to >12.5', '0: RELEASE 1: CLICK', '[1:4]', 'en;fr', '0..'];
  for (const range of doubtful) assert.equal(violates('integer', range, 70_000), false, range);
  assert.equal(violates('opaque', '0..255', new Uint8Array(300)), false);
  assert.equal(violates('boolean', '0..65535', true), false);
});

test('every range of the registry is read without a throw', () => {
  for (const { id, versions } of omaObjects.objects()) {
    for (const version of versions) {
      for (const resource of omaObjects.object(id, version)!.resources.values()) rangeViolation(resource, 1);
    }
  }
});
