import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { MemoryAssociationChangeStore } from '../testing/memory-association-change-store.ts';
import { MemoryAssociationStore } from '../testing/memory-association-store.ts';
import { MemoryAuditStore } from '../testing/memory-audit-store.ts';
import { AssociationChanges } from './association-change.ts';
import { AuditTrail } from './audit.ts';
import { Bindings } from './bindings.ts';
import { Bookmarks } from './bookmarks.ts';
import { ChangePace, TooManyChanges } from './change-pace.ts';
import { Friends } from './friends.ts';
import { DeviceLinks } from './links.ts';
import { Permissions } from './permissions.ts';

const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
const rest = { actor: 'admin', door: 'rest' } as const;

function home() {
  const clock = new VirtualTime();
  const store = new MemoryAssociationStore();
  const changes = new AssociationChanges({ store: new MemoryAssociationChangeStore(), random: new SeededRandom(8) });
  const told: string[] = [];
  changes.listen(({ kind }) => told.push(kind));
  const audit = new AuditTrail({ store: new MemoryAuditStore(), clock });
  const pace = new ChangePace({ clock, audit, bounds: { perMinute: 6, atOnce: 4 } });
  const common = { store, clock, changes, audit, pace };
  const confirmations = {
    required: () => false,
    require: async (_device: string, _required: boolean, onDecided: (isThere: boolean) => void) => {
      onDecided(true);
      return true;
    },
  };
  return {
    clock,
    kinds: () => told.splice(0),
    trail: async () => (await audit.entries({ limit: 99 })).map(({ action, outcome }) => `${action} ${outcome}`),
    bindings: new Bindings({ ...common, digest, random: new SeededRandom(7), confirmations }),
    friends: new Friends({ ...common, isUser: async () => true }),
    permissions: new Permissions(common),
    links: new DeviceLinks(common),
    bookmarks: new Bookmarks(common),
  };
}

test('an account changes its things as fast as it may, and is told when it may again; nobody else waits for that', async () => {
  const { clock, bindings, friends, permissions, links, bookmarks, kinds, trail } = home();
  const { code } = (await bindings.issueCode('lamp', rest))!;
  await bindings.bind({ user: 'ann', device: 'lamp', code });
  const friend = { kind: 'class', class: 'friend' } as const;
  const grant = { device: 'lamp', subject: friend, feature: 'x', operations: ['read'], expiresAt: undefined } as const;
  await permissions.set({ ...grant, grantedBy: 'ann' });
  await bindings.rename('ann', 'lamp', 'Lamp', []);
  await bookmarks.putBookmark('ann', { name: 'a', address: '', text: '' }, 9);
  kinds();
  // Every kind of change counts, and what changes nothing does not.
  assert.equal(await bindings.rename('ann', 'oven', 'Oven', []), false);
  assert.equal(await friends.rename('ann', 'bob', 'Bob', []), false);
  const isTooMuch = (seconds: number) => (error: unknown) => {
    assert.ok(error instanceof TooManyChanges);
    return error.message === `too many changes: try again in ${seconds} s`;
  };
  const changes: readonly (() => Promise<unknown>)[] = [
    () => permissions.set({ ...grant, grantedBy: 'ann' }),
    () => permissions.revoke('lamp', friend, 'x', 'ann'),
    () => bindings.rename('ann', 'lamp', 'Light', []),
    () => bindings.unbind('ann', 'lamp', 'ann'),
    () => bindings.resetCode('lamp', 'ann'),
    () => bindings.requireConfirmation('lamp', true, { actor: 'ann', door: 'ra' }),
    () => bindings.removeOwner('bob', 'lamp', { actor: 'ann', door: 'ra' }),
    () => friends.ask('ann', 'bob'),
    () => friends.remove('ann', 'bob'),
    () => links.link('lamp', 'oven', 'ann'),
    () => bookmarks.removeBookmark('ann', 'a'),
  ];
  for (const change of changes) await assert.rejects(change, isTooMuch(10));
  assert.deepEqual(kinds(), []);
  assert.equal((await trail()).filter((line) => line === 'revoke policy-violation').length, 1);
  await bindings.requireConfirmation('lamp', true, rest);
  await friends.ask('bob', 'ann');
  await assert.rejects(() => friends.accept('ann', 'bob'), isTooMuch(10));
  await clock.advance(seconds(10));
  assert.equal(await friends.accept('ann', 'bob'), true);
  await assert.rejects(() => friends.remove('ann', 'bob'), isTooMuch(10));
});

test('of accounts that change things so many are remembered', async () => {
  const clock = new VirtualTime();
  const audit = new AuditTrail({ store: new MemoryAuditStore(), clock });
  const pace = new ChangePace({ clock, audit, bounds: { perMinute: 1, atOnce: 1, accounts: 2 } });
  const change = (actor: string) =>
    pace.charge({ door: 'ra', actor, action: 'rename', device: 'lamp', subject: undefined });
  await change('ann');
  await change('bob');
  await assert.rejects(() => change('ann'), TooManyChanges);
  await change('cid');
  await assert.rejects(() => change('ann'), TooManyChanges, 'the last to be heard of');
  await change('bob');
});
