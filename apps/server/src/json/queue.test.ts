import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueuedRequest } from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { queuedToJson } from './queue.ts';

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
