import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemKinds, type Route, routes } from '@yaolian/contract';
import { actionText, outcomeText } from './audit-text.ts';

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
