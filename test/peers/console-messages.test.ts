/** The messages of a device in Chromium: recorded, filtered, taken apart, with the bytes that each field stands for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import type { Page } from 'playwright-core';
import { openPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

test('an operator records a device, sees a read layer by layer, and which bytes say what', async () => {
  buildConsole();
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  const password = 'correct horse battery';
  await admin.call(routes.addOperator, { body: { name: 'the-operator', role: 'operator', password } });
  await using terminal = await openTerminal({
    endpointName: 'seen',
    servers: [{ uri: `coap://${coap.key}`, lifetime: seconds(300) }],
  });
  terminal.client.start();
  await terminal.client.registered();
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, 'the-operator', password, '/devices/seen');
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByRole('button', { name: 'Record for an hour' }).click();
    await page.getByText('Nothing was said yet').waitFor();
    await admin.call(routes.readResource, { params: { device: 'seen', path: '3/0/0' } });
    await page.getByRole('button', { name: 'ACK 2.05 Content to Read /3/0/0' }).click();
    const field = page.getByRole('button', { name: /^Code/ });
    await field.hover();
    assert.deepEqual(await page.locator('.hex div > span.lit').allTextContents(), ['45']);
    await page.getByRole('button', { name: /^\/3\/0\/0 Device/ }).waitFor();
    await page.getByLabel('Filter messages').fill('GET');
    assert.equal(await page.locator('.messages tbody tr').count(), 1);
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByLabel('Filter messages').fill('no such message');
    await page.getByText('No recorded message matches').waitFor();
    assert.equal(await page.locator('.messages').count(), 0);
    await page.getByLabel('Filter messages').fill('');
    await readByChinese(page);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export for Wireshark' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'seen.pcapng');
    await page.getByLabel('Protected messages in the export').selectOption({ label: 'Both side by side' });
    const [both] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export for Wireshark' }).click(),
    ]);
    assert.match(both.url(), /\?wire=true&decrypted=true$/);
    await page.getByRole('button', { name: 'Forget', exact: true }).click();
    await page.getByRole('dialog').getByText('The recorded messages are gone then').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('button', { name: 'Record for an hour' }).waitFor();
    assert.deepEqual(failures, []);
  } finally {
    await browser.close();
  }
});

/** On a phone: names in Chinese, a row that is pressed anywhere, and what is in it is seen at once. */
async function readByChinese(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 860 });
  await page.evaluate(() => localStorage.setItem('yaolian.language', 'zh'));
  await page.reload();
  const row = page.locator('.messages tbody tr', { hasText: 'CON GET Read /3/0/0' });
  await row.getByText('设备 厂商').waitFor();
  await page.getByRole('searchbox').fill('厂商');
  await row.locator('td', { has: page.locator('time') }).click();
  await page.locator('.message-detail').waitFor();
  await until(() => page.locator('.message-detail summary').first().isVisible(), 'its layers');
  const { y } = (await page.locator('.message-detail').boundingBox())!;
  assert.ok(y < 860, `its layers are on the screen: they begin at ${y}`);
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.evaluate(() => localStorage.setItem('yaolian.language', 'en'));
  await page.reload();
}
