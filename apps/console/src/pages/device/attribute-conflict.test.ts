import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeConflict } from './attribute-conflict.ts';

test('attributes that do not agree with each other are named', () => {
  const above = 'attributes.conflict.above';
  const below = 'attributes.conflict.below';
  assert.deepEqual(attributeConflict({ pmin: 60, pmax: 10 }), { problem: above, one: 'pmin', other: 'pmax' });
  assert.deepEqual(attributeConflict({ epmin: 2, epmax: 1 }), { problem: above, one: 'epmin', other: 'epmax' });
  assert.deepEqual(attributeConflict({ lt: 5, gt: 5 }), { problem: below, one: 'lt', other: 'gt' });
  assert.deepEqual(attributeConflict({ lt: 1, gt: 5, st: 2 }), { problem: below, one: 'lt + 2 × st', other: 'gt' });
});

test('others do', () => {
  for (const attributes of [{}, { pmin: 60, pmax: 0 }, { pmin: 10, pmax: 10 }, { lt: 1, gt: 5, st: 1 }, { st: 9 }]) {
    assert.equal(attributeConflict(attributes), undefined);
  }
});
