import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociationChange, AwaitedAnswer, ExpectationStore } from '@yaolian/directory';
import { silentLog } from '@yaolian/kernel';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import { endedRights } from './ended-rights.ts';
import { LateAnswers } from './late-answers.ts';

function awaited(request: number, account: string, device: string): AwaitedAnswer {
  return { request, account, resource: undefined, device, terminal: device, operation: 'read', path: '/3/0/9' };
}

test('what waits is looked up only where rights may have ended, and taken back only where they have', async () => {
  const cancelled: number[] = [];
  const queue = { cancel: async (id: number) => void cancelled.push(id), find: async () => ({ state: 'queued' }) };
  const late = new LateAnswers({
    store: { putAwaitedAnswer: async () => {} } as Partial<ExpectationStore> as ExpectationStore,
    server: { queue, events: { onAny: () => () => {} } } as unknown as Lwm2mServer,
    log: silentLog,
    outcomeOf: () => assert.fail('nothing is over'),
    tell: () => assert.fail('nothing is told'),
  });
  await late.expect(awaited(1, 'ann', 'lamp'));
  await late.expect(awaited(2, 'bob', 'lamp'));
  await late.expect(awaited(3, 'bob', 'kettle'));
  const lookedUp = async (change: unknown) => {
    const asked: number[] = [];
    const ended = endedRights(change as AssociationChange);
    const mayStill = async ({ request, account }: AwaitedAnswer) => {
      asked.push(request);
      return account !== 'bob';
    };
    if (ended !== undefined) await late.recheck(ended, mayStill);
    return asked;
  };
  for (const kind of ['friend-asked', 'friend-renamed', 'friends', 'binding-renamed', 'code-reset', 'confirmation']) {
    assert.deepEqual(await lookedUp({ kind }), [], kind);
  }
  assert.deepEqual(await lookedUp({ kind: 'unfriended', friendship: { user: 'ann', other: 'eve' } }), [1]);
  assert.deepEqual(await lookedUp({ kind: 'revoked', device: 'cup' }), []);
  assert.deepEqual(cancelled, []);
  assert.deepEqual(await lookedUp({ kind: 'revoked', device: 'kettle' }), [3]);
  assert.deepEqual(await lookedUp({ kind: 'unbound', binding: { device: 'lamp' } }), [1, 2]);
  assert.deepEqual(cancelled, [3, 2]);
});
