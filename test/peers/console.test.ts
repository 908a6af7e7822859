/** The console in Chromium: what a newcomer, an operator and a viewer do with it, in both languages, and what it must never do. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { device } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import type { Config } from '@yaolian/server';
import { until } from '@yaolian/testkit';
import type { Browser, Locator, Page, Request } from 'playwright-core';
import { openPlatform, type TestPlatform } from '../support/platform.ts';
import { remoteAccess, TestUser } from '../support/remote-user.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
const messageServer = {
  'xmpp.domain': 'im.example.com',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
} as const;
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function openWithOperators(config: Partial<Config> = {}): Promise<TestPlatform> {
  const bench = await openPlatform(config);
  for (const role of ['viewer', 'admin'] as const) {
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  }
  return bench;
}

/** The steps of the tour that every newcomer takes. */
async function takeTour(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Add a simulated device' }).click();
  const tour = page.getByRole('complementary', { name: 'Your first device' });
  await tour.getByText('It registered').waitFor();
  // "Show me" leads to the button itself, wherever one is; it is there to be pressed, and to be pressed again.
  const show = tour.getByRole('button', { name: 'Show me' });
  const focused = () => page.evaluate('document.activeElement?.ariaLabel ?? document.activeElement?.innerText');
  await page.getByRole('tab', { name: 'Resources' }).press('End');
  await page.getByRole('tab', { name: 'About', selected: true }).press('ArrowLeft');
  await page.getByRole('tab', { name: 'Messages', selected: true }).waitFor();
  await show.click();
  await until(async () => (await focused()) === 'Read all', 'the focus to be on the button');
  const readAll = page.locator('[data-path="/3/0"]').getByRole('button', { name: 'Read all' });
  const { y } = (await readAll.boundingBox())!;
  assert.ok(y > (await tour.boundingBox())!.y + (await tour.boundingBox())!.height, 'the tour is not over it');
  await page.keyboard.press('Enter');
  const manufacturer = page.locator('tr[data-path="/3/0/0"] .value');
  await manufacturer.getByText('Yaolian').waitFor();
  assert.equal(await focused(), 'Read all');
  await tour.locator('li[aria-current=step]', { hasText: 'Observe it' }).getByRole('button').press('Enter');
  await until(async () => (await focused()) === 'Observe Sensor Value', 'the focus to be on the button');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: /^Sensor Value: [2-9] values, the last is \d/ }).waitFor(); // a notification came
  await page.getByRole('button', { name: 'Write Timezone' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New value').fill('Europe/Paris');
  await dialog.getByRole('button', { name: 'Write to the device' }).click();
  await page.locator('tr[data-path="/3/0/15"] .value').getByText('Europe/Paris').waitFor();
  assert.equal(await focused(), 'Write Timezone', 'the dialog gave the focus back');
  return tour;
}

test('a newcomer adds a simulated device and is led through register, read, observe and write', async () => {
  await using bench = await openWithOperators();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password);
  const tour = await takeTour(page);
  await tour.getByText('That is all it takes').waitFor();
  await tour.getByRole('button', { name: 'End the tour' }).click();
  await tour.waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.getByText('write /3/0/15: 2.04').waitFor();
  // Who has devices finds it among the actions of their list.
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await page.getByRole('button', { name: 'Add a simulated device' }).click();
  await page.getByRole('complementary', { name: 'Your first device' }).getByText('It registered').waitFor();
  // One is stopped after a question, and the focus goes on to the other.
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  const stops = page.getByRole('button', { name: /^Stop the simulated device/ });
  await stops.nth(1).waitFor();
  await stops.first().click();
  const asked = page.getByRole('dialog', { name: /^Stop the simulated device/ });
  await asked.getByText('cannot be started again').waitFor();
  await asked.getByRole('button', { name: 'Stop', exact: true }).click();
  await stops.nth(1).waitFor({ state: 'detached' });
  await page.locator('.trials li').locator(':focus').waitFor();
  assert.deepEqual(failures, []);
  await context.close();
});

test('where Remote Access is on the tour goes on: the device is shared, and a user binds it by its code', async () => {
  await using bench = await openWithOperators(remoteAccess);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password);
  const tour = await takeTour(page);
  await tour.locator('li', { hasText: 'Share it' }).getByRole('button', { name: 'Show me' }).click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const code = (await dialog.locator('.code').textContent())!;
  const { items } = await bench.admin.call(routes.listDevices, { query: {} });
  const shown = await bench.admin.call(routes.showDevice, { params: { device: items[0]!.key } });
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await tour.getByRole('link', { name: 'Open the owner’s home' }).waitFor();
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(shown.remoteAccess!.account, code);
  await tour.getByText('That is all it takes').waitFor();
  // With an owner, and names as long as they are, the page fits a phone.
  await page.setViewportSize({ width: 390, height: 860 });
  await page.getByRole('button', { name: /^Take it from ann/ }).waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  assert.deepEqual(failures, []);
  await context.close();
});

test('the first load is at most 150 KB, compressed', async () => {
  await using bench = await openWithOperators();
  const { page, context } = await visit(browser, bench.httpUrl);
  const sizes: Promise<number>[] = [];
  const measure = (request: Request) => {
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  };
  page.on('requestfinished', measure);
  await signIn(page, 'the-viewer', password);
  // Not longer: what finishes while the page closes has no size any more.
  page.off('requestfinished', measure);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes > 10_000 && bytes <= 150 * 1024, `${bytes} bytes`);
  await context.close();
});

test('a wrong password is told in the language of the browser, and the password of the field stays out of the address', async () => {
  await using bench = await openWithOperators();
  for (const [language, text] of [
    ['en', 'Name or password is wrong'],
    ['zh-CN', '用户名或密码错误'],
  ] as const) {
    const { page, context } = await visit(browser, bench.httpUrl, { language });
    await page.goto('/');
    await page.locator('input[type=password]').fill('not this one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(text).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    assert.equal(new URL(page.url()).search, '');
    await context.close();
  }
});

test('what devices say never becomes HTML', async () => {
  await using bench = await openWithOperators();
  const evil = '<img src=x onerror=alert(1)>"\'&';
  await using terminal = await openTerminal({ endpointName: evil, server: bench.coap });
  terminal.client.start();
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  page.on('dialog', () => failures.push('a script of the device ran'));
  await signIn(page, 'the-admin', password, '/devices');
  await page.getByRole('link', { name: evil }).click();
  await page.getByRole('heading', { name: evil }).waitFor();
  await terminal.temperature.set('applicationType', '<script>alert(2)</script>');
  await page.locator('[data-path="/3303/0"]').getByRole('button', { name: 'Read all' }).click();
  await page.locator('tr[data-path="/3303/0/5750"]').getByText('<script>alert(2)</script>').waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  assert.deepEqual(failures, []);
  await context.close();
});

test('a viewer sees everything and changes nothing', async () => {
  await using bench = await openWithOperators();
  await using terminal = await openTerminal({ endpointName: 'seen', server: bench.coap });
  terminal.client.start();
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-viewer', password, '/devices/seen');
  await page.locator('[data-path="/3303/0"]').getByRole('button', { name: 'Read all' }).click();
  await page.locator('tr[data-path="/3303/0/5700"] .value').getByText('20').waitFor();
  for (const name of [/^Write/, /^Execute/, /^Observe/, /^New instance/, /^Forget/]) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, String(name));
  }
  await page.goto('/settings');
  await page.getByRole('heading', { name: 'Your password' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Operators' }).count(), 0);
  await context.close();
});

test('signing out ends the session, and the address leads back after the next sign-in', async () => {
  await using bench = await openWithOperators();
  const { page, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/firmware');
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('input[type=password]').waitFor();
  assert.deepEqual(await context.cookies(), []);
  await page.locator('input[autocomplete=username]').fill('the-admin');
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
  await context.close();
});

test('every page stands in both languages, light and dark, wide and narrow, and axe finds nothing', async () => {
  await using bench = await openWithOperators(messageServer);
  await addRoom(bench);
  await using terminal = await openTerminal({ endpointName: 'a-device', server: bench.coap });
  terminal.client.start();
  const titles = {
    '/': ['Overview', '概览'],
    '/devices': ['Devices', '设备'],
    '/devices/a-device': ['a-device', 'a-device'],
    '/firmware': ['Firmware', '固件'],
    '/people': ['Remote Access', '远程访问'],
    '/rooms': ['Rooms', '聊天室'],
    '/rooms/home@rooms.im.example.com': ['home@rooms.im.example.com', 'home@rooms.im.example.com'],
    '/bootstrap': ['Enrolment', '准入与引导'],
    '/credentials': ['Credentials', '凭证'],
    '/settings': ['Settings', '设置'],
    '/settings/health': ['Health', '运行状况'],
    '/settings/certificates': ['Certificates', '证书'],
    '/settings/reports': ['Reporting rules', '上报规则'],
    '/settings/app-keys': ['AppKeys', 'AppKey'],
    '/settings/webhooks': ['Webhooks', 'Webhook'],
    '/settings/limits': ['Limits', '限额与配置'],
    '/more': ['More', '更多'],
    '/nowhere': ['There is no such page', '没有此页面'],
  };
  for (const [language, scheme, width] of [
    ['en', 'light', 1280],
    ['zh-CN', 'dark', 390],
  ] as const) {
    const { page, context, failures } = await visit(browser, bench.httpUrl, { language, scheme, width });
    await signIn(page, 'the-admin', password);
    for (const [place, [english, chinese]] of Object.entries(titles)) {
      await page.goto(place);
      await page.getByRole('heading', { level: 1, name: language === 'en' ? english! : chinese! }).waitFor();
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      assert.equal(isTooWide, false, `${place} ${language} ${width}`);
      assert.deepEqual(await accessibilityProblems(page), [], `${place} ${language}`);
    }
    assert.deepEqual(failures, []);
    await context.close();
  }
});

async function addRoom(bench: TestPlatform): Promise<void> {
  for (const name of ['anna', 'bob'])
    await bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });
  const room = { room: 'home@rooms.im.example.com', owner: 'anna', name: 'At home', description: 'For the family' };
  await bench.admin.call(routes.createRoom, { body: room });
}

test('a room is made, shown with who has a place in it, and destroyed after one question; what is wrong is told', async () => {
  await using bench = await openWithOperators(messageServer);
  await addRoom(bench);
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/rooms');
  await page.getByRole('row').filter({ hasText: 'home@rooms.im.example.com' }).getByText('stays · listed').waitFor();
  await page.getByRole('button', { name: 'Make a room' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Address/ }).fill('home@rooms.im.example.com');
  await dialog.getByRole('textbox', { name: /^Owner/ }).fill('anna');
  await dialog.getByLabel('For members only').check();
  await dialog.getByRole('button', { name: 'Make a room' }).click();
  await dialog.getByText('There is a room home@rooms.im.example.com already').waitFor();
  await dialog.getByRole('textbox', { name: /^Address/ }).fill('club@rooms.im.example.com');
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Make a room' }).click();
  await page.getByRole('heading', { level: 1, name: 'club@rooms.im.example.com' }).waitFor();
  await page.getByText('stays · listed · members only · archived').waitFor();
  await page.getByRole('row').filter({ hasText: 'anna@im.example.com' }).getByText('owner').waitFor();
  await page.getByText('Nobody is in this room now.').waitFor();
  await page.getByRole('button', { name: 'Set up' }).click();
  await dialog.getByLabel('Called').fill('The club');
  await dialog.getByLabel('Listed for everybody').uncheck();
  await dialog.getByLabel('People at once, at most').fill('12');
  await dialog.getByLabel('Who enters has to know a password').check();
  await dialog.getByLabel('Password', { exact: true }).fill('sesame');
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('stays · hidden · members only · with a password · archived').waitFor();
  await page.getByText('0, at most 12').waitFor();
  await page.getByRole('button', { name: 'Add somebody' }).click();
  await dialog.getByRole('textbox', { name: /^Account/ }).fill('bob');
  await dialog.getByRole('combobox').selectOption({ label: 'member' });
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const bob = page.getByRole('row').filter({ hasText: 'bob@im.example.com' });
  await bob.getByText('member').waitFor();
  await bob.getByRole('button', { name: 'Change the place of bob@im.example.com' }).click();
  await dialog.getByRole('combobox').selectOption({ label: 'none' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await bob.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Destroy' }).click();
  await dialog.getByRole('button', { name: 'Destroy' }).click();
  await page.getByRole('heading', { level: 1, name: 'Rooms' }).waitFor();
  await page.getByRole('row').filter({ hasText: 'home@rooms.im.example.com' }).waitFor();
  assert.equal(await page.getByRole('row').filter({ hasText: 'club@' }).count(), 0);
  // The refused address: the browser writes its 409 down.
  assert.deepEqual(
    failures.filter((text) => !text.includes('409')),
    [],
  );
  await context.close();
});

test('hundreds of devices: only what is seen is drawn, search and export see all', async () => {
  await using bench = await openWithOperators();
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  for (let i = 0; i < 350; i++) {
    const query = [`ep==many-${String(i).padStart(3, '0')}`, 'lwm2m=1.0', 'b=U'];
    await coap.request(bench.coap, {
      method: Code.POST,
      path: '/rd',
      query,
      contentFormat: 40,
      payload: encodeUtf8('</3/0>'),
    });
  }
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-viewer', password, '/devices');
  await page.getByText('100 of 350 shown, more below').waitFor();
  const rows = page.locator('tbody tr:not(.gap)');
  assert.ok((await rows.count()) < 60, `${await rows.count()} rows are drawn`);
  await page.setViewportSize({ width: 390, height: 800 });
  const badge = await rows.first().getByText('online').boundingBox();
  const cell = await rows.first().locator('td').first().boundingBox();
  assert.ok(badge!.x + badge!.width <= cell!.x + cell!.width, 'the state is not cut off on a phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  const last = page.getByRole('link', { name: '=many-349', exact: true });
  const isReached = async () => {
    await page.mouse.wheel(0, 4000);
    return (await last.count()) > 0;
  };
  await until(isReached, 'the last device');
  await page.getByText('350 shown').waitFor();
  assert.ok((await rows.count()) < 60, `${await rows.count()} rows are drawn`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  assert.equal(csv.trimEnd().split('\r\n').length, 351);
  assert.ok(csv.includes("\r\n'=many-007,"), 'a name is no formula');
  await page.getByRole('searchbox').fill('MANY-12');
  await page.getByText('10 shown').waitFor();
  assert.match(page.url(), /search=MANY-12/);
  await page.getByRole('button', { name: 'offline' }).click();
  await page.getByText('No device matches').waitFor();
  assert.deepEqual(failures, []);
  await coap.close();
  await context.close();
});

test('devices are chosen and read together, found by their make, and put into a group', async () => {
  await using bench = await openWithOperators();
  await using one = await openTerminal({ endpointName: 'lamp-one', server: bench.coap });
  await using two = await openTerminal({ endpointName: 'lamp-two', server: bench.coap });
  await using three = await openTerminal({ endpointName: 'meter', server: bench.coap });
  for (const { client } of [one, two, three]) {
    client.start();
    await client.registered();
  }
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/devices');
  await page.getByRole('button', { name: 'Groups' }).click();
  await page.getByLabel('Name of a new group').fill('hall');
  await page.getByRole('button', { name: 'Make the group' }).click();
  await page.getByText('0 devices').waitFor();
  await page.getByLabel('Choose all that match').check();
  await page.getByRole('button', { name: 'Act on them…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('3 devices match: 3 online, 0 sleeping, 0 offline').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText('3 of 3 done, 0 under way or asleep, 0 failed').waitFor();
  await page.goto('/devices?search=lamp');
  await page.getByText('2 shown').waitFor();
  await page.getByLabel('Vendor').selectOption({ index: 1 });
  await page.getByText('2 shown').waitFor();
  assert.match(page.url(), /vendor=/);
  await page.getByLabel('Choose lamp-one').check();
  await page.getByText('1 chosen').waitFor();
  await page.getByRole('button', { name: 'Act on them…' }).click();
  await dialog.getByText('1 device, as chosen').waitFor();
  await dialog.getByLabel('What').selectOption('add-to-group');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText('1 of 1 done').waitFor();
  await page.getByLabel('Group', { exact: true }).selectOption('hall');
  await page.getByText('1 shown').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Results as CSV' }).first().click(),
  ]);
  assert.match(await readFile(await download.path(), 'utf8'), /lamp-one,succeeded/);
  assert.deepEqual(failures, []);
  await context.close();
});

test('a firmware package is uploaded with its progress, and goes to the devices that are chosen', async () => {
  await using bench = await openWithOperators({ 'lwm2m.read-model': true });
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  await using silent = await openTerminal({ endpointName: 'silent', server: bench.coap, objects: [device({})] });
  for (const { client } of [terminal, silent]) {
    client.start();
    await client.registered();
  }
  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/firmware');
  await page.getByRole('button', { name: 'Upload' }).click();
  const dialog = page.getByRole('dialog');
  const file = { name: 'app-2.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(4_000_000, 7) };
  await dialog.locator('input[type=file]').setInputFiles(file);
  const devtools = await context.newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2_000_000 };
  await devtools.send('Network.emulateNetworkConditions', slow);
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await dialog.getByText(/^[1-9]\d? % sent$/).waitFor();
  await page.getByRole('rowheader', { name: 'app-2.bin' }).waitFor();
  await page.getByRole('button', { name: 'New campaign' }).click();
  await dialog.getByText('2 devices match: 2 online').waitFor();
  await dialog.getByLabel('Devices (part of the name)').fill('meter');
  await dialog.getByText('No device matches.').waitFor();
  await dialog.getByLabel('Devices (part of the name)').fill('');
  await dialog.getByRole('combobox', { name: /^Model/ }).selectOption('Test');
  await dialog.getByText('1 device matches: 1 online').waitFor();
  await dialog.getByText('Which?').click();
  await dialog.getByText('Yaolian · Test').waitFor();
  await dialog.getByLabel('Also 1 that has not said what it is').check();
  await dialog.getByText('2 devices match: 2 online').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('spring');
  await dialog.getByLabel('Waves').fill('lots, 300%');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await dialog.getByText('“Waves” is not right: see the hint below it.').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.goto('/devices');
  await page.getByLabel('Choose lamp').check();
  await page.getByRole('button', { name: 'Act on them…' }).click();
  await dialog.getByLabel('What').selectOption('firmware');
  await dialog.getByRole('option', { name: 'app-2.bin' }).waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.getByText(/of 1 done|0 of 1/).waitFor();
  const [campaign] = (await bench.admin.call(routes.listCampaigns, { query: {} })).items;
  assert.equal(campaign?.total, 1);
  assert.deepEqual(failures, []);
  await context.close();
});

test('an operator looks after a user: sees devices, disables and enables, sends a message that the user reads', async () => {
  await using bench = await openPlatform(remoteAccess);
  await bench.admin.call(routes.addOperator, { body: { name: 'the-admin', role: 'admin', password } });
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: 'lamp' }, body: {} });
  const owner = await visit(browser, bench.httpUrl, { width: 390 });
  const headers = { origin: bench.httpUrl };
  await owner.page.request.post('/api/v1/home/account', { data: { name: 'ann', password: 'ann-secret' }, headers });
  const data = { device: 'lamp', code, name: 'Hall lamp' };
  await owner.page.request.post('/api/v1/home/devices', { data, headers });
  await owner.page.goto('/home');
  await owner.page.getByRole('article', { name: 'Hall lamp' }).waitFor();

  const { page, context, failures } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-admin', password, '/people');
  await page.getByRole('tab', { name: 'Devices' }).click();
  await page.getByRole('link', { name: 'lamp@home.example' }).waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.getByRole('link', { name: 'ann' }).click();
  await page.getByText('1 page of home open').waitFor();
  await page.getByText('Hall lamp').waitFor();
  await page.getByLabel(/^Message/).fill('We look into your lamp.');
  await page.getByRole('button', { name: 'Send' }).click();
  await owner.page.getByText('Support: We look into your lamp.').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText('ann is signed out everywhere').waitFor();
  await owner.page.reload();
  await owner.page.getByRole('button', { name: 'New here' }).waitFor();
  await owner.page.request.post('/api/v1/home/session', { data: { name: 'ann', password: 'ann-secret' }, headers });
  await owner.page.reload();
  await owner.page.getByRole('article', { name: 'Hall lamp' }).waitFor();
  await page.getByRole('button', { name: 'Disable' }).click();
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('button', { name: 'Enable again' }).waitFor();
  await owner.page.reload();
  await owner.page.getByRole('button', { name: 'New here' }).waitFor();
  await page.getByRole('button', { name: 'Enable again' }).click();
  await page.getByRole('button', { name: 'Disable' }).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nobody has registered yet').waitFor();
  assert.deepEqual(failures, []);
  await owner.context.close();
  await context.close();
});
