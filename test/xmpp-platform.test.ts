/** Two accounts of the message server: made over REST, logged in by SCRAM over TLS, and what they say survives a restart. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { element, Jid, scramClients, type XmlElement, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, urlOf } from './support/platform.ts';

const settings = {
  'xmpp.domain': 'example.com',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': 'example.com',
} as const;

async function clientOf(
  bench: TestPlatform,
  username: string,
  password: string,
  listener: XmppClientListener = {},
): Promise<XmppClient> {
  const connector = xmppConnector({
    domain: 'example.com',
    host: '127.0.0.1',
    port: Number(new URL(urlOf(bench.platform, 'xmpp')).port),
    tls: { authorities: await readFile(join(bench.dataFolder, 'tls', 'certificate.pem')) },
  });
  return new XmppClient({
    jid: Jid.parse(`${username}@example.com/test`)!,
    connector,
    mechanisms: scramClients({ crypto: saslCrypto, username, password }).slice(0, 1),
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    listener,
  });
}

const add = (bench: TestPlatform, name: string, password: string) =>
  bench.admin.call(routes.addUser, { params: { name }, body: { password } });

test('accounts are made, listed, given another password and removed over REST', async () => {
  await using bench = await openPlatform(settings);
  assert.equal((await add(bench, 'Juliet', 'correct horse')).name, 'juliet');
  await assert.rejects(add(bench, 'juliet', 'correct horse'), /already/);
  await assert.rejects(add(bench, 'not a name', 'correct horse'), /RFC 7622/);
  await assert.rejects(add(bench, 'romeo', 'bad\u0007password'), /control characters/);
  const { items } = await bench.admin.call(routes.listUsers, { query: {} });
  assert.deepEqual(
    items.map(({ name, kind }) => [name, kind]),
    [['juliet', 'user']],
  );
  const params = { name: 'juliet' };
  await bench.admin.call(routes.setUserPassword, { params, body: { password: 'another one' } });
  const late = await clientOf(bench, 'juliet', 'correct horse');
  await assert.rejects(late.connect());
  const juliet = await clientOf(bench, 'juliet', 'another one');
  assert.equal(`${await juliet.connect()}`, 'juliet@example.com/test');
  await bench.admin.call(routes.removeUser, { params });
  await assert.rejects(bench.admin.call(routes.removeUser, { params }), /no account/);
  juliet.close();
});

test('a message for who is away outlives the platform', async () => {
  await using bench = await openPlatform(settings);
  await add(bench, 'juliet', 'correct horse');
  await add(bench, 'romeo', 'battery staple');
  const romeo = await clientOf(bench, 'romeo', 'battery staple');
  await romeo.connect();
  romeo.sendMessage('juliet@example.com', 'O, wert thou here');
  // RFC 6120 §10.1: the answer to what came later says that the message is taken over.
  await romeo.request('get', 'example.com', element('query', 'http://jabber.org/protocol/disco#info'));
  romeo.close();
  await using later = await bench.restart();
  const heard = Promise.withResolvers<string | undefined>();
  const juliet = await clientOf(later, 'juliet', 'correct horse', {
    onMessage: (message) => heard.resolve(message.childText('body')),
  });
  await juliet.connect();
  juliet.sendPresence();
  assert.equal(await heard.promise, 'O, wert thou here');
  juliet.close();
});

test('who is answered knows what became of the messages before', async () => {
  await using bench = await openPlatform(settings);
  await add(bench, 'romeo', 'battery staple');
  const refused: (string | undefined)[] = [];
  const romeo = await clientOf(bench, 'romeo', 'battery staple', {
    onMessage: (message) => refused.push(message.attribute('id')),
  });
  await romeo.connect();
  const ids = ['first', 'second'].map((text) => romeo.sendMessage('nobody@example.com', text));
  await romeo.request('get', 'example.com', element('query', 'http://jabber.org/protocol/disco#info'));
  assert.deepEqual(refused, ids);
  romeo.close();
});

test('what an account may keep is bounded by settings', async () => {
  await using bench = await openPlatform({ ...settings, 'xmpp.max-offline': 1, 'xmpp.max-roster': 1 });
  await add(bench, 'juliet', 'correct horse');
  await add(bench, 'romeo', 'battery staple');
  const refused = Promise.withResolvers<XmlElement>();
  const romeo = await clientOf(bench, 'romeo', 'battery staple', { onMessage: (message) => refused.resolve(message) });
  await romeo.connect();
  romeo.sendMessage('juliet@example.com', 'first');
  romeo.sendMessage('juliet@example.com', 'second');
  assert.equal((await refused.promise).attribute('type'), 'error');
  const contact = (jid: string) =>
    element('query', 'jabber:iq:roster', {}, element('item', 'jabber:iq:roster', { jid }));
  assert.equal((await romeo.request('set', undefined, contact('juliet@example.com'))).kind, 'result');
  assert.equal((await romeo.request('set', undefined, contact('nurse@example.com'))).kind, 'error');
  romeo.close();
});
