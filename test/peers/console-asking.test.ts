/** What the console asks before it does it, in Chromium: what takes long, fails late, or is given up; accounts that an admin makes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Browser, Route } from 'playwright-core';
import { openFirmwareTerminal } from '../support/firmware-terminal.ts';
import { openPlatform, untilState } from '../support/platform.ts';
import { remoteAccess, TestUser } from '../support/remote-user.ts';
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

test('an upload that is closed stops, and says so', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'operator', password } });
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/firmware');
  await page.getByRole('button', { name: 'Upload a package' }).click();
  const dialog = page.getByRole('dialog');
  const file = { name: 'app-2.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(4_000_000, 7) };
  await dialog.locator('input[type=file]').setInputFiles(file);
  const devtools = await context.newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 };
  await devtools.send('Network.emulateNetworkConditions', slow);
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await dialog.getByText(/^[1-9]\d? % sent$/).waitFor();
  assert.equal(await dialog.getByText('Under way').count(), 0);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.notices').getByText('The upload was stopped').waitFor();
  assert.equal(await page.locator('.notice-problem').count(), 0);
  assert.deepEqual((await bench.admin.call(routes.listFirmware, { query: {} })).items, []);
  await context.close();
});

test('an update of firmware is given up after one question; a viewer is not asked', async () => {
  await using bench = await openPlatform();
  for (const role of ['viewer', 'operator'] as const) {
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  }
  const terminal = await openFirmwareTerminal({ endpointName: 'lamp', server: bench.coap, becomes: '2.0' });
  terminal.client.start();
  await terminal.client.registered();
  // It is away: its update waits.
  await terminal[Symbol.asyncDispose]();
  await untilState(bench.admin, 'lamp', 'OFFLINE');
  const { id } = await bench.admin.call(routes.uploadFirmware, {
    ...{ query: { name: 'fw.bin', version: '2.0' }, body: new Uint8Array(2000).fill(7) },
  });
  await bench.admin.call(routes.startFirmwareUpdate, { params: { device: 'lamp' }, body: { file: id } });
  const [looking, acting] = [await visit(browser, bench.httpUrl), await visit(browser, bench.httpUrl, { width: 390 })];
  await signIn(looking.page, 'the-viewer', password, '/firmware');
  await looking.page.getByRole('cell', { name: 'waits' }).waitFor();
  const name = 'Give up the update of lamp';
  assert.equal(await looking.page.getByRole('button', { name }).count(), 0);
  const { page } = acting;
  await signIn(page, 'the-operator', password, '/firmware');
  await page.getByRole('button', { name }).click();
  await page.getByRole('dialog').getByText('The device keeps the version that it has').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Give up' }).click();
  await page.getByRole('cell', { name: 'given up' }).waitFor();
  await looking.page.getByRole('cell', { name: 'given up' }).waitFor();
  assert.equal(await page.getByRole('button', { name }).count(), 0);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  for (const { context } of [looking, acting]) await context.close();
});

test('an admin adds an account, is told what is wrong with it, and gives who forgot it a new password', async () => {
  await using bench = await openPlatform(remoteAccess);
  for (const role of ['operator', 'admin'] as const) {
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  }
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/people');
  await page.getByRole('button', { name: 'Add a user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User').fill('a b@c');
  await dialog.getByLabel('First password').fill('ann-secret');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByText('"a b@c" cannot be an account').waitFor();
  await dialog.getByLabel('User').fill('ann');
  await dialog.getByLabel('Called (optional)').fill('<b>Ann</b>');
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^ann good <b>Ann<\/b>/ }).waitFor();
  await using ann = await TestUser.login(bench, 'ann');
  await page.getByRole('link', { name: 'ann' }).click();
  await page.getByRole('button', { name: 'New password' }).click();
  await dialog.getByLabel('New password').fill('short');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('“New password” is not right').waitFor();
  await dialog.getByLabel('New password').fill('ann-secret-2');
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await ann.closed;
  const data = { name: 'ann', password: 'ann-secret-2' };
  const headers = { origin: bench.httpUrl };
  assert.equal((await page.request.post('/api/v1/home/session', { data, headers })).status(), 200);
  // Others of the console only look.
  const other = await visit(browser, bench.httpUrl);
  await signIn(other.page, 'the-operator', password, '/people');
  await other.page.getByRole('link', { name: 'ann' }).waitFor();
  assert.equal(await other.page.getByRole('button', { name: 'Add a user' }).count(), 0);
  for (const one of [context, other.context]) await one.close();
});
