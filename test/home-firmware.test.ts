/** Firmware on the owner's side over REST: offered, begun, heard of step by step, given up; and a guest whose right ends while the device is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, untilState, withCode } from './support/platform.ts';
import { domain, lamp, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';

async function open() {
  const bench = await openPlatform(remoteAccess);
  const terminal = await openFirmwareTerminal({ endpointName: terminalKey, server: bench.coap, becomes: '2.0' });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const upload = (version: string) =>
    bench.admin.call(routes.uploadFirmware, {
      query: { name: 'fw.bin', version, model: 'Test' },
      body: new Uint8Array(4000).fill(7),
    });
  return {
    ...{ bench, terminal, code, upload },
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

const params = { device: lamp };

test('an owner sees what is offered, begins it, hears how it goes, and gives another one up', async () => {
  await using home = await open();
  const { bench, terminal, code, upload } = home;
  const ann = await HomeBrowser.register(bench, 'ann');
  const refused = (asked: Promise<unknown>, problem: Parameters<typeof withCode>[0]) =>
    assert.rejects(asked, withCode(problem));
  await refused(ann.api.call(routes.showHomeFirmware, { params }), 'access-denied');
  await refused(ann.api.call(routes.updateHomeFirmware, { params: { device: 'nobody' } }), 'access-denied');
  await ann.api.call(routes.bindHomeDevice, { body: { device: lamp, code } });
  assert.deepEqual(await ann.api.call(routes.showHomeFirmware, { params }), { version: '1.0', may: true });
  await refused(ann.api.call(routes.updateHomeFirmware, { params }), 'not-found');
  await refused(ann.api.call(routes.cancelHomeFirmware, { params }), 'not-found');
  await upload('2.0');
  assert.equal((await ann.api.call(routes.showHomeFirmware, { params })).offer, '2.0');

  await using events = await ann.events();
  await using bob = await (await HomeBrowser.register(bench, 'bob')).events();
  const begun = await ann.api.call(routes.updateHomeFirmware, { params });
  assert.equal(begun.to, '2.0');
  await events.first('firmware', ({ firmware }) => firmware?.phase === 'succeeded');
  const steps = events.seen.flatMap(({ kind, firmware }) => (kind === 'firmware' ? [firmware!] : []));
  assert.ok(steps.every(({ id }) => id === begun.id));
  const sizes = steps.flatMap(({ size, sent }) => (size === undefined ? [] : [{ size, sent }]));
  assert.ok(sizes.length > 0 && sizes.every(({ size, sent }) => size === 4000 && sent! <= size), 'bytes are told');
  assert.equal(terminal.installed.length, 1);
  assert.ok(
    bob.seen.every(({ kind }) => kind !== 'firmware'),
    'who does not own it hears nothing',
  );
  const after = await ann.api.call(routes.showHomeFirmware, { params });
  assert.deepEqual([after.version, after.offer, after.update?.phase], ['2.0', undefined, 'succeeded']);

  await terminal.client.close();
  await untilState(bench.admin, terminalKey, 'OFFLINE');
  await upload('3.0');
  const waiting = await ann.api.call(routes.updateHomeFirmware, { params });
  assert.equal(waiting.cancellable, true);
  await refused(ann.api.call(routes.updateHomeFirmware, { params }), 'conflict');
  assert.equal((await ann.api.call(routes.cancelHomeFirmware, { params })).phase, 'cancelled');
  await events.first('firmware', ({ firmware }) => firmware?.id === waiting.id && firmware.phase === 'cancelled');
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'ann' } });
  const noted = items.filter(({ action, outcome }) => action === 'cancel-firmware' && outcome === 'done');
  assert.deepEqual(
    noted.map(({ door, subject }) => [door, subject]),
    [['https', '3.0']],
  );
});

test('an owner whose permission is narrowed to reading sees the firmware and does not update it', async () => {
  await using home = await open();
  const { bench, code, upload } = home;
  await upload('2.0');
  const ann = await HomeBrowser.register(bench, 'ann');
  await ann.api.call(routes.bindHomeDevice, { body: { device: lamp, code } });
  const body = { class: 'owner', feature: 'urn:oma:lwm2m:oma:5', operations: ['read'] } as const;
  await ann.api.call(routes.setHomeGrant, { params, body: { ...body, operations: [...body.operations] } });
  assert.deepEqual(await ann.api.call(routes.showHomeFirmware, { params }), {
    version: '1.0',
    offer: '2.0',
    may: false,
  });
  for (const route of [routes.updateHomeFirmware, routes.cancelHomeFirmware]) {
    await assert.rejects(ann.api.call(route, { params }), withCode('access-denied'));
  }
});

test('a guest is told in the moment in which its permission ends, though the device is away', async () => {
  await using home = await open();
  const { bench, terminal, code } = home;
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  const bob = await HomeBrowser.register(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.api.call(routes.askHomeFriend, { body: { user: 'ann' } });
  await terminal.client.close();
  await untilState(bench.admin, terminalKey, 'OFFLINE');
  const isShown = async () => (await bob.api.call(routes.listHomeDevices, {})).items.length === 1;
  const to = `bob@${domain}`;
  const permit = (seconds: number) =>
    ann.home.permit(lamp, {
      ...{ to, feature: '*', operations: ['read'] as const },
      expires: new Date(Date.now() + 1000 * seconds),
    });
  await using events = await bob.events();
  await permit(2);
  assert.ok(await isShown());
  const { device, reason, path } = await events.first('ended');
  assert.deepEqual([device, reason, path], [lamp, 'expired', undefined]);
  await until(async () => !(await isShown()), 'the end of the card');

  // One that was there when the page was opened, which is told of nothing before.
  await permit(2);
  await using later = await bob.events();
  await later.first('ended');
});
