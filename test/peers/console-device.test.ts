/** The page of a device in Chromium, with devices that have much, and say what they should not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { creatable, device as deviceObject, instance } from '@yaolian/lwm2m/client';
import { LightControl } from '@yaolian/lwm2m-objects/references';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import type { Browser, Page } from 'playwright-core';
import { openPlatform, type TestPlatform, untilState } from '../support/platform.ts';
import { openTerminal, wake } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, type View, visit } from './support/browser.ts';

const password = 'correct horse battery';
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
let browser: Browser;
let bench: TestPlatform;

before(async () => {
  buildConsole();
  browser = await openBrowser();
  bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'the-operator', role: 'operator', password } });
});

after(async () => {
  await bench[Symbol.asyncDispose]();
  await browser.close();
});

async function openDevice(name: string, view: View = {}) {
  const seen = await visit(browser, bench.httpUrl, view);
  await signIn(seen.page, 'the-operator', password, `/devices/${encodeURIComponent(name)}`);
  await seen.page.locator('details.object').first().waitFor();
  return seen;
}

test('names of rarer resources come in Chinese with the first object that has one, and are loaded for no other', async (t) => {
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  t.after(() => coap.close());
  const register = (name: string, objects: readonly number[]) =>
    coap.request(bench.coap, {
      ...{ method: Code.POST, path: '/rd', query: [`ep=${name}`, 'lwm2m=1.1', 'b=U'] },
      ...{ contentFormat: 40, payload: encodeUtf8(objects.map((id) => `</${id}/0>`).join(',')) },
    });
  await register('ordinary', [3, 3303]);
  await register('oddity', [3, 3421, 10244, 18831]);
  const { page, context, failures } = await visit(browser, bench.httpUrl, { language: 'zh-CN' });
  let loads = 0;
  page.on('request', (request) => {
    if (request.url().includes('registry-names')) loads += 1;
  });
  const seen = (path: string, name: string) =>
    page
      .locator(`tr[data-path="${path}"]`)
      .getByText(new RegExp(`^${name}`))
      .waitFor();
  await signIn(page, 'the-operator', password, '/devices/ordinary');
  await seen('/3/0/9', '电池电量');
  await seen('/3303/0/5700', '传感器数值');
  assert.equal(loads, 0);
  await page.goto('/devices/oddity');
  await seen('/3421/0/1', '电压');
  await seen('/10244/0/15', '电池包剩余容量');
  await seen('/18831/0/2', '主题');
  assert.equal(loads, 1);
  assert.deepEqual(failures, []);
  await context.close();
});

test('a device with hundreds of objects is drawn object by object, as they are opened', async () => {
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  const objects = Array.from({ length: 500 }, (_, i) => `</${3300 + i}/0>`);
  await coap.request(bench.coap, {
    ...{ method: Code.POST, path: '/rd', query: ['ep=a-thousand-things', 'lwm2m=1.1', 'b=U'] },
    ...{ contentFormat: 40, payload: encodeUtf8(['</3/0>', ...objects].join(',')) },
  });
  const asked: string[] = [];
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith('/api/v1/objects/')) asked.push(path);
  });
  await signIn(page, 'the-operator', password, '/devices/a-thousand-things');
  await page.locator('[data-path="/3/0"]').waitFor();
  assert.equal(await page.locator('details.object').count(), 501);
  assert.deepEqual(asked, ['/api/v1/objects/3']);
  await page.getByRole('searchbox', { name: 'Filter objects and resources' }).fill('temperature');
  await page.locator('summary', { hasText: '/3303' }).click();
  await page.locator('tr[data-path="/3303/0/5700"]').getByText('Sensor Value').waitFor();
  assert.deepEqual(asked, ['/api/v1/objects/3', '/api/v1/objects/3303']);
  assert.deepEqual(failures, []);
  await context.close();
  coap.close();
});

test('a name that turns the direction of text turns nothing, and a long one stays on the page', async () => {
  const turning = '\u202egnp.exe';
  const long = 'x'.repeat(200);
  await using first = await openTerminal({ endpointName: turning, server: bench.coap });
  await using second = await openTerminal({ endpointName: long, server: bench.coap });
  for (const { client } of [first, second]) {
    client.start();
    await client.registered();
  }
  const { page, context } = await openDevice(turning);
  await page.getByRole('heading', { name: '\u2068\ufffdgnp.exe\u2069' }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('listitem').filter({ hasText: '\ufffdgnp.exe\u2069 registered from' }).waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    await page.goto(`/devices/${long}`);
    await page.getByRole('heading', { name: long }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  }
  await context.close();
});

test('of a value as long as a page its beginning is shown, and the rest when it is asked for', async () => {
  await using terminal = await openTerminal({ endpointName: 'talker', server: bench.coap });
  terminal.client.start();
  await terminal.temperature.set('applicationType', `<b>${'many words '.repeat(900)}`);
  const { page, context, failures } = await openDevice('talker');
  const value = page.locator('tr[data-path="/3303/0/5750"] .value');
  await page.getByRole('button', { name: 'Read Application Type' }).click();
  await value.getByRole('button', { name: 'Show all of it (9,902 characters)' }).waitFor();
  assert.ok((await value.innerText()).length < 500);
  await value.getByRole('button').click();
  await value.getByText('many words many words').waitFor();
  assert.ok((await value.innerText()).length > 9000);
  assert.deepEqual(failures, []);
  await context.close();
});

test('editors say what is wrong beside the field, in the words of the page, before anything is sent', async () => {
  const light = instance(LightControl, { onOff: false, dimmer: 10 });
  const objects = [deviceObject({ manufacturer: 'Yaolian' }), light, creatable(LightControl)];
  await using terminal = await openTerminal({ endpointName: 'light', server: bench.coap, objects });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await openDevice('light', { language: 'zh-CN' });
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: '写入 调光' }).click();
  await type(page, '新值', '99999999999999999999');
  await dialog.getByText('必须在 -9223372036854775808..9223372036854775807 范围内。').waitFor();
  await type(page, '新值', '101');
  await dialog.getByText('必须在 0..100 范围内。').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('details.object', { hasText: '/3311' }).getByRole('button', { name: '新建实例' }).click();
  await type(page, '实例编号（可选）', '65535');
  await dialog.getByText('0 至 65534 的整数。').waitFor();
  await dialog.getByRole('button', { name: '创建' }).click();
  await until(
    () => dialog.getByLabel('实例编号（可选）').evaluate((field) => field.matches(':focus')),
    'the wrong field',
  );
  assert.equal(await dialog.getByLabel('开关 *').inputValue(), '', 'nothing is chosen for who does not choose');
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByLabel('开关 *').selectOption('true');
  await type(page, '实例编号（可选）', '7');
  await page.locator('[data-path="/3311/7"]').waitFor();
  const { node } = await bench.admin.call(routes.readResource, { params: { device: 'light', path: '3311/7/5850' } });
  assert.equal('value' in node && node.value, true);
  await page.locator('[data-path="/3311/7"]').getByRole('button', { name: '全部读取' }).click();
  await page.locator('tr[data-path="/3311/7/5850"] .value').getByText('是', { exact: true }).waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

/** Fills a field of the dialog and presses Enter. */
async function type(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('dialog').getByLabel(label).fill(text);
  await page.keyboard.press('Enter');
}

test('every attribute that a notification has is in the editor', async () => {
  await using terminal = await openTerminal({ endpointName: 'notifier', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await openDevice('notifier');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Attributes of Sensor Value' }).click();
  await dialog.getByText('More, of LwM2M 1.1 and 1.2').click();
  await type(page, 'con Notifications', '2');
  await dialog.getByRole('alert').getByText('Notifications are to be acknowledged').waitFor();
  await dialog.getByLabel('con Notifications').fill('1');
  await dialog.getByLabel('epmin At least').fill('31');
  await type(page, 'epmax At most', '30');
  await dialog.getByRole('alert').getByText('epmin may not be above epmax.').waitFor();
  await dialog.getByLabel('epmin At least').fill('');
  await dialog.getByLabel('epmax At most').fill('30');
  await type(page, 'gt Notify', '-12.5');
  await page.getByText('The attributes are set').waitFor();
  const params = { device: 'notifier', path: '3303/0/5700' };
  const { links } = await bench.admin.call(routes.discoverResources, { params, query: {} });
  assert.deepEqual(links.find(({ path }) => path === '/3303/0/5700')?.attributes, {
    con: '1',
    epmax: '30',
    gt: '-12.5',
  });
  assert.deepEqual(failures, []);
  await context.close();
});

test('what waits for a device that sleeps is counted on its tab, and what came of it is told on any of them', async () => {
  const soon = { 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': seconds(9) };
  await using other = await openPlatform(soon);
  await other.admin.call(routes.addOperator, { body: { name: 'the-operator', role: 'operator', password } });
  await using terminal = await openTerminal({ endpointName: 'sleeper', server: other.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  await untilState(other.admin, 'sleeper', 'SLEEPING');
  const { page, failures, context } = await visit(browser, other.httpUrl, { width: 390 });
  await signIn(page, 'the-operator', password, '/devices/sleeper');
  await page.getByRole('button', { name: 'Read Application Type' }).click();
  await page.getByText('The device sleeps. The request waits for it (number 1).').waitFor();
  await page.getByRole('button', { name: 'Write Application Type' }).click();
  await page.getByRole('dialog').getByLabel('New value').fill('attic');
  await page.getByRole('button', { name: 'Write to the device' }).click();
  await page.getByRole('tab', { name: 'Waiting requests (2)' }).waitFor();
  await page.locator('.notice-problem').getByText('read /3303/0/5750: expired').waitFor();
  await page.locator('.notice-problem').getByText('write /3303/0/5750: expired').waitFor();
  await page.getByRole('tab', { name: 'Waiting requests', exact: true }).click();
  await page.getByRole('row').filter({ hasText: '#2' }).getByText('attic').waitFor();
  await page.getByRole('row').filter({ hasText: '#2' }).getByText('expired').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const read = other.admin.call(routes.readResource, { params: { device: 'sleeper', path: '3303/0/5750' } });
  await assert.rejects(read, /waits as request 3/);
  const third = page.getByRole('row').filter({ hasText: '#3' });
  await third.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('dialog').getByText('The device is not asked this any more').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await third.getByText('taken back').waitFor();

  await page.getByRole('tab', { name: 'Resources' }).click();
  await page.getByRole('button', { name: 'Read Application Type' }).click();
  await page.getByText('(number 4)').waitFor();
  const done = page.locator('.notice-done').getByText('read /3303/0/5750: 2.05').waitFor();
  await wake(terminal.client, done);
  await page.getByRole('button', { name: 'Observe Sensor Value' }).first().click();
  await page.locator('.plot-card').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await terminal.client.close({ timeout: seconds(1) });
  await page.getByText(/It last registered on .*2\d\d\d/).waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('the page of a device that is not there has a heading, and its name in the window', async () => {
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-operator', password, '/devices/nobody');
  await page.getByText('There is no such device').waitFor();
  await page.getByRole('heading', { level: 1, name: 'nobody' }).waitFor();
  assert.equal(await page.title(), 'nobody · Yaolian');
  assert.deepEqual(await accessibilityProblems(page), []);
  await context.close();
});
