/** What operators are told of the limits and settings of the platform. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, formatCode } from '@yaolian/coap';
import { ApiClient, routes } from '@yaolian/contract';
import { days, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { openPlatform, withCode } from './support/platform.ts';

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
    ...{ live: false, origin: 'start' },
    ...{ flag: '--coap-max-sessions', variable: 'YAOLIAN_COAP_MAX_SESSIONS' },
  });
  const invitation = settings.get('ra.invitation')!;
  assert.deepEqual([invitation.value, invitation.changed, invitation.secret], [undefined, true, true]);
  const window = settings.get('lwm2m.awake-window')!;
  assert.deepEqual([window.value, window.changed], [window.default, false]);
  assert.equal(JSON.stringify(items).includes('welcome'), false);
});

test('how long history is kept is changed while the platform runs, holds over a restart, and is in the audit trail', async () => {
  let bench = await openPlatform({ 'history.keep-timeline': days(7) });
  try {
    const change = (setting: string, value: string | number) =>
      bench.admin.call(routes.changeSetting, { params: { setting }, body: { value } });
    const show = async (setting: string) => {
      const { value, origin } = await bench.admin.call(routes.showSetting, { params: { setting } });
      return [value, origin];
    };
    const { description: _, ...before } = await bench.admin.call(routes.showSetting, {
      params: { setting: 'history.keep-raw' },
    });
    assert.deepEqual(before, {
      ...{ name: 'history.keep-raw', changed: false, secret: false, live: true, origin: 'default' },
      ...{ example: '7d', range: '1h – 36500d' },
      ...{ flag: '--history-keep-raw', variable: 'YAOLIAN_HISTORY_KEEP_RAW' },
    });
    assert.equal((await change('history.keep-raw', '2d')).value, '2d');
    assert.equal((await change('history.max-values', 5000)).value, 5000);
    await assert.rejects(change('history.keep-raw', '5m'), withCode('invalid-value'));
    await assert.rejects(change('history.span', '7m'), withCode('invalid-value'));
    await assert.rejects(change('history.keep-timeline', '9d'), withCode('conflict'), 'the start has set it');
    await assert.rejects(change('coap.port', 5683), withCode('conflict'), 'only a start sets it');
    await assert.rejects(change('history.none', '1d'), withCode('not-found'));
    const { token } = await bench.admin.call(routes.createToken, { body: { label: 'op', role: 'operator' } });
    const operator = new ApiClient({ baseUrl: bench.httpUrl, token });
    const params = { setting: 'history.keep' };
    await assert.rejects(operator.call(routes.changeSetting, { params, body: { value: '1d' } }), withCode('forbidden'));

    bench = await bench.restart();
    assert.deepEqual(await show('history.keep-raw'), ['2d', 'set']);
    assert.deepEqual(await show('history.keep-timeline'), ['7d', 'start']);
    assert.deepEqual(await show('history.keep'), ['30d', 'default']);
    await bench.admin.call(routes.resetSetting, { params: { setting: 'history.keep-raw' } });
    assert.deepEqual(await show('history.keep-raw'), [undefined, 'default']);
    await assert.rejects(
      bench.admin.call(routes.resetSetting, { params: { setting: 'history.keep-timeline' } }),
      withCode('conflict'),
    );
    const { items } = await bench.admin.call(routes.listAudit, { query: {} });
    const changes = items.filter(({ action }) => action === 'changeSetting' || action === 'resetSetting');
    assert.deepEqual(changes.map(({ subject, outcome }) => `${subject} ${outcome}`).toReversed(), [
      ...['history.keep-raw done', 'history.max-values done', 'history.keep-raw 400', 'history.span 400'],
      ...[
        'history.keep-timeline 409',
        'coap.port 409',
        'history.none 404',
        'history.keep 403',
        'history.keep-raw done',
      ],
      'history.keep-timeline 409',
    ]);
  } finally {
    await bench[Symbol.asyncDispose]();
  }
});

test('the profile is changed while the platform runs: from the next Register on, and over a restart', async () => {
  await using bench = await openPlatform({ 'lwm2m.location': 'endpoint' });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  const ask = async (path: string, query: readonly string[] = []) => {
    const payload = query.length === 0 ? undefined : encodeUtf8('</>;rt="oma.lwm2m",</1/0>,</3/0>');
    const content = payload && { contentFormat: 40, payload };
    return formatCode(
      (await coap.request(bench.coap, { method: Code.POST, path, query: [...query], ...content })).code,
    );
  };
  const register = (ep: string) => ask('/rd', [`ep=${ep}`, 'lt=86400', 'lwm2m=1.1']);
  const inA = '861111003929110;460041850403690;A00000000000001;1.0';
  const choose = (admin: ApiClient, value: string) =>
    admin.call(routes.changeSetting, { params: { setting: 'profile' }, body: { value } });
  assert.equal(await register('plain-one'), '2.01');
  await choose(bench.admin, 'china-mobile-a');
  assert.equal((await bench.admin.call(routes.showStatus, {})).profile, 'china-mobile-a');
  assert.equal(await ask('/rd/plain-one'), '2.04', 'who is registered stays so');
  assert.equal(await register('plain-two'), '4.00');
  assert.equal(await register(inA), '2.01');
  const { key } = await bench.admin.call(routes.showDevice, { params: { device: inA } });
  assert.equal(key, 'A00000000000001861111003929110');
  await using again = await bench.restart();
  assert.equal((await again.admin.call(routes.showStatus, {})).profile, 'china-mobile-a');
  assert.equal(await register('plain-two'), '4.00');
  await choose(again.admin, 'plain');
  assert.equal(await ask(`/rd/${inA}`), '2.04', 'its Update is judged by no profile that there is not');
  assert.equal(await register('plain-two'), '2.01');
  await assert.rejects(choose(again.admin, 'china-mobile-d'), withCode('invalid-value'));
  await coap.close();
});

test('a profile that the start has set is not changed', async () => {
  await using bench = await openPlatform({ profile: 'auto' });
  const change = bench.admin.call(routes.changeSetting, { params: { setting: 'profile' }, body: { value: 'plain' } });
  await assert.rejects(change, withCode('conflict'));
});
