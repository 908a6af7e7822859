/** Accounts of the RA among themselves: who may write to whom, contacts by any client, what waits for who is away. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { element, type XmlElement } from '@yaolian/xmpp';
import { openPlatform, withCode } from './support/platform.ts';
import { domain, lamp, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

const roster = 'jabber:iq:roster';
const ping = element('ping', 'urn:xmpp:ping');

const presence = (type: string, to: string) => element('presence', 'jabber:client', { type, to });

async function contacts(user: TestUser): Promise<readonly (readonly (string | undefined)[])[]> {
  const answer = await user.client.request('get', undefined, element('query', roster));
  assert.equal(answer.kind, 'result');
  const items = answer.kind === 'result' ? answer.payload!.elements('item') : [];
  return items.map(({ attributes: { jid, subscription, ask } }) => [jid, subscription, ask]);
}

/** RFC 6120 §10.1: the answer to what came later says that all before is dealt with. */
async function settled(user: TestUser): Promise<void> {
  await user.client.request('get', domain, element('query', 'http://jabber.org/protocol/disco#info'));
}

/** What came back for a stanza: the condition of the error. */
async function conditionOf(user: TestUser, id: string): Promise<string | undefined> {
  await settled(user);
  const error = user.messages.find((one) => one.attribute('id') === id && one.attribute('type') === 'error');
  return error?.child('error')?.elements()[0]?.name;
}

test('strangers exchange nothing; friends by the subscriptions of any client do, until one ends it', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  assert.equal(await conditionOf(ann, ann.client.sendMessage(`bob@${domain}`, 'hello?')), 'forbidden');
  assert.equal(await conditionOf(ann, ann.client.sendMessage(`nobody@${domain}`, 'hello?')), 'forbidden');
  const asked = await ann.client.request('get', `${bob.client.jid}`, ping);
  assert.equal(asked.kind === 'error' && asked.condition, 'forbidden');

  ann.client.send(presence('subscribe', `bob@${domain}`));
  await bob.presence(`ann@${domain}`, 'subscribe');
  assert.deepEqual(await contacts(ann), [[`bob@${domain}`, 'none', 'subscribe']]);
  assert.deepEqual(await contacts(bob), []);
  assert.equal(await conditionOf(ann, ann.client.sendMessage(`bob@${domain}`, 'hello?')), 'forbidden');
  bob.client.send(presence('subscribed', `ann@${domain}`));
  await ann.presence(`bob@${domain}`, 'subscribed');
  await ann.presence(`${bob.client.jid}`);
  await bob.presence(`${ann.client.jid}`);
  assert.deepEqual(await contacts(ann), [[`bob@${domain}`, 'both', undefined]]);
  assert.deepEqual(await contacts(bob), [[`ann@${domain}`, 'both', undefined]]);
  assert.deepEqual(await ann.home.friends(), [{ user: `bob@${domain}`, state: 'friends' }]);
  ann.client.sendMessage(`bob@${domain}`, 'hi');
  assert.equal((await bob.heard('hi')).attribute('from'), `${ann.client.jid}`, 'the server stamps the sender');

  bob.client.send(presence('unsubscribed', `ann@${domain}`));
  await ann.presence(`bob@${domain}`, 'unsubscribed');
  assert.deepEqual(await contacts(ann), []);
  assert.equal(await conditionOf(ann, ann.client.sendMessage(`bob@${domain}`, 'hello?')), 'forbidden');
});

test('a device that speaks for itself is a contact once it is bound, and answers at its account', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  await using kettle = await TestUser.registerDevice(bench, 'kettle', '1234567');
  const address = `kettle@${domain}`;
  kettle.client.handle('boil', 'urn:example:kettle', () => element('boiling', 'urn:example:kettle'));
  const boil = () => ann.client.request('set', address, element('boil', 'urn:example:kettle'));
  const stranger = await boil();
  assert.equal(stranger.kind === 'error' && stranger.condition, 'forbidden');
  assert.deepEqual(await contacts(kettle), []);
  await ann.home.bind(address, '1234567', { name: 'Kettle', groups: ['kitchen'] });
  await ann.presence(`${kettle.client.jid}`);
  await kettle.presence(`${ann.client.jid}`);
  assert.deepEqual(await contacts(ann), [[address, 'both', undefined]]);
  assert.deepEqual(await contacts(kettle), [[`ann@${domain}`, 'both', undefined]]);
  const answered = await boil();
  assert.equal(answered.kind === 'result' && answered.payload?.name, 'boiling');
  ann.client.sendMessage(address, 'are you warm?');
  await kettle.heard('are you warm?');

  const remove = element('query', roster, {}, element('item', roster, { jid: address, subscription: 'remove' }));
  assert.equal((await ann.client.request('set', undefined, remove)).kind, 'result');
  await ann.push('unbound');
  assert.deepEqual([await contacts(ann), await contacts(kettle)], [[], []]);
  assert.deepEqual(await ann.home.devices(), []);
});

test('a terminal is a contact with presence; messages are not for it', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  await ann.presence(`${lamp}/terminal`);
  assert.deepEqual(await contacts(ann), [[lamp, 'both', undefined]]);
  assert.equal(await conditionOf(ann, ann.client.sendMessage(lamp, 'shine')), 'service-unavailable');
  const disco = element('query', 'http://jabber.org/protocol/disco#info');
  const found = await ann.client.request('get', `${lamp}/terminal`, disco);
  const features = found.kind === 'result' ? found.payload!.elements('feature').map((one) => one.attribute('var')) : [];
  assert.ok(features.includes('urn:oma:lwm2m:ext:3303'), 'features by XEP-0030');
  await using eve = await TestUser.register(bench, 'eve');
  for (const payload of [disco, ping, element('vCard', 'vcard-temp'), element('device', 'urn:yaolian:ra:1:device')]) {
    for (const to of [lamp, `${lamp}/terminal`, `nobody@${domain}`]) {
      const answer = await eve.client.request('get', to, payload);
      assert.equal(answer.kind === 'error' && answer.condition, 'forbidden', `${payload.namespace} of ${to}`);
    }
  }
  const read = element('read', 'urn:yaolian:ra:1:data', { path: '/3303/0/5700' });
  for (const to of [lamp, `${lamp}/terminal`]) {
    const answer = await ann.client.request('get', to, read);
    assert.equal(answer.kind === 'result' && answer.payload?.name, 'values', to);
  }
  await using later = await bench.restart();
  await using again = await TestUser.login(later, 'ann');
  await again.presence(`${lamp}/terminal`);
});

test('what is written to who is away, and what the server pushes, waits until it comes, over a restart too', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  const bob = await TestUser.register(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  bob.client.close();
  await until(() => bench.platform.xmpp!.im.clients.of('bob').length === 0, 'bob to be away');
  ann.client.sendMessage(`bob@${domain}`, 'later');
  const headline = element('body', 'jabber:client', {}, 'only now');
  ann.client.send(element('message', 'jabber:client', { to: `bob@${domain}`, type: 'headline' }, headline));
  await ann.home.unfriend(`bob@${domain}`);
  await settled(ann);
  await using restarted = await bench.restart();
  await using back = await TestUser.login(restarted, 'bob');
  assert.equal((await back.heard('later')).child('delay', 'urn:xmpp:delay')?.name, 'delay');
  const pushed = await back.push('unfriended');
  assert.equal(pushed.attribute('user'), `ann@${domain}`);
  const texts = back.messages.map((one: XmlElement) => one.childText('body'));
  assert.ok(!texts.includes('only now'), 'a headline is never stored');
});

test('a cut connection loses and doubles nothing; other sessions get copies; the archive has all', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await using desk = await TestUser.login(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await desk.client.request('set', undefined, element('enable', 'urn:xmpp:carbons:2'));
  const before = bob.client.jid;
  bob.cut();
  // XEP-0198: what comes while the connection is lost is kept for the session.
  for (const text of ['one', 'two']) ann.client.sendMessage(before, text);
  await settled(ann);
  await bob.heard('two');
  assert.equal(`${bob.client.jid}`, `${before}`, 'the same session');
  assert.equal(bob.messages.filter((one) => one.childText('body') === 'one').length, 1);
  await settled(desk);
  const copies = desk.messages
    .map((one) => one.child('received', 'urn:xmpp:carbons:2'))
    .filter((one) => one !== undefined);
  assert.equal(copies.length, 2, 'XEP-0280');
  const fin = await ann.client.request('set', undefined, element('query', 'urn:xmpp:mam:2'));
  assert.equal(fin.kind, 'result');
  const kept = ann.messages.filter((one) => one.child('result', 'urn:xmpp:mam:2') !== undefined);
  assert.equal(kept.length, 2, 'XEP-0313');
});

test('the first domain is one: ra.domain and another xmpp.domain are a mistake', async () => {
  const open = openPlatform({ ...remoteAccess, 'xmpp.domain': 'other.example' });
  await assert.rejects(open, /xmpp\.domain is not right: the first domain is home\.example by ra\.domain/);
  await using bench = await openPlatform({ ...remoteAccess, 'ra.domain': undefined, 'xmpp.domain': domain });
  await assert.rejects(bench.admin.call(routes.listRaDevices, { query: {} }), withCode('unavailable'));
});

test('XEP-0184: a device that was away gives the receipt that was asked for when it comes, and none where none was; unbound, it hears no more, and who sent is told', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using ann = await TestUser.register(bench, 'ann');
  const address = `kettle@${domain}`;
  const receipts = 'urn:xmpp:receipts';
  {
    await using kettle = await TestUser.registerDevice(bench, 'kettle', '1234567');
    await ann.home.bind(address, '1234567');
    await ann.presence(`${kettle.client.jid}`);
  }
  const id = ann.client.sendMessage(address, 'boil at six', element('request', receipts));
  ann.client.sendMessage(address, 'or at seven');
  assert.equal(await conditionOf(ann, id), undefined, 'it waits');
  await using kettle = await TestUser.login(bench, 'kettle');
  const [asked, plain] = [await kettle.heard('boil at six'), await kettle.heard('or at seven')];
  assert.ok(asked.child('request', receipts) && asked.child('delay', 'urn:xmpp:delay'));
  assert.equal(plain.child('request', receipts), undefined);
  const received = element('received', receipts, { id: asked.attribute('id') });
  kettle.client.send(element('message', 'jabber:client', { to: asked.attribute('from') }, received));
  const receipt = () =>
    ann.messages.flatMap((one) => one.elements('received', receipts)).map((one) => one.attribute('id'));
  await until(() => receipt().length > 0, 'the receipt');
  assert.deepEqual(receipt(), [id]);

  await kettle[Symbol.asyncDispose]();
  await ann.presence(`${kettle.client.jid}`, 'unavailable');
  const waitingId = ann.client.sendMessage(address, 'from who will have left', element('request', receipts));
  await settled(ann);
  await ann.home.unbind(address);
  const refusedId = ann.client.sendMessage(address, 'too late', element('request', receipts));
  assert.equal(await conditionOf(ann, refusedId), 'forbidden');
  await using later = await TestUser.login(bench, 'kettle');
  await later.push('unbound');
  assert.equal(await conditionOf(ann, waitingId), 'forbidden');
  await settled(later);
  const bodies = later.messages.map((one) => one.childText('body')).filter((body) => body !== undefined);
  assert.deepEqual(bodies, [], 'as what was asked of a device that sleeps is taken back');
});
