import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RaAccount, RaAccountStore, ScramHash, ScramKeys } from '../ra-account.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';

function keys(hash: ScramHash, seed: number): ScramKeys {
  const length = hash === 'SHA-1' ? 20 : 32;
  return {
    hash,
    salt: new Uint8Array(16).fill(seed),
    iterations: 10_000 + seed,
    storedKey: new Uint8Array(length).fill(seed + 1),
    serverKey: new Uint8Array(length).fill(seed + 2),
  };
}

function account(name: string, change: Partial<RaAccount> = {}): RaAccount {
  return {
    name,
    kind: 'user',
    keys: [keys('SHA-1', 1), keys('SHA-256', 2)],
    nick: undefined,
    createdAt: 10,
    ...change,
  };
}

/** What every {@link RaAccountStore} does. */
export function raAccountStoreContract(name: string, open: OpenStore<RaAccountStore>): void {
  const scenario = (title: string, run: (opened: OpenedStore<RaAccountStore>) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of RaAccountStore`, () => {
    scenario('an account that is disabled has no keys to show until it is enabled again', async ({ store, reopen }) => {
      await store.addAccount(account('mallory'));
      assert.equal(await store.setDisabled('mallory', 77), true);
      assert.equal(await store.setDisabled('nobody', 77), false);
      const kept = (await reopen?.()) ?? store;
      assert.deepEqual(await kept.account('mallory'), { ...account('mallory'), keys: [], disabledAt: 77 });
      await kept.setKeys('mallory', [keys('SHA-256', 5)]);
      assert.deepEqual(
        (await kept.accounts({ limit: 9 })).map((one) => one.keys.length),
        [0],
      );
      assert.equal(await kept.setDisabled('mallory', undefined), true);
      assert.deepEqual(await kept.account('mallory'), account('mallory', { keys: [keys('SHA-256', 5)] }));
    });

    scenario('gives back accounts as they were added', async ({ store, reopen }) => {
      const juliet = account('juliet', { nick: 'Jule ♥' });
      const lamp = account('lamp', { kind: 'device', keys: [] });
      assert.equal(await store.addAccount(juliet), true);
      assert.equal(await store.addAccount(lamp), true);
      assert.deepEqual(await store.account('juliet'), juliet);
      assert.deepEqual(await store.account('lamp'), lamp);
      assert.equal(await store.account('romeo'), undefined);
      if (reopen) assert.deepEqual(await (await reopen()).account('juliet'), juliet);
    });

    scenario('refuses a name that is taken and leaves its owner alone', async ({ store }) => {
      await store.addAccount(account('juliet'));
      const other = account('juliet', { kind: 'device', keys: [keys('SHA-1', 9)] });
      assert.equal(await store.addAccount(other), false);
      assert.deepEqual(await store.account('juliet'), account('juliet'));
    });

    scenario('refuses an account whose device has a terminal of another account', async ({ store }) => {
      const device = {
        terminal: 'urn:imei:1',
        deviceType: 'Lamp',
        vendor: '',
        model: '',
        confirms: false,
        createdAt: 10,
      };
      const add = (name: string) =>
        store.addAccount(account(name, { kind: 'device', keys: [] }), { ...device, account: name });
      assert.equal(await add('lamp'), true);
      assert.equal(await add('lamp-2'), false);
      assert.equal(await store.account('lamp-2'), undefined, 'nothing of it is kept');
      assert.equal(await add('lamp'), false, 'the name is taken');
    });

    scenario('replaces all keys', async ({ store }) => {
      await store.addAccount(account('juliet'));
      assert.equal(await store.setKeys('juliet', [keys('SHA-256', 7)]), true);
      assert.equal(await store.setKeys('romeo', [keys('SHA-256', 7)]), false);
      assert.deepEqual(await store.account('juliet'), account('juliet', { keys: [keys('SHA-256', 7)] }));
      assert.equal(await store.account('romeo'), undefined);
    });

    scenario('gives keys in the order of the hashes', async ({ store }) => {
      await store.addAccount(account('juliet', { keys: [keys('SHA-256', 2), keys('SHA-1', 1)] }));
      assert.deepEqual(await store.account('juliet'), account('juliet'));
    });

    scenario('changes and removes a nick', async ({ store }) => {
      await store.addAccount(account('juliet'));
      assert.equal(await store.setNick('juliet', 'Jule'), true);
      assert.equal((await store.account('juliet'))?.nick, 'Jule');
      assert.equal(await store.setNick('juliet', undefined), true);
      assert.equal((await store.account('juliet'))?.nick, undefined);
      assert.equal(await store.setNick('romeo', 'R'), false);
    });

    scenario('removes an account with its keys', async ({ store }) => {
      await store.addAccount(account('juliet'));
      assert.equal(await store.removeAccount('juliet'), true);
      assert.equal(await store.removeAccount('juliet'), false);
      assert.equal(await store.account('juliet'), undefined);
      await store.addAccount(account('juliet', { keys: [] }));
      assert.deepEqual((await store.account('juliet'))?.keys, []);
    });

    scenario('tells the kind of an account as long as it is there, disabled or not', async ({ store }) => {
      assert.equal(await store.kindOf('lamp'), undefined);
      await store.addAccount(account('lamp', { kind: 'device' }));
      await store.addAccount(account('juliet'));
      await store.setDisabled('juliet', 77);
      assert.deepEqual([await store.kindOf('lamp'), await store.kindOf('juliet')], ['device', 'user']);
      const removed = store.removeAccount('lamp');
      assert.equal(await store.kindOf('lamp'), undefined);
      await removed;
      assert.equal(await store.kindOf('lamp'), undefined);
      await store.addAccount(account('lamp'));
      assert.equal(await store.kindOf('lamp'), 'user');
    });

    scenario('lists by page in the order of names, and by kind', async ({ store }) => {
      for (const name of ['c', 'a', 'ß']) await store.addAccount(account(name));
      await store.addAccount(account('b', { kind: 'device' }));
      const names = async (query: Parameters<RaAccountStore['accounts']>[0]) =>
        (await store.accounts(query)).map((found) => found.name);
      assert.deepEqual(await names({ limit: 3 }), ['a', 'b', 'c']);
      assert.deepEqual(await names({ after: 'c', limit: 3 }), ['ß']);
      assert.deepEqual(await names({ kind: 'user', limit: 2 }), ['a', 'c']);
      assert.deepEqual(await names({ kind: 'device', limit: 2 }), ['b']);
      assert.deepEqual((await store.accounts({ limit: 1 }))[0], account('a'));
    });
  });
}
