import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonHomeEvent } from '@yaolian/contract';
import { home } from '../../catalogue/home.ts';
import type { Translate } from '../../platform/text.ts';

// What texts are shown in says its language.
Object.assign(globalThis, { document: { documentElement: {} } });
const { filled, speakFrom } = await import('../../platform/text.ts');
const { isNews, noticeOf } = await import('./notice-text.ts');
const { namesFrom } = await import('../../platform/names-of-model.ts');

speakFrom(home);

const english: Translate = (key, values = {}) => filled(home[key as keyof typeof home].en, values);
const chinese: Translate = (key, values = {}) => filled(home[key as keyof typeof home].zh, values);
const granted = (rest: Partial<JsonHomeEvent>): JsonHomeEvent => ({
  ...{ kind: 'granted', time: '2026-01-01T00:00:00Z', device: 'lamp@home.example', user: 'ann@home.example' },
  ...rest,
});

const names = namesFrom({ objectNames: { 3347: '按钮' }, resourceNames: {} });
const button = { feature: 'urn:oma:lwm2m:ext:3347', featureName: 'Push Button' } as const;

test('who may use a device is told what for and how long', () => {
  const event = granted({ feature: '*', operations: ['read', 'write'] });
  assert.equal(noticeOf(event, 'Lamp', english), 'ann lets you use Lamp: see values, change settings');
  assert.equal(noticeOf(event, 'Lamp', chinese), 'ann 允许您使用 Lamp：查看数值、修改设置');
  const bounded = granted({ ...button, operations: ['read'], expiresAt: '2026-01-08T00:00:00Z' });
  assert.match(noticeOf(bounded, 'Lamp', english)!, /^ann lets you use Push Button of Lamp: see values, until .*2026/);
  assert.match(noticeOf(bounded, 'Lamp', chinese, names)!, /^ann 允许您使用 Lamp 的按钮：查看数值，至 .*2026/);
  assert.equal(noticeOf(granted({ operations: [] }), 'Lamp', english), 'ann lets you do nothing with Lamp');
});

test('owners are told who may use what of a device, or may no more', () => {
  const { user: _, ...mine } = granted({ ...button, to: 'bob@home.example', operations: ['read'] });
  assert.equal(noticeOf(mine, 'Lamp', english), 'You let bob use Push Button of Lamp: see values');
  const theirs = granted({ to: 'friends', feature: '*', operations: ['observe'] });
  assert.equal(noticeOf(theirs, 'Lamp', english), 'ann lets all friends use Lamp: follow them live');
  assert.equal(noticeOf(theirs, 'Lamp', chinese), 'ann 允许 全部好友 使用 Lamp：实时查看');
  const revoked = { ...granted({ ...button, to: 'bob@home.example' }), kind: 'revoked' as const };
  assert.equal(noticeOf(revoked, 'Lamp', english), 'ann revoked the permission of bob for Push Button of Lamp');
  const { to: _to, ...own } = revoked;
  assert.equal(noticeOf(own, 'Lamp', english), 'ann revoked your permission for Push Button of Lamp');
});

test('what was not done because the right to it ended says so', () => {
  const undone = { ...granted({ id: '7', refusal: 'forbidden' }), kind: 'result' as const };
  assert.equal(noticeOf(undone, 'Lamp', english), 'Lamp was not told: you may not do that any more');
  assert.equal(noticeOf(undone, 'Lamp', chinese), '操作未执行：您已无权操作 Lamp');
});

test('one who loses or removes an owner is told by whom', () => {
  const { user: _, ...mine } = { ...granted({}), kind: 'unbound' as const, by: 'bob@home.example' };
  const unbound = { ...mine, user: 'ann@home.example' };
  assert.equal(noticeOf(unbound, 'Lamp', english), 'bob took Lamp from ann');
  assert.equal(noticeOf(mine, 'Lamp', english), 'bob took Lamp from you');
});

test('how a device is, told before the list of devices is there, is no news', () => {
  const event = { ...granted({ state: 'ONLINE' }), kind: 'state' as const };
  assert.equal(isNews(event, undefined), false);
  assert.equal(isNews(event, { state: 'ONLINE' }), false);
  assert.equal(isNews(event, { state: 'OFFLINE' }), true);
  assert.equal(isNews({ ...event, kind: 'firmware' }, undefined), false);
  assert.equal(isNews({ ...event, kind: 'firmware', news: 7 }, undefined), true);
  assert.equal(isNews(granted({}), undefined), true);
});
