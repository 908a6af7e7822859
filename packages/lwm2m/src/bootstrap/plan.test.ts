import assert from 'node:assert/strict';
import { test } from 'node:test';
import { omaObjects } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import { valueFromJson } from '../value-json.ts';
import { type BootstrapConfig, MemoryBootstrapConfigStore } from './config.ts';
import { planBootstrap } from './plan.ts';

const config: BootstrapConfig = { security: [{ instanceId: 0, uri: 'coap://h' }], servers: [] };

function wrongAt(some: Partial<BootstrapConfig>): string {
  const plan = planBootstrap({ ...config, ...some }, omaObjects);
  return plan.ok ? 'nowhere' : plan.error.where;
}

test('a wrong configuration says where', () => {
  assert.equal(wrongAt({}), 'nowhere');
  assert.equal(wrongAt({ deletes: ['/1/2/3'] }), 'deletes[0]');
  assert.equal(wrongAt({ deletes: ['/', 'x'] }), 'deletes[1]');
  assert.equal(wrongAt({ discovers: ['/1/0'] }), 'discovers[0]');
  assert.equal(wrongAt({ reads: ['/'] }), 'reads[0]');
  assert.equal(wrongAt({ security: [{ instanceId: 0, uri: 'http://h' }] }), 'security[0].uri');
  assert.equal(wrongAt({ security: [{ instanceId: 70_000, uri: 'coap://h' }] }), 'security[0].instanceId');
  assert.equal(wrongAt({ security: [{ instanceId: 0, uri: 'coap://h', secretKey: '%' }] }), 'security[0].secretKey');
  assert.equal(wrongAt({ servers: [{ instanceId: 0, shortServerId: 0 }] }), 'servers[0].shortServerId');
  assert.equal(wrongAt({ servers: [{ instanceId: 0, shortServerId: 1, lifetime: 1.5 }] }), 'servers[0].lifetime');
  const retryCount = { instanceId: 0, shortServerId: 1, retryCount: 1.5 };
  assert.equal(wrongAt({ servers: [retryCount] }), 'servers[0].retryCount');
  assert.equal(wrongAt({ writes: [{ path: '/3', value: 1 }] }), 'writes[0].path');
  assert.equal(wrongAt({ writes: [{ path: '/3/0/14' }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0/14', value: 'x', values: {} }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0/14', resources: {} }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0', value: 'x' }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0/14/0', values: { '0': 'x' } }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0/14', value: 5 }] }), 'writes[0]');
  assert.equal(wrongAt({ writes: [{ path: '/3/0', resources: { x: 5 } }] }), 'writes[0].resources.x');
  assert.equal(wrongAt({ writes: [{ path: '/2/0', resources: { '2': { '1/1': 5 } } }] }), 'writes[0].resources.2.1/1');
});

test('an account over OSCORE writes object 21 first, and links to it', () => {
  const oscore = { senderId: '01', recipientId: '', aead: 10, hmac: 5, masterSalt: '9e7c', idContext: 'cafe' };
  const account = { instanceId: 3, uri: 'coap://h', shortServerId: 1, secretKey: 'AQI=', oscore };
  const plan = planBootstrap({ ...config, security: [account] }, omaObjects);
  assert.ok(plan.ok);
  const [context, security] = plan.value.writes.map(({ node }) =>
    node.kind === 'object-instance'
      ? new Map([...node.resources.values()].map((one) => [one.id, one.kind === 'resource' ? one.value : undefined]))
      : new Map(),
  );
  assert.deepEqual(
    [...context!],
    [
      [0, Uint8Array.of(1, 2)],
      [1, Uint8Array.of(1)],
      [2, Uint8Array.of()],
      [3, 10],
      [5, Uint8Array.of(0x9e, 0x7c)],
      [6, Uint8Array.of(0xca, 0xfe)],
    ],
  );
  const sha512 = planBootstrap({ ...config, security: [{ ...account, oscore: { ...oscore, hmac: 7 } }] }, omaObjects);
  const [written] = sha512.ok ? sha512.value.writes : [];
  const said = written?.node.kind === 'object-instance' ? written.node.resources.get(4) : undefined;
  assert.equal(said?.kind === 'resource' && said.value, 7, 'what is no default is said');
  assert.deepEqual(security!.get(17), { objectId: 21, instanceId: 3 });
  assert.deepEqual(security!.get(5), Uint8Array.of(), 'the Master Secret is no resource 5');
  const wrong = { ...account, oscore: { ...oscore, senderId: 'x' } };
  assert.equal(wrongAt({ security: [wrong] }), 'security[0].oscore.senderId');
  assert.equal(wrongAt({ security: [{ ...account, oscoreSecurityMode: '21:0' }] }), 'security[0].oscoreSecurityMode');
});

test('values as data', () => {
  const cases = [
    ['string', 'x', 'x'],
    ['integer', 5, 5],
    ['integer', '9223372036854775807', 9223372036854775807n],
    ['unsigned', '5', 5],
    ['float', 'NaN', Number.NaN],
    ['float', 0.5, 0.5],
    ['boolean', true, true],
    ['opaque', 'AQI=', Uint8Array.of(1, 2)],
    ['time', '2026-01-31T08:15:30+08:00', new Date('2026-01-31T00:15:30Z')],
    ['objlnk', '3:0', { objectId: 3, instanceId: 0 }],
    ['corelnk', '</3/0>', '</3/0>'],
  ] as const;
  for (const [type, json, value] of cases) assert.deepEqual(valueFromJson(type, json), { ok: true, value }, type);
  const wrong = [
    ['string', 5],
    ['integer', 1.5],
    ['integer', 'many'],
    ['integer', '9223372036854775808'],
    ['unsigned', -1],
    ['float', 'much'],
    ['boolean', 1],
    ['opaque', 'é'],
    ['time', '2026-01-31T08:15'],
    ['time', '2026-13-31T08:15:30Z'],
    ['objlnk', '3'],
    ['none', 'x'],
  ] as const;
  for (const [type, json] of wrong) assert.equal(valueFromJson(type, json).ok, false, `${type} ${json}`);
});

test('the memory store lists the default first, then by name, in pages', async () => {
  const store = new MemoryBootstrapConfigStore();
  const names = fc.sample(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 5, maxLength: 20 }), 1)[0]!;
  for (const name of [...names, undefined]) await store.put(name, config);
  const all = (await store.list({ limit: 100 })).map(({ name }) => name);
  assert.deepEqual(all, [undefined, ...names.toSorted((a, b) => (a < b ? -1 : 1))]);
  assert.deepEqual(
    (await store.list({ after: all[2]!, limit: 2 })).map(({ name }) => name),
    all.slice(3, 5),
  );
  assert.deepEqual([await store.remove(undefined), await store.remove(undefined)], [true, false]);
  assert.equal(await store.get(undefined), undefined);
});
