import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { hours } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import type { RaAccount, ScramKeys } from '../ra-account.ts';
import { MemoryRaAccountStore } from '../testing/memory-ra-account-store.ts';
import { MemoryUserSessionStore } from '../testing/memory-user-session-store.ts';
import { UserSessions } from './user-sessions.ts';

const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const keys = (fill: number): readonly ScramKeys[] => [
  { hash: 'SHA-256', salt: bytes(fill), iterations: 4096, storedKey: bytes(fill), serverKey: bytes(fill) },
];
const ann: RaAccount = { name: 'ann', kind: 'user', keys: keys(1), nick: undefined, createdAt: 1 };

async function open() {
  const clock = new VirtualTime();
  const accounts = new MemoryRaAccountStore();
  await accounts.addAccount(ann);
  const digest = { sha256: (data: Uint8Array) => createHash('sha256').update(data).digest() };
  const store = new MemoryUserSessionStore();
  const random = new SeededRandom(1);
  return {
    accounts,
    clock,
    sessions: new UserSessions({ store, accounts, digest, random, clock, lifetime: hours(1) }),
  };
}

test('a session is good until it expires or is ended', async () => {
  const { sessions, clock } = await open();
  const begun = (await sessions.begin('ann'))!;
  assert.equal((await sessions.verify(begun.token))?.account.name, 'ann');
  for (const text of ['', 'yl_1_2', `${begun.token}0`, begun.token.replace(/.$/, (end) => (end === '0' ? '1' : '0'))]) {
    assert.equal(await sessions.verify(text), undefined, text);
  }
  const other = (await sessions.begin('ann'))!;
  await sessions.end(other.user.session);
  assert.equal(await sessions.verify(other.token), undefined);
  await clock.advance(hours(1));
  assert.equal(await sessions.verify(begun.token), undefined);
});

test('another password ends every session, whoever set it; so does the end of the account', async () => {
  const { sessions, accounts } = await open();
  const before = (await sessions.begin('ann'))!;
  await accounts.setKeys('ann', keys(2));
  assert.equal(await sessions.verify(before.token), undefined);
  const after = (await sessions.begin('ann'))!;
  await accounts.removeAccount('ann');
  assert.equal(await sessions.verify(after.token), undefined);
  await accounts.addAccount({ ...ann, keys: keys(3) });
  assert.equal(await sessions.verify(after.token), undefined, 'who takes the name has no session of it');
});

test('devices and strangers have no sessions', async () => {
  const { sessions, accounts } = await open();
  await accounts.addAccount({ ...ann, name: 'lamp', kind: 'device' });
  assert.equal(await sessions.begin('lamp'), undefined);
  assert.equal(await sessions.begin('nobody'), undefined);
});
