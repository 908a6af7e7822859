/** What accounts publish (XEP-0163) on the whole platform: kept over a restart, told over real streams, gone with the account. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import {
  element,
  Jid,
  parseXmlText,
  scramClients,
  serialiseXml,
  verificationString,
  type XmlElement,
  XmppClient,
  type XmppClientListener,
  xml,
} from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, urlOf } from './support/platform.ts';

const settings = {
  'xmpp.domain': 'example.com',
  'xmpp.domains': 'example.net',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': 'example.com,example.net',
} as const;

const pubsub = 'http://jabber.org/protocol/pubsub';
const disco = 'http://jabber.org/protocol/disco#info';
const node = 'http://jabber.org/protocol/tune';

async function login(bench: TestPlatform, address: string, listener: XmppClientListener = {}): Promise<XmppClient> {
  const jid = Jid.parse(`${address}/test`)!;
  const connector = xmppConnector({
    domain: jid.domain,
    host: '127.0.0.1',
    port: Number(new URL(urlOf(bench.platform, 'xmpp')).port),
    tls: { authorities: await readFile(join(bench.dataFolder, 'tls', 'certificate.pem')) },
  });
  const client = new XmppClient({
    ...{ jid, connector, listener, clock: nodeClock, timers: nodeTimers, random: nodeRandom },
    mechanisms: scramClients({ crypto: saslCrypto, username: jid.local!, password: 'correct horse' }).slice(0, 1),
  });
  await client.connect();
  return client;
}

const addAccount = (bench: TestPlatform, name: string) =>
  bench.admin.call(routes.addUser, { params: { name }, body: { password: 'correct horse' } });

const publication = (title: string) =>
  xml`<pubsub xmlns='${pubsub}'><publish node='${node}'><item id='current'><tune xmlns='${node}'><title>${title}</title></tune></item></publish></pubsub>`;

function bookmarks(content: string): XmlElement {
  const text = `<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>${content}</storage></query>`;
  const parsed = parseXmlText(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

async function itemsOf(client: XmppClient, whose?: string): Promise<string> {
  const answer = await client.request('get', whose, xml`<pubsub xmlns='${pubsub}'><items node='${node}'/></pubsub>`);
  if (answer.kind === 'error') return answer.condition;
  const items = answer.payload?.child('items')?.elements('item') ?? [];
  return items.map((item) => item.elements()[0]?.childText('title') ?? '').join(' ');
}

/** Presence of a client that wants to hear of the node. */
async function showInterest(client: XmppClient): Promise<void> {
  const features = [disco, `${node}+notify`];
  const identities = [{ category: 'client', type: 'pc' }];
  client.handle('query', disco, (iq) =>
    element(
      'query',
      disco,
      { node: iq.child('query', disco)?.attribute('node') },
      element('identity', disco, identities[0]),
      ...features.map((feature) => element('feature', disco, { var: feature })),
    ),
  );
  const ver = await verificationString({ identities, features }, saslCrypto);
  client.sendPresence({}, element('c', 'http://jabber.org/protocol/caps', { hash: 'sha-1', node: 'urn:test', ver }));
}

async function becomeFriends(a: XmppClient, b: XmppClient): Promise<void> {
  const [first, second] = [`${a.jid.bare}`, `${b.jid.bare}`];
  a.sendPresence({ type: 'subscribe', to: second });
  b.sendPresence({ type: 'subscribed', to: first });
  b.sendPresence({ type: 'subscribe', to: first });
  a.sendPresence({ type: 'subscribed', to: second });
  const roster = element('query', 'jabber:iq:roster');
  await until(async () => {
    const answer = await a.request('get', undefined, roster);
    return answer.kind === 'result' && answer.payload!.elements()[0]?.attribute('subscription') === 'both';
  }, 'them to be friends');
}

test('XEP-0163: what is published or kept is told to friends, of another domain too, and outlives the platform, not the account', async () => {
  await using bench = await openPlatform(settings);
  for (const name of ['juliet', 'nurse', 'romeo@example.net']) await addAccount(bench, name);
  const heard: XmlElement[] = [];
  const juliet = await login(bench, 'juliet@example.com');
  const romeo = await login(bench, 'romeo@example.net', { onMessage: (message) => heard.push(message) });
  juliet.sendPresence();
  await showInterest(romeo);
  await becomeFriends(juliet, romeo);
  assert.equal((await juliet.request('set', undefined, publication('Air'))).kind, 'result');
  const title = () => heard.shift()?.child('event', `${pubsub}#event`)?.child('items')?.elements()[0]?.elements()[0];
  const event = await until(title, 'romeo to hear of it');
  assert.equal(event.childText('title'), 'Air');
  const room = `<conference jid='play@rooms.example' name='The Play' autojoin='true'/>`;
  assert.equal((await juliet.request('set', undefined, bookmarks(room))).kind, 'result');
  for (const client of [juliet, romeo]) client.close();

  await using later = await bench.restart();
  const again = await login(later, 'juliet@example.com');
  assert.equal(await itemsOf(again), 'Air');
  const kept = await again.request('get', undefined, bookmarks(''));
  assert.equal(kept.kind === 'result' && serialiseXml(kept.payload!), serialiseXml(bookmarks(room)));
  const reader = await login(later, 'romeo@example.net', { onMessage: (message) => heard.push(message) });
  await showInterest(reader);
  assert.equal((await until(title, 'romeo to be shown the last item')).childText('title'), 'Air');
  assert.equal(await itemsOf(reader, 'juliet@example.com'), 'Air');
  const nurse = await login(later, 'nurse@example.com');
  assert.equal(await itemsOf(nurse, 'juliet@example.com'), 'not-authorized');
  for (const client of [again, reader, nurse]) client.close();
  await later.admin.call(routes.removeUser, { params: { name: 'juliet' } });
  await addAccount(later, 'juliet');
  const other = await login(later, 'juliet@example.com');
  assert.equal(await itemsOf(other), 'item-not-found');
  // Nor does who has her name now see what romeo shows his contacts.
  const friend = await login(later, 'romeo@example.net');
  assert.equal((await friend.request('set', undefined, publication('Gavotte'))).kind, 'result');
  assert.equal(await itemsOf(other, 'romeo@example.net'), 'not-authorized');
  for (const client of [other, friend]) client.close();
});

test('XEP-0163: where accounts do not publish they have vCards, and nothing else', async () => {
  await using bench = await openPlatform({ ...settings, 'xmpp.publishing': false });
  await addAccount(bench, 'juliet');
  const juliet = await login(bench, 'juliet@example.com');
  assert.equal(await itemsOf(juliet), 'service-unavailable');
  const about = await juliet.request('get', `${juliet.jid.bare}`, element('query', disco));
  assert.ok(about.kind === 'result' && !serialiseXml(about.payload!).includes('pubsub'));
  assert.equal((await juliet.request('set', undefined, element('vCard', 'vcard-temp'))).kind, 'result');
  juliet.close();
});

test('XEP-0163: an account keeps no more than the settings say', async () => {
  await using bench = await openPlatform({
    ...settings,
    'xmpp.max-published-nodes': 1,
    'xmpp.max-published-item': 1024,
    'xmpp.max-published': 1200,
  });
  await addAccount(bench, 'juliet');
  const juliet = await login(bench, 'juliet@example.com');
  const outcome = async (request: XmlElement) => {
    const answer = await juliet.request('set', undefined, request);
    return answer.kind === 'error' ? answer.condition : answer.kind;
  };
  assert.equal(await outcome(publication('x'.repeat(1100))), 'not-acceptable');
  assert.equal(await outcome(publication('x'.repeat(900))), 'result');
  assert.equal(await outcome(xml`<pubsub xmlns='${pubsub}'><create node='urn:other'/></pubsub>`), 'conflict');
  assert.equal(await outcome(publication('x'.repeat(950))), 'resource-constraint');
  juliet.close();
});
