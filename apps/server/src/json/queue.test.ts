import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueuedRequest } from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { queuedToJson, queuedWithAsked } from './queue.ts';

test('a request that failed says why in words, and by a code that has words in other languages', () => {
  const request: QueuedRequest = {
    ...{
      id: 7,
      deviceKey: 'meter',
      unchecked: false,
      asker: undefined,
      state: 'failed',
      attempts: 3,
      createdAt: 0,
      expiresAt: 86_400_000,
    },
    operation: { kind: 'execute', path: '/3/0/4' },
    outcome: { at: 1000, error: 'LWM2M_TIMEOUT', message: '3 attempts, and no answer' },
  };
  assert.deepEqual(queuedToJson(request, omaObjects), {
    ...{ id: 7, device: 'meter', operation: 'execute', paths: ['/3/0/4'], state: 'failed', attempts: 3 },
    createdAt: '1970-01-01T00:00:00.000Z',
    expiresAt: '1970-01-02T00:00:00.000Z',
    finishedAt: '1970-01-01T00:00:01.000Z',
    ...{ error: 'LWM2M_TIMEOUT', reason: '3 attempts, and no answer' },
  });
});

test('what a request brings is told where it is asked for', () => {
  const asked = (operation: QueuedRequest['operation']) => {
    const request: QueuedRequest = {
      ...{ id: 7, deviceKey: 'meter', unchecked: false, asker: undefined, state: 'queued', attempts: 0, createdAt: 0 },
      ...{ expiresAt: 1, operation, outcome: undefined },
    };
    assert.equal(queuedToJson(request, omaObjects).asked, undefined);
    return queuedWithAsked(request, omaObjects).asked;
  };
  const node = { kind: 'resource', id: 15, type: 'string', value: 'Asia/Shanghai' } as const;
  const told = { ...node, path: '/3/0/15', name: 'Timezone' };
  assert.deepEqual(asked({ kind: 'write', path: '/3/0/15', node }), { values: [{ path: '/3/0/15', node: told }] });
  assert.deepEqual(
    asked({
      kind: 'write-composite',
      writes: [
        { path: '/3/0/15', node },
        { path: '/3/0/6/1', node: null },
      ],
    }),
    {
      values: [{ path: '/3/0/15', node: told }, { path: '/3/0/6/1' }],
    },
  );
  assert.deepEqual(asked({ kind: 'execute', path: '/3/0/4', arguments: "0='x'" }), { arguments: "0='x'" });
  assert.deepEqual(asked({ kind: 'write-attributes', path: '/3/0/9', attributes: { pmin: 10, pmax: null } }), {
    attributes: 'pmin=10&pmax',
  });
  assert.equal(asked({ kind: 'execute', path: '/3/0/4' }), undefined);
  assert.equal(asked({ kind: 'read', path: '/3/0/9' }), undefined);
});

const waiting: Omit<QueuedRequest, 'operation'> = {
  ...{ id: 8, deviceKey: 'meter', unchecked: false, asker: undefined, state: 'queued', attempts: 0, createdAt: 0 },
  ...{ expiresAt: 86_400_000, outcome: undefined },
};
const asking = (operation: QueuedRequest['operation']) => queuedWithAsked({ ...waiting, operation }, omaObjects).asked!;

test('of a request that waits passwords, keys and files are not told, wherever they stand', () => {
  // WLAN connectivity: 17 is the pre-shared key, 0 the name of the interface.
  const resources = { 0: { type: 'string', value: 'wlan0' }, 17: { type: 'string', value: 'hunter2!' } };
  const text = JSON.stringify([
    asking({ kind: 'create', path: '/12', node: { kind: 'object-instance', id: 65_535, resources } }),
    asking({ kind: 'update', path: '/12/0', node: { kind: 'object-instance', id: 0, resources } }),
    asking({
      kind: 'write',
      path: '/12/0/17',
      node: { kind: 'resource', id: 17, type: 'string', value: 'hunter2!' },
    }),
    asking({
      kind: 'write-composite',
      writes: [{ path: '/5/0/0', node: { kind: 'resource', id: 0, type: 'opaque', value: 'aHVudGVyMiE=' } }],
    }),
  ]);
  assert.match(text, /wlan0/);
  assert.doesNotMatch(text, /hunter2|aHVudGVy/);
  const { values } = asking({ kind: 'create', path: '/12', node: { kind: 'object-instance', id: 65_535, resources } });
  assert.deepEqual(values![0]!.hidden, [17]);
});

test('of what is long a part is told: of each value, and of all values of a request', () => {
  const long = { kind: 'resource', id: 0, type: 'string', value: 'é'.repeat(1000) } as const;
  const told = asking({ kind: 'write', path: '/3341/0/5527', node: { ...long, id: 5527 } }).values![0]!;
  assert.deepEqual([told.shortened, told.node?.kind === 'resource' && told.node.value], [true, `${'é'.repeat(200)}…`]);
  const bytes = Buffer.alloc(1000, 7).toString('base64');
  const opaque = { kind: 'resource', id: 1, type: 'opaque', value: bytes } as const;
  const cut = asking({ kind: 'write', path: '/65000/0/1', node: opaque }).values![0]!.node;
  assert.equal(cut?.kind === 'resource' && Buffer.from(String(cut.value), 'base64').length, 150);
  const values = Object.fromEntries(Array.from({ length: 40 }, (_, id) => [id, id]));
  const many = { kind: 'multiple-resource', id: 1, type: 'integer', values } as const;
  const writes = ['/65000/0/1', '/65000/1/1'].map((path) => ({ path, node: many }));
  const counts = asking({ kind: 'write-composite', writes }).values!.map(({ node, shortened }) => [
    node?.kind === 'multiple-resource' && Object.keys(node.values).length,
    shortened,
  ]);
  assert.deepEqual(counts, [
    [16, true],
    [0, true],
  ]);
});
