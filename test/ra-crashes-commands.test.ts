/** Faults of Remote Access: the server dies at any commit of what users ask of terminals: commands that wait, observations, updates of firmware. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes, seconds, silentLog } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { Crashes } from './support/crashes.ts';
import { openFirmwareTerminal } from './support/firmware-terminal.ts';
import { openOnFolder, openPlatform, untilState } from './support/platform.ts';
import { lamp, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

const queued = {
  write: { kind: 'write', path: '/3303/0/5750', text: 'cellar' },
  execute: { kind: 'execute', path: '/3303/0/5605', arguments: '' },
} as const;

for (const request of Object.values(queued)) {
  test(`the server dies at any commit while a command is queued: who was told so is told what came of it (${request.kind})`, async () => {
    const settings = { ...remoteAccess, 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': minutes(60) };
    using crashes = new Crashes();
    {
      await using live = await openPlatform(settings, silentLog, { commitListener: crashes });
      crashes.dataFolder = live.dataFolder;
      await using terminal = await openTerminal({ endpointName: terminalKey, server: live.coap, queueMode: {} });
      terminal.client.start();
      await terminal.client.registered();
      const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
      await using one = await TestUser.register(live, 'ann');
      await one.home.bind(lamp, issued.code);
      await untilState(live.admin, terminalKey, 'SLEEPING');
      crashes.isOn = true;
      const asked = await one.home.device(lamp).ask(request);
      assert.equal(asked.kind, 'queued');
      crashes.told++;
      crashes.isOn = false;
      crashes.keep();
    }
    assert.ok(crashes.moments.length >= 2);
    for (const { folder, told } of crashes.moments) {
      await using place = await openOnFolder(folder, settings);
      await using one = await TestUser.login(place, 'ann');
      await using terminal = await openTerminal({ endpointName: terminalKey, server: place.coap });
      terminal.client.start();
      await terminal.client.registered();
      const type = async () => (await one.home.device(lamp).read('/3303/0/5750'))[0]?.text;
      if (told > 0) {
        const result = await one.push('result');
        assert.equal(result.elements().length, 0, 'carried out');
        if (request.kind === 'execute') assert.equal(terminal.executed.length, 1, 'once');
        else assert.equal(await type(), 'cellar');
      } else {
        // Nobody was promised anything: it may have been carried out or not, once at most, and the terminal is there.
        const answers = () =>
          type().then(
            () => true,
            () => false,
          );
        await until(answers, 'an answer of the terminal');
        assert.ok(terminal.executed.length <= 1);
      }
    }
  });
}

test('the server dies at any commit while a user begins to observe: who was told so gets values afterwards', async () => {
  const sensor = '/3303/0/5700';
  using crashes = new Crashes();
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await openTerminal({ endpointName: terminalKey, server: live.coap });
    terminal.client.start();
    await terminal.client.registered();
    const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, issued.code);
    crashes.isOn = true;
    await one.home.device(lamp).observe(sensor);
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  assert.ok(crashes.moments.length >= 2);
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    await using terminal = await openTerminal({ endpointName: terminalKey, server: place.coap });
    terminal.client.start();
    await terminal.client.registered();
    if (told === 0) await one.home.device(lamp).observe(sensor); // it asks again, whatever became of it
    let temperature = 30;
    const isTold = () => {
      terminal.temperature.set('sensorValue', ++temperature);
      return one.messages.some((message) => message.elements()[0]?.is('values', 'urn:yaolian:ra:1:data'));
    };
    await until(isTold, 'a value of what is observed');
  }
});

test('the server dies at any commit while a user ends what it observes: who was told so gets no value afterwards', async () => {
  const sensor = '/3303/0/5700';
  using crashes = new Crashes();
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await openTerminal({ endpointName: terminalKey, server: live.coap });
    terminal.client.start();
    await terminal.client.registered();
    const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, issued.code);
    await one.home.device(lamp).observe(sensor);
    crashes.isOn = true;
    await one.home.device(lamp).cancel(sensor);
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  assert.ok(crashes.moments.length >= 2);
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    await using terminal = await openTerminal({ endpointName: terminalKey, server: place.coap });
    terminal.client.start();
    await terminal.client.registered();
    if (told === 0)
      await one.home
        .device(lamp)
        .cancel(sensor)
        .catch(() => undefined); // as it may be over
    terminal.temperature.set('sensorValue', 35);
    // The terminal has told of it, if it was asked to, when it answers what comes later.
    assert.equal((await one.home.device(lamp).read(sensor))[0]?.text, '35');
    const values = one.messages.filter((message) => message.elements()[0]?.is('values', 'urn:yaolian:ra:1:data'));
    assert.deepEqual(values, [], `${told} told`);
  }
});

test('the server dies at any commit while an owner begins a firmware update: it is begun once, and goes to its end where that was told', async () => {
  using crashes = new Crashes();
  const update = { id: '' };
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await openFirmwareTerminal({ endpointName: terminalKey, server: live.coap, becomes: '2.0' });
    terminal.client.start();
    await terminal.client.registered();
    const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, issued.code);
    const query = { name: 'fw.bin', version: '2.0', model: 'Test' };
    await live.admin.call(routes.uploadFirmware, { query, body: new Uint8Array(2000).fill(7) });
    // The terminal is away, so that nothing but the beginning happens here.
    await terminal.client.close();
    await untilState(live.admin, terminalKey, 'OFFLINE');
    cpSync(join(crashes.dataFolder, 'firmware'), join(crashes.root, 'firmware'), { recursive: true });
    crashes.isOn = true;
    update.id = (await one.home.device(lamp).updateFirmware()).id;
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  for (const { folder, told } of crashes.moments) {
    cpSync(join(crashes.root, 'firmware'), join(folder, 'firmware'), { recursive: true });
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    const before = (await one.home.device(lamp).firmware()).update;
    assert.ok(before === undefined ? told === 0 : before.id === update.id, 'what was told is there');
    if (before === undefined) await one.home.device(lamp).updateFirmware();
    await using terminal = await openFirmwareTerminal({
      endpointName: terminalKey,
      server: place.coap,
      becomes: '2.0',
    });
    terminal.client.start();
    await terminal.client.registered();
    const isDone = async () => (await one.home.device(lamp).firmware()).update?.phase === 'succeeded';
    await until(isDone, 'the end of the update');
    assert.equal(terminal.installed.length, 1);
  }
});

test('the server dies at any commit while an owner gives a firmware update up: it goes no further where that was told, and to its end otherwise', async () => {
  using crashes = new Crashes();
  const update = { id: '' };
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using terminal = await openFirmwareTerminal({ endpointName: terminalKey, server: live.coap, becomes: '2.0' });
    terminal.client.start();
    await terminal.client.registered();
    const issued = await live.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
    await using one = await TestUser.register(live, 'ann');
    await one.home.bind(lamp, issued.code);
    const query = { name: 'fw.bin', version: '2.0', model: 'Test' };
    await live.admin.call(routes.uploadFirmware, { query, body: new Uint8Array(2000).fill(7) });
    await terminal.client.close();
    await untilState(live.admin, terminalKey, 'OFFLINE');
    cpSync(join(crashes.dataFolder, 'firmware'), join(crashes.root, 'firmware'), { recursive: true });
    update.id = (await one.home.device(lamp).updateFirmware()).id;
    crashes.isOn = true;
    assert.equal((await one.home.device(lamp).cancelFirmware()).phase, 'cancelled');
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  assert.ok(crashes.moments.length >= 2);
  for (const { folder, told } of crashes.moments) {
    cpSync(join(crashes.root, 'firmware'), join(folder, 'firmware'), { recursive: true });
    await using place = await openOnFolder(folder, remoteAccess);
    await using one = await TestUser.login(place, 'ann');
    const phase = async () => (await one.home.device(lamp).firmware()).update?.phase;
    const before = (await one.home.device(lamp).firmware()).update!;
    assert.equal(before.id, update.id);
    const isGivenUp = before.phase === 'cancelled';
    assert.ok(isGivenUp || told === 0, 'what was told is there');
    await using terminal = await openFirmwareTerminal({
      endpointName: terminalKey,
      server: place.coap,
      becomes: '2.0',
    });
    terminal.client.start();
    await terminal.client.registered();
    if (isGivenUp) {
      // It is asked something, and whatever else was to be done would come before.
      await one.home.device(lamp).read('/3/0/3');
      assert.deepEqual([await phase(), terminal.installed.length], ['cancelled', 0]);
    } else {
      await until(async () => (await phase()) === 'succeeded', 'the end of the update');
      assert.equal(terminal.installed.length, 1);
    }
  }
});
