/** GB/T 29265.205 §9, §11.5: who observes a device is told when that is taken away, whatever takes it; nobody waits for values that never come. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import type { XmlElement } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, untilState } from './support/platform.ts';
import { domain, post, refused, remoteAccess, TestUser } from './support/remote-user.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const sensor = '/3303/0/5700';
const key = 'urn:imei:861234567890123';
const feature = 'urn:oma:lwm2m:ext:3303';

let bench: TestPlatform;
let terminal: TestTerminal;
let turn = 0;

before(async () => {
  bench = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  terminal = await openTerminal({ endpointName: key, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

/** The terminal as a device that ann owns, and bob as her friend who may observe it; fresh accounts in each. */
interface Household extends AsyncDisposable {
  readonly lamp: string;
  readonly code: string;
  readonly ann: TestUser;
  readonly bob: TestUser;
  readonly annsName: string;
  readonly bobsName: string;
}

async function open(permitted = true): Promise<Household> {
  const [annsName, bobsName, name] = [`ann-${++turn}`, `bob-${turn}`, `lamp-${turn}`];
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: key }, body: { name } });
  const lamp = `${name}@${domain}`;
  const ann = await TestUser.register(bench, annsName);
  const bob = await TestUser.register(bench, bobsName);
  await ann.home.bind(lamp, code);
  await ann.home.befriend(`${bobsName}@${domain}`);
  await bob.home.befriend(`${annsName}@${domain}`);
  if (permitted) {
    await ann.home.permit(lamp, { to: `${bobsName}@${domain}`, feature, operations: ['observe'] });
    await bob.home.device(lamp).observe(sensor);
  }
  return {
    ...{ lamp, code, ann, bob, annsName, bobsName },
    async [Symbol.asyncDispose]() {
      await ann[Symbol.asyncDispose]();
      await bob[Symbol.asyncDispose]();
      // It may have been the test that removed it.
      await bench.admin.call(routes.removeRaDevice, { params: { account: name } }).catch(() => undefined);
    },
  };
}

const endOf = async (user: TestUser) => {
  const { device, path, reason } = (await user.push('ended')).attributes;
  return { device, path, reason };
};

const observations = async () => {
  const { items } = await bench.admin.call(routes.listObservations, { params: { device: key } });
  return items.map(({ path }) => path);
};

const ways: Readonly<Record<string, readonly [reason: string, work: (home: Household) => Promise<unknown>]>> = {
  'the permission is revoked': [
    'forbidden',
    ({ ann, lamp, bobsName }) => ann.home.revoke(lamp, { to: `${bobsName}@${domain}`, feature }),
  ],
  'a permission without it is put in its place': [
    'forbidden',
    ({ ann, lamp, bobsName }) => ann.home.permit(lamp, { to: `${bobsName}@${domain}`, feature, operations: ['read'] }),
  ],
  'the friendship ends': ['forbidden', ({ ann, bobsName }) => ann.home.unfriend(`${bobsName}@${domain}`)],
  'the owner gives the device up': ['forbidden', ({ ann, lamp }) => ann.home.unbind(lamp)],
  'the account of the owner is deleted': [
    'forbidden',
    ({ annsName }) => post(bench, 'user/delete.xml', { userName: annsName, password: `${annsName}-secret` }),
  ],
  'the device is not shared any more': [
    'removed',
    ({ lamp }) => bench.admin.call(routes.removeRaDevice, { params: { account: lamp } }),
  ],
  'the operator ends it': [
    'cancelled',
    () => bench.admin.call(routes.cancelObservation, { params: { device: key, path: sensor.slice(1) }, query: {} }),
  ],
};

for (const [way, [reason, work]] of Object.entries(ways)) {
  test(`who observes is told why no more values come: ${way}`, async () => {
    await using home = await open();
    await work(home);
    assert.deepEqual(await endOf(home.bob), { device: home.lamp, path: sensor, reason });
    await until(async () => (await observations()).length === 0, 'the terminal to be observed no more');
    if (reason !== 'cancelled')
      await assert.rejects(home.bob.home.device(home.lamp).observe(sensor), refused('forbidden'));
  });
}

test('all friends are told when what their class may is revoked', async () => {
  await using home = await open(false);
  const { ann, bob, lamp } = home;
  const permission = { to: { class: 'friend' }, feature, operations: ['observe'] } as const;
  await ann.home.permit(lamp, permission);
  await bob.home.device(lamp).observe(sensor);
  await ann.home.device(lamp).observe(sensor);
  await ann.home.revoke(lamp, permission);
  assert.equal((await endOf(bob)).reason, 'forbidden');
  terminal.temperature.set('sensorValue', 41.5);
  await ann.value('41.5');
});

test('a permission that is for a time ends what it permits by itself', async () => {
  await using home = await open(false);
  const { ann, bob, lamp, bobsName } = home;
  const permit = (expires?: Date) =>
    ann.home.permit(lamp, {
      to: `${bobsName}@${domain}`,
      feature,
      operations: ['observe'],
      ...(expires && { expires }),
    });
  await permit();
  await bob.home.device(lamp).observe(sensor);
  // On a slow machine a second may be over before it is asked for: that is refused.
  const isSet = () =>
    permit(new Date(Date.now() + 1000)).then(
      () => true,
      () => false,
    );
  await until(isSet, 'a permission for a second');
  assert.deepEqual(await endOf(bob), { device: lamp, path: sensor, reason: 'expired' });
});

test('an owner that is removed, or gives the device up, is told', async () => {
  await using home = await open(false);
  const { ann, bob, lamp, code, bobsName } = home;
  await bob.home.bind(lamp, code);
  await bob.home.device(lamp).observe(sensor);
  const fresh = await ann.home.removeOwner(lamp, `${bobsName}@${domain}`);
  assert.equal((await endOf(bob)).reason, 'unbound');
  assert.match(fresh, /\w/);
  await ann.home.device(lamp).observe(sensor);
  await ann.home.unbind(lamp);
  assert.equal((await endOf(ann)).reason, 'unbound');
});

test('who is away is told when it comes back, once', async () => {
  await using home = await open();
  const { ann, bob, lamp, bobsName } = home;
  await bob.client.close();
  await ann.presence(bob.client.jid.toString(), 'unavailable');
  await ann.home.revoke(lamp, { to: `${bobsName}@${domain}`, feature });
  await until(async () => (await observations()).length === 0, 'the terminal to be observed no more');
  await using later = await TestUser.login(bench, bobsName);
  assert.equal((await endOf(later)).reason, 'forbidden');
  await later.home.friends();
  const ends = (one: XmlElement) => one.elements().some(({ name }) => name === 'ended');
  assert.equal(later.messages.filter(ends).length, 1);
});

test('a connection that cancels takes nothing from the others of its account, unless they are gone', async () => {
  await using home = await open(false);
  const { ann, lamp, annsName } = home;
  await using other = await TestUser.login(bench, annsName);
  for (const one of [ann, other]) await one.home.device(lamp).observe(sensor);
  await other.home.device(lamp).cancel(sensor);
  terminal.temperature.set('sensorValue', 42.5);
  await ann.value('42.5');
  assert.deepEqual(await observations(), [sensor]);
  await other.home.device(lamp).observe(sensor);
  await other.client.close();
  await ann.presence(other.client.jid.toString(), 'unavailable');
  await ann.home.device(lamp).cancel(sensor);
  await until(async () => (await observations()).length === 0, 'the terminal to be observed no more');
});

test('who observes while the other one cancels gets its values', async () => {
  await using home = await open();
  const { ann, bob, lamp } = home;
  for (let round = 0; round < 10; round++) {
    const [one, other] = round % 2 === 0 ? [ann, bob] : [bob, ann];
    await Promise.all([one.home.device(lamp).observe(sensor), other.home.device(lamp).cancel(sensor)]);
    const text = String(50.5 + round);
    terminal.temperature.set('sensorValue', Number(text));
    await one.value(text);
    assert.deepEqual(await observations(), [sensor]);
  }
});

test('what a sleeping terminal was asked to observe and nobody wants any more it is not asked', async () => {
  const asleep = 'urn:imei:861234567890999';
  await using sleeper = await openTerminal({ endpointName: asleep, server: bench.coap, queueMode: {} });
  sleeper.client.start();
  await sleeper.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, {
    params: { device: asleep },
    body: { name: 'sleeper' },
  });
  await using cid = await TestUser.register(bench, 'cid');
  const device = cid.home.device(`sleeper@${domain}`);
  await cid.home.bind(`sleeper@${domain}`, code);
  await bench.admin.call(routes.readResource, { params: { device: asleep, path: '3/0/0' } });
  await untilState(bench.admin, asleep, 'SLEEPING');
  assert.equal((await device.observe(sensor)).kind, 'queued');
  await device.cancel(sensor);
  const { items } = await bench.admin.call(routes.listQueue, { query: { device: asleep } });
  assert.deepEqual(
    items.map(({ state }) => state),
    ['cancelled'],
  );
});

test('what a client leaves when it goes without a word ends when its account stays away, and is told to who comes back', async () => {
  await using other = await openPlatform({ ...remoteAccess, 'ra.observe-away': seconds(1) });
  await using sensors = await openTerminal({ endpointName: key, server: other.coap });
  sensors.client.start();
  await sensors.client.registered();
  const { code } = await other.admin.call(routes.shareDevice, { params: { device: key }, body: { name: 'lamp' } });
  const lamp = `lamp@${domain}`;
  const observed = async () =>
    (await other.admin.call(routes.listObservations, { params: { device: key } })).items.length;
  {
    await using ann = await TestUser.register(other, 'ann');
    await ann.home.bind(lamp, code);
    await ann.home.device(lamp).observe(sensor);
    assert.equal(await observed(), 1);
  }
  await until(async () => (await observed()) === 0, 'the terminal to be observed no more');
  await using again = await TestUser.login(other, 'ann');
  assert.deepEqual(await endOf(again), { device: lamp, path: sensor, reason: 'cancelled' });
});
