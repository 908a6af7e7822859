import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BootstrapConfig, BootstrapConfigStore } from '../bootstrap/config.ts';

/** A store under a contract test. */
export interface OpenedBootstrapConfigStore {
  readonly store: BootstrapConfigStore;
  /** Closes the store and opens it again from what it kept. Absent where nothing outlives the process. */
  reopen?(): Promise<BootstrapConfigStore>;
  close(): Promise<void>;
}

const minimal: BootstrapConfig = { security: [], servers: [] };

const full: BootstrapConfig = {
  deletes: ['/0', '/1'],
  discovers: ['/'],
  reads: ['/1'],
  security: [
    { instanceId: 1, uri: 'coaps://[2001:db8::1]:5684', securityMode: 0, secretKey: 'AAEC', shortServerId: 123 },
  ],
  servers: [{ instanceId: 1, shortServerId: 123, lifetime: 86_400, storeNotifications: false, binding: 'UQ' }],
  writes: [
    { path: '/3/0/14', value: '+08:00' },
    { path: '/3/0/6', values: { 0: 1, 1: '9007199254740993' } },
    { path: '/10241/0', resources: { 0: true, 1: { 0: 'a "quoted" 文' } }, types: { 0: 'boolean' } },
  ],
};

/** What every {@link BootstrapConfigStore} does. */
export function bootstrapConfigStoreContract(name: string, open: () => Promise<OpenedBootstrapConfigStore>): void {
  const scenario = (title: string, run: (opened: OpenedBootstrapConfigStore) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of BootstrapConfigStore`, () => {
    scenario('gives back configurations as they were put, the default too', async ({ store, reopen }) => {
      await store.put('urn:dev:1', full);
      await store.put(undefined, minimal);
      assert.deepEqual(await store.get('urn:dev:1'), full);
      assert.deepEqual(await store.get(undefined), minimal);
      assert.equal(await store.get('urn:dev:2'), undefined, 'exactly this name, not the default');
      if (reopen) assert.deepEqual(await (await reopen()).get('urn:dev:1'), full);
    });

    scenario('knows no default until there is one', async ({ store }) => {
      await store.put('a', full);
      assert.equal(await store.get(undefined), undefined);
      assert.deepEqual(await store.list({ limit: 10 }), [{ name: 'a', config: full }]);
    });

    scenario('replaces and removes', async ({ store }) => {
      await store.put('a', full);
      await store.put('a', minimal);
      assert.deepEqual(await store.get('a'), minimal);
      assert.equal(await store.remove('a'), true);
      assert.equal(await store.remove('a'), false);
      assert.equal(await store.remove(undefined), false);
      assert.equal(await store.get('a'), undefined);
    });

    scenario('lists the default first, then by name, page by page', async ({ store }) => {
      for (const entry of ['c', undefined, 'B', 'a', 'é']) await store.put(entry, minimal);
      const names = async (query: { after?: string; limit: number }) =>
        (await store.list(query)).map((entry) => entry.name);
      assert.deepEqual(await names({ limit: 10 }), [undefined, 'B', 'a', 'c', 'é']);
      assert.deepEqual(await names({ limit: 3 }), [undefined, 'B', 'a']);
      assert.deepEqual(await names({ after: 'a', limit: 1 }), ['c']);
      assert.deepEqual(await names({ after: 'é', limit: 10 }), []);
    });
  });
}
