/** The join: an operator forgets a device that has owners, and nothing of them is left at the one that comes in its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { HomeBrowser } from './support/home-browser.ts';
import { openKettle } from './support/kettle.ts';
import { EventLog, openPlatform, untilState, withCode } from './support/platform.ts';
import { domain, lamp, refused, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal, wake } from './support/terminal.ts';

const sensor = '/3303/0/5700';
const feature = 'urn:oma:lwm2m:ext:3303';
const params = { device: terminalKey };

test('a terminal with owners, friends, observations and requests that wait is forgotten: all are told, and nothing is left', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  const { admin } = bench;
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await admin.call(routes.shareDevice, { params, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  const page = new HomeBrowser(bench);
  await page.api.call(routes.signInAtHome, { body: { name: 'ann', password: 'ann-secret' } });
  await ann.home.bind(lamp, code);
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await ann.home.permit(lamp, { to: `bob@${domain}`, feature, operations: ['read', 'observe'] });
  // Asleep for sure: how much of its awake window is left by now depends on the machine, and what is queued is no observation yet.
  await untilState(admin, terminalKey, 'SLEEPING');
  assert.equal((await bob.home.device(lamp).observe(sensor)).kind, 'queued');
  const begun = await wake(terminal.client, bob.push('result'));
  assert.equal(begun.elements()[0]?.name, 'values', 'it is observed');
  await untilState(admin, terminalKey, 'SLEEPING');
  const asked = await ann.home.device(lamp).ask({ kind: 'write', path: '/3303/0/5750', text: 'cellar' });
  assert.equal(asked.kind, 'queued');
  await using shown = await page.events();
  const events = await EventLog.open(admin);

  await admin.call(routes.removeDevice, { params });

  const { device: left, user } = (await ann.push('unbound')).attributes;
  assert.deepEqual([left, user], [lamp, `ann@${domain}`]);
  const late = await ann.push('result');
  assert.equal(late.attribute('id'), asked.kind === 'queued' ? asked.id : '');
  assert.equal(late.elements()[0]?.name, 'refused', 'it was not done');
  const { device: dark, path, reason } = (await bob.push('ended')).attributes;
  assert.deepEqual([dark, path, reason], [lamp, sensor, 'removed']);
  await shown.first('unbound', ({ device }) => device === lamp);
  await events.next(({ type, device }) => type === 'device.removed' && device === terminalKey);
  const { items: lines } = await admin.call(routes.listAudit, { query: { device: terminalKey } });
  assert.ok(
    lines.some(({ action, actor, outcome }) => action === 'removeDevice' && actor === 'admin' && outcome === 'done'),
  );

  assert.deepEqual(await ann.home.devices(), []);
  assert.deepEqual((await page.api.call(routes.listHomeDevices, { query: {} })).items, []);
  assert.deepEqual((await admin.call(routes.listRaDevices, { query: {} })).items, []);
  assert.deepEqual((await admin.call(routes.listQueue, { query: { state: ['queued'] } })).items, []);
  for (const user of [ann, bob]) await assert.rejects(user.home.device(lamp).read(sensor), refused('forbidden'));
  await assert.rejects(admin.call(routes.showDevice, { params }), withCode('device-unknown'));

  // It comes again: a new device, which nobody owns or observes.
  terminal.client.update();
  await events.next(({ type }) => type === 'device.registered');
  assert.equal((await admin.call(routes.showDevice, { params })).remoteAccess, undefined);
  assert.deepEqual((await admin.call(routes.listObservations, { params })).items, []);
  const anew = await admin.call(routes.shareDevice, { params, body: {} });
  await assert.rejects(ann.home.bind(lamp, code), refused('not-authorized'), 'the code that was');
  await ann.home.bind(lamp, anew.code);
  await assert.rejects(bob.home.device(lamp).read(sensor), refused('forbidden'), 'the permission that was');
  await events.close();
});

test('a device that speaks for itself is forgotten with its account and its session', async () => {
  await using bench = await openPlatform(remoteAccess);
  const { device: kettle } = await openKettle(bench);
  await using ann = await TestUser.register(bench, 'ann');
  const address = `kettle@${domain}`;
  await ann.home.bind(address, 'KETTLE-CODE');
  await untilState(bench.admin, address, 'ONLINE');
  await bench.admin.call(routes.removeDevice, { params: { device: address } });
  await ann.push('unbound');
  assert.deepEqual(await ann.home.devices(), []);
  await until(() => !kettle.client.isOnline, 'the end of its session');
  await assert.rejects(
    bench.admin.call(routes.showDevice, { params: { device: address } }),
    withCode('device-unknown'),
  );
  assert.deepEqual((await bench.admin.call(routes.listRaDevices, { query: {} })).items, []);
  kettle.client.close();
});
