/** Looking after the platform in Chromium. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { days } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import type { Locator } from 'playwright-core';
import { certificateFile, keyFile } from '../support/credentials.ts';
import { openPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';

before(buildConsole);

test('health: what is not well comes first, with what to do, in both languages', async () => {
  await using bench = await openPlatform({ 'health.min-disk': 2 ** 46 });
  await bench.admin.call(routes.addOperator, { body: { name: 'eva', role: 'viewer', password } });
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    // Nobody looks under Settings while nothing says that there is something to see.
    await signIn(page, 'eva', password);
    const card = page.getByRole('region', { name: 'Health' });
    await card.getByText('Some parts have failed: Disk', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await card.getByRole('link', { name: 'What to do' }).click();
    await page.getByText('Some parts have failed').waitFor();
    const first = page.locator('.checks > li').first();
    assert.match((await first.textContent())!, /^Diskfailed.+Free space on that disk now/);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(failures, []);

    const zh = await visit(browser, bench.httpUrl, { language: 'zh-CN', width: 390, scheme: 'dark' });
    await signIn(zh.page, 'eva', password, '/settings/health');
    await zh.page.getByText('请立即清理该磁盘，平台将自动恢复。').waitFor();
    const width = await zh.page.evaluate('document.documentElement.scrollWidth');
    assert.equal(width, 390, 'nothing is wider than the phone');
    assert.deepEqual(await accessibilityProblems(zh.page), []);
  } finally {
    await browser.close();
  }
});

test('certificates: one card for all that show the same, with its end', async () => {
  await using bench = await openPlatform({ 'health.certificate-warning': days(3650) });
  await bench.admin.call(routes.addOperator, { body: { name: 'eva', role: 'viewer', password } });
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl, { width: 390 });
    await signIn(page, 'eva', password, '/settings/certificates');
    const card = page.locator('section.card', { hasText: 'CN=Yaolian' });
    await card.getByText('ends in 3,649 days').waitFor();
    assert.equal(await card.locator('.badge.health-degraded').count(), 1);
    assert.match(
      (await card.textContent())!,
      /coaps:\/\/.+coaps\+tcp:\/\/.+itself \(self-signed\).+makes a new one at a start/,
    );
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(failures, []);
  } finally {
    await browser.close();
  }
});

test('an admin has the own certificate made anew, and gets it as a file, imports another and removes it; a viewer only looks', async () => {
  await using bench = await openPlatform();
  for (const role of ['admin', 'viewer'] as const) {
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  }
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl, { width: 390 });
    await signIn(page, 'the-admin', password, '/settings/certificates');
    const card = page.locator('section.card', { hasText: 'CN=Yaolian' });
    const shown = async () => (await card.locator('dd code').textContent())!;
    // With the keyboard: what was done is told above the buttons of a phone for a while.
    const press = async (where: Locator, name: string) => {
      await where.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    const before = await shown();
    await card.getByRole('button', { name: 'Make it anew' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('open connections stay').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Make it anew' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'certificate.pem');
    await page.getByText(/^The new certificate begins with [0-9a-f]{16}/).waitFor();
    await until(async () => (await shown()) !== before, 'the new one on the page');
    const { items } = await bench.admin.call(routes.listCertificates, {});
    assert.equal(await shown(), items[0]!.fingerprint);

    await press(card, 'Import');
    await dialog.getByLabel('Certificate and chain: from a file').setInputFiles(certificateFile('below'));
    await dialog.getByLabel('Private key: from a file').setInputFiles(keyFile('server'));
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByText('Private key: The private key is not that of CN=below').waitFor();
    await dialog.locator('textarea[name=key][aria-invalid=true]:focus').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.keyboard.press('Escape');
    await card.getByRole('button', { name: 'Import' }).click();
    assert.equal(await dialog.getByLabel('Private key', { exact: true }).inputValue(), '', 'a key is not kept');
    await dialog.getByLabel('Certificate and chain: from a file').setInputFiles(certificateFile('below'));
    await dialog.getByLabel('Private key: from a file').setInputFiles(keyFile('below'));
    const wanted = await readFile(keyFile('below'), 'utf8');
    await until(async () => (await dialog.locator('textarea').last().inputValue()) === wanted, 'the key');
    await dialog.getByRole('button', { name: 'Import' }).click();
    const imported = page.locator('section.card', { hasText: 'CN=below' });
    await press(imported, 'Remove');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await card.waitFor();

    await press(page.locator('main'), 'Add an authority of devices');
    const authorities = dialog.getByLabel('Certificates of authorities', { exact: true });
    await authorities.fill(await readFile(certificateFile('ca'), 'utf8'));
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const authority = page.locator('section.card', { hasText: 'Authority of devices' });
    await authority.getByText('CN=Test authority').waitFor();
    await press(authority, 'Remove');
    await dialog.getByText('are let go now and not let in again').waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await authority.waitFor({ state: 'detached' });

    await press(card, 'Request a certificate');
    await dialog.getByLabel('Names and addresses').fill('iot.example.com https://x');
    await dialog.getByLabel('Country').fill('nl');
    await dialog.getByRole('button', { name: 'Request a certificate' }).click();
    await dialog.getByText('Names and addresses: "https://x" is neither a name').waitFor();
    await dialog.locator('textarea[name=names][aria-invalid=true]:focus').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByLabel('Names and addresses').fill('iot.example.com');
    const [request] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Request a certificate' }).click(),
    ]);
    assert.equal(request.suggestedFilename(), 'request.pem');
    const waits = page.locator('section.card', { hasText: 'waits for its certificate' });
    await waits.getByText('C=NL, CN=iot.example.com').waitFor();
    const { request: kept } = await bench.admin.call(routes.listCertificates, {});
    assert.equal(await readFile((await request.path())!, 'utf8'), kept!.request);
    assert.equal(await page.getByRole('button', { name: 'Request a certificate' }).count(), 0);
    assert.deepEqual(await accessibilityProblems(page), []);
    await press(waits, 'Import its certificate');
    await dialog
      .getByLabel('Certificate and chain', { exact: true })
      .fill(await readFile(certificateFile('below'), 'utf8'));
    await dialog.getByRole('button', { name: 'Import its certificate' }).click();
    await dialog.getByText('CN=below is not for the key of the request that waits').waitFor();
    await page.keyboard.press('Escape');

    const looking = await visit(browser, bench.httpUrl, { language: 'zh-CN', width: 390, scheme: 'dark' });
    await signIn(looking.page, 'the-viewer', password, '/settings/certificates');
    await looking.page.getByText('等待签发').waitFor();
    await looking.page.getByRole('button', { name: '保存申请' }).waitFor();
    for (const name of ['重新生成', '放弃']) assert.equal(await looking.page.getByRole('button', { name }).count(), 0);
    assert.equal(await looking.page.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(looking.page), []);

    await press(waits, 'Give up');
    await dialog.getByText('Its private key is destroyed').waitFor();
    await dialog.getByRole('button', { name: 'Give up' }).click();
    await waits.waitFor({ state: 'detached' });
    assert.equal((await bench.admin.call(routes.listCertificates, {})).request, undefined);
    const refused = 'Failed to load resource: the server responded with a status of 400 (Bad Request)';
    assert.deepEqual(failures, [refused, refused, refused]);
  } finally {
    await browser.close();
  }
});

test('limits: found by a word, what was changed stands out, those of history are changed, in both languages', async () => {
  await using bench = await openPlatform({ 'coap.max-sessions': 5000, 'history.max-series': 500 });
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl);
    await signIn(page, 'boss', password, '/settings');
    await page.getByRole('link', { name: 'Limits' }).click();
    const group = page.locator('details', { hasText: 'Terminals (CoAP)' });
    await group.getByText(/\d+ not the default/).waitFor();
    assert.equal(await page.getByRole('table').count(), 0, 'closed, all groups are seen together');
    assert.ok(((await page.evaluate('document.documentElement.scrollHeight')) as number) < 2500);
    assert.deepEqual(await accessibilityProblems(page), []);
    await group.getByRole('heading').click();
    await group.getByText('coap.max-sessions', { exact: true }).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByLabel('Find a setting').fill('max-sessions');
    const row = page.locator('tbody tr', { hasText: 'coap.max-sessions' });
    assert.equal(await row.locator('strong').textContent(), '5000');
    await page.getByLabel('Find a setting').fill('no such thing');
    await page.getByText('No setting fits.').waitFor();
    await page.getByLabel('Find a setting').fill('history');
    await page.locator('tbody tr', { hasText: 'history.max-series' }).getByText('set at the start').waitFor();
    await page.getByRole('button', { name: 'Change history.keep-raw' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1h – 36500d, such as 7d').waitFor();
    await dialog.getByLabel('Value').fill('soon');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.getByText('history.keep-raw must be a duration').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByLabel('Value').fill('7d');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await page.getByText('history.keep-raw is 7d now').waitFor();
    await page.locator('tbody tr', { hasText: 'history.keep-raw' }).locator('strong').getByText('7d').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(
      failures.filter((failure) => !failure.includes('400')),
      [],
    );

    const zh = await visit(browser, bench.httpUrl, { language: 'zh-CN', width: 390, scheme: 'dark' });
    await signIn(zh.page, 'boss', password, '/settings/limits');
    await zh.page.getByRole('heading', { name: '历史数据' }).click();
    await zh.page.getByRole('button', { name: '修改 history.keep-raw' }).click();
    const asked = zh.page.getByRole('dialog');
    await asked.getByRole('button', { name: '恢复默认值' }).click();
    await asked.getByRole('button', { name: '修改' }).click();
    await zh.page.getByText('history.keep-raw 现为 未设').waitFor();
    await zh.page.getByLabel('仅显示已更改的').check();
    const told = zh.page.locator('tbody tr', { hasText: 'coap.max-sessions' });
    await told.getByText('DTLS 会话数上限').waitFor();
    await zh.page.getByLabel('查找配置项').fill('会话数上限');
    await told.waitFor();
    assert.equal(await zh.page.evaluate('document.documentElement.scrollWidth'), 390);
    const table = await zh.page
      .locator('.settings')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    assert.equal(table, 0, 'all columns are in view');
    assert.deepEqual(await accessibilityProblems(zh.page), []);
  } finally {
    await browser.close();
  }
});

test('webhooks: added with a secret shown once, tested, tried again, paused, changed and removed', async () => {
  let status = 204;
  const taken: string[] = [];
  const receiver = createServer((request, response) => {
    request.resume();
    taken.push(String(request.headers['webhook-id']));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await using bench = await openPlatform({ 'webhooks.private-addresses': true });
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  const browser = await openBrowser();
  try {
    const { page, failures } = await visit(browser, bench.httpUrl, { width: 390 });
    await signIn(page, 'boss', password, '/settings/webhooks');
    await page.getByText('No webhooks.').waitFor();
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('URL').fill('ftp://nowhere');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByRole('alert').getByText('it begins with https: or http:').waitFor();
    await form.locator('input[aria-invalid=true]:focus').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.match(failures.splice(0).join(), /^[^,]*400[^,]*$/, 'the browser notes the refusal');
    await form.getByLabel('URL').fill(url);
    await form.getByLabel('What it is for').fill('billing');
    await form.getByLabel('device.registered').check();
    assert.deepEqual(await accessibilityProblems(page), []);
    await form.getByRole('button', { name: 'Add' }).click();
    const card = page.getByRole('region', { name: url });
    assert.match((await card.locator('.secret code').textContent())!, /^whsec_/);
    await card.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The receiver took it: HTTP 204').waitFor();
    status = 500;
    await card.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The receiver did not take it: HTTP 500').waitFor();
    await card.getByText('1 waiting').waitFor();
    await card.locator('summary').click();
    status = 200;
    await card.getByRole('button', { name: 'Try again now' }).click();
    await card.getByText('HTTP 200').waitFor();
    await card.getByText('1 waiting').waitFor({ state: 'detached' });
    assert.equal(new Set(taken).size, 2, 'a delivery that is tried again has the id of before');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(page), []);

    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByText('paused').waitFor();
    await card.getByRole('button', { name: 'Change it' }).click();
    await form.getByLabel('What it is for').fill('billing of 2027');
    await form.getByRole('button', { name: 'Save' }).click();
    await card.getByText('billing of 2027').waitFor();
    await page.reload();
    await card.waitFor();
    assert.equal(await card.locator('.secret').count(), 0, 'the secret was shown once');
    await card.getByRole('button', { name: 'Remove the webhook' }).click();
    await form.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No webhooks.').waitFor();
    assert.deepEqual(failures, []);
  } finally {
    await browser.close();
    receiver.close();
  }
});
