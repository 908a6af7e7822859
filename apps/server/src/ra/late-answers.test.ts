import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessFacts, AssociationChange, AwaitedAnswer, Grant } from '@yaolian/directory';
import { MemoryExpectationStore } from '@yaolian/directory/testing';
import type { LateAnswer } from '@yaolian/igrs/server';
import { hours, minutes, silentLog, success, toMilliseconds } from '@yaolian/kernel';
import type { Lwm2mServer, QueuedRequest } from '@yaolian/lwm2m/server';
import { VirtualTime } from '@yaolian/testkit';
import { LateAnswers } from './late-answers.ts';

function awaited(request: number, account: string, device: string): AwaitedAnswer {
  const asked = { request, account, device, terminal: device, operation: 'read', path: '/3/0/9' };
  return { ...asked, door: 'ra', resource: undefined };
}

/** A platform on a disk: what it takes back of its queue, and what it tells. */
function platform(
  time = new VirtualTime(),
  store = new MemoryExpectationStore(),
  queued = new Map<number, Pick<QueuedRequest, 'id' | 'state' | 'asker'>>(),
) {
  const cancelled: number[] = [];
  const lookedUp: string[] = [];
  const told: (readonly [string, string, string])[] = [];
  const facts = new Map<string, AccessFacts>();
  let happened: (event: unknown) => void = () => {};
  const finish = (id: number, state: QueuedRequest['state']) => {
    queued.delete(id);
    happened({ type: 'queue-changed', request: { id, state } });
  };
  const queue = {
    cancel: async (id: number) => {
      cancelled.push(id);
      finish(id, 'cancelled');
    },
    find: async (id: number) => queued.get(id),
    list: async ({ after }: { after: number }) => [...queued.values()].filter(({ id }) => id > after),
  };
  const onAny = (listener: typeof happened) => {
    happened = listener;
    return () => {};
  };
  const late = new LateAnswers({
    ...{ store, clock: time, timers: time, log: silentLog },
    server: { queue, events: { onAny } } as unknown as Lwm2mServer,
    facts: async (account, device) => {
      lookedUp.push(`${account} ${device}`);
      return facts.get(`${account} ${device}`) ?? { relation: 'none', grants: [] };
    },
    permits: async ({ asker }) => asker === 'ann',
    outcomeOf: (finished): LateAnswer['outcome'] =>
      finished?.state === 'done'
        ? success(
            finished.id % 2 === 0 ? { kind: 'done' } : { kind: 'values', time: '2026-01-01T00:00:00Z', values: [] },
          )
        : { ok: false, error: { condition: 'remote-server-timeout' } },
    tell: async ({ account, id, outcome }, door) =>
      void told.push([door, `${account} ${id}`, outcome.ok ? outcome.value.kind : outcome.error.condition]),
  });
  const expect = async (one: AwaitedAnswer) => {
    queued.set(one.request, { id: one.request, state: 'queued', asker: one.account });
    await late.expect(one);
  };
  return { time, store, queued, late, facts, cancelled, lookedUp, told, expect, finish };
}

const subject = { kind: 'account', account: 'bob' } as const;
const friendUntil = (expiresAt: number): AccessFacts => {
  const grant: Grant = {
    device: 'lamp',
    subject,
    feature: '*',
    operations: ['read'],
    expiresAt,
    grantedBy: 'ann',
    grantedAt: 0,
  };
  return { relation: 'friend', grants: [grant] };
};
const owner: AccessFacts = { relation: 'owner', grants: [] };

test('what waits is looked up only where rights may have ended, and taken back only where they have', async () => {
  const { late, expect, facts, lookedUp, cancelled } = platform();
  for (const one of ['ann lamp', 'bob lamp', 'bob kettle']) facts.set(one, owner);
  await expect(awaited(1, 'ann', 'lamp'));
  await expect(awaited(2, 'bob', 'lamp'));
  await expect(awaited(3, 'bob', 'kettle'));
  for (const one of ['bob lamp', 'bob kettle']) facts.delete(one);
  const after = async (change: unknown) => {
    lookedUp.length = 0;
    await late.changed(change as AssociationChange);
    return lookedUp.slice(0, 2);
  };
  for (const kind of ['friend-asked', 'friend-renamed', 'friends', 'binding-renamed', 'code-reset', 'confirmation']) {
    assert.deepEqual(await after({ kind }), [], kind);
  }
  assert.deepEqual(await after({ kind: 'unfriended', friendship: { user: 'ann', other: 'eve' } }), ['ann lamp']);
  assert.deepEqual(await after({ kind: 'revoked', device: 'cup' }), []);
  assert.deepEqual(cancelled, []);
  assert.deepEqual((await after({ kind: 'revoked', device: 'kettle' }))[0], 'bob kettle');
  assert.deepEqual(await after({ kind: 'unbound', binding: { device: 'lamp' } }), ['ann lamp', 'bob lamp']);
  assert.deepEqual(cancelled, [3, 2]);
});

test('what waits under a permission for a time is taken back when that is over, and who asked is told', async () => {
  const { time, expect, facts, cancelled, told, store } = platform();
  facts.set('bob lamp', friendUntil(time.epoch() + toMilliseconds(hours(1))));
  facts.set('ann lamp', owner);
  await expect({ ...awaited(1, 'bob', 'lamp'), door: 'https' });
  await expect(awaited(2, 'ann', 'lamp'));
  await time.advance(minutes(59));
  assert.deepEqual([cancelled, told], [[], []]);
  await time.advance(minutes(1));
  assert.deepEqual([cancelled, told], [[1], [['https', 'bob 1', 'forbidden']]]);
  assert.deepEqual(
    (await store.awaitedAnswers()).map(({ request }) => request),
    [2],
  );
  assert.equal(time.pending, 0);
});

test('after a restart that is taken back whose time ended meanwhile, or whose asker is gone; the rest waits on', async () => {
  const before = platform();
  const { time, store, queued } = before;
  const until = time.epoch() + toMilliseconds(hours(1));
  before.facts.set('bob lamp', friendUntil(until));
  await before.expect({ ...awaited(1, 'bob', 'lamp'), door: 'https' });
  for (const one of ['eve lamp', 'ann lamp']) before.facts.set(one, owner);
  await before.expect(awaited(2, 'eve', 'lamp'));
  await before.expect(awaited(3, 'ann', 'lamp'));
  await store.removeExpectations('eve');
  queued.set(4, { id: 4, state: 'queued', asker: undefined });
  queued.set(5, { id: 5, state: 'queued', asker: 'ann' });
  queued.set(6, { id: 6, state: 'queued', asker: 'dan' });
  before.late.close();
  await time.advance(hours(2));
  const after = platform(time, store, queued);
  after.facts.set('bob lamp', friendUntil(until));
  after.facts.set('ann lamp', owner);
  await after.late.start();
  assert.deepEqual(after.cancelled, [2, 6, 1]);
  assert.deepEqual(
    [...queued.keys()],
    [3, 4, 5].filter((id) => queued.has(id)),
  );
  await time.advance(minutes(0));
  assert.deepEqual(after.told, [['https', 'bob 1', 'forbidden']]);
});

test('who lost the right while the device did it is told that it was done, and no value', async () => {
  const { expect, facts, finish, told, time } = platform();
  for (const id of [1, 2, 3]) {
    facts.set('bob lamp', owner);
    await expect(awaited(id, 'bob', 'lamp'));
    if (id < 3) facts.delete('bob lamp');
    finish(id, 'done');
    await time.advance(minutes(0));
  }
  assert.deepEqual(told, [
    ['ra', 'bob 1', 'forbidden'],
    ['ra', 'bob 2', 'done'],
    ['ra', 'bob 3', 'values'],
  ]);
});
