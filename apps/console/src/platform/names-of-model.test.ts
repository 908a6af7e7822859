import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesFrom } from './names-of-model.ts';

test('a resource is called by its object, or what every object calls it, also as an instance and behind a gateway', () => {
  const names = namesFrom({ objectNames: { 3: '设备' }, resourceNames: { '3/6': '可用电源', 5700: '传感器数值' } });
  assert.equal(names.object(3, 'Device'), '设备');
  assert.equal(names.object(33000, 'Gate'), 'Gate');
  for (const path of ['/3/0/6', '/3/0/6/0', '/3/0/6/12', '/d01/3/0/6/1']) {
    assert.equal(names.resource(path, 'Available Power Sources'), '可用电源', path);
  }
  assert.equal(names.resource('/d01/3303/0/5700', undefined), '传感器数值');
  assert.equal(names.resource('/3303/0/6', 'Other'), 'Other');
  assert.equal(names.resource('/3', 'Device'), 'Device');
});
