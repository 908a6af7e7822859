import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppKeyStore } from '../app-key.ts';
import type { OpenStore } from './opened-store.ts';

const password = 'a1adfef9ed014286b7f7a314ee978f15';
const key = (number: number) => ({ appKey: `M00000000${number}`, vendor: `vendor ${number}`, issuedAt: 1000 + number });

/** What every {@link AppKeyStore} does. */
export function appKeyStoreContract(name: string, open: OpenStore<AppKeyStore>): void {
  describe(`${name} keeps the contract of AppKeyStore`, () => {
    it('knows the password of a key at once', async () => {
      const { store, close } = await open();
      assert.equal(store.passwordOf('M000000001'), undefined);
      assert.equal(await store.addAppKey(key(1), password), true);
      assert.equal(store.passwordOf('M000000001'), password);
      await close();
    });

    it('gives a key once', async () => {
      const { store, close } = await open();
      await store.addAppKey(key(1), password);
      assert.equal(await store.addAppKey({ ...key(1), vendor: 'another' }, '0'.repeat(32)), false);
      assert.equal(store.passwordOf('M000000001'), password);
      assert.deepEqual(await store.appKeys({ limit: 10 }), [key(1)]);
      await close();
    });

    it('lists in the order of keys, from page to page', async () => {
      const { store, close } = await open();
      for (const number of [3, 1, 2]) await store.addAppKey(key(number), password);
      assert.deepEqual(await store.appKeys({ limit: 2 }), [key(1), key(2)]);
      assert.deepEqual(await store.appKeys({ after: 'M000000002', limit: 2 }), [key(3)]);
      await close();
    });

    it('forgets a revoked key', async () => {
      const { store, close } = await open();
      await store.addAppKey(key(1), password);
      assert.equal(await store.removeAppKey('M000000001'), true);
      assert.equal(await store.removeAppKey('M000000001'), false);
      assert.equal(store.passwordOf('M000000001'), undefined);
      assert.deepEqual(await store.appKeys({ limit: 10 }), []);
      await close();
    });

    it('keeps everything over a restart', async () => {
      const opened = await open();
      await opened.store.addAppKey(key(1), password);
      if (opened.reopen) {
        const store = await opened.reopen();
        assert.equal(store.passwordOf('M000000001'), password);
        assert.deepEqual(await store.appKeys({ limit: 10 }), [key(1)]);
      }
      await opened.close();
    });
  });
}
