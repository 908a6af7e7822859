/** What Profile IDs stand for (OMA-TS-LightweightM2M_Core 1.2 §6.2.1) in Chromium: learned from a device, shown, forgotten. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { routes } from '@yaolian/contract';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import type { Browser } from 'playwright-core';
import { openPlatform } from '../support/platform.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';
const list = '</1/0>,</3/0>,</3303/0>';
const long = Array.from({ length: 60 }, (_, instance) => `</3303/${instance}>`).join(',');
/** Asked in the page: on how many lines the second ID stands. */
const linesOfSecondId = `(() => {
  const range = document.createRange();
  range.selectNode(document.querySelectorAll('.object-profiles tbody th')[1].firstChild);
  return range.getClientRects().length;
})()`;
let browser: Browser;

before(async () => {
  buildConsole();
  browser = await openBrowser();
});

after(() => browser.close());

async function openBench() {
  const bench = await openPlatform();
  for (const role of ['viewer', 'operator'] as const)
    await bench.admin.call(routes.addOperator, { body: { name: `the-${role}`, role, password } });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  const register = async (pid: string, links: string) => {
    const query = ['ep=meter', 'lwm2m=1.2', 'b=U', 'lt=300', `pid=${pid}`];
    const payload = links === '' ? {} : { contentFormat: 40, payload: encodeUtf8(links) };
    return (await coap.request(bench.coap, { method: Code.POST, path: '/rd', query, ...payload })).code;
  };
  const close = async () => {
    await coap.close();
    await bench[Symbol.asyncDispose]();
  };
  return { bench, register, [Symbol.asyncDispose]: close };
}

test('a list is learned from a device, and forgotten after one question: the next device sends it anew', async () => {
  await using opened = await openBench();
  const { bench, register } = opened;
  const { page, failures, context } = await visit(browser, bench.httpUrl);
  await signIn(page, 'the-operator', password, '/bootstrap');
  await page.getByText('a device that names an unknown ID is asked to send its list').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.equal(await register('6:1234abcd', ''), Code.Conflict);
  assert.equal(await register('6:1234abcd', list), Code.Created);
  await page.reload();
  const row = page.getByRole('row').filter({ hasText: '6:1234abcd' });
  await row.getByText(list).waitFor();
  // However long another list is, an ID stands on one line, with the time below.
  assert.equal(await register('oma:thermostat', `${list},${long}`), Code.Created);
  await page.reload();
  const id = page.getByRole('row').filter({ hasText: 'oma:thermostat' }).getByRole('rowheader');
  assert.match(await id.innerText(), /^oma:thermostat\nlearned \d\d:\d\d:\d\d$/);
  assert.equal(await page.evaluate(linesOfSecondId), 1);
  assert.deepEqual(await accessibilityProblems(page), []);
  await row.getByRole('button', { name: 'Forget 6:1234abcd' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('is asked for its list').waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await register('6:1234abcd', ''), Code.Created, 'it is still known');
  await row.getByRole('button', { name: 'Forget 6:1234abcd' }).click();
  await dialog.getByRole('button', { name: 'Forget', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal(await register('6:1234abcd', ''), Code.Conflict);
  assert.deepEqual(failures, []);
  await context.close();
});

test('a viewer looks at them and forgets none; many come in pages, long ones open when asked, and all fit a phone', async () => {
  await using opened = await openBench();
  const { bench, register } = opened;
  for (let index = 0; index < 200; index++) {
    assert.equal(await register(`6:${(0x10000000 + index).toString(16)}`, '</1/0>,</3/0>'), Code.Created);
  }
  assert.equal(await register(`v:${'x'.repeat(64)}`, `</1/0>,</3/0>,${long}`), Code.Created);
  const view = { language: 'zh-CN', scheme: 'dark', width: 390 } as const;
  const { page, failures, context } = await visit(browser, bench.httpUrl, view);
  await signIn(page, 'the-viewer', password, '/bootstrap');
  const section = page.locator('section', { hasText: 'Profile ID 对应的对象列表' });
  await section.getByText('6:10000000').waitFor();
  assert.equal(await section.locator('tbody tr').count(), 200);
  await section.getByRole('button', { name: '显示更多' }).click();
  const row = section.locator('tbody tr').filter({ hasText: 'x'.repeat(64) });
  await row.getByRole('button', { name: /显示全部/ }).click();
  await row.getByText('</3303/59>').waitFor();
  assert.equal(await section.getByRole('button', { name: /清除/ }).count(), 0);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(failures, []);
  await context.close();
});
