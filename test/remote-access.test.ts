/** The product's heart: a terminal registers over LwM2M, its operator shares it, a user binds it by its code and uses it over XMPP. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { Refused } from '@yaolian/igrs/client';
import { type DatagramPort, milliseconds, seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, type TestPlatform, untilState, withCode } from './support/platform.ts';
import { domain, lamp, post, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal, wake } from './support/terminal.ts';

const sensor = '/3303/0/5700';

const refused = (condition: string) => (error: unknown) => error instanceof Refused && error.condition === condition;

async function share(bench: TestPlatform): Promise<string> {
  const shared = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  assert.equal(shared.account, lamp);
  return shared.code;
}

test('a terminal that does not answer is shared all the same, as what it was known for', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'ra.describe-timeout': milliseconds(20) });
  let isDeaf = false;
  const wrap = (port: DatagramPort): DatagramPort => ({
    localAddress: port.localAddress,
    listen: (listener) =>
      port.listen({ onDatagram: (...datagram) => void (isDeaf || listener.onDatagram(...datagram)) }),
    send: (datagram, to) => port.send(datagram, to),
    close: () => port.close(),
  });
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, wrap });
  terminal.client.start();
  await terminal.client.registered();
  const params = { device: terminalKey, path: '3/0' };
  await bench.admin.call(routes.readResource, { params });
  isDeaf = true;
  await share(bench);
  const { items } = await bench.admin.call(routes.listRaDevices, {});
  assert.deepEqual(
    items.map(({ account, vendor }) => [account, vendor]),
    [[lamp, 'Yaolian']],
  );
  isDeaf = false;
});

test('a terminal is shared, bound by its code, read, written, executed and observed over XMPP', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  const device = ann.home.device(lamp);

  await assert.rejects(device.read(sensor), refused('forbidden'));
  await assert.rejects(ann.home.bind(lamp, 'AAAAA-AAAAA'), refused('not-authorized'));
  await assert.rejects(ann.home.bind(`nobody@${domain}`, code), refused('not-authorized'));
  const bound = await ann.home.bind(lamp, code.toLowerCase(), { name: 'Attic', groups: ['top'] });
  assert.deepEqual(bound, { device: lamp, name: 'Attic', groups: ['top'], state: 'active' });
  assert.equal((await ann.push('bound')).attribute('device'), lamp);
  await ann.presence(`${lamp}/terminal`);
  await assert.rejects(ann.home.bind(lamp, code), refused('conflict'));

  terminal.temperature.set('sensorValue', 21.5);
  const [value] = await device.read(sensor);
  // The object leaves it to the device: asked with the first value, and known from then on.
  assert.deepEqual([value?.path, value?.type, value?.text, value?.unit], [sensor, 'float', '21.5', 'Cel']);
  assert.equal(await device.write('/3303/0/5750', 'attic'), 'done');
  assert.equal((await device.read('/3303/0/5750'))[0]?.text, 'attic');
  assert.equal(await device.execute('/3303/0/5605'), 'done');
  assert.equal(terminal.executed.length, 1);
  await assert.rejects(device.write(sensor, 'warm'), refused('not-acceptable'));
  // What keeps the terminal with its operator is not its owner's.
  await assert.rejects(device.write('/1/0/1', 60), refused('not-allowed'));
  await assert.rejects(device.execute('/1/0/8'), refused('not-allowed'));
  assert.equal((await device.read('/1/0/1')).length, 1);
  await device.observe(sensor);
  terminal.temperature.set('sensorValue', 22.5);
  const pushed = (await ann.push('values')).child('value', 'urn:yaolian:ra:1:data')!;
  assert.deepEqual([pushed.text(), pushed.attribute('unit')], ['22.5', 'Cel']);
  assert.equal((await device.history(sensor)).unit, 'Cel');

  const { items } = await bench.admin.call(routes.listRaDevices, { query: {} });
  assert.deepEqual(
    items.map(({ account, device: key, state, owners }) => [account, key, state, owners[0]?.user]),
    [[lamp, terminalKey, 'ONLINE', `ann@${domain}`]],
  );
  const { items: trail } = await bench.admin.call(routes.listAudit, { query: { actor: 'ann' } });
  assert.ok(trail.some(({ action, outcome }) => action === 'read' && outcome === 'forbidden'));
  assert.ok(
    trail.some(
      ({ action, subject, outcome }) => action === 'write' && subject === '/3303/0/5750' && outcome === 'done',
    ),
  );

  await terminal.client.close();
  await ann.presence(`${lamp}/terminal`, 'unavailable');
  await ann.home.unbind(lamp);
  await assert.rejects(device.read(sensor), refused('forbidden'));
});

test('§13: devices are found by name, group, state and object; presence and disco tell one version of what a terminal understands', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  assert.deepEqual(await ann.home.search(), []);
  await ann.home.bind(lamp, code, { name: 'Attic', groups: ['top'] });
  const said = (await ann.presence(`${lamp}/terminal`)).child('c', 'http://jabber.org/protocol/caps')!;
  const node = `${said.attribute('node')}#${said.attribute('ver')}`;
  const info = 'http://jabber.org/protocol/disco#info';
  const told = await ann.client.request('get', `${lamp}/terminal`, element('query', info, { node }));
  assert.ok(told.kind === 'result');
  const features = told.payload!.elements('feature').map((one) => one.attribute('var')!);
  assert.ok(features.includes('urn:oma:lwm2m:ext:3303'));
  const text = [`client/bot//${told.payload!.child('identity')!.attribute('name')}`, ...features.sort()];
  const ver = createHash('sha1')
    .update(text.map((one) => `${one}<`).join(''))
    .digest('base64');
  assert.equal(said.attribute('ver'), ver);
  const elsewhere = await ann.client.request('get', `${lamp}/terminal`, element('query', info, { node: 'x' }));
  assert.ok(elsewhere.kind === 'error' && elsewhere.condition === 'item-not-found');

  const found = { device: lamp, name: 'Attic', groups: ['top'], state: 'online', deviceType: undefined };
  const fit = [
    {},
    { text: 'ATT' },
    { text: '861234' },
    { group: 'top', state: 'online' },
    { text: 'yaolian' },
  ] as const;
  for (const wanted of [...fit, { feature: 'urn:oma:lwm2m:ext:3303' }])
    assert.deepEqual(await ann.home.search(wanted), [found], JSON.stringify(wanted));
  const unfit = [
    { text: 'cellar' },
    { group: 'Top' },
    { state: 'sleeping' },
    { feature: 'urn:oma:lwm2m:ext:3311' },
  ] as const;
  for (const wanted of unfit) assert.deepEqual(await ann.home.search(wanted), [], JSON.stringify(wanted));
  await assert.rejects(ann.home.search({ state: 'lost' as 'online' }), refused('bad-request'));
  await using bob = await TestUser.register(bench, 'bob');
  assert.deepEqual(await bob.home.search({ text: 'attic' }), []);
});

test('a friend may what an owner permits, until it is revoked; strangers and unknown devices are told the same', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(lamp, code);
  const device = bob.home.device(lamp);
  await assert.rejects(device.read(sensor), refused('forbidden'));
  await assert.rejects(bob.home.device(`nobody@${domain}`).read(sensor), refused('forbidden'));
  const permission = { to: `bob@${domain}`, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] } as const;
  await assert.rejects(ann.home.permit(lamp, permission), refused('item-not-found'));
  assert.equal(await ann.home.befriend(`bob@${domain}`), 'asking');
  assert.equal((await bob.push('friend-asked')).attribute('user'), `ann@${domain}`);
  assert.equal(await bob.home.befriend(`ann@${domain}`), 'friends');
  await assert.rejects(device.read(sensor), refused('forbidden'));
  await assert.rejects(bob.home.permit(lamp, permission), refused('forbidden'));
  await ann.home.permit(lamp, permission);
  assert.equal((await device.read(sensor)).length, 1);
  await assert.rejects(device.write('/3303/0/5750', 'x'), refused('forbidden'));
  await ann.home.revoke(lamp, permission);
  await assert.rejects(device.read(sensor), refused('forbidden'));
});

test('a friend who may read one thing of a device sees by either door whether it is there, and no more of it; strangers see nothing', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await using eve = await TestUser.register(bench, 'eve');
  await ann.home.bind(lamp, code);
  for (const friend of [bob, eve]) {
    await ann.home.befriend(`${friend.client.jid.bare}`);
    await friend.home.befriend(`ann@${domain}`);
  }
  const permission = { to: `bob@${domain}`, feature: 'urn:oma:lwm2m:ext:3303', operations: ['read'] } as const;
  await ann.home.permit(lamp, permission);
  const page = new HomeBrowser(bench);
  await page.api.call(routes.signInAtHome, { body: { name: 'bob', password: 'bob-secret' } });
  const shown = async () => (await page.api.call(routes.listHomeDevices, {})).items[0];
  const there = await shown();
  assert.deepEqual([there?.state, there?.objects], ['ONLINE', [3303]]);
  const told = await bob.home.device(lamp).describe();
  assert.deepEqual([told.state, told.instances], ['online', ['/3303/0']]);
  assert.deepEqual(
    told.features.filter((feature) => feature.startsWith('urn:oma:')),
    ['urn:oma:lwm2m:ext:3303'],
  );
  const [found] = await bob.home.search({ shared: true });
  assert.deepEqual([found?.device, found?.state], [lamp, 'online']);
  assert.deepEqual(await bob.home.search({ shared: true, feature: 'urn:oma:lwm2m:oma:3' }), []);
  await assert.rejects(eve.home.device(lamp).describe(), refused('forbidden'));
  assert.deepEqual(await eve.home.search({ shared: true }), []);
  await using events = await page.events();
  await events.first('state', ({ state }) => state === 'ONLINE');
  await terminal.client.close();
  await events.first('state', ({ state }) => state === 'OFFLINE');
  assert.equal((await bob.home.device(lamp).describe()).state, 'offline');
  const unreached = new Refused('recipient-unavailable', 'The device is not registered now');
  await assert.rejects(bob.home.device(lamp).read(sensor), unreached);
  // Who may do something with it, and is not to know how it is.
  await ann.home.permit(lamp, { ...permission, feature: 'urn:yaolian:ra:1:device', operations: [] });
  await assert.rejects(bob.home.device(lamp).describe(), refused('forbidden'));
  assert.equal((await shown())?.state, undefined);
});

test('a device that sleeps answers queued, and what it says is pushed when it was heard', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  const shown = () => ann.presences.findLast((one) => one.attribute('from') === `${lamp}/terminal`)?.childText('show');
  await until(() => shown() === 'xa', '§13: it is shown as asleep');
  assert.equal(await ann.home.device(lamp).write('/3303/0/5750', 'cellar'), 'queued');
  const late = await wake(terminal.client, ann.push('result'));
  await until(() => ann.presences.length > 2 && shown() === undefined, 'it was shown as awake');
  assert.equal(late.attribute('device'), lamp);
  assert.equal(late.elements().length, 0, 'done, and nothing to tell');
});

test('a restart loses neither what a sleeping device owes nor what is observed, and who was away is told later', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  const ann = await TestUser.register(bench, 'ann');
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await ann.home.bind(lamp, code);
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  assert.equal((await ann.home.device(lamp).observe(sensor)).kind, 'queued');
  const begun = await wake(terminal.client, ann.push('result'));
  assert.equal(begun.elements()[0]?.name, 'values', 'it is observed');
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  const answer = await ann.home.device(lamp).ask({ kind: 'read', path: '/3303/0/5750' });
  assert.equal(answer.kind, 'queued');
  ann.client.close();
  await using restarted = await bench.restart();
  const states = async () =>
    (await restarted.admin.call(routes.listQueue, { query: {} })).items.map(({ state }) => state);
  assert.deepEqual((await states()).sort(), ['done', 'queued']);
  const over = async () => (await states()).every((state) => state === 'done');
  await wake(terminal.client, until(over, 'the read to be done'));
  await using later = await TestUser.login(restarted, 'ann');
  const result = await later.push('result');
  assert.equal(result.attribute('id'), answer.kind === 'queued' ? answer.id : '');
  assert.equal(result.child('values')?.elements('value').length, 1);
  terminal.temperature.set('sensorValue', 30.5);
  assert.equal((await later.push('values')).childText('value'), '30.5', 'the observation goes on');
  await terminal.client.close();
  await using anew = await openTerminal({ endpointName: terminalKey, server: restarted.coap });
  anew.client.start();
  await anew.client.registered();
  const observations = async () =>
    (await restarted.admin.call(routes.listObservations, { params: { device: terminalKey } })).items.length;
  await until(observations, 'the observation to go on');
  anew.temperature.set('sensorValue', 31.5);
  await later.value('31.5');
});

test('accounts: codes of the answers, changes, removal; what is removed is gone from every list', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'ra.invitation': 'welcome' });
  const device = { deviceName: 'kettle', password: 'kettle-secret', verifyCode: '123456', token: 'welcome' };
  assert.match((await post(bench, 'device/register.xml', { ...device, token: '' })).text, /<code>420<\/code>/);
  assert.match((await post(bench, 'device/register.xml', { ...device, password: '' })).text, /<code>422<\/code>/);
  assert.match((await post(bench, 'device/register.xml', { ...device, verifyCode: '' })).text, /<code>423<\/code>/);
  const made = await post(bench, 'device/register.xml', { ...device, vendor: 'V', model: 'M' });
  assert.equal(made.status, 201);
  assert.match(made.text, /<response><code>200<\/code><id>kettle@home.example<\/id>/);
  const again = await post(bench, 'device/register.json', device);
  assert.deepEqual([again.status, JSON.parse(again.text).code], [409, 424]);
  const clash = { ...device, verifyCode: '7654321' };
  assert.equal((await post(bench, 'device/register.xml', clash)).status, 409);
  const user = { userName: 'ann', password: 'ann-secret', token: 'welcome' };
  assert.equal((await post(bench, 'user/register.json', user)).status, 201);
  assert.match((await post(bench, 'user/register.xml', user)).text, /<code>421<\/code>/);
  await using ann = await TestUser.login(bench, 'ann');
  assert.match(
    (await post(bench, 'device/verifycode.xml', device)).text,
    /<code>400<\/code>/,
    'it gets one, it brings none',
  );
  const { verifyCode: _, ...account } = device;
  const reset = JSON.parse((await post(bench, 'device/verifycode.json', account)).text);
  await assert.rejects(ann.home.bind(`kettle@${domain}`, '123456'), refused('not-authorized'));
  await ann.home.bind(`kettle@${domain}`, reset.verifyCode);
  assert.deepEqual(
    (await ann.home.devices()).map((one) => one.device),
    [`kettle@${domain}`],
  );
  const read = async (proof: object) =>
    JSON.parse((await post(bench, 'device/read.json', { ...device, ...proof })).text);
  assert.equal((await read({})).model, 'M');
  const change = { ...device, newPassword: 'kettle-secret-2', model: 'M2', nick: 'Kettle' };
  assert.match((await post(bench, 'device/modify.xml', change)).text, /<code>200<\/code>/);
  assert.equal((await read({})).code, 400, 'the old password is void');
  device.password = 'kettle-secret-2';
  const { model, vendor, nick } = await read({});
  assert.deepEqual([model, vendor, nick], ['M2', 'V', 'Kettle']);
  assert.match(
    (await post(bench, 'device/delete.xml', { ...device, password: 'wrong-one' })).text,
    /<code>400<\/code>/,
  );
  assert.match((await post(bench, 'device/delete.xml', device)).text, /<code>200<\/code>/);
  assert.deepEqual(await ann.home.devices(), []);
});

test('who takes the name of a removed account inherits nothing, through whatever door it went', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  await bench.admin.call(routes.removeUser, { params: { name: 'ann' } });
  await using other = await TestUser.register(bench, 'ann');
  assert.deepEqual(await other.home.devices(), []);
  await assert.rejects(other.home.device(lamp).read(sensor), refused('forbidden'));
});

test('a user who observes what the operator observes ends nothing for the operator', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  const place = { device: terminalKey, path: sensor.slice(1) };
  const observed = async () => {
    const { items } = await bench.admin.call(routes.listObservations, { params: { device: terminalKey } });
    return items.map(({ path }) => path);
  };
  await bench.admin.call(routes.startObservation, { params: place, query: {} });
  await ann.home.device(lamp).observe(sensor);
  await ann.home.device(lamp).cancel(sensor);
  assert.deepEqual(await observed(), [sensor]);
});

test('without a domain there is no remote access, and the API says so', async () => {
  await using bench = await openPlatform();
  await assert.rejects(bench.admin.call(routes.listRaDevices, { query: {} }), withCode('unavailable'));
});

test('§11.5: who waits for the consent of a device is told nothing that only its owners may know', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const code = await share(bench);
  await using ann = await TestUser.register(bench, 'ann');
  await using eve = await TestUser.register(bench, 'eve');
  await ann.home.bind(lamp, code);
  await ann.home.requireConfirmation(lamp, true);
  assert.equal((await eve.home.bind(lamp, code)).state, 'pending');
  await ann.home.requireConfirmation(lamp, false);
  await ann.push('confirmation');
  await bench.admin.call(routes.confirmRaOwner, { params: { account: lamp.split('@')[0]!, user: 'eve' } });
  await eve.push('bound');
  const told = eve.messages.flatMap((message) => message.elements()).map(({ name }) => name);
  assert.deepEqual(
    told.filter((name) => name !== 'bound' && name !== 'binding-asked'),
    [],
  );
  await ann.home.requireConfirmation(lamp, true);
  await eve.push('confirmation');
});

test('§7.3: a terminal that confirms: operators agree in its place, see whether it is asked, and change it', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const body = { confirms: true };
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body });
  const account = lamp.split('@')[0]!;
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  assert.equal((await ann.home.bind(lamp, code)).state, 'pending');
  await assert.rejects(ann.home.confirmation(lamp), refused('forbidden'));
  const agree = (user: string) => bench.admin.call(routes.confirmRaOwner, { params: { account, user } });
  await assert.rejects(agree('bob'), withCode('not-found'));
  await agree(`ann@${domain}`);
  await assert.rejects(agree('ann'), withCode('not-found'));
  assert.equal((await ann.push('bound')).attribute('device'), lamp);
  assert.equal(await ann.home.confirmation(lamp), true);
  const confirms = async () => (await bench.admin.call(routes.listRaDevices, {})).items[0]?.confirms;
  assert.equal(await confirms(), true);
  const set = (params: { account: string }, on: boolean) =>
    bench.admin.call(routes.setRaConfirmation, { params, body: { confirms: on } });
  await set({ account }, false);
  const push = (await ann.push('confirmation')).attributes;
  assert.deepEqual([push['device'], push['required'], push['by']], [lamp, 'false', undefined]);
  assert.equal(await confirms(), false);
  assert.equal((await bob.home.bind(lamp, code)).state, 'active');
  await bob.home.requireConfirmation(lamp, true);
  assert.equal(await confirms(), true);
  await assert.rejects(set({ account: 'nobody' }, true), withCode('not-found'));
  const { items } = await bench.admin.call(routes.listAudit, { query: { device: terminalKey } });
  const lines = items.filter(({ action }) => action === 'set-confirmation' || action === 'confirm');
  assert.deepEqual(
    lines.map(({ actor, action, subject }) => [actor, action, subject]),
    [
      ['bob', 'set-confirmation', 'required'],
      ['admin', 'set-confirmation', 'none'],
      ['admin', 'confirm', 'ann'],
    ],
  );
});
