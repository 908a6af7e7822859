/** GB/T 29265.205 §9, §13; RFC 6121 §2, §4: who may do anything with a device of a friend has it among the contacts, and sees whether it is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { openPlatform } from './support/platform.ts';
import { domain, lamp, refused, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

const roster = 'jabber:iq:roster';
const sensor = 'urn:oma:lwm2m:ext:3303';
const terminalJid = `${lamp}/terminal`;

/** The contacts of a user: address and subscription; undefined where those of version `ver` are the current ones. */
async function contacts(user: TestUser, ver?: string) {
  const asked = element('query', roster, ver === undefined ? {} : { ver });
  const answer = await user.client.request('get', `${user.client.jid.bare}`, asked);
  assert.ok(answer.kind === 'result');
  const items = answer.payload
    ?.elements('item')
    .map((item) => `${item.attribute('jid')} ${item.attribute('subscription')}`);
  return { items, ver: answer.payload?.attribute('ver') };
}

/** What a user is told of contacts from now on: `jid subscription`, the last first. */
function listening(user: TestUser): string[] {
  const told: string[] = [];
  user.client.handle('query', roster, (iq) => {
    const item = iq.child('query', roster)!.elements('item')[0]!;
    told.unshift(`${item.attribute('jid')} ${item.attribute('subscription')}`);
    return undefined;
  });
  return told;
}

async function befriend(a: TestUser, b: TestUser): Promise<void> {
  await a.home.befriend(`${b.client.jid.bare}`);
  assert.equal(await b.home.befriend(`${a.client.jid.bare}`), 'friends');
}

test('a friend sees whether a shared device is there, as long as it is shared, and nobody else does', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using first = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  first.client.start();
  await first.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await using eve = await TestUser.register(bench, 'eve');
  await ann.home.bind(lamp, code);
  for (const friend of [bob, eve]) await befriend(ann, friend);
  const ofLamp = (user: TestUser) => user.presences.filter((one) => one.attribute('from')?.startsWith(lamp));
  assert.deepEqual((await contacts(bob, '')).items, ['ann@home.example both']);
  await contacts(eve);
  const [toldBob, toldEve] = [listening(bob), listening(eve)];
  const toldOf = (wanted: string) => until(() => toldBob[0] === wanted, `the contact ${wanted}`);
  const permission = { to: `bob@${domain}`, feature: sensor, operations: ['read'] } as const;

  // It begins.
  await ann.home.permit(lamp, permission);
  await bob.presence(terminalJid);
  await toldOf(`${lamp} to`);
  const { items, ver } = await contacts(bob, '');
  assert.deepEqual(items, ['ann@home.example both', `${lamp} to`]);
  assert.equal((await contacts(bob, ver)).items, undefined, 'it has these already');

  // Who comes online sees it at once.
  bob.client.close();
  await using phone = await TestUser.login(bench, 'bob');
  await phone.presence(terminalJid);
  const toldPhone = listening(phone);
  await contacts(phone);

  // It goes and comes.
  await first.client.close();
  await phone.presence(terminalJid, 'unavailable');
  phone.presences.length = 0;
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  await phone.presence(terminalJid);

  // A name of one's own for it; it goes with the permission alone.
  const named = element('query', roster, {}, element('item', roster, { jid: lamp, name: 'Attic of Ann' }));
  assert.equal((await phone.client.request('set', `${phone.client.jid.bare}`, named)).kind, 'result');
  const removed = element('query', roster, {}, element('item', roster, { jid: lamp, subscription: 'remove' }));
  const answer = await phone.client.request('set', `${phone.client.jid.bare}`, removed);
  assert.ok(answer.kind === 'error' && answer.condition === 'not-allowed');
  assert.deepEqual((await contacts(phone)).items, ['ann@home.example both', `${lamp} to`]);

  // It is hidden, shown again to all friends, and that ends.
  phone.presences.length = 0;
  await ann.home.permit(lamp, { ...permission, feature: 'urn:yaolian:ra:1:device', operations: [] });
  await phone.presence(terminalJid, 'unavailable');
  assert.deepEqual((await contacts(phone)).items, ['ann@home.example both', `${lamp} none`], 'its name is kept');
  phone.presences.length = 0;
  await ann.home.revoke(lamp, { ...permission, feature: 'urn:yaolian:ra:1:device' });
  await phone.presence(terminalJid);
  assert.deepEqual(ofLamp(eve), [], 'what bob may eve may not');
  await ann.home.permit(lamp, { ...permission, to: { class: 'friend' } });
  await eve.presence(terminalJid);
  await until(() => toldEve[0] === `${lamp} to`, 'the contact of eve');
  eve.presences.length = 0;
  await ann.home.revoke(lamp, { to: { class: 'friend' }, feature: sensor });
  await eve.presence(terminalJid, 'unavailable');
  await until(() => toldEve[0] === `${lamp} remove`, 'the contact of eve to go');

  // Its time ends.
  phone.presences.length = 0;
  await ann.home.permit(lamp, { ...permission, expires: new Date(Date.now() + 300) });
  await phone.presence(terminalJid, 'unavailable');
  await until(() => toldPhone[0] === `${lamp} none`, 'the contact to be a name again');
  await assert.rejects(phone.home.device(lamp).read('/3303/0/5700'), refused('forbidden'));

  // It goes with the friendship, and with the binding.
  for (const end of [() => ann.home.unfriend(`bob@${domain}`), () => ann.home.unbind(lamp)]) {
    phone.presences.length = 0;
    await ann.home.permit(lamp, permission);
    await phone.presence(terminalJid);
    phone.presences.length = 0;
    await end();
    await phone.presence(terminalJid, 'unavailable');
    if (end.toString().includes('unfriend')) await befriend(ann, phone);
  }
  // Nobody is told of it who may not see it.
  eve.presences.length = 0;
  await terminal.client.close();
  await bench.admin.call(routes.listRaDevices, {});
  assert.deepEqual(ofLamp(eve), []);
  assert.equal(
    (await eve.client.request('get', `${eve.client.jid.bare}`, element('query', roster))).kind,
    'result',
    'what is told comes before it',
  );
  assert.deepEqual(ofLamp(eve), []);
});

test('of two linked devices one sees whether the other is there where it may do something with it, as long as they are linked', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using dial = await TestUser.registerDevice(bench, 'dial', 'DIAL-CODE');
  await using oven = await TestUser.registerDevice(bench, 'oven', 'OVEN-CODE');
  await using ann = await TestUser.register(bench, 'ann');
  for (const name of ['dial', 'oven']) await ann.home.bind(`${name}@${domain}`, `${name.toUpperCase()}-CODE`);
  const [dialJid, ovenJid] = [`${dial.client.jid}`, `${oven.client.jid}`];
  const [dialHas, ovenHas] = [dial, oven].map((device) => async () => (await contacts(device)).items);
  const both = `ann@${domain} both`;
  assert.deepEqual(await dialHas!(), [both]);
  const told = listening(dial);
  const permission = { to: `dial@${domain}`, feature: sensor, operations: ['read'] } as const;

  // A link alone lets them write to each other, and tells nothing more.
  await assert.rejects(ann.home.permit(`oven@${domain}`, permission), refused('item-not-found'), 'a stranger');
  await ann.home.link(`dial@${domain}`, `oven@${domain}`);
  assert.deepEqual([await dialHas!(), await ovenHas!()], [[both], [both]]);

  for (const end of ['revoke', 'unlink'] as const) {
    dial.presences.length = 0;
    await ann.home.permit(`oven@${domain}`, permission);
    await dial.presence(ovenJid);
    await until(() => told[0] === `oven@${domain} to`, 'the contact');
    assert.deepEqual(
      [await dialHas!(), await ovenHas!()],
      [
        [both, `oven@${domain} to`],
        [both, `dial@${domain} from`],
      ],
    );

    // It goes and comes.
    dial.presences.length = 0;
    oven.client.sendPresence({ type: 'unavailable' });
    await dial.presence(ovenJid, 'unavailable');
    oven.client.sendPresence();
    await dial.presence(ovenJid);

    dial.presences.length = 0;
    if (end === 'revoke') await ann.home.revoke(`oven@${domain}`, permission);
    else await ann.home.unlink(`dial@${domain}`, `oven@${domain}`);
    await dial.presence(ovenJid, 'unavailable');
    await until(() => told[0] === `oven@${domain} remove`, 'the contact to go');
    assert.deepEqual([await dialHas!(), await ovenHas!()], [[both], [both]]);
  }
  assert.deepEqual(
    oven.presences.filter((one) => one.attribute('from') === dialJid),
    [],
    'what one may the other may not',
  );
});
