/** examples/phone in Chromium, over WebSockets: @yaolian/xmpp and @yaolian/igrs as programs in a browser use them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import type { Browser } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { domain, post } from '../support/remote-user.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { openBrowser, visit } from './support/browser.ts';
import { Household } from './support/household.ts';

const root = join(import.meta.dirname, '../../examples/phone');
const outDir = mkdtempSync(join(tmpdir(), 'yaolian-phone-'));
const common = { root, configFile: false, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const;
let browser: Browser;
let server: PreviewServer;

before(async () => {
  await build(common);
  server = await preview({ ...common, preview: { host: '127.0.0.1', port: 0 } });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(outDir, { recursive: true });
});

test('a user signs in, adds a lamp by its code, sees it live and switches it', { timeout: 120_000 }, async () => {
  await using household = await Household.open({ 'xmpp.websocket-path': '/xmpp' });
  const { bench, codes } = household;
  assert.equal((await post(bench, 'user/register.xml', { userName: 'ann', password: 'ann-secret' })).status, 201);
  const { page, context, failures } = await visit(browser, server.resolvedUrls!.local[0]!, { width: 390 });
  await page.goto('/');
  const signIn = async (account: string, password: string) => {
    await page.getByLabel('Server').fill(`${bench.httpUrl.replace('http', 'ws')}/xmpp`);
    await page.getByLabel('Account').fill(account);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('ann', 'ann-secret');
  await page.getByText('An account looks like ann@home.example').waitFor();
  await signIn(`ann@${domain}`, 'wrong');
  await page.getByText('Account or password is not right').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await signIn(`ann@${domain}`, 'ann-secret');
  await page.getByText('No devices yet').waitFor();

  const add = async (device: string, code: string) => {
    await page.getByLabel('Address of the device').fill(`${device}@${domain}`);
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Add a device' }).click();
  };
  await add('lamp', '00000-00000');
  await page.getByText('Address or code is not right').waitFor();
  await add('lamp', codes.get('lamp')!);
  const lamp = page.locator('article', { has: page.getByRole('heading', { name: 'lamp' }) });
  await lamp.getByText('there', { exact: true }).waitFor();
  const light = lamp.getByLabel('On/Off');
  const wasOn = await light.isChecked();
  await light.click();
  const isOn = async () => {
    const read = await bench.admin.call(routes.readResource, { params: { device: 'lamp', path: '3311/0/5850' } });
    return (read.node as { value?: unknown }).value;
  };
  await until(async () => (await isOn()) !== wasOn, 'the light on the device');
  assert.deepEqual(await accessibilityProblems(page), []);
  await add('aircon', codes.get('aircon')!);
  await page
    .locator('article', { hasText: 'aircon' })
    .getByText(/^-?\d+(\.\d+)? °C$/)
    .first()
    .waitFor();
  assert.equal(await page.locator('article').count(), 2);
  // What is taken away while it is seen leaves the page.
  await bench.admin.call(routes.removeRaDevice, { params: { account: 'aircon' } });
  await until(async () => (await page.locator('article').count()) === 1, 'the page without it');
  assert.deepEqual(failures, []);
  await context.close();
});
