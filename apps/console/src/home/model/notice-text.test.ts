import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonHomeEvent } from '@yaolian/contract';
import { home } from '../../catalogue/home.ts';
import type { Translate } from '../../platform/text.ts';

// What texts are shown in says its language.
Object.assign(globalThis, { document: { documentElement: {} } });
const { filled, speakFrom } = await import('../../platform/text.ts');
const { noticeOf } = await import('./notice-text.ts');

speakFrom(home);

const english: Translate = (key, values = {}) => filled(home[key as keyof typeof home].en, values);
const chinese: Translate = (key, values = {}) => filled(home[key as keyof typeof home].zh, values);
const granted = (rest: Partial<JsonHomeEvent>): JsonHomeEvent => ({
  ...{ kind: 'granted', time: '2026-01-01T00:00:00Z', device: 'lamp@home.example', user: 'ann@home.example' },
  ...rest,
});

test('who may use a device is told what for and how long', () => {
  const event = granted({ operations: ['read', 'write'] });
  assert.equal(noticeOf(event, 'Lamp', english), 'ann lets you use Lamp: see values, change settings');
  assert.equal(noticeOf(event, 'Lamp', chinese), 'ann 允许您使用 Lamp：查看数值、修改设置');
  const bounded = granted({ operations: ['read'], expiresAt: '2026-01-08T00:00:00Z' });
  assert.match(noticeOf(bounded, 'Lamp', english)!, /^ann lets you use Lamp: see values, until .*2026/);
  assert.equal(noticeOf(granted({ operations: [] }), 'Lamp', english), 'ann lets you use less of Lamp');
});

test('another owner is not told that it may do what it always might', () => {
  assert.equal(noticeOf(granted({}), 'Lamp', english), 'Who may use Lamp has changed');
});

test('one who loses or removes an owner is told by whom', () => {
  const { user: _, ...mine } = { ...granted({}), kind: 'unbound' as const, by: 'bob@home.example' };
  const unbound = { ...mine, user: 'ann@home.example' };
  assert.equal(noticeOf(unbound, 'Lamp', english), 'bob took Lamp from ann');
  assert.equal(noticeOf(mine, 'Lamp', english), 'bob took Lamp from you');
});
