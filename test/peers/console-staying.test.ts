/** What the console keeps in Chromium: over the end of a session, without the platform, over a reload and on the way back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import type { Browser, Page } from 'playwright-core';
import { openPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';
import { Household } from './support/household.ts';

const password = 'correct horse battery';
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

const hide = (isHidden: boolean) =>
  `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });`;
const see = (tab: Page, isSeen: boolean) =>
  tab.evaluate(`${hide(!isSeen)} document.dispatchEvent(new Event('visibilitychange'));`);
const live = (tab: Page) => tab.locator('main').getByText('live', { exact: true });

async function openWithAdmin() {
  const bench = await openPlatform({ 'http.public-metrics': true });
  await bench.admin.call(routes.addOperator, { body: { name: 'boss', role: 'admin', password } });
  return bench;
}

test('a session that ends in the middle of a form loses nothing: who signs in again finds it done', async () => {
  await using bench = await openWithAdmin();
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/devices/lamp');
  await page.getByRole('button', { name: 'Write Application Type' }).click();
  const form = page.getByRole('dialog', { name: /Application Type/ });
  await form.getByLabel('New value').fill('greenhouse');
  await context.clearCookies();
  await form.getByRole('button', { name: 'Write to the device' }).click();
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await again.waitFor();
  assert.equal(await again.getByLabel('Name').getAttribute('readonly'), '');
  await again.getByLabel('Password').fill('not this one');
  await page.keyboard.press('Enter');
  await again.getByText('Name or password is wrong').waitFor();
  await again.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await again.waitFor({ state: 'detached' });
  await form.waitFor({ state: 'detached' });
  await page.locator('tr[data-path="/3303/0/5750"] .value').getByText('greenhouse').waitFor();

  // Another tab that signs in is enough, and who is somebody else now begins anew.
  await context.clearCookies();
  await page.getByRole('button', { name: 'Read Application Type' }).click();
  await again.waitFor();
  const other = await context.newPage();
  await signIn(other, 'boss', password, '/settings');
  await page.bringToFront();
  await page.evaluate('dispatchEvent(new Event("focus"))');
  await again.waitFor({ state: 'detached' });
  await context.clearCookies();
  await page.getByRole('button', { name: 'Read Application Type' }).click();
  await again.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await page.getByRole('heading', { level: 1, name: 'Yaolian' }).waitFor();
  await context.close();
});

test('a page that only listens says that the session has ended, too', async () => {
  await using bench = await openWithAdmin();
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context } = await visit(browser, bench.httpUrl);
  await page.clock.install();
  await signIn(page, 'boss', password, '/devices/lamp');
  await live(page).waitFor();
  await context.clearCookies();
  await see(page, false);
  await page.clock.fastForward(10_000);
  await live(page).waitFor({ state: 'detached' });
  await see(page, true);
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await again.waitFor({ state: 'detached' });
  await page.clock.fastForward(5000);
  await live(page).waitFor();
  await context.close();
});

test('an owner whose session ends signs in over the page, and what was asked goes on', async () => {
  await using household = await Household.open();
  const { bench, codes } = household;
  const { page, context } = await visit(browser, bench.httpUrl, { width: 390 });
  const headers = { origin: bench.httpUrl };
  await page.request.post('/api/v1/home/account', { data: { name: 'ann', password: 'ann-secret' }, headers });
  const bob = { name: 'bob', password: 'bob-secret' };
  const other = await visit(browser, bench.httpUrl);
  await other.page.request.post('/api/v1/home/account', { data: bob, headers });
  await other.context.close();
  const data = { device: 'lamp', code: codes.get('lamp')!, name: 'Hall lamp' };
  await page.request.post('/api/v1/home/devices', { data, headers });
  await page.goto('/home/friends');
  await page.getByRole('textbox').fill('bob');
  // The session ends before this request and no other: an event has the page ask for its devices at any time.
  let isOver = false;
  await page.route('**/api/v1/home/friends', async (route) => {
    if (route.request().method() === 'POST' && !isOver) {
      isOver = true;
      await context.clearCookies();
    }
    await route.continue();
  });
  await page.keyboard.press('Enter');
  const again = page.getByRole('dialog', { name: 'Your session has ended' });
  await again.getByLabel('Password').fill('ann-secret');
  await page.keyboard.press('Enter');
  await again.waitFor({ state: 'detached' });
  await page.locator('main').getByText('bob', { exact: true }).waitFor();
  await context.close();
});

test('a platform that restarts is noticed, and the page goes on by itself', async () => {
  const first = await openWithAdmin();
  const { page, context } = await visit(browser, first.httpUrl);
  await signIn(page, 'boss', password, '/devices');
  await page.getByText('No device has come yet').waitFor();
  await first.platform.stop();
  await page.getByRole('searchbox').fill('lamp');
  await page.getByText('Connecting to the platform…').waitFor();
  await page.getByRole('searchbox').fill('');
  await using bench = await first.restart();
  await page.getByText('Connecting to the platform…').waitFor({ state: 'detached' });
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await page.getByRole('link', { name: 'lamp' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await context.close();
});

test('what could not be asked while the platform was away is not complained of once it is back', async () => {
  const first = await openWithAdmin();
  await using terminal = await openTerminal({ endpointName: 'lamp', server: first.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context } = await visit(browser, first.httpUrl);
  await signIn(page, 'boss', password, '/devices/lamp');
  const read = page.getByRole('button', { name: 'Read Application Type' });
  await read.waitFor();
  await first.platform.stop();
  await read.click();
  await page.getByText('The platform does not answer').waitFor();
  await using _ = await first.restart();
  await page.getByText('Connecting to the platform…').waitFor({ state: 'detached' });
  await page.getByText('The platform does not answer').waitFor({ state: 'detached' });
  await context.close();
});

test('tabs that nobody looks at hold no connection: a browser has six, and the seventh tab loads', async () => {
  await using bench = await openWithAdmin();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await page.clock.install();
  await signIn(page, 'boss', password);
  await live(page).waitFor();
  await see(page, false);
  await page.clock.fastForward(10_000);
  await live(page).waitFor({ state: 'detached' });
  // Opened behind the one that is seen, as a list is worked through.
  await context.addInitScript({ content: hide(true) });
  for (let tab = 0; tab < 8; tab++) await (await context.newPage()).goto('/');
  const last = await context.newPage();
  await last.goto('/devices');
  await last.getByText('No device has come yet').waitFor();
  await see(last, true);
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await last.getByRole('link', { name: 'lamp' }).waitFor();

  // What came meanwhile is there when somebody looks again, each thing once.
  await see(page, true);
  await live(page).waitFor();
  await page.getByText('registered', { exact: false }).first().waitFor();
  assert.equal(
    await page.locator('main section', { hasText: 'What happens now' }).getByRole('link', { name: 'lamp' }).count(),
    1,
  );
  await see(page, false);
  await page.clock.fastForward(10_000);
  await live(page).waitFor({ state: 'detached' });
  await see(page, true);
  await live(page).waitFor();
  assert.equal(
    await page.locator('main section', { hasText: 'What happens now' }).getByRole('link', { name: 'lamp' }).count(),
    1,
  );
  assert.deepEqual(failures, []);
  await context.close();
});

test('windows that are all seen share their streams: with eight of them everything loads, and each hears what happens', async () => {
  await using bench = await openWithAdmin();
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password);
  await live(page).waitFor();
  const places = ['/', '/devices', '/devices/lamp', '/devices', '/firmware', '/devices/lamp', '/'];
  const windows: Page[] = [];
  for (const place of places) {
    const window = await context.newPage();
    window.setDefaultTimeout(15_000);
    await window.goto(place);
    windows.push(window);
  }
  for (const [index, place] of places.entries())
    if (place !== '/devices' && place !== '/firmware') await live(windows[index]!).waitFor();
  assert.match(await (await fetch(`${bench.httpUrl}/metrics`)).text(), /^http_event_streams 2$/m);
  await using other = await openTerminal({ endpointName: 'kettle', server: bench.coap });
  other.client.start();
  for (const index of [1, 3]) await windows[index]!.getByRole('link', { name: 'kettle' }).waitFor();
  for (const window of [page, windows[0]!, windows[6]!]) {
    const happens = window.locator('main section', { hasText: 'What happens now' });
    await happens.getByRole('link', { name: 'kettle' }).first().waitFor();
    await happens.getByRole('link', { name: 'lamp' }).first().waitFor(); // from before it was opened
  }
  await windows[2]!.getByRole('button', { name: 'Read Application Type' }).click();
  await windows[2]!.locator('tr[data-path="/3303/0/5750"] .value').waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('windows with message traces of eight devices share one stream: each shows its own, and everything loads', async () => {
  await using bench = await openWithAdmin();
  await using terminals = new AsyncDisposableStack();
  const names = Array.from({ length: 8 }, (_, index) => `kettle-${index}`);
  for (const endpointName of names) {
    const terminal = terminals.use(await openTerminal({ endpointName, server: bench.coap }));
    terminal.client.start();
    await terminal.client.registered();
    await bench.admin.call(routes.startTrace, { params: { subject: endpointName } });
  }
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password);
  const windows = new Map<string, Page>();
  for (const name of names) {
    const window = await context.newPage();
    window.setDefaultTimeout(15_000);
    await window.goto(`/devices/${name}`);
    await window.getByRole('tab', { name: 'Messages' }).click();
    await window.getByText('Recording until').waitFor();
    windows.set(name, window);
  }
  for (const [name, window] of windows) {
    await bench.admin.call(routes.readResource, { params: { device: name, path: '3/0/0' } });
    await window.getByRole('button', { name: 'ACK 2.05 Content to Read /3/0/0' }).waitFor();
  }
  const [first] = windows.values();
  assert.equal(await first!.getByRole('button', { name: 'ACK 2.05 Content to Read /3/0/0' }).count(), 1);
  // Another trace of the same device is followed on the stream that is open.
  await first!.getByRole('button', { name: 'Forget', exact: true }).click();
  await first!.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await first!.getByRole('button', { name: 'Record for an hour' }).click();
  await first!.getByText('Nothing was said yet').waitFor();
  await bench.admin.call(routes.readResource, { params: { device: names[0]!, path: '3/0/0' } });
  await first!.getByRole('button', { name: 'ACK 2.05 Content to Read /3/0/0' }).click();
  await first!.getByRole('button', { name: /^Code/ }).waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('where pages share no streams, as on Android, or the worker does not start, each has its own', async () => {
  await using bench = await openWithAdmin();
  const absent = 'delete globalThis.SharedWorker';
  const broken = `globalThis.SharedWorker = function () {
    setTimeout(() => this.onerror(new Event('error')));
    this.port = { postMessage() {} };
  };`;
  for (const [index, content] of [absent, broken].entries()) {
    const { page, context } = await visit(browser, bench.httpUrl);
    await context.addInitScript({ content });
    await signIn(page, 'boss', password);
    await live(page).waitFor();
    await using terminal = await openTerminal({ endpointName: `lamp-${index}`, server: bench.coap });
    terminal.client.start();
    await page
      .locator('main section', { hasText: 'What happens now' })
      .getByRole('link', { name: `lamp-${index}` })
      .first()
      .waitFor();
    await context.close();
  }
});

test('the address keeps the tab, and going back finds the list where it was left', async () => {
  await using bench = await openWithAdmin();
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const coap = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  for (let index = 0; index < 250; index++) {
    await coap.request(bench.coap, {
      method: Code.POST,
      path: '/rd',
      query: [`ep=many-${String(index).padStart(3, '0')}`, 'lwm2m=1.1', 'lt=86400', 'b=U'],
      contentFormat: 40,
      payload: encodeUtf8('</3/0>'),
    });
  }
  await coap.close();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password, '/devices');
  const scrolled = () => page.evaluate('scrollY') as Promise<number>;
  // Not by the wheel, whose turns arrive when they like.
  await until(async () => {
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    return (await scrolled()) > 8000;
  }, 'the list to be long');
  await page.evaluate('scrollTo(0, 6000)');
  const far = page.getByRole('link', { name: /^many-1[23]\d$/ }).first();
  const name = (await far.textContent())!.trim();
  await far.focus();
  const before = await scrolled();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.waitForURL(/tab=timeline/);
  await page.reload();
  await page.getByRole('tab', { name: 'Timeline', selected: true }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name }).waitFor();
  await until(async () => Math.abs((await scrolled()) - before) < 2, 'the place where the list was left');
  assert.deepEqual(failures, []);
  await context.close();
});

test('a page that is opened offline says so and comes by itself; one of an older version asks to be loaded again', async () => {
  await using bench = await openWithAdmin();
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'boss', password);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Firmware' }).click();
  await page.getByRole('main').getByText('The platform does not answer').waitFor();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
  await page.route(/credentials-page/, (route) => route.fulfill({ status: 404, body: '' }));
  await page.getByRole('link', { name: 'Credentials' }).click();
  await page.getByText('The platform has a newer version of this page').waitFor();
  await page.unroute(/credentials-page/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Add a credential' }).waitFor();
  await context.close();
});
