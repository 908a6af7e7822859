/** Looking back and looking over much in Chromium: history, trends, results of campaigns, the audit log. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import type { Browser, Page } from 'playwright-core';
import { openFirmwareTerminal } from '../support/firmware-terminal.ts';
import { openKettle } from '../support/kettle.ts';
import { openPlatform } from '../support/platform.ts';
import { domain, remoteAccess } from '../support/remote-user.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';
import { openWithPast } from './support/past.ts';

const password = 'correct horse battery';
const boss = { name: 'boss', role: 'admin', password } as const;
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

test('who reads Chinese sees objects and resources by Chinese names, and finds them by their English ones too', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: boss });
  await using terminal = await openTerminal({ endpointName: 'meter', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/devices/meter');
  await page.getByRole('heading', { name: 'Temperature' }).waitFor();
  await page.evaluate(() => localStorage.setItem('yaolian.language', 'zh'));
  await page.reload();
  await page.getByRole('heading', { name: '温度' }).waitFor();
  await page.locator('tr[data-path="/3303/0/5700"]').getByText('传感器数值').waitFor();
  for (const words of ['传感器数值', 'sensor value', '温度', 'temperature']) {
    await page.getByRole('searchbox').fill(words);
    await page.getByRole('heading', { name: '设备', exact: true, level: 2 }).waitFor({ state: 'detached' });
    await page.locator('tr[data-path="/3303/0/5700"]').waitFor();
  }
  await page.locator('tr[data-path="/3303/0/5700"]').getByRole('button', { name: /^读取/ }).first().click();
  const read = '读取 温度 传感器数值（/3303/0/5700）：2.05';
  await page.getByRole('tab', { name: '时间线' }).click();
  await page.getByText(read).waitFor();
  await page.goto('/?events=all');
  await page.getByText(read).waitFor();
  // What it was last read to be stands with its identity.
  await bench.admin.call(routes.readResource, { params: { device: 'meter', path: '3/0' } });
  const { vendor, model } = await bench.admin.call(routes.showDevice, { params: { device: 'meter' } });
  await page.goto('/devices/meter?tab=about');
  const identity = page.locator('section.card', { hasText: '身份标识' });
  await identity.getByText('厂商').waitFor();
  assert.match((await identity.textContent())!, new RegExp(`厂商${vendor}型号${model}`));
  assert.deepEqual(failures, []);
  await context.close();
});

const day = 1440;

/** Presses an arrow key in the first plot until it tells something that is so. */
async function readUntil(page: Page, key: 'ArrowLeft' | 'ArrowRight', wanted: RegExp): Promise<void> {
  await page.locator('.plot').first().focus();
  const look = async () => {
    await page.keyboard.press(key);
    return wanted.test((await page.locator('.plot-at').first().textContent())!);
  };
  await until(look, () => `the plot to tell ${wanted}`);
}

test('the history of a number: an hour to a month, part of it, where nothing came, and of a device that is away', async () => {
  const path = '/3303/0/5700';
  const past = { device: 'meter', path, every: 10, value: () => 20 };
  await using bench = await openWithPast([
    { ...past, from: 20 * day, to: 3 * day },
    { ...past, from: 2 * day, to: 0 },
  ]);
  await bench.admin.call(routes.addOperator, { body: boss });
  await using terminal = await openTerminal({ endpointName: 'meter', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/devices/meter');
  await page.getByRole('button', { name: 'History of Sensor Value' }).click();
  const plot = page.getByRole('img', { name: /^Sensor Value: \d+ values/ });
  await plot.waitFor();
  await page.getByRole('button', { name: 'Week' }).click();
  await page.waitForURL(/plot=%2F3303%2F0%2F5700&span=7d/);
  await page.getByRole('img', { name: /^Sensor Value: 2[89]\d values/ }).waitFor(); // six of seven days, every half hour
  await readUntil(page, 'ArrowLeft', /· no value$/);
  await readUntil(page, 'ArrowRight', /· 20$/);
  await page.keyboard.press('Home');
  const first = await page.locator('.plot-at').textContent();
  await page.getByText('As a table').click();
  const rows = page.getByRole('region', { name: /^Sensor Value: \d+ values/ }).locator('tbody tr');
  assert.equal((await rows.locator('th, td').allTextContents()).slice(-2).join(' · '), first);
  assert.deepEqual(await accessibilityProblems(page), []);
  const canvas = (await page.locator('.plot .u-over').boundingBox())!;
  await page.mouse.move(canvas.x + canvas.width * 0.8, canvas.y + 40);
  await page.mouse.down();
  await page.mouse.move(canvas.x + canvas.width * 0.9, canvas.y + 40, { steps: 4 });
  await page.mouse.up();
  // A tenth of a week.
  await page.getByRole('img', { name: /^Sensor Value: (9\d|1[01]\d) values/ }).waitFor();
  assert.equal(await page.locator('.segments button[aria-pressed=true]').filter({ hasText: 'Week' }).count(), 0);
  await page.getByRole('button', { name: 'Wider' }).click();
  await page.getByRole('img', { name: /^Sensor Value: (1[89]\d|20\d) values/ }).waitFor();
  await page.reload();
  await page.getByRole('img', { name: /^Sensor Value: 2[89]\d values/ }).waitFor();

  await terminal.client.close();
  await page.getByText('Last known values').waitFor();
  await page.locator(`tr[data-path="${path}"]`).getByText('20').waitFor();
  await plot.waitFor();
  const shown = page.getByRole('button', { name: 'History of Sensor Value' });
  await shown.click();
  await plot.waitFor({ state: 'detached' });
  // Who comes when the device is long away sees what can be plotted, too.
  await page.reload();
  await shown.click();
  await plot.waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('the overview shows a day, a week or a month, broken where the platform did not run, in both themes', async () => {
  const figures = ['devices.online', 'messages.updated', 'messages.registered'];
  const all = figures.flatMap((path) => [
    { path, from: 3 * day, to: day, every: 1, value: () => 60 },
    { path, from: 600, to: 0, every: 1, value: () => 120 },
  ]);
  await using bench = await openWithPast(all);
  await bench.admin.call(routes.addOperator, { body: boss });
  for (const scheme of ['light', 'dark'] as const) {
    const { page, context, failures } = await visit(browser, bench.httpUrl, { scheme });
    await signIn(page, 'boss', password);
    await page.getByRole('img', { name: /^Devices by state/ }).waitFor();
    await page.getByRole('button', { name: 'Week' }).click();
    await page.waitForURL(/span=7d/);
    await readUntil(page, 'ArrowLeft', /online 120/);
    await readUntil(page, 'ArrowLeft', /online —/);
    await readUntil(page, 'ArrowLeft', /online 60/);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(failures, []);
    await context.close();
  }
});

test('a campaign that stopped tells why in both languages, and what came of each device', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: boss });
  const bad = { server: bench.coap, becomes: '2.0', trouble: 'integrity' } as const;
  await using one = await openFirmwareTerminal({ ...bad, endpointName: 'lamp-1' });
  await using two = await openFirmwareTerminal({ ...bad, endpointName: 'lamp-2' });
  for (const { client } of [one, two]) {
    client.start();
    await client.registered();
  }
  const session = await bench.admin.call(routes.login, { body: { name: boss.name, password } });
  const uploaded = await fetch(`${bench.httpUrl}/api/v1/firmware?name=app.bin&version=2.0`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/octet-stream' },
    body: 'new firmware',
  });
  const { id: file } = (await uploaded.json()) as { readonly id: string };
  const devices = { search: 'lamp' };
  const asked = { name: 'Autumn', file, devices, waves: ['1'], stopAt: 0.1, attempts: 1, concurrent: 1 };
  const { id } = await bench.admin.call(routes.createCampaign, { body: asked });
  const state = async () => (await bench.admin.call(routes.showCampaign, { params: { id } })).state;
  await until(async () => (await state()) === 'stopped', 'the campaign to stop');
  for (const [language, scheme, why, results, reason] of [
    ['en', 'light', 'More than 10 % of the devices so far failed', 'Results by device', 'The package is damaged'],
    ['zh-CN', 'dark', '失败设备超过 10%', '各设备结果', '升级包完整性校验失败'],
  ] as const) {
    for (const width of [1280, 768, 390]) {
      const { page, context, failures } = await visit(browser, bench.httpUrl, { language, scheme, width });
      await signIn(page, 'boss', password, '/firmware');
      await page.getByText(why).waitFor();
      await page.getByText(results).click();
      const row = page.locator('.target-list li');
      await row.getByText(reason).waitFor();
      await row.getByRole('link', { name: /lamp-/ }).waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      assert.deepEqual(await accessibilityProblems(page), []);
      assert.deepEqual(failures, []);
      await context.close();
    }
  }
});

test('the audit log begins with what was changed, and is read on a phone without scrolling sideways', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: boss });
  await using terminal = await openTerminal({ endpointName: 'a-device-with-quite-a-long-name', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await visit(browser, bench.httpUrl, { width: 390 });
  await signIn(page, 'boss', password, '/devices/a-device-with-quite-a-long-name');
  await page.locator('[data-path="/3303/0"]').getByRole('button', { name: 'Read all' }).click();
  await page.locator('tr[data-path="/3303/0/5700"] .value').getByText('20').waitFor();
  await page.goto('/settings');
  const log = page.locator('.audit');
  await log.getByText('add operator').waitFor();
  assert.equal(await log.getByText('read resource').count(), 0);
  await page.getByLabel('With those who only looked').check();
  await log.getByText('read resource').first().waitFor();
  await page.waitForURL(/audit=all/);
  const isWider = await log.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
  assert.equal(isWider, false);
  await log.getByText('a-device-with-quite-a-long-name').first().waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);

  // Of days: those of the calendar where the page is read, the last one with all its hours.
  const day = (later: number) => {
    const date = new Date(Date.now() + later * 86_400_000);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
      .map((one) => String(one).padStart(2, '0'))
      .join('-');
  };
  await page.getByLabel('From', { exact: true }).fill(day(-2));
  await log.getByText('add operator').waitFor();
  await page.getByLabel('To', { exact: true }).fill(day(-2));
  await page.getByText('Nothing of that kind is written down.').waitFor();
  await page.getByLabel('To', { exact: true }).fill(day(1));
  await log.getByText('add operator').waitFor();

  // Nor is a name cut: those of devices differ at their ends.
  await page.goto('/devices');
  const name = page.getByRole('rowheader', { name: 'a-device-with-quite-a-long-name' }).locator('a, span');
  await name.first().waitFor();
  const cut = await name.evaluateAll((all) =>
    all.filter(
      (one) =>
        (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0) ||
        (one.scrollHeight > one.clientHeight + 1 && one.clientHeight > 0),
    ),
  );
  assert.equal(cut.length, 0);
  const cell = page.getByRole('rowheader', { name: 'a-device-with-quite-a-long-name' });
  assert.equal(await cell.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth), false);
  assert.deepEqual(failures, []);
  await context.close();
});

test('the timeline shows one kind of what happened; attributes show what the device has, and take nothing that is wrong', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: boss });
  await using terminal = await openTerminal({ endpointName: 'meter', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/devices/meter');
  const attributes = page.getByRole('button', { name: 'Notification attributes of Sensor Value' });
  await attributes.click();
  const dialog = page.getByRole('dialog');
  const pmin = dialog.getByRole('textbox', { name: /^pmin/ });
  await pmin.fill('-5');
  await dialog.getByRole('button', { name: 'Set attributes' }).click();
  await dialog.getByText(/is not right: see the hint below it/).waitFor();
  await pmin.fill('7');
  await dialog.getByRole('textbox', { name: /^gt/ }).fill('21.5');
  await dialog.getByRole('button', { name: 'Set attributes' }).click();
  await dialog.waitFor({ state: 'detached' });
  await attributes.click();
  await dialog.getByText('Whole seconds, 0 or more. Now: 7').waitFor();
  await dialog.getByText('A number. Now: 21.5').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const panel = page.getByRole('tabpanel');
  await panel.getByText(/^registered/).waitFor();
  await panel
    .getByText(/^set attributes of /)
    .first()
    .waitFor();
  await page.getByLabel('What is shown').selectOption('presence');
  await page.waitForURL(/tab=timeline&kind=presence/);
  await panel
    .getByText(/^set attributes of /)
    .first()
    .waitFor({ state: 'detached' });
  await panel.getByText(/^registered/).waitFor();
  await page.getByLabel('What is shown').selectOption('updates');
  await panel.getByText('Nothing of this kind happened yet.').waitFor();
  await terminal.client.update();
  await page.reload();
  await panel.getByText('Nothing of this kind happened yet.').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(failures, []);
  await context.close();
});

test('of a device that speaks Remote Access itself the page offers what it can do, and nothing else', async () => {
  await using bench = await openPlatform(remoteAccess);
  await bench.admin.call(routes.addOperator, { body: boss });
  const { device, wanted } = await openKettle(bench);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, `/devices/kettle@${domain}`);
  const setPoint = page.locator('tr[data-path="/3308/0/5900"]');
  await setPoint.getByRole('button', { name: /^Read/ }).click();
  await setPoint.locator('.fresh').getByText('90').waitFor();
  await setPoint.getByRole('button', { name: /^Write/ }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('80');
  await page.keyboard.press('Enter');
  await setPoint.locator('.fresh').getByText('80').waitFor();
  assert.equal(wanted(), '80');
  for (const name of [/^New instance/, /^Delete instance/, /^Notification attributes/]) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, String(name));
  }
  const tabs = await page.getByRole('tab').allInnerTexts();
  assert.deepEqual(tabs, ['Resources', 'Timeline', 'About']);
  assert.deepEqual(failures, []);
  await context.close();
  await device.close();
});
