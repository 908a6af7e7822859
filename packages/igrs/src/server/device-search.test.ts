import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { faultOfRaMessage } from '../schema/index.ts';
import { answerDeviceSearch } from './device-search.ts';
import type { RaRequest, RaServices } from './request.ts';

test('§13: a device that has yet to agree is pending and tells nothing of itself; one of which nothing is known is offline', async () => {
  const facts = { deviceType: 'lamp', vendor: 'V', model: 'L1', state: 'online', features: [], instances: [] } as const;
  const binding = (device: string, state: 'active' | 'pending') => ({
    ...{ user: 'ann', device, state, name: device, groups: [], since: 0 },
  });
  const services = {
    domain: 'home.example',
    bindings: {
      devicesOf: async () => [binding('lamp', 'active'), binding('shy', 'pending'), binding('gone', 'active')],
    },
    permissions: { visible: async () => () => true },
    terminals: { facts: async (device: string) => (device === 'gone' ? undefined : facts) },
  } as unknown as RaServices;
  const search = async (wanted: Readonly<Record<string, string>>) => {
    const payload = element('search', raNamespaces.device, wanted);
    const request: RaRequest = { account: 'ann', kind: 'user', resource: undefined, type: 'get', payload };
    const answer = await answerDeviceSearch(services, request);
    assert.ok(answer.ok);
    return answer.payload!.elements('item').map((item) => `${item.attribute('name')} ${item.attribute('state')}`);
  };
  assert.deepEqual(await search({}), ['gone offline', 'lamp online', 'shy pending']);
  assert.deepEqual(await search({ state: 'pending' }), ['shy pending']);
  assert.deepEqual(await search({ state: 'offline' }), ['gone offline']);
  assert.deepEqual(await search({ text: 'l1' }), ['lamp online']);
});

test('§13: devices that friends share come where they are asked for, with their owner, and a state only where it is for the user', async () => {
  const facts = {
    deviceType: 'lamp',
    vendor: 'V',
    model: 'L1',
    state: 'sleeping',
    features: [],
    instances: [],
  } as const;
  const own = { user: 'bob', device: 'own', state: 'active', name: 'Mine', groups: ['Hall'], since: 0 } as const;
  const shared = [
    { device: 'told', owner: 'ann' },
    { device: 'untold', owner: 'ann' },
  ];
  const services = {
    domain: 'home.example',
    bindings: { devicesOf: async () => [own] },
    permissions: {
      visible: async (device: string) => (device === 'untold' ? undefined : () => true),
      sharedWith: async () => shared,
    },
    terminals: { facts: async () => facts },
  } as unknown as RaServices;
  const search = async (wanted: Readonly<Record<string, string>>) => {
    const payload = element('search', raNamespaces.device, wanted);
    const answer = await answerDeviceSearch(services, {
      ...{ account: 'bob', kind: 'user', resource: undefined, type: 'get', payload },
    });
    if (!answer.ok) return answer.refusal.condition;
    assert.equal(faultOfRaMessage(answer.payload!), undefined);
    return answer.payload!.elements('item').map(({ attributes: { name, state, owner } }) => [name, state, owner]);
  };
  assert.deepEqual(await search({}), [['Mine', 'sleeping', undefined]]);
  assert.deepEqual(await search({ shared: 'true' }), [
    ['Mine', 'sleeping', undefined],
    ['told', 'sleeping', 'ann@home.example'],
    ['untold', undefined, 'ann@home.example'],
  ]);
  assert.deepEqual(await search({ shared: 'true', state: 'sleeping', text: 'told' }), [
    ['told', 'sleeping', 'ann@home.example'],
  ]);
  assert.deepEqual(await search({ shared: 'true', group: 'Hall' }), [['Mine', 'sleeping', undefined]]);
  assert.equal(await search({ shared: 'yes' }), 'bad-request');
});
