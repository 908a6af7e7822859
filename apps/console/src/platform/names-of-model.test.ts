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

test('a path has the names of its object and its resource before it, as far as they are known', () => {
  const names = namesFrom({ objectNames: { 3: '设备' }, resourceNames: { '3/6': '可用电源', 5700: '传感器数值' } });
  for (const [path, text] of [
    ['/3', '设备（/3）'],
    ['/3/0', '设备（/3/0）'],
    ['/3/0/6', '设备 可用电源（/3/0/6）'],
    ['/3/0/6/1', '设备 可用电源（/3/0/6/1）'],
    ['/d01/3/0/6', '设备 可用电源（/d01/3/0/6）'],
    ['/3/0/99', '设备（/3/0/99）'],
    ['/33000/0/5700', '传感器数值（/33000/0/5700）'],
    ['/33000/0/1', '/33000/0/1'],
    ['/', '/'],
    ['/3/<b>', '/3/<b>'],
    ['', ''],
  ] as const) {
    assert.equal(names.path(path), text);
  }
});

test('a resource that the table does not have is called by the name of the registry, when that is known', () => {
  const asked: string[] = [];
  const byName = (name: string) => {
    asked.push(name);
    return name === 'Status' ? '状态' : undefined;
  };
  const names = namesFrom({ objectNames: {}, resourceNames: { '3/0': '厂商', 5700: '传感器数值' } }, byName);
  assert.equal(names.resource('/3/0/0', 'Status'), '厂商');
  assert.equal(names.resource('/3303/0/5700', 'Status'), '传感器数值');
  assert.deepEqual(asked, []);
  assert.equal(names.resource('/12/0/3', 'Status'), '状态');
  assert.equal(names.resource('/d01/12/0/3', 'Status'), '状态');
  assert.equal(names.resource('/33000/0/1', 'Wheels'), 'Wheels');
  assert.equal(names.resource('/12/0/3', undefined), undefined);
  assert.equal(names.path('/12/0/3'), '/12/0/3');
  assert.deepEqual(asked, ['Status', 'Status', 'Wheels']);
});
