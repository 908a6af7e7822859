/** The owner's side in Chromium, on a phone: register, bind, see live values, switch a light, share with a friend and revoke it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import type { Browser, Page, Request } from 'playwright-core';
import { domain } from '../support/remote-user.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, type View, type Visit, visit } from './support/browser.ts';
import { Household } from './support/household.ts';

const phone: View = { width: 390 };
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function register({ page }: Visit, name: string): Promise<void> {
  await page.goto('/home');
  await page.getByRole('button', { name: 'New here' }).click();
  await page.getByLabel('Choose a name').fill(name);
  await page.getByLabel('Password').fill(`${name}-secret`);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByRole('heading', { name: 'My home' }).waitFor();
  await page.getByText('No device yet').waitFor();
}

async function bind(page: Page, device: string, code: string, name: string, room = ''): Promise<void> {
  await page.goto('/home/add');
  await page.getByLabel('Name of the device').fill(device);
  await page.getByLabel(/^Code/).fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByLabel(/^Call it/).fill(name);
  await page.getByLabel('Room or group').fill(room);
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

test('an owner registers, binds, sees live values, switches the light, shares with a friend and revokes it', async () => {
  await using household = await Household.open();
  const { bench, codes } = household;
  const ann = await visit(browser, bench.httpUrl, phone);
  const bob = await visit(browser, bench.httpUrl, phone);
  await register(ann, 'ann');
  await register(bob, 'bob');
  const { page } = ann;

  await page.goto('/home/add');
  await page.getByLabel('Name of the device').fill('lamp');
  await page.getByLabel(/^Code/).fill('AAAAA-AAAAA');
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('alert').getByText('Device and code do not belong together').waitFor();
  await bind(page, 'lamp', codes.get('lamp')!, 'Hall lamp', 'Hall');
  await bind(page, 'aircon', codes.get('aircon')!, 'Air conditioner');

  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  const lamp = page.getByRole('article', { name: 'Hall lamp' });
  const light = lamp.getByRole('switch', { name: 'Light' });
  await light.click();
  await page.locator('[aria-label="Hall lamp"] [role=switch][aria-checked=true]').waitFor();
  const onDevice = async () => {
    const { node } = await bench.admin.call(routes.readResource, {
      params: { device: 'lamp', path: '3311/0/5850' },
      query: {},
    });
    return node.kind === 'resource' && node.value;
  };
  await until(onDevice, 'the light on the device');

  // What changes on the device shows without anybody asking: the operator switches it off.
  await bench.admin.call(routes.writeResource, {
    params: { device: 'lamp', path: '3311/0/5850' },
    query: {},
    body: { value: false },
  });
  await page.locator('[aria-label="Hall lamp"] [role=switch][aria-checked=false]').waitFor();
  const brightness = lamp.getByRole('slider', { name: 'Brightness' });
  await brightness.fill('30');
  await lamp.getByText('30 %').waitFor();
  const aircon = page.getByRole('article', { name: 'Air conditioner' });
  await aircon.getByRole('button', { name: 'Raise Target' }).click();
  await aircon.getByText('0.5').waitFor();
  await aircon.locator('[data-path="/3303/0/5700"] strong').getByText('°C').waitFor();
  await page.getByRole('button', { name: 'Hall', exact: true }).click();
  assert.equal(await page.getByRole('article').count(), 1);

  await page.getByRole('link', { name: 'Friends' }).click();
  await page.getByLabel('Name of a user').fill('bob');
  await page.getByRole('button', { name: 'Ask' }).click();
  await bob.page.getByRole('link', { name: 'Friends' }).click();
  await bob.page.getByRole('button', { name: 'Agree' }).click();
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  await lamp.getByRole('link', { name: 'Hall lamp' }).click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Share' }).click();
  await page.getByText('The whole device: see values, follow them live').waitFor();
  await bob.page.getByRole('link', { name: 'Devices', exact: true }).click();
  const shared = bob.page.getByRole('article', { name: 'lamp' });
  await shared.locator('[data-path="/3311/0/5850"] strong').getByText('off').waitFor();
  await bob.page.getByRole('link', { name: 'Friends' }).click();

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByLabel('change settings').check();
  await dialog.getByRole('button', { name: 'Share' }).click();
  await page.getByText('The whole device: see values, follow them live, change settings').waitFor();

  await bob.page.getByRole('link', { name: 'Devices', exact: true }).click();
  await shared.getByText('shared by ann').waitFor();
  await shared.getByRole('switch', { name: 'Light' }).click();
  await page.locator('main [role=switch][aria-checked=true]').first().waitFor();

  // The page of the device follows what is permitted of it.
  await shared.getByRole('link', { name: 'lamp' }).click();
  const everything = bob.page.locator('.home-object').filter({ hasText: 'Light' });
  await everything.locator('summary').click();
  await everything.getByRole('switch', { name: 'Light' }).waitFor();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog.getByRole('button', { name: 'Share' }).click();
  await everything.getByRole('switch', { name: 'Light' }).waitFor({ state: 'detached' });
  await bob.page.getByRole('link', { name: 'Devices', exact: true }).click();

  await page.getByRole('button', { name: 'Revoke for bob' }).click();
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await bob.page.getByText('No device yet').waitFor();
  await bob.page.getByRole('link', { name: /^News/ }).click();
  await bob.page.getByText('ann revoked your permission for lamp').waitFor();
  await bob.page.reload(); // as after a night in which the phone slept
  await bob.page.getByText('ann revoked your permission for lamp').waitFor();
  assert.equal(await bob.page.getByText('ann revoked your permission for lamp').count(), 1);
  assert.equal(await bob.page.getByRole('link', { name: 'News', exact: true }).count(), 1, 'nothing is unread');

  await page.getByRole('button', { name: 'Give it up' }).click();
  await dialog.getByRole('button', { name: 'Give it up' }).click();
  await page.getByRole('article', { name: 'Air conditioner' }).waitFor();
  assert.equal(await page.getByRole('article').count(), 1);
  assert.deepEqual(
    [...ann.failures, ...bob.failures].filter((text) => !text.includes('403')),
    [],
  );
  await ann.context.close();
  await bob.context.close();
});

test('what a sleeping lamp is yet to be told is marked, and taken back when it did not wake in time', async () => {
  const soon = { 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': seconds(5) };
  await using household = await Household.open(soon, { awake: seconds(1) });
  const ann = await visit(browser, household.bench.httpUrl, phone);
  const { page } = ann;
  await register(ann, 'ann');
  await bind(page, 'lamp', household.codes.get('lamp')!, 'Hall lamp');
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  const lamp = page.getByRole('article', { name: 'Hall lamp' });
  await lamp.getByText('sleeping').waitFor();
  await lamp.getByRole('switch', { name: 'Light' }).click();
  await lamp.getByText('when it wakes').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await lamp.locator('[role=switch][aria-checked=true]').waitFor();
  await page.getByText('Hall lamp did not wake in time').waitFor();
  await lamp.locator('[role=switch][aria-checked=false]').waitFor();
  await lamp.getByText('when it wakes').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /^News/ }).click();
  await page.reload();
  await page.locator('main').getByText('Hall lamp did not wake in time').waitFor();
  const { bench } = household;
  await bench.admin.call(routes.addOperator, {
    body: { name: 'eyes', role: 'viewer', password: 'correct horse battery' },
  });
  const looking = await visit(browser, bench.httpUrl, phone);
  await signIn(looking.page, 'eyes', 'correct horse battery', '/devices/lamp');
  await looking.page.getByRole('tab', { name: 'Waiting requests' }).click();
  await looking.page.getByRole('row').filter({ hasText: 'write' }).getByText('asked by ann').waitFor();
  assert.deepEqual(await accessibilityProblems(looking.page), []);
  await looking.context.close();
  assert.deepEqual(ann.failures, []);
  await ann.context.close();
});

test('of a lamp that is away nothing can be asked, and how old its values are is said', async () => {
  await using household = await Household.open();
  const ann = await visit(browser, household.bench.httpUrl, phone);
  const { page } = ann;
  await register(ann, 'ann');
  await bind(page, 'lamp', household.codes.get('lamp')!, 'Hall lamp');
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  const lamp = page.getByRole('article', { name: 'Hall lamp' });
  await lamp.getByRole('switch', { name: 'Light' }).click();
  await lamp.locator('[role=switch][aria-checked=true]').waitFor();
  await household.leave();
  await lamp.getByText('offline').waitFor();
  assert.equal(await lamp.getByRole('switch', { name: 'Light' }).isDisabled(), true);
  assert.equal(await lamp.getByRole('slider', { name: 'Brightness' }).isDisabled(), true);
  await lamp
    .locator('[data-path="/3311/0/5850"] small')
    .getByText(/now|ago/)
    .waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await ann.context.close();
});

test('all windows of a home share one stream: with eight everything loads, and what is read in one is read in all', async () => {
  await using household = await Household.open();
  const { bench, codes } = household;
  const { page, context, failures } = await visit(browser, bench.httpUrl, { width: 390 });
  const headers = { origin: bench.httpUrl };
  await page.request.post('/api/v1/home/account', { data: { name: 'ann', password: 'ann-secret' }, headers });
  const data = { device: 'lamp', code: codes.get('lamp')!, name: 'Hall lamp' };
  await page.request.post('/api/v1/home/devices', { data, headers });
  const windows = [page];
  while (windows.length < 8) windows.push(await context.newPage());
  for (const window of windows) {
    window.setDefaultTimeout(15_000);
    await window.goto('/home');
    await window.getByRole('heading', { name: 'Hall lamp' }).waitFor();
    assert.equal((await bench.admin.call(routes.showUser, { params: { name: 'ann' } })).pages, 1);
  }
  const badge = (window: Page) => window.getByRole('link', { name: 'News' }).locator('.count');
  await bench.admin.call(routes.tellUser, { params: { name: 'ann' }, body: { text: 'Hello Ann' } });
  for (const window of windows) await badge(window).waitFor();
  await windows[3]!.getByRole('link', { name: 'News' }).click();
  await windows[3]!.locator('main').getByText('Hello Ann').waitFor();
  for (const window of windows) await badge(window).waitFor({ state: 'detached' });
  assert.deepEqual(failures, []);
  await context.close();
});

test('a session outlives a reload; the password changes; the account goes', async () => {
  await using household = await Household.open();
  const ann = await visit(browser, household.bench.httpUrl, phone);
  const { page } = ann;
  await register(ann, 'ann');
  await page.reload();
  await page.getByText('No device yet').waitFor();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByLabel('Password now').fill('ann-secret');
  await page.getByLabel(/^New password/).fill('ann-secret-2');
  await page.getByRole('button', { name: 'Change your password' }).click();
  await page.getByText('Changed. Other sessions have ended.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Name').fill('ann');
  await page.getByLabel('Password').fill('ann-secret-2');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await page.getByRole('dialog').getByLabel('Password now').fill('ann-secret-2');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'New here' }).waitFor();
  assert.deepEqual(await ann.context.cookies(), []);
  assert.deepEqual(ann.failures, []);
  await ann.context.close();
});

test('without the platform neither the page of a device nor its card says how it is, and what is done there says why it is not', async () => {
  await using household = await Household.open();
  const { page } = await visit(browser, household.bench.httpUrl, phone);
  await register({ page } as Visit, 'ann');
  await bind(page, 'lamp', household.codes.get('lamp')!, 'Hall lamp');
  const head = page.locator('.home-head');
  await head.getByText('online').waitFor();
  await household.bench.platform.stop();
  await head.getByText('connecting…').waitFor();
  assert.equal(await head.getByText('online').count(), 0);
  await page.getByRole('switch', { name: 'Light' }).first().click();
  await page.locator('.notices').getByText('The platform does not answer').waitFor();
  await page.getByRole('link', { name: 'Devices', exact: true }).click();
  const lamp = page.getByRole('article', { name: 'Hall lamp' });
  await lamp.getByRole('switch', { name: 'Light' }).waitFor();
  assert.equal(await lamp.getByText('online').count(), 0);
});

test('a QR code is read from the camera, where the browser can; one from a label opens the page filled in', async () => {
  await using household = await Household.open();
  const { bench, codes } = household;
  const ann = await visit(browser, bench.httpUrl, phone);
  const { page } = ann;
  await register(ann, 'ann');
  const code = codes.get('lamp')!;
  await page.goto(`/home/add#device=lamp%40${domain}&code=${code}`);
  assert.equal(await page.getByLabel('Name of the device').inputValue(), `lamp@${domain}`);
  assert.equal(await page.getByLabel(/^Code/).inputValue(), code);
  await page.waitForURL((url) => url.hash === ''); // the code does not stay in the address
  await page.getByText('This browser cannot read QR codes').waitFor();

  // Chromium on this system has no BarcodeDetector and no camera: both are stood in for; the page is the real one.
  const seen = [...Array.from({ length: 6 }, () => 'WIFI:S:net;;'), `xmpp:lamp@${domain}?bind;code=${code}`];
  await page.addInitScript(`
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    setInterval(() => pen.fillRect(0, 0, Math.random() * 100, 100), 50);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
    const seen = ${JSON.stringify(seen)};
    globalThis.BarcodeDetector = class {
      async detect() { return [{ rawValue: seen.length > 1 ? seen.shift() : seen[0] }]; }
    };`);
  await page.goto('/home/add');
  await page.getByRole('button', { name: 'Scan the QR code' }).click();
  await page.getByText('That code is of something else').waitFor();
  await page.getByRole('button', { name: 'Scan the QR code' }).waitFor();
  assert.equal(await page.getByLabel(/^Code/).inputValue(), code);
  assert.deepEqual(ann.failures, []);
  await ann.context.close();
});

test('the first load of home is at most 150 KB, compressed, and it can be installed', async () => {
  await using household = await Household.open();
  const { page, context } = await visit(browser, household.bench.httpUrl, phone);
  const sizes: Promise<number>[] = [];
  const measure = (request: Request) => {
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  };
  page.on('requestfinished', measure);
  await page.goto('/home');
  await page.getByRole('button', { name: 'New here' }).waitFor();
  page.off('requestfinished', measure);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes > 10_000 && bytes <= 150 * 1024, `${bytes} bytes`);
  const devtools = await context.newCDPSession(page);
  const { manifest, errors } = (await devtools.send('Page.getAppManifest')) as {
    readonly manifest?: { readonly name?: string };
    readonly errors: readonly unknown[];
  };
  assert.deepEqual(errors, []);
  assert.equal(manifest?.name, '遥联 · My home');
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  assert.deepEqual(
    // A browser profile of a test is private, and nothing is installed from there.
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  );
  await context.close();
});

test('every page of home stands in both languages, light and dark, and axe finds nothing', async () => {
  await using household = await Household.open();
  const { bench, codes } = household;
  for (const [language, scheme, width] of [
    ['en', 'light', 390],
    ['zh-CN', 'dark', 390],
    ['en', 'dark', 1280],
  ] as const) {
    const name = `ann-${language}-${scheme}`.toLowerCase();
    const ann = await visit(browser, bench.httpUrl, { language, scheme, width });
    const { page, context } = ann;
    const check = async (place: string) => {
      assert.deepEqual(await accessibilityProblems(page), [], `${place} ${language} ${scheme}`);
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      assert.equal(isTooWide, false, `${place} ${language} ${width}`);
    };
    await page.goto('/home');
    await page.locator('input[type=password]').waitFor();
    await check('the sign-in');
    const account = { name, password: `${name}-secret` };
    await page.request.post('/api/v1/home/account', { data: account, headers: { origin: bench.httpUrl } });
    await page.goto('/home');
    await page.locator('.empty').waitFor();
    await check('the empty home');
    for (const [device, code] of codes) {
      const data = { device, code, groups: ['Hall'] };
      await page.request.post('/api/v1/home/devices', { data, headers: { origin: bench.httpUrl } });
    }
    for (const place of ['', '/add', '/friends', '/news', '/account', '/devices/lamp', '/devices/aircon', '/nowhere']) {
      await page.goto(`/home${place}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (place === '') await page.getByRole('switch').first().waitFor();
      if (place.startsWith('/devices')) {
        await page.locator('.plot canvas').waitFor();
        for (const summary of await page.locator('summary').all()) await summary.click();
        const { x, width: wide } = (await page.locator('.plot-table td').first().boundingBox())!;
        assert.ok(x + wide <= width, `the values of the table stand beside their times, at ${width}`);
      }
      await check(place);
    }
    assert.deepEqual(ann.failures, []);
    await page.goto('/home/devices/of-somebody-else');
    await page.getByRole('heading', { level: 1, name: 'of-somebody-else' }).waitFor();
    await check('a device that is not theirs');
    await context.close();
  }
});
