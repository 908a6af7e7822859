import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserSession, UserSessionStore } from '../ra/user-session.ts';
import type { OpenStore } from './opened-store.ts';

function session(id: string, change: Partial<UserSession> = {}): UserSession {
  const digest = new Uint8Array(32).fill(id.charCodeAt(0));
  return { id, account: 'ann', secretDigest: digest, keysDigest: digest, createdAt: 1, expiresAt: 100, ...change };
}

/** What every {@link UserSessionStore} does. */
export function userSessionStoreContract(name: string, open: OpenStore<UserSessionStore>): void {
  test(`${name}: sessions of an account, the newest of them, until they expire`, async () => {
    const { store, close, reopen } = await open();
    await store.addUserSession(session('a'), 2);
    await store.addUserSession(session('b', { createdAt: 2 }), 2);
    await store.addUserSession(session('x', { account: 'bob', expiresAt: 50 }), 2);
    assert.deepEqual(await store.userSession('a'), session('a'));
    await store.addUserSession(session('c', { createdAt: 3 }), 2);
    assert.equal(await store.userSession('a'), undefined, 'the oldest went');
    const kept = (await reopen?.()) ?? store;
    assert.deepEqual(await kept.userSession('b'), session('b', { createdAt: 2 }));
    assert.equal(await kept.removeUserSession('b'), true);
    assert.equal(await kept.removeUserSession('b'), false);
    assert.equal(await kept.removeExpiredUserSessions(50), 1);
    assert.equal(await kept.userSession('x'), undefined);
    assert.equal(await kept.removeUserSessions('ann'), 1);
    await close();
  });
}
