import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue, SettingsStore } from '../settings.ts';
import type { OpenStore } from './opened-store.ts';

/** What every {@link SettingsStore} does. */
export function settingsStoreContract(name: string, open: OpenStore<SettingsStore>): void {
  describe(`${name} keeps the contract of SettingsStore`, () => {
    const values = {
      nothing: null,
      flag: false,
      number: -1.5,
      text: 'a "quoted" 文 \u{1f680} text',
      list: [1, 'two', [3]],
      object: { nested: { deep: [true, null] } },
    } satisfies Readonly<Record<string, JsonValue>>;

    it('gives back every kind of JSON value as it was set', async () => {
      const { store, close } = await open();
      for (const [key, value] of Object.entries(values)) await store.setSetting(key, value);
      for (const [key, value] of Object.entries(values)) assert.deepEqual(await store.setting(key), value);
      await close();
    });

    it('tells a value that was never set from null', async () => {
      const { store, close } = await open();
      await store.setSetting('nothing', null);
      assert.equal(await store.setting('nothing'), null);
      assert.equal(await store.setting('never-set'), undefined);
      await close();
    });

    it('replaces and removes', async () => {
      const { store, close } = await open();
      await store.setSetting('mode', 'open');
      await store.setSetting('mode', 'allow-list');
      assert.equal(await store.setting('mode'), 'allow-list');
      assert.equal(await store.removeSetting('mode'), true);
      assert.equal(await store.removeSetting('mode'), false);
      assert.equal(await store.setting('mode'), undefined);
      await close();
    });

    it('lists in the order of names', async () => {
      const { store, close } = await open();
      for (const key of ['b', 'c', 'a']) await store.setSetting(key, key);
      assert.deepEqual([...(await store.settings()).keys()], ['a', 'b', 'c']);
      await close();
    });

    it('keeps everything over a restart', async () => {
      const opened = await open();
      await opened.store.setSetting('object', values.object);
      if (opened.reopen) {
        assert.deepEqual(await (await opened.reopen()).setting('object'), values.object);
      }
      await opened.close();
    });
  });
}
