import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblemError, because, type JsonEvent, mistakeAt, problem } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { catalogue } from '../catalogue/index.ts';

// What the module of texts asks of a page.
Object.assign(globalThis, { document: { documentElement: {} } });
Object.defineProperty(globalThis, 'localStorage', { value: { getItem: () => null, setItem: () => undefined } });
const { chooseLanguage, speakFrom, translate } = await import('./text.ts');
const { tellProblem } = await import('./problem-text.ts');
const { eventText } = await import('./event-text.ts');
speakFrom(catalogue);

const told = (...given: Parameters<typeof problem>) =>
  tellProblem(new ApiProblemError(problem(...given)), translate).details.map(({ text }) => text);

test('why the platform refuses is told in the language of the page; in English by its own sentence', () => {
  const full = { ...because('webhooks-full', { maximum: 50 }), detail: 'There are 50.' };
  const fields = { errors: [mistakeAt('body/url', 'must be longer', 'too-short', { limit: 8 })] };
  chooseLanguage('en');
  assert.deepEqual(told('conflict', full), ['There are 50.']);
  assert.deepEqual(told('invalid-request', fields), ['URL: must be longer']);
  chooseLanguage('zh');
  assert.deepEqual(told('conflict', full), ['Webhook 已达 50 个，请先移除一个，或提高设置 webhooks.max。']);
  assert.deepEqual(told('invalid-request', fields), ['URL：至少 8 个字符。']);
  const missing = [mistakeAt('body', '"a", "b" are missing', 'names-missing', { names: '"a", "b"' })];
  assert.deepEqual(told('invalid-request', { errors: missing }), ['缺少 "a"、"b"。']);
  const key = [mistakeAt('body/key', 'x', 'no-hex', { least: 8, most: 64 }), mistakeAt('body/rules/0', 'x', 'missing')];
  assert.deepEqual(told('invalid-request', { errors: key }), [
    '密钥：须为 8 至 64 字节的十六进制数。',
    'rules/0：此项必填。',
  ]);
  const named = new ApiProblemError(problem('invalid-value', { errors: [mistakeAt('body/key', 'x', 'missing')] }));
  const labels = new Map([['key', '私钥']]);
  assert.equal(tellProblem(named, translate, labels).details[0]!.text, '私钥：此项必填。', 'as the form calls it');
  const line = [mistakeAt('line 9', 'x', 'ddf-operations', { element: 'Object 3, Item 1, Operations', found: 'Q' })];
  assert.deepEqual(told('invalid-object-definition', { errors: line }), [
    '第 9 行：Object 3, Item 1, Operations 须为 R、W、RW、E 或留空，而不是“Q”。',
  ]);
});

test('events say why in the language of the page, and what has no code as the platform says it', () => {
  const refused = (code?: string) =>
    eventText(
      {
        id: '1',
        time: '',
        type: 'device.refused',
        data: { coapCode: '4.03', reason: 'no', code },
      } as never as JsonEvent,
      translate,
    );
  chooseLanguage('zh');
  assert.equal(refused('enrolment'), '被拒绝（4.03）：不予准入：白名单或凭证不符');
  assert.equal(refused(), '被拒绝（4.03）：no');
  chooseLanguage('en');
  assert.equal(refused('enrolment'), 'was refused (4.03): no');
});

test('what happened to a path is told with its names where the language has them', async () => {
  const told = (type: string, data: object) => eventText({ id: '1', time: '', type, data } as JsonEvent, translate);
  const ended = { operation: 'read', path: '/3303/0/5700', coapCode: '2.05' };
  const composite = { operation: 'read-composite', path: '/3/0/0 /3303/0/5700', coapCode: '2.05' };
  chooseLanguage('zh');
  await until(() => told('operation.completed', ended).includes('温度'), 'the Chinese names');
  assert.equal(told('operation.completed', ended), '读取 温度 传感器数值（/3303/0/5700）：2.05');
  assert.match(
    told('operation.completed', composite),
    /^读取 设备 \S+（\/3\/0\/0） 温度 传感器数值（\/3303\/0\/5700）：2.05$/,
  );
  assert.equal(told('observation.started', { path: '/33000/0' }), '开始订阅 /33000/0');
  assert.match(
    told('request.queued', { operation: 'write', paths: ['/3303/0/5750'], state: 'queued' }),
    /应用类型（\/3303\/0\/5750）/,
  );
  chooseLanguage('en');
  assert.equal(told('operation.completed', ended), 'read /3303/0/5700: 2.05');
});
