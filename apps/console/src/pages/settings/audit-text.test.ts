import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemKinds, type Route, routes } from '@yaolian/contract';
import { audit } from '../../catalogue/audit.ts';
import type { Translate } from '../../platform/text.ts';

// What texts are shown in says its language.
Object.assign(globalThis, { document: { documentElement: {} } });
const { filled } = await import('../../platform/text.ts');
const { namesFrom, ownNames } = await import('../../platform/names-of-model.ts');
const { actionText, outcomeText, permissionText } = await import('./audit-text.ts');

test('what operators and users did is told in words of both languages', () => {
  assert.equal(actionText('addOperator', 'en'), 'add operator');
  assert.equal(actionText('addOperator', 'zh'), '添加操作员');
  assert.equal(actionText('reset-code', 'zh'), '重置验证码');
  assert.equal(actionText('bind', 'zh'), '绑定');
  assert.equal(actionText('testWebhook', 'zh'), '测试 Webhook');
  assert.equal(outcomeText('done', 'zh'), '完成');
  assert.equal(outcomeText('4.05', 'zh'), '4.05');
});

test('every end of a request has Chinese words: its status, its problem, and the condition of RFC 6120', () => {
  const conditions = [
    ...['bad-request', 'conflict', 'feature-not-implemented', 'forbidden', 'gone', 'internal-server-error'],
    ...['item-not-found', 'jid-malformed', 'not-acceptable', 'not-allowed', 'not-authorized', 'policy-violation'],
    ...['recipient-unavailable', 'redirect', 'registration-required', 'remote-server-not-found'],
    ...['remote-server-timeout', 'resource-constraint', 'service-unavailable', 'subscription-required'],
    ...['undefined-condition', 'unexpected-request'],
  ];
  const statuses = Object.values(problemKinds).map(({ status }) => String(status));
  const ours = ['begun', 'done', 'done before', 'queued', 'pending', 'relayed', 'internal-error'];
  for (const outcome of [...ours, ...conditions, ...statuses, ...Object.keys(problemKinds)]) {
    assert.match(outcomeText(outcome, 'zh'), /\p{Script=Han}/u, outcome);
  }
});

test('everything of operators that is written down has Chinese words', () => {
  const silent = new Set(['signIn']); // who signs in is nobody yet: it is not written down
  for (const { id, method, role, audited } of Object.values(routes) as Route[]) {
    if ((method === 'GET' && !audited) || role === 'user' || role === 'anyone' || silent.has(id)) continue;
    assert.doesNotMatch(actionText(id, 'zh').replaceAll(/appKey|API|Profile|Webhook/g, ''), /[a-z]/i, id);
  }
});

test('a permission is told in words: to whom, which object, which operations, until when', () => {
  const say =
    (words: 'en' | 'zh'): Translate =>
    (key, values = {}) =>
      filled(audit[key as keyof typeof audit][words], values);
  const names = namesFrom({ objectNames: { 3303: '温度' }, resourceNames: {} });
  const feature = { feature: 'urn:oma:lwm2m:ext:3303', featureName: 'Temperature' };
  const bounded = {
    to: 'bob',
    ...feature,
    operations: ['read', 'observe'],
    expiresAt: '2026-01-08T00:00:00Z',
  } as const;
  const asked = { ...bounded, operations: [...bounded.operations] };
  assert.match(permissionText(asked, say('en'), ownNames), /^bob: Temperature \(3303\) · read, observe · until .*2026/);
  assert.match(permissionText(asked, say('zh'), names), /^bob：温度 \(3303\) · 读取、订阅 · 至 .*2026/);
  const all = { to: 'friends', feature: '*', operations: [] };
  assert.equal(permissionText(all, say('en'), ownNames), 'all friends: the whole device · nothing');
  assert.equal(permissionText({ ...all, feature: 'urn:x' }, say('zh'), names), '全部好友：urn:x · 无');
});
