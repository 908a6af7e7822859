import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedIdentity } from './identity.ts';

function luhnIsRight(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const counted = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
}

test('identities have the form of China Mobile, right check digits, and are the same for the same seed', () => {
  for (let index = 0; index < 200; index++) {
    const { endpointName, imei, imsi } = simulatedIdentity(7, index);
    assert.match(endpointName, /^\d{15};\d{15};;1\.0$/);
    assert.equal(endpointName, `${imei};${imsi};;1.0`);
    assert.ok(luhnIsRight(imei), imei);
    assert.deepEqual(simulatedIdentity(7, index), { endpointName, imei, imsi });
  }
  assert.notEqual(simulatedIdentity(7, 0).imei, simulatedIdentity(8, 0).imei);
});

test('no two terminals of a fleet have the same name', () => {
  const names = new Set(Array.from({ length: 100_000 }, (_, index) => simulatedIdentity(1, index).imei));
  assert.equal(names.size, 100_000);
});
