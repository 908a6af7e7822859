/** The owner's page in Chromium, on a phone: an update of firmware begun, watched and given up; a shared device whose time is over. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import type { Browser } from 'playwright-core';
import { openFirmwareTerminal } from '../support/firmware-terminal.ts';
import { openPlatform, untilState } from '../support/platform.ts';
import { domain, lamp, remoteAccess, TestUser, terminalKey } from '../support/remote-user.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, type View, visit } from './support/browser.ts';

let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

/** A terminal with firmware 1.0 that ann owns, and ann's page. */
async function open(view: View, mayInstall?: () => Promise<void>) {
  const bench = await openPlatform(remoteAccess);
  const terminal = await openFirmwareTerminal({
    ...{ endpointName: terminalKey, server: bench.coap, becomes: '2.0' },
    ...(mayInstall && { mayInstall }),
  });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code, { name: 'Lamp' });
  const visited = await visit(browser, bench.httpUrl, { width: 390, ...view });
  const signIn = (name: string) =>
    visited.page.request.post('/api/v1/home/session', {
      data: { name, password: `${name}-secret` },
      headers: { origin: bench.httpUrl },
    });
  const upload = (version: string) =>
    bench.admin.call(routes.uploadFirmware, {
      query: { name: 'fw.bin', version, model: 'Test' },
      body: new Uint8Array(20_000).fill(7),
    });
  return {
    ...{ bench, terminal, ann, signIn, upload, ...visited },
    async [Symbol.asyncDispose]() {
      await visited.context.close();
      await ann[Symbol.asyncDispose]();
      await terminal[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

const languages = [
  {
    view: { language: 'en' },
    ...{ update: 'Update to 2.0', start: 'Update', installs: 'The device installs 2.0. Leave it switched on.' },
    ...{ done: '2.0 is installed', newest: 'Nothing newer is offered.', waits: '3.0 waits until the device is there' },
    ...{ cancel: 'Give the update up', cancelled: 'The update to 3.0 was given up', again: 'Update to 3.0' },
  },
  {
    view: { language: 'zh-CN', scheme: 'dark' },
    ...{ update: '升级到 2.0', start: '开始升级', installs: '设备正在安装 2.0，请保持通电。' },
    ...{ done: '已升级到 2.0', newest: '暂无可用升级。', waits: '设备上线后将开始升级到 3.0' },
    ...{ cancel: '放弃升级', cancelled: '已放弃升级到 3.0', again: '升级到 3.0' },
  },
] as const;

for (const texts of languages) {
  test(`an owner updates the firmware, sees how it goes, and gives the next one up: ${texts.view.language}`, async () => {
    const { promise: gate, resolve: install } = Promise.withResolvers<void>();
    await using home = await open(texts.view, () => gate);
    const { page, upload, bench, terminal } = home;
    await upload('2.0');
    await home.signIn('ann');
    await page.goto(`/home/devices/${encodeURIComponent(lamp.split('@')[0]!)}`);
    const section = page.locator('section[aria-label]', { has: page.getByText('1.0', { exact: true }) }).first();
    await section.getByRole('button', { name: texts.update }).click();
    const dialog = page.getByRole('dialog');
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByRole('button', { name: texts.start, exact: true }).click();
    await page.getByText(texts.installs).waitFor();
    assert.equal(await page.getByRole('button', { name: texts.cancel }).count(), 0, 'nothing stops an installation');
    assert.deepEqual(await accessibilityProblems(page), []);
    install();
    await page.getByText(texts.done).waitFor();
    await page.getByText(texts.newest).waitFor();

    await terminal.client.close();
    await untilState(bench.admin, terminalKey, 'OFFLINE');
    await upload('3.0');
    await page.reload();
    await page.getByRole('button', { name: texts.again }).click();
    await dialog.getByRole('button', { name: texts.start, exact: true }).click();
    await page.getByText(texts.waits).waitFor();
    await page.getByRole('button', { name: texts.cancel }).click();
    await dialog.getByRole('button', { name: texts.cancel }).click();
    await page.getByText(texts.cancelled).waitFor();
    await page.getByRole('button', { name: texts.again }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
    assert.deepEqual(home.failures, []);
  });
}

test('what the operator begins shows on the page of the owner, and in its news', async () => {
  await using home = await open({});
  const { page, upload, bench } = home;
  await home.signIn('ann');
  await page.goto(`/home/devices/${encodeURIComponent(lamp.split('@')[0]!)}`);
  await page.getByText('Nothing newer is offered.').waitFor();
  const { id: file } = await upload('2.0');
  await bench.admin.call(routes.startFirmwareUpdate, { params: { device: terminalKey }, body: { file } });
  await page.getByText('2.0 is installed').waitFor();
  await page.getByRole('link', { name: /^News/ }).click();
  await page.getByText('Lamp has 2.0 now').waitFor();
  assert.deepEqual(home.failures, []);
});

test('a shared device goes from the page of a guest when its time is over, though the device is away', async () => {
  await using home = await open({});
  const { page, bench, ann, terminal } = home;
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await terminal.client.close();
  await untilState(bench.admin, terminalKey, 'OFFLINE');
  const permit = (seconds: number) =>
    ann.home.permit(lamp, {
      ...{ to: `bob@${domain}`, feature: '*', operations: ['read'] as const },
      expires: new Date(Date.now() + 1000 * seconds),
    });
  await permit(3600);
  await home.signIn('bob');
  await page.goto('/home');
  const card = page.getByText('shared by ann');
  await card.waitFor();
  await permit(3);
  await page.getByText('No device yet').waitFor();
  assert.equal(await card.count(), 0);
  await page.getByRole('link', { name: /^News/ }).click();
  await page.getByText(/^Your permission for .* is over$/).waitFor();
  // On the page of the device it is told instead of shown.
  await permit(3600);
  await page.goto(`/home/devices/${encodeURIComponent(lamp.split('@')[0]!)}`);
  await page.getByText('Last seen values.').or(page.getByText('shared by ann')).first().waitFor();
  await permit(3);
  await page.getByText('You may not do this with the device').waitFor();
  assert.equal(await page.getByText('shared by ann').count(), 0);
});
