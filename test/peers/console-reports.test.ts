/** Groups of reporting rules (China Mobile, profile C) in Chromium: added, changed, removed; of two who change one the second is told. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import type { Browser } from 'playwright-core';
import { openPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function openWithRoles() {
  const bench = await openPlatform({ profile: 'china-mobile-c' });
  for (const role of ['viewer', 'operator'] as const)
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  return bench;
}

test('a group is added, changed under its ETag and removed after one question; which of equal ones counts is told', async () => {
  await using bench = await openWithRoles();
  await bench.admin.call(routes.setReportGroup, { params: { name: 'alpha' }, body: { brand: 'EXAMPLE' } });
  const { page, failures, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-operator', password, '/settings/reports');
  const dialog = page.getByRole('dialog');
  const group = (name: string) => page.getByRole('region', { name, exact: true });
  await group('default').getByText('built in').waitFor();
  assert.equal(await group('default').getByRole('button', { name: 'Remove default' }).count(), 0);
  const add = async (name: string) => {
    await page.getByRole('button', { name: 'Add a group' }).click();
    await dialog.getByRole('textbox', { name: /^Name/ }).fill(name);
    await dialog.getByLabel('Model', { exact: true }).fill('M1');
    await dialog.getByRole('button', { name: 'Save' }).click();
  };
  await add('bad name');
  await dialog.getByRole('alert').getByText('Name').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await add('alpha');
  await dialog.getByText('Somebody changed it meanwhile').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await add('beta');
  await group('beta').getByText('alpha: terminals that meet both').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);

  await page.getByRole('button', { name: 'Change beta' }).click();
  const rules = { reportTime: 60 };
  await bench.admin.call(routes.setReportGroup, { params: { name: 'beta' }, body: { model: 'M1', rules } });
  const hours = dialog.getByLabel('Minutes between two reports');
  await hours.fill('30');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody changed it meanwhile').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Change beta' }).click();
  assert.equal(await hours.inputValue(), '60', 'as it is now');
  await hours.fill('30');
  await dialog.getByRole('textbox', { name: /^Fields/ }).fill('imsi, mac');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await group('beta').getByText('every 30 min').waitFor();
  const { value } = await bench.admin.callTagged(routes.showReportGroup, { params: { name: 'beta' } });
  assert.deepEqual([value.model, value.rules.reportTime, value.fields], ['M1', 30, ['imsi', 'mac']]);

  // A name as long as one may be fits a phone.
  await bench.admin.call(routes.setReportGroup, { params: { name: 'x'.repeat(64) }, body: { model: 'M2' } });
  await page.setViewportSize({ width: 390, height: 860 });
  await page.reload();
  await group('x'.repeat(64)).waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);

  await page.getByRole('button', { name: 'Remove beta' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await group('beta').waitFor({ state: 'detached' });
  // What was refused: the browser writes it down.
  assert.deepEqual(
    failures.filter((text) => !text.includes('412')),
    [],
  );
  await context.close();
});

test('a viewer sees the groups and changes none; a terminal says whose rules it has', async (t) => {
  await using bench = await openWithRoles();
  const imei = '861111003929110';
  const { appKey } = await bench.admin.call(routes.issueAppKey, { body: { vendor: 'EXAMPLE' } });
  for (const [name, body] of [
    ['alpha', { brand: 'EXAMPLE' }],
    ['beta', { model: 'M1' }],
  ] as const)
    await bench.admin.call(routes.setReportGroup, { params: { name }, body });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  t.after(() => coap.close());
  const ep = `EXAMPLE||M1||${appKey}||4.0.1||1.0||1||T01||${imei}||***||***||***||***`;
  const { code } = await coap.request(bench.coap, {
    ...{ method: Code.POST, path: '/rd', query: [`ep=${ep}`, 'lwm2m=1.0', 'b=U', 'lt=300'] },
    ...{ contentFormat: 40, payload: encodeUtf8('</3/0>,</668/0>,</669/0>') },
  });
  assert.equal(code, Code.Created);
  const view = { language: 'zh-CN', scheme: 'dark', width: 390 } as const;
  const { page, failures, context } = await visit(browser, bench.httpUrl, view);
  await signIn(page, 'the-viewer', password, '/settings/reports');
  await page.getByRole('region', { name: 'beta' }).getByText('alpha：同时符合').waitFor();
  assert.equal(await page.getByRole('button', { name: /添加规则组|修改|删除/ }).count(), 0);
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.goto(`/devices/${imei}?tab=about`);
  await page.getByRole('link', { name: '以 alpha 为准；beta, default 也符合' }).waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(failures, []);
  await context.close();
});
