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
