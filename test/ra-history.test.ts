/** Users see over Remote Access what resources of their devices were. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { element } from '@yaolian/xmpp';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform } from './support/platform.ts';
import { domain, lamp, refused, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

const name = '/3303/0/5750';

test('who may read a resource sees what it was, value by value and in spans, while the terminal is away too', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(lamp, code);
  const own = ann.home.device(lamp);
  assert.deepEqual((await own.history(name)).values, []);
  for (const text of ['attic', 'cellar', 'hall']) {
    await own.write(name, text);
    await own.read(name);
  }
  await terminal.client.goOffline();
  const { path, values, spans, next } = await own.history(name);
  assert.deepEqual(
    [path, values.map(({ text }) => text), spans, next],
    [name, ['attic', 'cellar', 'hall'], [], undefined],
  );
  assert.ok(values.every(({ time }) => Math.abs(Date.parse(time) - Date.now()) < 600_000));

  const first = await own.history(name, { max: 2 });
  assert.deepEqual(first.values, values.slice(0, 2));
  assert.deepEqual((await own.history(name, { max: 2, after: first.next })).values, values.slice(2));
  const inSpans = await own.history(name, { every: 86_400 });
  assert.deepEqual([inSpans.values, inSpans.spans.reduce((sum, { count }) => sum + count, 0)], [[], 3]);
  assert.equal(inSpans.spans.at(-1)?.last, 'hall');
  assert.deepEqual((await own.history(name, { to: '2020-01-01T00:00:00Z' })).values, []);

  for (const [place, span] of [
    ['/3303/0', {}],
    [name, { from: 'yesterday' }],
    [name, { from: '2999-01-01T00:00:00Z' }],
    [name, { every: 0 }],
    [name, { after: 'no cursor' }],
  ] as const) {
    await assert.rejects(own.history(place, span), refused('bad-request'));
  }
  await assert.rejects(bob.home.device(lamp).history(name), refused('forbidden'));
  await assert.rejects(bob.home.device(`none@${domain}`).history(name), refused('forbidden'));
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await ann.home.permit(lamp, { to: `bob@${domain}`, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] });
  assert.equal((await bob.home.device(lamp).history(name)).values.length, 3);
  await assert.rejects(bob.home.device(lamp).history('/3/0/9'), refused('forbidden'));

  const { items } = await bench.admin.call(routes.listAudit, { query: { device: lamp } });
  const lines = items.filter(({ action }) => action === 'read-history');
  assert.ok(lines.some(({ actor, outcome, subject }) => actor === 'bob' && outcome === 'done' && subject === name));
  assert.ok(lines.some(({ actor, outcome }) => actor === 'bob' && outcome === 'forbidden'));
});

test('long values come in as many answers as it takes, each of a size that clients take', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  const own = ann.home.device(lamp);
  // More than clients take at once, though fewer than come in one answer by default.
  const written = Array.from({ length: 100 }, (_, index) => `${index} `.padEnd(1000, '温<'));
  for (const text of written) {
    await own.write(name, text);
    await own.read(name);
  }
  const read: string[] = [];
  let answers = 0;
  for (let after: string | undefined; answers === 0 || after !== undefined; answers++) {
    const { values, next } = await own.history(name, { ...(after !== undefined && { after }) });
    read.push(...values.map(({ text }) => text));
    after = next;
  }
  assert.ok(read.length === written.length && read.every((text, index) => text === written[index]));
  assert.ok(answers > 2, `${answers} answers`);
});

test('the platform knows what a device that speaks for itself was, for friends that may read it too, and does not ask it', async () => {
  await using bench = await openPlatform(remoteAccess);
  const kettle = `kettle@${domain}`;
  const data = 'urn:yaolian:ra:1:data';
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  let asked = 0;
  device.client.handle('read', data, (iq) => {
    const path = iq.child('read', data)?.attribute('path');
    const value =
      path === '/3303/0/5700'
        ? element('value', data, { path, type: 'float' }, String(20 + asked++))
        : element('value', data, { path, type: 'string' }, 'Cel');
    return element('values', data, { time: new Date().toISOString() }, value);
  });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await ann.home.device(kettle).read('/3303/0/5700');
  await ann.home.device(kettle).read('/3303/0/5700');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await assert.rejects(bob.home.device(kettle).history('/3303/0/5700'), refused('forbidden'));
  await ann.home.permit(kettle, { to: `bob@${domain}`, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] });
  await device.client.close();
  for (const user of [ann, bob]) {
    const { values, unit } = await user.home.device(kettle).history('/3303/0/5700');
    assert.deepEqual([values.map(({ text }) => text), unit, asked], [['20', '21'], 'Cel', 2]);
  }
});

test('who comes to own a device is not told what it was while others had it', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await using eve = await TestUser.register(bench, 'eve');
  const page = new HomeBrowser(bench);
  await page.api.call(routes.signInAtHome, { body: { name: 'bob', password: 'bob-secret' } });
  const seenAtHome = async () => {
    const asked = { params: { device: lamp.split('@')[0]! }, query: { path: name } };
    return (await page.api.call(routes.showHomeHistory, asked)).points?.map(({ value }) => value);
  };
  const seenBy = async (user: TestUser) => (await user.home.device(lamp).history(name)).values.map(({ text }) => text);
  await ann.home.bind(lamp, code);
  await ann.home.device(lamp).write(name, 'with ann');
  await ann.home.device(lamp).read(name);
  await bob.home.bind(lamp, code);
  assert.deepEqual(await seenBy(bob), ['with ann'], 'who lives with ann sees what she sees');
  await ann.home.unbind(lamp);
  assert.deepEqual(await seenBy(bob), [], 'ann is gone, and took what was hers with her');
  await bob.home.device(lamp).write(name, 'with bob');
  await bob.home.device(lamp).read(name);
  assert.deepEqual([await seenBy(bob), await seenAtHome()], [['with bob'], ['with bob']]);
  const past = { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' };
  assert.deepEqual((await bob.home.device(lamp).history(name, past)).values, []);
  await bob.home.befriend(`eve@${domain}`);
  await eve.home.befriend(`bob@${domain}`);
  await bob.home.permit(lamp, { to: `eve@${domain}`, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] });
  assert.deepEqual(await seenBy(eve), ['with bob']);
  const operators = await bench.admin.call(routes.showHistory, {
    params: { device: terminalKey },
    query: { path: name },
  });
  assert.deepEqual(
    operators.points?.map(({ value }) => value),
    ['with ann', 'with bob'],
  );
});
