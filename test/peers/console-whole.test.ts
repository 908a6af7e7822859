/** Whole instances, whole objects and several resources together on the page of a device in Chromium. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import type { Browser, Page } from 'playwright-core';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, type View, visit } from './support/browser.ts';

const password = 'correct horse battery';
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
  const terminal = await openTerminal({ endpointName: name, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const seen = await visit(browser, bench.httpUrl, view);
  await signIn(seen.page, 'the-operator', password, `/devices/${name}`);
  await seen.page.locator('details.object').first().waitFor();
  return { ...seen, terminal };
}

const valueAt = (page: Page, path: string) => page.locator(`tr[data-path="${path}"] .value`);

async function observed(device: string) {
  const { items } = await bench.admin.call(routes.listObservations, { params: { device } });
  return items.map(({ path }) => path);
}

test('a whole instance and a whole object are observed: what they notify comes into the tree and the history', async () => {
  const { page, failures, context, terminal } = await openDevice('whole');
  await using _ = terminal;
  await page.getByRole('button', { name: 'Observe /3303/0', exact: true }).click();
  await valueAt(page, '/3303/0/5700').getByText('20').waitFor();
  terminal.temperature.set('sensorValue', 22.75);
  await valueAt(page, '/3303/0/5700').getByText('22.75').waitFor();
  await page.getByRole('button', { name: 'Observe /3303/0', exact: true, pressed: true }).waitFor();
  await page.getByRole('button', { name: 'Observe /3303', exact: true }).click();
  const whole = page.getByRole('region', { name: 'Observed as a whole' });
  await whole.getByRole('listitem').nth(1).waitFor();
  assert.deepEqual(await observed('whole'), ['/3303/0', '/3303']);
  assert.deepEqual(await accessibilityProblems(page), []);
  const params = { device: 'whole' };
  await until(async () => {
    const { items } = await bench.admin.call(routes.listSeries, { params });
    return items.some(({ path, last }) => path === '/3303/0/5700' && last.value === 22.75);
  }, 'the notified value is kept');
  await whole.getByRole('button').first().click();
  await whole.getByRole('button').nth(1).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Observe /3303', exact: true }).click();
  await whole.waitFor({ state: 'detached' });
  assert.deepEqual([await observed('whole'), failures], [[], []]);
  await context.close();
});

test('attributes of an instance and of an object: those of values are not offered, and the device has the others', async () => {
  const { page, failures, context, terminal } = await openDevice('levels', { width: 390, scheme: 'dark' });
  await using _ = terminal;
  const dialog = page.getByRole('dialog');
  for (const [path, pmin] of [
    ['/3303/0', '5'],
    ['/3303', '9'],
  ] as const) {
    await page.getByRole('button', { name: `Notification attributes of ${path}`, exact: true }).click();
    await dialog.getByText('More, of LwM2M 1.1 and 1.2').click();
    const names = await dialog.locator('.attribute code').allTextContents();
    assert.deepEqual(names, ['pmin', 'pmax', 'epmin', 'epmax', 'con', 'hqmax']);
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByRole('textbox', { name: /^pmin/ }).fill(pmin);
    await dialog.getByLabel('con Notifications').fill('1');
    await dialog.getByRole('button', { name: 'Set attributes' }).click();
    await dialog.waitFor({ state: 'detached' });
    const params = { device: 'levels', path: path.slice(1) };
    const { links } = await bench.admin.call(routes.discoverResources, { params, query: {} });
    const { pmin: has, con } = links.find((one) => one.path === path)!.attributes;
    assert.deepEqual([has, con], [pmin, '1']);
    await page.getByRole('button', { name: `Notification attributes of ${path}`, exact: true }).click();
    await dialog.getByText(`Now: ${pmin}`).waitFor();
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(failures, []);
  await context.close();
});

test('resources are chosen, read and observed together, in Chinese on a phone, by keyboard', async () => {
  const view = { width: 390, language: 'zh-CN' } as const;
  const { page, failures, context, terminal } = await openDevice('several', view);
  await using _ = terminal;
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('选择多项');
  const bar = page.getByRole('region', { name: '选择多项' });
  await bar.getByText('请选择资源').waitFor();
  assert.equal(await bar.getByRole('button', { name: '一起读取' }).isDisabled(), true);
  const choose = async (path: string) => {
    await page.locator(`tr[data-path="${path}"] input[type=checkbox]`).focus();
    await page.keyboard.press('Space');
  };
  for (const path of ['/3/0/0', '/3303/0/5700']) await choose(path);
  await bar.getByText('已选择 2 项').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  assert.equal(isTooWide, false, 'nothing sticks out of the phone');
  await press('一起读取');
  await bar.waitFor({ state: 'detached' });
  await valueAt(page, '/3303/0/5700').getByText('20').waitFor();
  await valueAt(page, '/3/0/0').getByText('Yaolian').waitFor();
  await press('选择多项');
  for (const path of ['/3/0/0', '/3303/0/5700']) await choose(path);
  await press('一起订阅');
  const whole = page.getByRole('region', { name: '整体订阅' });
  await whole.getByText('/3303/0/5700').waitFor();
  terminal.temperature.set('sensorValue', 30.25);
  await valueAt(page, '/3303/0/5700').getByText('30.25').waitFor();
  await whole.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await whole.waitFor({ state: 'detached' });
  assert.deepEqual([await observed('several'), failures], [[], []]);
  await context.close();
});

test('on a phone what has the focus stands clear of the bar at the bottom', async () => {
  const { page, context, terminal } = await openDevice('covered', { width: 390 });
  await using _ = terminal;
  await page.getByRole('searchbox').focus();
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab');
    const focused = (await page.locator(':focus').boundingBox())!;
    const bar = (await page.locator('.side nav').boundingBox())!;
    assert.ok(focused.y + focused.height <= bar.y, `step ${step}: ${focused.y + focused.height} of ${bar.y}`);
  }
  await context.close();
});
