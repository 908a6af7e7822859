/** What operators are told of the limits and settings of the platform. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform } from './support/platform.ts';

test('every setting is told as people write it, with its default; tokens are not', async () => {
  await using bench = await openPlatform({
    'coap.max-sessions': 1000,
    'ra.invitation': 'welcome',
    'log.level': 'warn',
  });
  const { items } = await bench.admin.call(routes.listSettings, {});
  const settings = new Map(items.map((setting) => [setting.name, setting]));
  const { description, ...sessions } = settings.get('coap.max-sessions')!;
  assert.notEqual(description, '');
  assert.deepEqual(sessions, {
    ...{ name: 'coap.max-sessions', value: 1000, default: 1_000_000, changed: true, secret: false },
    ...{ flag: '--coap-max-sessions', variable: 'YAOLIAN_COAP_MAX_SESSIONS' },
  });
  const invitation = settings.get('ra.invitation')!;
  assert.deepEqual([invitation.value, invitation.changed, invitation.secret], [undefined, true, true]);
  const window = settings.get('lwm2m.awake-window')!;
  assert.deepEqual([window.value, window.changed], [window.default, false]);
  assert.equal(JSON.stringify(items).includes('welcome'), false);
});
