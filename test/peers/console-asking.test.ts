/** What the console asks before it does it, in Chromium: what takes long, and what fails late. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Browser, Route } from 'playwright-core';
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

test('an action that takes long says so; closed meanwhile, it goes on, and what comes to nothing is told', async () => {
  await using bench = await openPlatform();
  const operator = { role: 'admin', password } as const;
  for (const name of ['boss', 'old']) await bench.admin.call(routes.addOperator, { body: { name, ...operator } });
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/settings');
  const held = Promise.withResolvers<Route>();
  await page.route('**/api/v1/operators/old', (route) => held.resolve(route));
  await page.getByRole('button', { name: 'Remove old' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('status').getByText('Under way').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  await bench.admin.call(routes.removeOperator, { params: { name: 'old' } });
  await (await held.promise).continue();
  await page.locator('.notices').getByText('It is not there any more').waitFor();
  await context.close();
});
