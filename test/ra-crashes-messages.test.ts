/**
 * Faults of Remote Access: the server dies at any commit of messages (GB/T 29265.205 §11.3, §11.5, §11.7): stored, waiting, handed over, pushed. What
 * was acknowledged is heard afterwards, and what was heard and acknowledged is not heard again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element, namespaces } from '@yaolian/xmpp';
import { Crashes } from './support/crashes.ts';
import { openOnFolder, openPlatform } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';

const [ann, bob] = [`ann@${domain}`, `bob@${domain}`];

test('the server dies at any commit while a message is stored: it waits once it is acknowledged, and is there once', async () => {
  using crashes = new Crashes();
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    await using one = await TestUser.register(live, 'ann');
    await using two = await TestUser.register(live, 'bob');
    await one.home.befriend(bob);
    await two.home.befriend(ann);
    await two.client.close();
    await one.presence(two.client.jid.toString(), 'unavailable');
    crashes.isOn = true;
    one.client.sendMessage(bob, 'for later');
    // XEP-0198: what the server answers says that it has taken over all before.
    await one.client.request('get', domain, element('query', 'http://jabber.org/protocol/disco#info'));
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using later = await TestUser.login(place, 'bob');
    if (told > 0) await later.heard('for later');
    await later.home.friends();
    const count = later.messages.filter((message) => message.childText('body') === 'for later').length;
    assert.ok(told > 0 ? count === 1 : count <= 1, `${count} of it`);
  }
});

/** An account that has friends, and is away; what waits for it. */
async function openWith(crashes: Crashes) {
  const live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
  crashes.dataFolder = live.dataFolder;
  const one = await TestUser.register(live, 'ann');
  const two = await TestUser.register(live, 'bob');
  await one.home.befriend(bob);
  await two.home.befriend(ann);
  await two.client.close();
  await one.presence(two.client.jid.toString(), 'unavailable');
  return { live, one };
}

/** XEP-0198: what the server answers says that it has taken over all before. */
async function taken({ client }: TestUser): Promise<void> {
  await client.request('get', domain, element('query', 'http://jabber.org/protocol/disco#info'));
}

const countOf = ({ messages }: TestUser, body: string) =>
  messages.filter((message) => message.childText('body') === body).length;

test('the server dies at any commit while messages that waited are handed over: none is lost, in their order, none twice once it was acknowledged', async () => {
  using crashes = new Crashes();
  const bodies = ['first', 'second', 'third'];
  {
    const { live, one } = await openWith(crashes);
    await using _live = live;
    await using _one = one;
    for (const body of bodies) one.client.sendMessage(bob, body);
    await taken(one);
    crashes.isOn = true;
    await using later = await TestUser.login(live, 'bob');
    for (const body of bodies) await later.heard(body);
    // It leaves as one does: all that it heard is acknowledged.
    await later.home.friends();
    await later.client.close();
    await one.presence(later.client.jid.toString(), 'unavailable');
    crashes.told++;
    crashes.isOn = false;
    crashes.keep();
  }
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using writer = await TestUser.login(place, 'ann');
    const heardBy = async (marker: string) => {
      await using later = await TestUser.login(place, 'bob');
      await writer.presence(later.client.jid.toString());
      // What waited comes before it.
      writer.client.sendMessage(bob, marker);
      await later.heard(marker);
      await later.client.close();
      await writer.presence(later.client.jid.toString(), 'unavailable');
      return later.messages.flatMap((message) => message.childText('body') ?? []).slice(0, -1);
    };
    const heard = await heardBy('the end');
    if (told > 0) assert.deepEqual(heard, [], 'it has heard them');
    else assert.ok(heard.length === 0 || String(heard) === String(bodies), `some of them: ${heard}`);
    assert.deepEqual(await heardBy('the end again'), [], 'none comes again');
  }
});

test('the server dies at any commit while a push is made for who is away: it comes once for what there is, and both owners agree', async () => {
  using crashes = new Crashes();
  const code = 'KETTLE-CODE';
  const kettle = `kettle@${domain}`;
  const ns = 'urn:yaolian:ra:1:binding';
  {
    const { live, one } = await openWith(crashes);
    await using _live = live;
    await using _one = one;
    await using device = await TestUser.registerDevice(live, 'kettle', code);
    await using two = await TestUser.login(live, 'bob');
    await two.home.bind(kettle, code);
    await device.push('bound');
    await one.presence(two.client.jid.toString());
    await two.client.close();
    await one.presence(two.client.jid.toString(), 'unavailable');
    crashes.isOn = true;
    // The other owner hears of it, who is away.
    await one.home.bind(kettle, code);
    crashes.told++;
    crashes.keep();
    await crashes.untilTold();
    crashes.isOn = false;
    crashes.keep();
  }
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using first = await TestUser.login(place, 'ann');
    const isBound = (await first.home.devices()).some(({ device }) => device === kettle);
    assert.ok(isBound || told === 0, 'what was told is there');
    await using later = await TestUser.login(place, 'bob');
    await first.presence(later.client.jid.toString());
    // What waited comes before it.
    first.client.sendMessage(bob, 'the end');
    await later.heard('the end');
    const pushes = later.messages.flatMap((one) => one.elements()).filter((one) => one.name === 'bound');
    const ofAnn = pushes.filter((one) => one.attribute('user') === ann);
    assert.equal(ofAnn.length, isBound ? 1 : 0, 'a push of what there is');
    const owners = await later.client.request('get', domain, element('bindings', ns, { device: kettle }));
    assert.ok(owners.kind === 'result');
    assert.equal(
      owners.payload!.elements().some((one) => one.attribute('user') === ann),
      isBound,
      'both owners agree',
    );
  }
});

test('who is cut while messages that waited are handed over hears each of them afterwards', async () => {
  using crashes = new Crashes();
  const { live, one } = await openWith(crashes);
  await using _live = live;
  await using _one = one;
  const bodies = Array.from({ length: 20 }, (_, index) => `waits ${index}`);
  for (const body of bodies) one.client.sendMessage(bob, body);
  await taken(one);
  await using later = await TestUser.login(live, 'bob');
  // Wherever in them that is; it comes back by itself and resumes, or logs in anew.
  await later.heard(bodies[0]!);
  later.cut();
  for (const body of bodies) await later.heard(body);
  await later.home.friends();
  const heard = later.messages.flatMap((message) => message.childText('body') ?? []);
  assert.deepEqual([...new Set(heard)], bodies, 'in their order');
  assert.ok(bodies.every((body) => countOf(later, body) === 1));
});

test('who is cut after a message that was not acknowledged sends it again, and it is there once', async () => {
  using crashes = new Crashes();
  const { live, one } = await openWith(crashes);
  await using _live = live;
  await using _one = one;
  for (let turn = 0; turn < 5; turn++) {
    one.client.sendMessage(bob, `cut ${turn}`);
    one.cut();
    await until(
      () =>
        taken(one).then(
          () => true,
          () => false,
        ),
      'the way back',
    );
  }
  await using later = await TestUser.login(live, 'bob');
  await later.home.friends();
  for (let turn = 0; turn < 5; turn++) assert.equal(countOf(later, `cut ${turn}`), 1, `message ${turn}`);
});

test('a receipt of a message that waited reaches its sender, who is away when it is given (XEP-0184)', async () => {
  using crashes = new Crashes();
  const { live, one } = await openWith(crashes);
  await using _live = live;
  const receipts = 'urn:xmpp:receipts';
  const body = element('body', namespaces.client, {}, 'tell me');
  const message = element(
    'message',
    namespaces.client,
    { type: 'chat', id: 'm1', to: bob },
    body,
    element('request', receipts),
  );
  one.client.send(message);
  await taken(one);
  await one.client.close();
  await using later = await TestUser.login(live, 'bob');
  await later.heard('tell me');
  crashes.isOn = true;
  const received = element('received', receipts, { id: 'm1' });
  later.client.send(element('message', namespaces.client, { type: 'chat', id: 'r1', to: ann }, received));
  await taken(later);
  crashes.told++;
  crashes.isOn = false;
  crashes.keep();
  for (const { folder, told } of crashes.moments) {
    await using place = await openOnFolder(folder, remoteAccess);
    await using back = await TestUser.login(place, 'ann');
    await back.home.friends();
    const given = back.messages.flatMap((one) => one.elements()).filter((one) => one.is('received', receipts));
    assert.ok(told > 0 ? given.length === 1 : given.length <= 1, `${given.length} receipts, ${told} told`);
  }
});
