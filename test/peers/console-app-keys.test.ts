/** AppKeys of vendors (China Mobile, profiles B and C) in Chromium: issued, taken over and revoked; a password is shown once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
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
  const bench = await openPlatform({ profile: 'auto' });
  for (const role of ['viewer', 'operator', 'admin'] as const)
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  return bench;
}

test('an appKey is issued with a password that is shown once, taken over from elsewhere, and revoked after one question', async () => {
  await using bench = await openWithRoles();
  const { page, failures, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/bootstrap');
  await page.getByRole('link', { name: 'To the appKeys' }).click();
  await page.getByText('Issue one for each vendor').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const dialog = page.getByRole('dialog');
  const open = () => page.getByRole('button', { name: 'Issue an appKey' }).click();
  const issue = () => dialog.getByRole('button', { name: 'Issue an appKey' }).click();
  const row = (vendor: string) => page.getByRole('row').filter({ hasText: vendor });
  await open();
  await issue();
  await dialog.getByText('Fill in “Vendor”.').waitFor();
  await dialog.getByRole('textbox', { name: /^Vendor/ }).fill('Example Phones');
  await issue();
  const appKey = (await row('Example Phones').locator('code').textContent())!;
  assert.match(appKey, /^M\d{9}$/);
  const secret = page.getByRole('status').filter({ hasText: `The password of ${appKey} (Example Phones)` });
  const made = (await secret.locator('code').textContent())!;
  assert.match(made, /^[!-~]{32}$/);
  assert.deepEqual(await accessibilityProblems(page), []);

  await open();
  await dialog.getByRole('textbox', { name: /^Vendor/ }).fill('Other Phones');
  await dialog.getByLabel('Another platform has issued it already').check();
  await dialog.getByRole('textbox', { name: /^AppKey/ }).fill('100000001');
  await issue();
  await dialog.getByText('“AppKey” is not right').waitFor();
  await dialog.getByRole('textbox', { name: /^AppKey/ }).fill(appKey);
  await dialog.getByRole('textbox', { name: /^Password/ }).fill('short');
  await issue();
  await dialog.getByText('“Password” is not right').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const own = '!0123456789abcdef0123456789abcd~';
  await dialog.getByRole('textbox', { name: /^Password/ }).fill(own);
  await issue();
  await dialog.getByText(`There is an appKey ${appKey} already`).waitFor();
  await dialog.getByRole('textbox', { name: /^AppKey/ }).fill(' M555555555 ');
  await issue();
  await row('Other Phones').getByText('M555555555').waitFor();
  assert.equal(await page.locator('.secret').count(), 0, 'whoever took it over has the password');

  await page.reload();
  await row('Example Phones').waitFor();
  const content = await page.content();
  assert.deepEqual([content.includes(made), content.includes(own)], [false, false]);
  await page.getByRole('button', { name: 'Revoke M555555555 of Other Phones' }).click();
  await dialog.getByText('None of its terminals registers any more').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Revoke M555555555 of Other Phones' }).click();
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await row('Other Phones').waitFor({ state: 'detached' });
  const { items } = await bench.admin.call(routes.listAppKeys, { query: {} });
  assert.deepEqual(
    items.map((one) => [one.appKey, one.vendor]),
    [[appKey, 'Example Phones']],
  );
  assert.deepEqual(
    failures.filter((text) => !text.includes('409')),
    [],
  );
  await context.close();
});

test('an operator looks at appKeys, a viewer is told whom to ask; many come in pages and fit a phone', async () => {
  await using bench = await openWithRoles();
  const view = { language: 'zh-CN', scheme: 'dark', width: 390 } as const;
  const viewer = await visit(browser, bench.httpUrl, view);
  await signIn(viewer.page, 'the-viewer', password, '/settings/app-keys');
  await viewer.page.getByText('此操作需要“操作员”角色。').waitFor();
  assert.deepEqual(await accessibilityProblems(viewer.page), []);
  const { page, failures, context } = await visit(browser, bench.httpUrl, view);
  await signIn(page, 'the-operator', password, '/settings/app-keys');
  await page.getByText('管理员为每个厂商签发一个').waitFor();
  for (let index = 0; index < 201; index++) {
    const appKey = `M${100_000_000 + index}`;
    await bench.admin.call(routes.issueAppKey, { body: { vendor: 'x'.repeat(200), appKey, password: '' } });
  }
  await page.reload();
  await page.getByText('M100000199').waitFor();
  assert.equal(await page.getByRole('button', { name: /签发|吊销/ }).count(), 0);
  await page.getByRole('button', { name: '显示更多' }).click();
  await page.getByText('M100000200').waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual([...failures, ...viewer.failures], []);
  await viewer.context.close();
  await context.close();
});
