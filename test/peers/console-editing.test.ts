/** Two operators change one thing in Chromium: the second is told, and what the first did stays. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Browser, Page } from 'playwright-core';
import { openPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
const room = 'home@rooms.im.example.com';
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function openForTwo() {
  const bench = await openPlatform({
    ...{ 'xmpp.domain': 'im.example.com', 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 },
  });
  for (const name of ['ann', 'bea'])
    await bench.admin.call(routes.addOperator, { body: { name, role: 'admin', password } });
  const [ann, bea] = [await visit(browser, bench.httpUrl), await visit(browser, bench.httpUrl)];
  await signIn(ann.page, 'ann', password, '/overview');
  await signIn(bea.page, 'bea', password, '/overview');
  return { bench, pages: [ann.page, bea.page] as const };
}

const dialogOf = (page: Page) => page.getByRole('dialog');

/** Both open the editor; the first saves, the second is refused, and sees it as it is then. */
async function bothChange(pages: readonly [Page, Page], open: (page: Page) => Promise<void>, field: string) {
  const [first, second] = pages;
  for (const page of pages) await open(page);
  for (const [page, text] of [
    [first, 'of the first'],
    [second, 'of the second'],
  ] as const) {
    await dialogOf(page).getByLabel(field, { exact: true }).fill(text);
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    if (page === first) await dialogOf(page).waitFor({ state: 'detached' });
  }
  await dialogOf(second).getByText('Somebody changed it meanwhile').waitFor();
  assert.deepEqual(await accessibilityProblems(second), []);
  await dialogOf(second).getByRole('button', { name: 'Cancel' }).click();
  await open(second);
  assert.equal(await dialogOf(second).getByLabel(field, { exact: true }).inputValue(), 'of the first');
  await dialogOf(second).getByRole('button', { name: 'Save' }).click();
  await dialogOf(second).waitFor({ state: 'detached' });
}

test('of two operators who set up one room, or the place of somebody in it, the second is told', async () => {
  const { bench, pages } = await openForTwo();
  await using _ = bench;
  for (const name of ['anna', 'bob'])
    await bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });
  await bench.admin.call(routes.createRoom, { body: { room, owner: 'anna' } });
  for (const page of pages) await page.goto(`/rooms/${encodeURIComponent(room)}`);
  await bothChange(pages, (page) => page.getByRole('button', { name: 'Set up' }).click(), 'Called');

  const [first, second] = pages;
  for (const page of pages) {
    await page.getByRole('button', { name: 'Add somebody' }).click();
    await dialogOf(page)
      .getByRole('textbox', { name: /^Account/ })
      .fill('bob');
  }
  await dialogOf(first).getByRole('combobox').selectOption({ label: 'banned' });
  await dialogOf(first).getByRole('button', { name: 'Save' }).click();
  await dialogOf(first).waitFor({ state: 'detached' });
  await dialogOf(second).getByRole('button', { name: 'Save' }).click();
  await dialogOf(second).getByText('Somebody changed it meanwhile').waitFor();
  await dialogOf(second).getByRole('button', { name: 'Cancel' }).click();
  const { affiliations } = await bench.admin.call(routes.showRoom, { params: { room } });
  assert.deepEqual(affiliations.at(-1), { account: 'bob@im.example.com', affiliation: 'outcast' });

  await second.reload();
  for (const page of pages) await page.getByRole('button', { name: 'Change the place of bob@im.example.com' }).click();
  for (const [page, label] of [
    [first, 'member'],
    [second, 'none'],
  ] as const) {
    await dialogOf(page).getByRole('combobox').selectOption({ label });
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    if (page === first) await dialogOf(page).waitFor({ state: 'detached' });
  }
  await dialogOf(second).getByText('Somebody changed it meanwhile').waitFor();
});

test('a group gets a note and another question; of two who change it the second is told', async () => {
  const { bench, pages } = await openForTwo();
  await using _ = bench;
  await bench.admin.call(routes.addGroup, { body: { name: 'lamps', query: { search: 'lamp' } } });
  for (const page of pages) {
    await page.goto('/devices?search=light');
    await page.getByRole('button', { name: 'Groups' }).click();
  }
  await bothChange(pages, (page) => page.getByRole('button', { name: 'Change the group lamps' }).click(), 'Note');
  const [page] = pages;
  await page.getByRole('button', { name: 'Change the group lamps' }).click();
  await dialogOf(page).getByText('Its devices are those that this finds: lamp').waitFor();
  await dialogOf(page).getByLabel('Those that the present filter finds instead: light').check();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialogOf(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('light · of the first').waitFor();
  const { query, note } = await bench.admin.call(routes.showGroup, { params: { group: 'lamps' } });
  assert.deepEqual([query, note], [{ search: 'light' }, 'of the first']);
});

test('of two admins who change one operator the second is told, and of one who is gone both', async () => {
  const { bench, pages } = await openForTwo();
  await using _ = bench;
  await bench.admin.call(routes.addOperator, { body: { name: 'otto', role: 'viewer', password } });
  const [first, second] = pages;
  for (const page of pages) {
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Change otto' }).click();
    await dialogOf(page).waitFor();
  }
  for (const [page, role] of [
    [first, 'operator'],
    [second, 'admin'],
  ] as const) {
    await dialogOf(page).getByLabel('Role').selectOption(role);
    await dialogOf(page).getByRole('button', { name: 'Change', exact: true }).click();
    if (page === first) await dialogOf(page).waitFor({ state: 'detached' });
  }
  await dialogOf(second).getByText('Somebody changed it meanwhile').waitFor();
  await dialogOf(second).getByRole('button', { name: 'Cancel' }).click();
  await second.getByRole('button', { name: 'Change otto' }).click();
  assert.equal(await dialogOf(second).getByLabel('Role').inputValue(), 'operator', 'as it is now');
  await dialogOf(second).getByRole('button', { name: 'Cancel' }).click();
  await bench.admin.call(routes.removeOperator, { params: { name: 'otto' } });
  await second.getByRole('button', { name: 'Change otto' }).click();
  await second.locator('.notices').getByText('It is not there any more').waitFor();
  await second.getByRole('button', { name: 'Change otto' }).waitFor({ state: 'detached' });
});
