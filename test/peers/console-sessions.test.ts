/** Who is connected to the message server, in Chromium: seen as they come and go, found, and ended. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { inTime } from '@yaolian/testkit';
import { openPlatform } from '../support/platform.ts';
import { remoteAccess, TestUser } from '../support/remote-user.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';

test('an operator sees who is connected as they come, finds one, and ends it; a viewer only looks', async () => {
  buildConsole();
  await using bench = await openPlatform(remoteAccess);
  for (const role of ['operator', 'viewer'] as const) {
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  }
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, 'the-operator', password, '/people?tab=sessions');
    await page.getByText('Nobody is connected now').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await using ann = await TestUser.register(bench, 'ann');
    await using lamp = await TestUser.registerDevice(bench, 'lamp', '123456');
    const row = (user: TestUser) => page.getByRole('row', { name: user.client.jid!.resource! });
    // The page looks by itself.
    await row(ann).getByText('available').waitFor();
    await row(lamp).getByText('TLS', { exact: true }).waitFor();
    await page.getByLabel('Find a session').fill('lamp@');
    await page.keyboard.press('Enter');
    await row(ann).waitFor({ state: 'detached' });
    await row(lamp).waitFor();
    await page.getByLabel('State').selectOption('waiting');
    await page.getByText('No session is like that').waitFor();
    await page.getByLabel('State').selectOption('all');
    await page.getByLabel('Find a session').fill('');
    await page.keyboard.press('Enter');
    const end = page.getByRole('button', { name: `End the connection ${ann.client.jid}` });
    await end.focus();
    await page.keyboard.press('Enter');
    const asked = page.getByRole('dialog', { name: `End the connection ${ann.client.jid}` });
    await asked.getByText('may connect again at once').waitFor();
    await asked.getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText(`The connection ${ann.client.jid} has ended`).waitFor();
    await inTime(ann.closed, 'the end of the session');
    await row(ann).waitFor({ state: 'detached' });
    // The row went with the button that asked: the next one has the focus.
    const next = page.getByRole('button', { name: `End the connection ${lamp.client.jid}` });
    await page.locator(':focus').and(next).waitFor();
    for (const [width, language, scheme] of [
      [390, 'zh', 'dark'],
      [1280, 'en', 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.evaluate((one) => localStorage.setItem('yaolian.language', one), language);
      await page.reload();
      await row(lamp).waitFor();
      assert.deepEqual(await accessibilityProblems(page), []);
      const isCutOff = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      assert.equal(isCutOff, false, `${width}`);
    }
    assert.deepEqual(failures, []);
    const looking = await visit(browser, bench.httpUrl);
    await signIn(looking.page, 'the-viewer', password, '/people?tab=sessions');
    await looking.page.getByRole('row', { name: lamp.client.jid!.resource! }).waitFor();
    assert.equal(await looking.page.getByRole('button', { name: /^End the connection/ }).count(), 0);
  } finally {
    await browser.close();
  }
});
