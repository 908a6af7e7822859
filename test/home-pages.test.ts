/** What pages of a home observe: taken up by the next one, joined by others, and ended when nobody looks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const terminalKey = 'urn:imei:861234567890123';
const name = 'urn-imei-861234567890123';
const sensor = '3303/0/5700';

let bench: TestPlatform;
let terminal: TestTerminal;
let code: string;

before(async () => {
  bench = await openPlatform({ ...remoteAccess, 'ra.observe-page-away': seconds(5) });
  terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  code = (await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} })).code;
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

test('a page that is loaded again takes up what it observed, and when it stays closed nothing is observed for it any more', async () => {
  const cid = await HomeBrowser.register(bench, 'cid');
  await cid.api.call(routes.bindHomeDevice, { body: { device: name, code } });
  const observed = async () =>
    (await bench.admin.call(routes.listObservations, { params: { device: terminalKey } })).items.length;
  const ended = async () =>
    (await bench.admin.call(routes.showTimeline, { params: { device: terminalKey } })).items.filter(
      ({ type }) => type === 'observation.ended',
    ).length;
  const before = await ended();
  for (const value of [18.25, 18.5]) {
    await using events = await cid.events();
    await events.first('values');
    await until(async () => (await observed()) > 0, 'what the page observes');
    terminal.temperature.set('sensorValue', value);
    await events.first('values', ({ values }) => values?.[0]?.value === value);
    assert.equal(await ended(), before, 'what was observed stands');
  }
  await until(async () => (await observed()) === 0, 'the end of what the page observed');
  await cid.api.call(routes.unbindHomeDevice, { params: { device: name } });
});

test('a second page joins what the first observes, and hears the last value', async () => {
  const uma = await HomeBrowser.register(bench, 'uma');
  await uma.api.call(routes.bindHomeDevice, { body: { device: name, code } });
  const ended = async () =>
    (await bench.admin.call(routes.showTimeline, { params: { device: terminalKey } })).items.filter(
      ({ type, data }) => type === 'observation.ended' && 'reason' in data && data.reason === 'replaced',
    ).length;
  const before = await ended();
  await using first = await uma.events();
  await first.first('values', ({ values }) => values?.[0]?.path === `/${sensor}`);
  {
    await using second = await uma.events();
    const told = await second.first('values', ({ values = [] }) => values.some(({ path }) => path === `/${sensor}`));
    assert.ok(told.values!.every(({ value }) => value !== undefined));
    terminal.temperature.set('sensorValue', 17.25);
    await second.first('values', ({ values }) => values?.[0]?.value === 17.25);
    assert.equal(await ended(), before, 'nothing was observed anew');
  }
  terminal.temperature.set('sensorValue', 17.5);
  await first.first('values', ({ values }) => values?.[0]?.value === 17.5);
  await uma.api.call(routes.unbindHomeDevice, { params: { device: name } });
});
