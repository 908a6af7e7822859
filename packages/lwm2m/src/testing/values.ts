import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkValue, type ResourceType, type ResourceValue } from '../value.ts';

/** Values of each type in normal form. */
export const valuesOf: Readonly<Record<Exclude<ResourceType, 'none'>, fc.Arbitrary<ResourceValue>>> = {
  string: fc.string({ unit: 'grapheme' }),
  corelnk: fc.constantFrom('', '</3/0>', '</3/0>,</1/0>'),
  integer: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((value) => normal('integer', value)),
  unsigned: fc.bigInt(0n, 2n ** 64n - 1n).map((value) => normal('unsigned', value)),
  float: fc.double(),
  boolean: fc.boolean(),
  opaque: fc.uint8Array({ maxLength: 40 }),
  time: fc.date({ noInvalidDate: true }),
  objlnk: fc.record({ objectId: fc.nat(65_535), instanceId: fc.nat(65_535) }, { noNullPrototype: true }),
};

/** A value that must be right, in normal form. */
export function normal(type: ResourceType, value: unknown): ResourceValue {
  const checked = checkValue(type, value);
  assert.ok(checked.ok);
  return checked.value;
}
