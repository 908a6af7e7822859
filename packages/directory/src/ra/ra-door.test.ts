import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doorOf, raAccountOfKey, raDeviceKey } from './ra-door.ts';

test('the key of a device tells the door that reaches it', () => {
  assert.equal(raDeviceKey('kettle', 'home.example'), 'kettle@home.example');
  assert.equal(raAccountOfKey('kettle@home.example', 'home.example'), 'kettle');
  assert.equal(raAccountOfKey('@home.example', 'home.example'), undefined);
  assert.equal(raAccountOfKey('kettle@other.example', 'home.example'), undefined);
  assert.deepEqual(
    ['kettle@home.example', 'urn:imei:1', 'kettle@other.example'].map((key) => doorOf(key, 'home.example')),
    ['ra', 'lwm2m', 'lwm2m'],
  );
  assert.equal(doorOf('kettle@home.example', undefined), 'lwm2m');
});
