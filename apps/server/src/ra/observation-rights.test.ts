/** GB/T 29265.205 §9: what takes an observation away ends it, and who observed is told why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessFacts, AssociationChange, Grant } from '@yaolian/directory';
import { MemoryExpectationStore } from '@yaolian/directory/testing';
import { days, hours, minutes, silentLog, toMilliseconds } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { ObservationRights } from './observation-rights.ts';
import { type Watch, Watchers } from './watchers.ts';

const path = '/3303/0/5700';

function grantOf(expiresAt?: number, operations: Grant['operations'] = ['observe']): Grant {
  const subject = { kind: 'account', account: 'bob' } as const;
  return { device: 'lamp', subject, feature: '*', operations, expiresAt, grantedBy: 'ann', grantedAt: 0 };
}

function home() {
  const time = new VirtualTime();
  const told: string[] = [];
  const watchers = new Watchers(new MemoryExpectationStore(), async () => {});
  /** By account and device. */
  const facts = new Map<string, AccessFacts>();
  const rights = new ObservationRights({
    ...{ watchers, clock: time, timers: time, log: silentLog },
    facts: async (account, device) => facts.get(`${account} ${device}`) ?? { relation: 'none', grants: [] },
    tell: async ({ account, device }, reason) => void told.push(`${account} ${device} ${reason}`),
  });
  const watch = async (account: string, device: string, known: AccessFacts) => {
    facts.set(`${account} ${device}`, known);
    const one: Watch = { account, device, terminal: `t-${device}`, path };
    await watchers.add(one, true);
    await rights.permits(one);
    return one;
  };
  return { time, told, watchers, facts, rights, watch };
}

const owner: AccessFacts = { relation: 'owner', grants: [] };
const friend = (...grants: Grant[]): AccessFacts => ({ relation: 'friend', grants });
const binding = { user: 'bob', device: 'lamp', state: 'active', name: 'lamp', groups: [], since: 0 } as const;
const friendship = { user: 'ann', other: 'bob', state: 'friends', name: '', groups: [], since: 0 } as const;
const subject = { kind: 'class', class: 'friend' } as const;

const changes: readonly (readonly [AssociationChange, string])[] = [
  [{ kind: 'unbound', binding, by: 'lamp' }, 'unbound'],
  [{ kind: 'unbound', binding: { ...binding, user: 'ann' }, by: 'ann' }, 'forbidden'],
  [{ kind: 'revoked', device: 'lamp', subject, feature: '*', by: 'ann' }, 'forbidden'],
  [{ kind: 'granted', grant: grantOf(undefined, []) }, 'forbidden'],
  [{ kind: 'unfriended', friendship, by: 'ann' }, 'forbidden'],
  [{ kind: 'unlinked', device: 'lamp', other: 'bob' }, 'forbidden'],
];

for (const [change, reason] of changes) {
  test(`a change ends what it takes away, and nothing else: ${change.kind} (${reason})`, async () => {
    const { told, watchers, facts, rights, watch } = home();
    await watch('bob', 'lamp', friend(grantOf()));
    const others = [await watch('bob', 'oven', owner), await watch('ann', 'lamp', owner)];
    await rights.changed(change);
    assert.deepEqual(told, [], 'it may still');
    facts.delete('bob lamp');
    await rights.changed(change);
    await rights.changed(change);
    assert.deepEqual(told, [`bob lamp ${reason}`]);
    assert.ok(others.every((one) => watchers.has(one)));
  });
}

test('a permission that is for a time ends what it permits in that moment', async () => {
  const { time, told, rights, watch } = home();
  const inAnHour = time.epoch() + toMilliseconds(hours(1));
  await watch('bob', 'lamp', friend(grantOf(inAnHour)));
  await watch('bob', 'oven', friend(grantOf(time.epoch() + toMilliseconds(days(40)))));
  await time.advance(minutes(59));
  assert.deepEqual(told, []);
  await time.advance(minutes(1));
  assert.deepEqual(told, ['bob lamp expired']);
  await time.advance(days(39));
  assert.deepEqual(told.length, 1);
  await time.advance(days(1));
  assert.deepEqual(told, ['bob lamp expired', 'bob oven expired']);
  assert.equal(time.pending, 0);
  rights.close();
});

test('a permission that was made shorter, or longer, ends it then', async () => {
  const { time, told, facts, rights, watch } = home();
  const inHours = (count: number) => time.epoch() + toMilliseconds(hours(count));
  const set = async (until: number) => {
    facts.set('bob lamp', friend(grantOf(until)));
    await rights.changed({ kind: 'granted', grant: grantOf(until) });
  };
  await watch('bob', 'lamp', friend(grantOf(inHours(10))));
  await set(inHours(2));
  await set(inHours(5));
  await time.advance(hours(4));
  assert.deepEqual(told, []);
  await time.advance(hours(1));
  assert.deepEqual(told, ['bob lamp expired']);
});

test('devices with permissions that end have one timer each, and none after the end', async () => {
  const { time, rights, watch } = home();
  const until = time.epoch() + toMilliseconds(hours(1));
  for (const account of ['bob', 'cid', 'dan']) await watch(account, 'lamp', friend({ ...grantOf(until), subject }));
  await watch('bob', 'oven', friend(grantOf(until)));
  assert.equal(time.pending, 2);
  rights.close();
  assert.equal(time.pending, 0);
});

test('what ended while the platform was down is told at its start', async () => {
  const { time, told, facts, rights, watchers } = home();
  const watch = (account: string): Watch => ({ account, device: 'lamp', terminal: 't', path });
  for (const account of ['ann', 'bob', 'cid']) await watchers.add(watch(account), true);
  facts.set('ann lamp', owner);
  facts.set('bob lamp', friend(grantOf(time.epoch() - 1)));
  await rights.start(watchers.devices());
  assert.deepEqual(told, ['bob lamp expired', 'cid lamp forbidden']);
});
