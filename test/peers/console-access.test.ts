/** Credentials and bootstrap configurations in Chromium: what a key is goes in and never comes out. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function openWithAdmin(): Promise<TestPlatform> {
  const bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'the-admin', role: 'admin', password } });
  return bench;
}

test('credentials are added, imported with a report, rotated and removed; no key is shown twice', async () => {
  await using bench = await openWithAdmin();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/credentials');
  await page.getByRole('button', { name: 'Add a credential' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Endpoint name', exact: true }).fill('meter-1');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'The new key, shown only now' }).waitFor();
  const key = (await page.getByRole('status').locator('code').nth(1).textContent())!;
  assert.match(key, /^[0-9a-f]{32}$/);
  const row = page.locator('tbody tr').filter({ hasText: 'meter-1' });
  await row.getByText('Not used yet').waitFor();
  await row.getByRole('button', { name: 'Rotate the credential of meter-1' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await row.nth(1).waitFor();
  await page.getByRole('button', { name: 'Import' }).click();
  const lines = ['endpoint,kind,identity,key', `meter-2,psk,id-2,${key}`, `thief,psk,meter-1,${key}`];
  const file = (text: string) => ({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await dialog.getByLabel('CSV file').setInputFiles(file([...lines, 'x,psk,y,short'].join('\n')));
  await dialog.getByRole('button', { name: 'Add them' }).click();
  await dialog.getByText('Line 4: key is 8 to 64 bytes').waitFor();
  await dialog.getByText('Nothing was sent.').waitFor();
  await dialog.getByLabel('CSV file').setInputFiles(file(lines.join('\n')));
  await dialog.getByRole('button', { name: 'Add them' }).click();
  await dialog.getByText(/Line 3: .*"meter-1" already/).waitFor();
  await dialog.getByText('1 line is added.').waitFor();
  const report = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the report as CSV' }).click();
  const csv = await readFile(await (await report).path(), 'utf8');
  assert.match(csv, /^\ufeffline,name,outcome,reason\r\n2,meter-2,added,\r\n3,thief,refused,.+\r\n$/);
  assert.equal(csv.includes(key), false);
  await stopsAnImport(page, dialog, file);
  await dialog.waitFor({ state: 'detached' });
  await page.getByLabel('Only of this endpoint name').fill('meter-2');
  await page.locator('tbody tr').filter({ hasText: 'meter-2' }).getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.locator('tbody tr').filter({ hasText: 'meter-2' }).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByLabel('Only of this endpoint name').fill('meter-1');
  await row.first().waitFor();
  assert.equal((await page.content()).includes(key), false);
  assert.deepEqual(failures, []);
  await context.close();
});

type FilePayload = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** An import whose answers are slow shows how far it is, and can be stopped; the same file goes on where it was. */
async function stopsAnImport(page: Page, dialog: Locator, file: (text: string) => FilePayload): Promise<void> {
  let asked = 0;
  const may = Promise.withResolvers<void>();
  await page.route('**/api/v1/credential-imports', async (route) => {
    if (++asked > 1) await may.promise;
    await route.continue();
  });
  const rows = Array.from({ length: 1200 }, (_, row) => `many-${row},psk,many-${row},${'ab'.repeat(16)}`);
  await dialog.getByLabel('CSV file').setInputFiles(file(['endpoint,kind,identity,key', ...rows].join('\n')));
  await dialog.getByRole('button', { name: 'Add them' }).click();
  await dialog.getByText('500 of 1200 lines sent').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Stop' }).click();
  may.resolve();
  await dialog.getByText('1000 lines are added. 200 were not sent: import the file again to go on.').waitFor();
  await page.getByText('Stopped: 1000 of 1200 were added.').waitFor();
  await page.unroute('**/api/v1/credential-imports');
  await dialog.getByRole('button', { name: 'Add them' }).click();
  await page.getByText('200 lines are added, 1000 were there already.').waitFor();
  assert.equal(asked, 2);
}

test('the security of a bootstrap configuration is a form; its keys are kept and not shown', async () => {
  await using bench = await openWithAdmin();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/bootstrap');
  await page.getByRole('button', { name: 'Add a configuration' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: /^Security/ }).selectOption('psk');
  const own = bench.platform.listening.find(({ url }) => url.startsWith('coaps://'))!.url;
  assert.equal(await dialog.getByLabel('Address').inputValue(), own);
  const save = dialog.getByRole('button', { name: 'Save' });
  const address = dialog.getByLabel('Address');
  const right = await address.inputValue();
  await address.fill('http://nowhere');
  await save.click();
  await dialog.getByText('“Address” is not right: see the hint below it.').waitFor();
  await address.fill(right);
  await dialog.getByLabel('Lifetime in seconds').fill('-5');
  await save.click();
  await dialog.getByText('“Lifetime in seconds” is not right').waitFor();
  await dialog.getByLabel('Lifetime in seconds').fill('86400');
  await dialog.getByRole('combobox', { name: /^Keys/ }).selectOption('given');
  await dialog.getByRole('textbox', { name: /^PSK identity/ }).fill('me');
  await dialog.getByRole('textbox', { name: /^Key/ }).fill('00112233445566778899aabbccddeeff');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const row = page.locator('tbody tr').filter({ hasText: 'Pre-shared key' });
  await row.getByRole('button', { name: 'Edit default' }).click();
  await dialog.getByText('A key is set. Empty: it stays.').waitFor();
  assert.equal(await dialog.getByRole('textbox', { name: /^Key/ }).inputValue(), '');
  await dialog.getByLabel('Lifetime in seconds').fill('600');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const params = { endpoint: 'default' };
  const [server] = (await bench.admin.call(routes.showBootstrap, { params })).configuration.servers;
  assert.deepEqual([server?.lifetime, server?.security], [600, { mode: 'psk', identity: 'me', hasKey: true }]);
  await row.getByRole('button', { name: 'Edit default' }).click();
  await dialog.getByRole('combobox', { name: /^Security/ }).selectOption('x509');
  await dialog.getByRole('combobox', { name: /^What that certificate is/ }).selectOption('trust-anchor');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Certificates · Made for each terminal at each bootstrap').waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('many keys are allowed at once: each refused line is named, the others are added, and the list goes on', async () => {
  await using bench = await openWithAdmin();
  const { page, context } = await visit(browser, bench.httpUrl, { width: 390 });
  await signIn(page, 'the-admin', password, '/bootstrap');
  await page.getByRole('button', { name: 'Add devices' }).click();
  const dialog = page.getByRole('dialog');
  const keys = Array.from({ length: 210 }, (_, number) => `86000000000${1000 + number},batch`);
  await dialog.getByLabel('Device keys, one a line').fill(['key,note', `860,${'x'.repeat(501)}`, ...keys].join('\n'));
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('210 lines are added.').waitFor();
  await dialog.getByText('Line 2:').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const rows = page.getByRole('row').filter({ hasText: 'batch' });
  await rows.nth(199).waitFor();
  assert.equal(await rows.count(), 200);
  await page.getByRole('button', { name: 'Show more' }).click();
  await rows.nth(209).waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  await context.close();
});

test('a device bootstraps again by a button, with what was set since; the profile is switched on the page of enrolment', async () => {
  await using bench = await openWithAdmin();
  const { admin, coap } = bench;
  const set = (lifetime: number) =>
    admin.call(routes.setBootstrap, {
      params: { endpoint: 'default' },
      body: { servers: [{ shortServerId: 1, uri: `coap://${coap.key}`, lifetime }] },
    });
  await set(300);
  const bootstrap = { uri: `coap://${coap.key}` };
  await using terminal = await openTerminal({ endpointName: 'again', bootstrap });
  const shown = async () => admin.call(routes.showDevice, { params: { device: 'again' } });
  terminal.client.start();
  await terminal.client.registered();
  await set(4000);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/devices/again?tab=about');
  await page.getByRole('button', { name: 'Bootstrap again' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It de-registers, asks its bootstrap server').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Bootstrap again' }).click();
  await page.getByText('The device bootstraps again').waitFor();
  await until(async () => (await shown()).registration?.lifetime === 4000, 'the terminal with its new configuration');

  await page.goto('/bootstrap');
  const card = page.locator('section').filter({ hasText: 'How names of terminals are read' });
  await card.getByRole('button', { name: 'Plain OMA', pressed: true }).waitFor();
  await card.getByRole('button', { name: 'China Mobile B' }).click();
  await card.getByText('Only names such as T@#@ENC').waitFor();
  assert.equal((await admin.call(routes.showStatus, {})).profile, 'china-mobile-b');
  await page.getByRole('button', { name: 'Add a configuration' }).click();
  assert.equal(await dialog.getByLabel('Address').inputValue(), `coap://127.0.0.1:${coap.port}`);
  assert.deepEqual(failures, []);
  await context.close();
});

test('of two operators who change one thing the second is told, and overwrites nothing', async () => {
  await using bench = await openPlatform({ 'webhooks.private-addresses': true });
  for (const name of ['ann', 'bea'])
    await bench.admin.call(routes.addOperator, { body: { name, role: 'admin', password } });
  const [ann, bea] = [await visit(browser, bench.httpUrl), await visit(browser, bench.httpUrl)];
  const form = (page: Page) => page.getByRole('dialog');
  await signIn(ann.page, 'ann', password, '/bootstrap');
  await signIn(bea.page, 'bea', password, '/bootstrap');
  for (const { page } of [ann, bea]) await page.getByRole('button', { name: 'Add a configuration' }).click();
  await form(ann.page).getByLabel('Lifetime in seconds').fill('1000');
  await form(ann.page).getByRole('button', { name: 'Save' }).click();
  await form(ann.page).waitFor({ state: 'detached' });
  await form(bea.page).getByRole('button', { name: 'Save' }).click();
  await form(bea.page).getByText('There is a configuration for that name already').waitFor();
  assert.deepEqual(await accessibilityProblems(bea.page), []);
  await form(bea.page).getByRole('button', { name: 'Cancel' }).click();

  const changed = async (page: Page, lifetime: string) => {
    await form(page).getByLabel('Lifetime in seconds').fill(lifetime);
    await form(page).getByRole('button', { name: 'Save' }).click();
  };
  for (const { page } of [ann, bea]) await page.getByRole('button', { name: 'Edit default' }).click();
  await changed(ann.page, '2000');
  await form(ann.page).waitFor({ state: 'detached' });
  await changed(bea.page, '3000');
  await form(bea.page).getByText('Somebody changed it meanwhile').waitFor();
  await form(bea.page).getByRole('button', { name: 'Cancel' }).click();
  await bea.page.getByRole('button', { name: 'Edit default' }).click();
  assert.equal(await form(bea.page).getByLabel('Lifetime in seconds').inputValue(), '2000', 'as it is now');
  await changed(bea.page, '3000');
  await form(bea.page).waitFor({ state: 'detached' });
  const { configuration } = await bench.admin.call(routes.showBootstrap, { params: { endpoint: 'default' } });
  assert.equal(configuration.servers[0]?.lifetime, 3000);

  const { id } = await bench.admin.call(routes.addWebhook, { body: { url: 'http://127.0.0.1:9/hook' } });
  for (const { page } of [ann, bea]) {
    await page.goto('/settings/webhooks');
    await page.getByRole('button', { name: 'Change it' }).click();
  }
  for (const [note, { page }] of [
    ['billing', ann],
    ['stock', bea],
  ] as const) {
    await form(page).getByLabel('What it is for').fill(note);
    await form(page).getByRole('button', { name: 'Save' }).click();
    if (page === ann.page) await form(page).waitFor({ state: 'detached' });
  }
  await form(bea.page).getByText('Somebody changed it meanwhile').waitFor();
  assert.equal((await bench.admin.call(routes.showWebhook, { params: { webhook: id } })).note, 'billing');
});
