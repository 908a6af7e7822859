import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withUnits } from './units.ts';

test('units are written as people write them, and those that nobody translates as the registry has them', () => {
  assert.equal(withUnits('85', '/100'), '85 %');
  assert.equal(withUnits('21.5', 'Cel'), '21.5 °C');
  assert.equal(withUnits('0.5', '/'), '0.5');
  assert.equal(withUnits('3,800', 'mV'), '3,800 mV');
  assert.equal(withUnits('yes', undefined), 'yes');
});
