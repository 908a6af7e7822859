import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemorySettingsStore } from '@yaolian/directory/testing';
import { days, hasCode } from '@yaolian/kernel';
import { LiveSettings } from './live-settings.ts';
import { type Config, defaultConfig, type SettingName } from './settings.ts';

async function open(store: MemorySettingsStore, given: Partial<Config> = {}) {
  const told: Config[] = [];
  const live = await LiveSettings.open({
    store,
    config: { ...defaultConfig(), ...given },
    fixed: new Set(Object.keys(given) as SettingName[]),
    onChange: (config) => told.push(config),
  });
  return { live, told };
}

test('a change is told, kept, and holds after a start that says nothing of it; one that does is stronger, and only as long', async () => {
  const store = new MemorySettingsStore();
  const first = await open(store);
  assert.deepEqual(first.told, []);
  assert.deepEqual(await first.live.change('history.keep', '90d'), { ok: true, value: undefined });
  assert.deepEqual(
    first.told.map((config) => config['history.keep']),
    [days(90)],
  );
  const fixed = await open(store, { 'history.keep': days(7) });
  assert.deepEqual([fixed.live.config['history.keep'], fixed.live.originOf('history.keep')], [days(7), 'start']);
  assert.deepEqual(await fixed.live.change('history.keep', '1d'), { ok: false, error: 'fixed' });
  const again = await open(store);
  assert.deepEqual([again.live.config['history.keep'], again.live.originOf('history.keep')], [days(90), 'set']);
  assert.equal(again.told.length, 1);
  await again.live.change('history.keep', undefined);
  assert.deepEqual([again.live.config['history.keep'], again.live.originOf('history.keep')], [days(30), 'default']);
  assert.equal((await open(store)).live.config['history.keep'], days(30));
});

test('a value that does not fit changes nothing, and what only a start sets is left to it', async () => {
  const store = new MemorySettingsStore();
  const { live, told } = await open(store);
  const unfit = await live.change('history.span', '7m');
  assert.deepEqual(unfit, { ok: false, error: { right: 'one of 1m, 5m, 15m, 1h' } });
  assert.deepEqual(await live.change('coap.port', 1), { ok: false, error: 'not-live' });
  assert.deepEqual([told, await store.settings()], [[], new Map()]);
});

test('a kept value that is none any more stops the start: guessing could remove what was to be kept', async () => {
  const store = new MemorySettingsStore();
  await store.setSetting('config.history.keep', 'for ever');
  await assert.rejects(open(store), (error) => hasCode(error, 'SETTING_UNREADABLE'));
});
