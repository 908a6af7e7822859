/** The list of devices in Chromium: how many there are, storms of changes, and one value for all of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import type { Browser } from 'playwright-core';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

/** A platform at which so many devices are registered, which answer nothing. */
async function openWithDevices(count: number): Promise<TestPlatform> {
  const bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'the-admin', role: 'admin', password } });
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  for (let i = 0; i < count; i++) {
    await coap.request(bench.coap, {
      ...{ method: Code.POST, path: '/rd', query: [`ep=meter-${String(i).padStart(3, '0')}`, 'lwm2m=1.1', 'b=U'] },
      ...{ contentFormat: 40, payload: encodeUtf8('</1/0>,</3/0>') },
    });
  }
  await coap.close();
  return bench;
}

test('the list says how many devices there are, and follows when all of them are forgotten', async () => {
  await using bench = await openWithDevices(120);
  const { page, context } = await visit(browser, bench.httpUrl);
  let asked = 0;
  page.on('request', (request) => {
    if (/\/devices\/meter-\d+$/.test(request.url())) asked++;
  });
  await signIn(page, 'the-admin', password, '/devices');
  await page.getByText('100 of 120 shown, more below').waitFor();
  await page.getByLabel('Choose all that match').check();
  await page.getByRole('button', { name: 'Act on them…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What').selectOption('forget');
  await dialog.getByText(/^120 devices match/).waitFor();
  await dialog.getByRole('button', { name: 'Forget' }).click();
  await page.getByText('No device has come yet').waitFor();
  assert.ok(asked < 60, `${asked} requests for what is gone`);
  await context.close();
});

test('a page that found nothing is not the end of the list', async () => {
  await using bench = await openWithDevices(1);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  // As the platform answers when it looked through thousands of devices in another state.
  await page.route(/\/api\/v1\/devices\?(?!.*cursor)/, (route) =>
    route.fulfill({ json: { items: [], next: 'bWV0ZXI' } }),
  );
  await signIn(page, 'the-admin', password, '/devices?state=ONLINE');
  await page.getByRole('link', { name: 'meter-000' }).waitFor();
  await page.getByText('1 shown').waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('what is written to many has the editor of its type, and goes as it was typed', async () => {
  await using bench = await openWithDevices(2);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/devices');
  const dialog = page.getByRole('dialog');
  const begin = async () => {
    await page.getByLabel('Choose all that match').check();
    await page.getByRole('button', { name: 'Act on them…' }).click();
    await dialog.getByLabel('What').selectOption('write');
  };
  await begin();
  await dialog.getByLabel('Path').fill('/1/0/1');
  await dialog.getByLabel('Value (s)').fill('soon');
  await page.keyboard.press('Enter');
  await dialog.getByText('Enter a whole number.').waitFor();
  await dialog.getByLabel('Path').fill('/1/0/6');
  await dialog.getByRole('combobox', { name: 'Value' }).waitFor();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await dialog.getByText('Choose yes or no.').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByLabel('Path').fill('/3/0/15');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('007');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await begin();
  await dialog.getByLabel('Path').fill('/32000/0/1');
  await dialog.getByText('A number, true or false, or a text').waitFor();
  await dialog.getByLabel('Value').fill('9223372036854775807');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  const { items } = await bench.admin.call(routes.listBulkJobs, { query: {} });
  assert.deepEqual(items.map(({ operation }) => operation).reverse(), [
    { kind: 'write', path: '/3/0/15', value: '007' },
    { kind: 'write', path: '/32000/0/1', value: '9223372036854775807' },
  ]);
  // The platform has no object 32000, and the browser writes that down.
  assert.deepEqual(
    failures.filter((one) => !one.includes('404')),
    [],
  );
  await context.close();
});
