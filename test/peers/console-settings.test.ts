/** The settings in Chromium: who did what, and a second factor set up, asked for and switched off. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { totp } from '@yaolian/directory';
import { openPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';

function codeOf(secret: string, stepsLater = 0): string {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const bytes = Uint8Array.from(bits.join('').match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  const step = Math.floor(Date.now() / 30_000) + stepsLater;
  return totp(bytes, step, (key, message) => createHmac('sha1', key).update(message).digest());
}

test('an admin sets up a second factor, signs in with it, and reads who did what', async () => {
  buildConsole();
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  const browser = await openBrowser();
  try {
    const first = await visit(browser, bench.httpUrl);
    await signIn(first.page, 'boss', password, '/settings');
    const card = first.page.locator('section.card', { hasText: 'Second factor' });
    await card.locator('input[type=password]').fill(password);
    await card.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await card.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await card.locator('input[type=password]').fill(password);
    await card.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const secret = (await card.locator('code').textContent())!.replaceAll(' ', '');
    const link = await card.getByRole('link', { name: 'On this phone' }).getAttribute('href');
    assert.ok(link?.startsWith(`otpauth://totp/Yaolian:boss?secret=${secret}&`), link ?? '');
    await card.getByLabel('Six digits').fill(codeOf(secret));
    await card.getByRole('button', { name: 'Switch on' }).click();
    // Nothing else is asked while the codes are there, which are shown only now.
    await card.getByRole('button', { name: 'Copy' }).waitFor();
    const codes = card.locator('.secret code');
    assert.equal((await codes.innerText()).trim().split('\n').length, 10, 'a code a line');
    assert.equal(await card.locator('input').count(), 0);
    const [recovery] = (await card.locator('code').textContent())!.split('\n');
    await card.getByRole('button', { name: 'I have kept them' }).click();
    await card.getByText('10 recovery codes are left').waitFor();
    assert.equal(await card.locator('code').count(), 0);
    assert.deepEqual(first.failures, []);

    const { page } = await visit(browser, bench.httpUrl, { width: 390 });
    await page.goto('/settings');
    await page.locator('input[autocomplete=username]').fill('boss');
    await page.locator('input[type=password]').fill(password);
    await page.keyboard.press('Enter');
    // Who types goes on typing: the code is asked for where the cursor is, and that is no failure.
    await page.locator('input[autocomplete=one-time-code]:focus').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.keyboard.type(codeOf(secret, 1));
    await page.keyboard.press('Enter');
    await page.locator('header nav').waitFor();
    await page.locator('nav.tabs a', { hasText: 'Limits' }).click();
    const tab = await page.locator('nav.tabs a[aria-current]', { hasText: 'Limits' }).boundingBox();
    assert.ok(tab !== null && tab.x >= 0 && tab.x + tab.width <= 390, `the chosen tab is seen: ${JSON.stringify(tab)}`);
    await page.locator('nav.tabs a', { hasText: 'People' }).click();
    const log = page.locator('section.card', { hasText: 'Who did what' });
    await log.getByText('confirm second factor').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      log.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    assert.match(await readFile(await file.path(), 'utf8'), /^\ufefftime,door,actor,action,.*\r\n.*,rest,boss,/);

    // Without the app: by a recovery code, and how many are left is said.
    const lost = await visit(browser, bench.httpUrl, { language: 'zh-CN' });
    await lost.page.goto('/');
    await lost.page.locator('input[autocomplete=username]').fill('boss');
    await lost.page.locator('input[type=password]').fill(password);
    await lost.page.keyboard.press('Enter');
    await lost.page.locator('input[autocomplete=one-time-code]').fill(recovery!.trim());
    await lost.page.keyboard.press('Enter');
    await lost.page.getByText('该恢复码已失效，还剩 9 个').waitFor();
  } finally {
    await browser.close();
  }
});

test('all tokens are listed, however many, the newest first', async () => {
  buildConsole();
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  for (let index = 0; index < 120; index++) {
    await bench.admin.call(routes.createToken, { body: { label: `script-${index}`, role: 'viewer' } });
  }
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, 'boss', password, '/settings');
    const rows = page.locator('section', { hasText: 'API tokens and sessions' }).locator('tbody tr');
    await rows.filter({ hasText: 'script-119' }).waitFor();
    const labels = await rows.filter({ hasText: 'script-' }).locator('th').allInnerTexts();
    assert.equal(labels.length, 120);
    assert.match(labels[0]!, /^script-119\n/);
    assert.match(labels.at(-1)!, /^script-0\n/);
    assert.deepEqual(failures, []);
  } finally {
    await browser.close();
  }
});

test('an admin gives an operator another role, a new password, and lets in who lost the phone; the open page follows', async () => {
  buildConsole();
  await using bench = await openPlatform();
  for (const [name, role] of [
    ['boss', 'admin'],
    ['ann', 'operator'],
  ] as const) {
    await bench.admin.call(routes.addOperator, { body: { name, role, password } });
  }
  const browser = await openBrowser();
  try {
    const ann = await visit(browser, bench.httpUrl, { language: 'zh-CN' });
    await signIn(ann.page, 'ann', password, '/settings');
    const card = ann.page.locator('section.card', { hasText: '双因素认证' });
    await card.locator('input[type=password]').fill(password);
    await card.locator('button[type=submit]').click();
    const secret = (await card.locator('code').textContent())!.replaceAll(' ', '');
    // Typed without looking for the field, as the app shows it.
    await card.locator('input:focus').waitFor();
    await ann.page.keyboard.type(codeOf(secret).replace(/^.../, '$& '));
    await ann.page.keyboard.press('Enter');
    await card.getByRole('button', { name: '我已保存' }).click();
    await ann.page.goto('/bootstrap');
    await ann.page.getByRole('button', { name: '添加设备' }).waitFor();

    const boss = await visit(browser, bench.httpUrl);
    await signIn(boss.page, 'boss', password, '/settings');
    const row = boss.page.locator('section', { hasText: 'Operators' }).locator('tr', { hasText: 'ann' }).first();
    await row.getByText('yes').waitFor();
    assert.equal(await boss.page.getByRole('button', { name: 'Change boss' }).count(), 0, 'nobody changes oneself');
    await row.getByRole('button', { name: 'Change ann' }).click();
    const dialog = boss.page.getByRole('dialog');
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByLabel('Take its second factor away').check();
    assert.deepEqual(await accessibilityProblems(boss.page), []);
    // The role is saved, the second factor stays: pressed again, what was saved is no change by somebody else.
    const problem = { type: 'about:blank', title: 'x', status: 503, code: 'unavailable' };
    const refused = { status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) };
    await boss.page.route('**/api/v1/operators/ann/second-factor', (route) => route.fulfill(refused), { times: 1 });
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('alert').waitFor();
    await row.getByText('viewer').waitFor();
    await dialog.getByRole('button', { name: 'Change' }).click();
    await boss.page.getByText('ann is changed').waitFor();
    await row.getByText('viewer').waitFor();
    await row.getByText('no', { exact: true }).waitFor();

    // What ann's page still offers is refused, and then it offers it no longer.
    await ann.page.getByRole('button', { name: '添加设备' }).click();
    await ann.page.getByRole('dialog').locator('textarea').fill('860000000000001');
    await ann.page.getByRole('dialog').locator('button[type=submit]').click();
    await ann.page.getByRole('button', { name: '添加设备' }).waitFor({ state: 'detached' });

    await row.getByRole('button', { name: 'Change ann' }).click();
    await dialog.getByLabel('New password').fill('short');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('New password').fill('another horse battery');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.waitFor({ state: 'detached' });
    const again = await visit(browser, bench.httpUrl);
    await signIn(again.page, 'ann', 'another horse battery');
    await again.page.getByText('ann, viewer').waitFor();
    assert.deepEqual(
      boss.failures.filter((text) => !text.includes('503')),
      [],
    );
  } finally {
    await browser.close();
  }
});

const ddf = (id: number, urn: string, resource: number, operations = 'R') => `<?xml version="1.0" encoding="utf-8"?>
<LWM2M><Object ObjectType="MODefinition"><Name>Coffee Machine</Name><Description1>x</Description1><ObjectID>${id}</ObjectID>
<ObjectURN>${urn}</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Resources><Item ID="${resource}"><Name>Cups</Name>
<Operations>${operations}</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory><Type>Integer</Type>
<RangeEnumeration>0..100</RangeEnumeration><Units>/1</Units><Description>x</Description></Item></Resources><Description2/></Object></LWM2M>`;

test('an admin adds a definition, is told what is wrong with it and what it replaces, and removes it; others look', async () => {
  buildConsole();
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  await bench.admin.call(routes.addOperator, { body: { name: 'eyes', role: 'viewer', password } });
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, 'boss', password, '/settings/objects');
    const own = page.locator('section.card', { hasText: 'Your own' });
    await own.getByText('None.').waitFor();
    const dialog = page.locator('dialog[open]');
    const add = async (text: string) => {
      const file = { name: 'object.xml', mimeType: 'application/xml', buffer: Buffer.from(text) };
      await dialog.locator('input[type=file]').setInputFiles(file);
    };
    const keep = () => dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await own.getByRole('button', { name: 'Add a definition' }).click();
    await add(ddf(27001, 'urn:oma:lwm2m:x:27001', 0, 'Q'));
    await dialog.getByText('Line 5: Object 27001, Item 0, Operations').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await add(ddf(27001, 'urn:oma:lwm2m:x:27001', 0));
    await dialog.getByText('0..100').waitFor();
    const { items } = await bench.admin.call(routes.listObjects, { query: { source: 'user' } });
    assert.deepEqual(items, [], 'nothing is kept before it was looked at');
    await keep();
    await own.getByRole('button', { name: 'Coffee Machine', exact: true }).click();
    await dialog.getByText('0..100').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await own.getByRole('button', { name: 'Add a definition' }).click();
    await add(ddf(3303, 'urn:oma:lwm2m:ext:3303', 5700));
    await dialog.getByText('It stands in for “Temperature” of the registry').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await keep();
    await own.getByText('3303', { exact: true }).waitFor();
    await own.getByRole('button', { name: 'Add a definition' }).click();
    await add(ddf(3303, 'urn:oma:lwm2m:ext:3303', 5701));
    await dialog.getByText('You added this version already, as “Coffee Machine”').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('searchbox').fill('temperature');
    await page.getByRole('button', { name: 'Wet Bulb Globe Temperature' }).waitFor();
    await own.getByRole('button', { name: 'Remove Coffee Machine (27001), version 1.0' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await own.getByText('27001').first().waitFor({ state: 'detached' });
    assert.deepEqual(
      failures.filter((one) => !one.includes('422')),
      [],
    );

    const phone = await visit(browser, bench.httpUrl, { width: 390 });
    await signIn(phone.page, 'eyes', password, '/settings/objects');
    await phone.page.locator('section.card', { hasText: 'Your own' }).getByText('3303', { exact: true }).waitFor();
    assert.equal(await phone.page.getByRole('button', { name: /Add a definition|Remove/ }).count(), 0);
    assert.deepEqual(await accessibilityProblems(phone.page), []);

    const chinese = await visit(browser, bench.httpUrl, { language: 'zh-CN', scheme: 'dark', width: 390 });
    await signIn(chinese.page, 'boss', password, '/settings/objects');
    await chinese.page.getByRole('button', { name: '添加定义' }).click();
    const choose = (text: string) =>
      chinese.page
        .getByLabel('DDF 文件（XML）')
        .setInputFiles({ name: 'object.xml', mimeType: 'application/xml', buffer: Buffer.from(text) });
    await choose(ddf(27001, 'urn:oma:lwm2m:x:27001', 0, 'Q'));
    await chinese.page.getByText('第 5 行：Object 27001, Item 0, Operations 须为 R、W、RW、E 或留空').waitFor();
    await choose('not xml');
    await chinese.page.getByText('第 1 行：此处不是格式良好的 XML').waitFor();
    assert.deepEqual(await accessibilityProblems(chinese.page), []);
  } finally {
    await browser.close();
  }
});
