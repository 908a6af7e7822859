import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
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
    permissions: { decide: async () => ({ allowed: true }) },
    terminals: { facts: async (device: string) => (device === 'gone' ? undefined : facts) },
  } as unknown as RaServices;
  const search = async (wanted: Readonly<Record<string, string>>) => {
    const payload = element('search', raNamespaces.device, wanted);
    const request: RaRequest = { account: 'ann', kind: 'user', resource: undefined, type: 'get', payload };
    const answer = await answerDeviceSearch(services, request);
    assert.ok(answer.ok);
    return answer.payload!.elements('item').map((item) => `${item.attribute('name')} ${item.attribute('state')}`);
  };
  assert.deepEqual(await search({}), ['lamp online', 'shy pending', 'gone offline']);
  assert.deepEqual(await search({ state: 'pending' }), ['shy pending']);
  assert.deepEqual(await search({ state: 'offline' }), ['gone offline']);
  assert.deepEqual(await search({ text: 'l1' }), ['lamp online']);
});
