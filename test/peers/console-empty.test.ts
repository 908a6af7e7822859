/** What stands in the console where there is nothing yet: an invitation for who may add something, for others who does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Browser } from 'playwright-core';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { remoteAccess } from '../support/remote-user.ts';
import { openTerminal, type TestTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
let browser: Browser;
let bench: TestPlatform;
let terminal: TestTerminal;

before(async () => {
  buildConsole();
  browser = await openBrowser();
  bench = await openPlatform(remoteAccess);
  for (const role of ['viewer', 'operator', 'admin'] as const)
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  terminal = await openTerminal({ endpointName: 'lonely', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
  await browser.close();
});

/** Where there is nothing yet, who may add something, and what both sides read. */
const places = [
  ['/firmware', 'operator', /Upload one; devices/, /Operators upload them/, '操作员在此上传'],
  ['/people?tab=devices', 'operator', /share one on its page/, /Operators share them/, '操作员在设备页面共享'],
  ['/rooms', 'admin', /or you make one here/, /and admins make them here/, '管理员也可以在此创建'],
  ['/bootstrap', 'operator', /Add the keys of devices, one a line/, /Operators add the keys/, '操作员在此添加设备标识'],
  ['/credentials', 'admin', /Add one, import a CSV file/, /Admins add or import them/, '管理员可在此添加或导入'],
  ['/devices/lonely?tab=about', 'operator', /Share it, and whoever/, /When an operator shares it/, '操作员共享后'],
] as const;

for (const role of ['viewer', 'operator', 'admin'] as const) {
  test(`where there is nothing yet: for the role ${role}`, async () => {
    const { page, context, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, `the-${role}`, password);
    const ranks = { viewer: 0, operator: 1, admin: 2 };
    for (const [place, least, invitation, told] of places) {
      const may = ranks[role] >= ranks[least];
      await page.goto(place);
      await page.getByText(may ? invitation : told).waitFor();
      assert.equal(await page.getByText(may ? told : invitation).count(), 0, place);
      assert.deepEqual(await accessibilityProblems(page), [], place);
    }
    assert.deepEqual(failures, []);
    await context.close();
  });
}

test('where there is nothing yet: what a viewer reads in Chinese on a phone', async () => {
  const view = { language: 'zh-CN', scheme: 'dark', width: 390 } as const;
  const { page, context, failures } = await visit(browser, bench.httpUrl, view);
  await signIn(page, 'the-viewer', password);
  for (const [place, , , , told] of places) {
    await page.goto(place);
    await page.getByText(told).waitFor();
    assert.deepEqual(await accessibilityProblems(page), [], place);
    const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    assert.equal(isTooWide, false, place);
  }
  assert.deepEqual(failures, []);
  await context.close();
});
