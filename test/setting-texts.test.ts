/** The page of limits tells in Chinese what each setting of the platform does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { settingTexts } from '../apps/console/src/catalogue/setting-texts.ts';
import { openPlatform } from './support/platform.ts';

test('every setting that the platform tells of has a Chinese text in the console, and no other has', async () => {
  await using bench = await openPlatform();
  const { items } = await bench.admin.call(routes.listSettings, {});
  assert.deepEqual(Object.keys(settingTexts).toSorted(), items.map(({ name }) => name).toSorted());
  for (const [name, text] of Object.entries(settingTexts)) assert.match(text, /\p{Script=Han}{2}/u, name);
});
