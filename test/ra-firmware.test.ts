/** Owners update the firmware of their terminals over Remote Access, to what the operator uploaded for the model and nothing else. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { decodeFirmwarePush } from '@yaolian/igrs/client';
import { until } from '@yaolian/testkit';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { openPlatform, type TestPlatform, untilState } from './support/platform.ts';
import { domain, lamp, refused, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';

const bytes = new Uint8Array(randomBytes(4000));

const upload = (bench: TestPlatform, version: string, model: string | undefined) =>
  bench.admin.call(routes.uploadFirmware, { query: { name: 'fw.bin', version, ...(model && { model }) }, body: bytes });

/** A terminal of the model Test with firmware 1.0 that ann owns. */
async function open(settings: object = {}, mayInstall: () => Promise<void> = async () => undefined) {
  const bench = await openPlatform({ ...remoteAccess, ...settings });
  const terminal = await openFirmwareTerminal({
    ...{ endpointName: terminalKey, server: bench.coap, becomes: '2.0', mayInstall },
  });
  terminal.client.start();
  await terminal.client.registered();
  const params = { device: terminalKey };
  // It is read when the terminal is shared.
  const { code } = await bench.admin.call(routes.shareDevice, { params, body: {} });
  const ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  return {
    ...{ bench, terminal, code, ann, device: ann.home.device(lamp) },
    async [Symbol.asyncDispose]() {
      await ann[Symbol.asyncDispose]();
      await terminal[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

test('an owner updates its terminal to what is offered for the model, and every owner hears how it goes', async () => {
  await using home = await open();
  const { bench, terminal, ann, device, code } = home;
  await using bob = await TestUser.register(bench, 'bob');
  await bob.home.bind(lamp, code);
  await upload(bench, '9.0', 'Other');
  await upload(bench, '8.0', undefined);
  assert.deepEqual(await device.firmware(), { version: '1.0', offer: undefined, update: undefined });
  await assert.rejects(device.updateFirmware(), refused('item-not-found'));
  await upload(bench, '1.5', 'Test');
  await upload(bench, '2.0', 'Test');
  assert.equal((await device.firmware()).offer, '2.0', 'the newest');
  // Programs that ask and go are connections without presence.
  ann.client.sendPresence({ type: 'unavailable' });
  const { id, to } = await device.updateFirmware();
  assert.equal(to, '2.0');
  const phases = (user: TestUser) =>
    user.messages.flatMap((message) => {
      const push = decodeFirmwarePush(message, domain);
      return push?.id === id && push.device === lamp ? [push.phase] : [];
    });
  for (const user of [ann, bob]) {
    await until(
      () => phases(user).includes('succeeded'),
      () => `the end of the update; there came ${phases(user)}`,
    );
  }
  assert.deepEqual(terminal.installed, [bytes]);
  const steps = phases(bob);
  assert.ok(
    steps.every((phase, index) => phase !== steps[index + 1]),
    `each step once: ${steps}`,
  );
  const { version, offer, update } = await device.firmware();
  assert.deepEqual([version, offer, update?.id, update?.phase], ['2.0', undefined, id, 'succeeded']);
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'ann' } });
  const line = items.find(({ action, outcome }) => action === 'update-firmware' && outcome === 'done');
  assert.equal(line?.subject, '2.0');
});

test('one update at a time; who does not own it, or may not, updates nothing', async () => {
  await using home = await open();
  const { bench, ann, device } = home;
  await upload(bench, '2.0', 'Test');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await ann.home.permit(lamp, { to: `bob@${domain}`, feature: '*', operations: ['read', 'execute', 'write'] });
  const theirs = bob.home.device(lamp);
  for (const asked of [theirs.firmware(), theirs.updateFirmware()]) await assert.rejects(asked, refused('forbidden'));
  await assert.rejects(bob.home.device(`nobody@${domain}`).updateFirmware(), refused('forbidden'));
  const limit = { to: { class: 'owner' }, feature: 'urn:oma:lwm2m:oma:5', operations: ['read'] } as const;
  await ann.home.permit(lamp, limit);
  assert.equal((await device.firmware()).offer, '2.0');
  await assert.rejects(device.updateFirmware(), refused('forbidden'));
  await ann.home.revoke(lamp, limit);
  const outcomes = await Promise.allSettled([device.updateFirmware(), device.updateFirmware()]);
  const refusals = outcomes
    .filter(({ status }) => status === 'rejected')
    .map((one) => (one as PromiseRejectedResult).reason);
  assert.equal(refusals.length, 1);
  assert.ok(refused('conflict')(refusals[0]));
});

test('an owner gives up an update that waits; what is being installed goes on', async () => {
  const { promise: gate, resolve: open_ } = Promise.withResolvers<void>();
  await using home = await open({}, () => gate);
  const { bench, terminal, ann, device } = home;
  await upload(bench, '2.0', 'Test');
  await using bob = await TestUser.register(bench, 'bob');
  await assert.rejects(bob.home.device(lamp).cancelFirmware(), refused('forbidden'));
  await assert.rejects(device.cancelFirmware(), refused('item-not-found'));
  const { id } = await device.updateFirmware();
  const phase = async () => (await device.firmware()).update?.phase;
  await until(async () => (await phase()) === 'installing', 'the installation');
  await assert.rejects(device.cancelFirmware(), refused('conflict'));
  open_();
  await until(async () => (await phase()) === 'succeeded', 'the end of the update');
  await terminal.client.close();
  await untilState(bench.admin, terminalKey, 'OFFLINE');

  await upload(bench, '3.0', 'Test');
  const { id: second } = await device.updateFirmware();
  assert.notEqual(second, id);
  assert.deepEqual(await device.cancelFirmware(), { id: second, phase: 'cancelled', to: '3.0', failure: undefined });
  const { offer, update } = await device.firmware();
  assert.deepEqual([offer, update?.id, update?.phase], ['3.0', second, 'cancelled'], 'it may be begun again');
  const hasHeard = () => ann.messages.some((message) => decodeFirmwarePush(message, domain)?.phase === 'cancelled');
  await until(hasHeard, 'the push that it is given up');
});

test('an operator keeps updates to itself, and a device that speaks for itself looks after its own', async () => {
  await using home = await open({ 'ra.owner-updates': false });
  const { bench, ann, device } = home;
  await upload(bench, '2.0', 'Test');
  assert.deepEqual(await device.firmware(), { version: '1.0', offer: undefined, update: undefined });
  await assert.rejects(device.updateFirmware(), refused('item-not-found'));
  await using kettle = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await ann.home.bind(kettle.client.jid.bare.toString(), 'KETTLE-CODE');
  const own = ann.home.device(kettle.client.jid.bare.toString());
  for (const asked of [own.firmware(), own.updateFirmware(), own.cancelFirmware()])
    await assert.rejects(asked, refused('service-unavailable'));
});
