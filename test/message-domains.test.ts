/** Several domains in one platform: their accounts, certificates and what is kept, over sockets. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { nodeClock, nodeRandom, nodeTimers, ownCertificate, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { element, Jid, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, withCode } from './support/platform.ts';

const disco = 'http://jabber.org/protocol/disco#';
const sockets = { 'xmpp.host': '127.0.0.1', 'xmpp.port': 0, 'xmpp.tls-port': 0 } as const;

const addUser = (bench: TestPlatform, name: string) =>
  bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });

/** Bodies as they come, each awaited in turn. */
class Inbox {
  readonly #came: string[] = [];
  readonly listener: XmppClientListener = {
    onMessage: (message) => {
      const body = message.childText('body') ?? message.child('error')?.elements()[0]?.name;
      if (body !== undefined) this.#came.push(body);
    },
  };

  async next(): Promise<string> {
    return until(() => this.#came.shift(), 'a message');
  }
}

interface Client {
  readonly client: XmppClient;
  readonly inbox: Inbox;
}

async function come(t: TestContext, bench: TestPlatform, account: string, authorities?: string): Promise<Client> {
  const jid = Jid.parse(account)!;
  const { url } = bench.platform.listening.find(
    ({ service, url: at }) => service === 'xmpp' && at.startsWith('xmpp:'),
  )!;
  const inbox = new Inbox();
  const tls = authorities === undefined ? { insecure: true } : { authorities };
  const client = new XmppClient({
    ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, jid, listener: inbox.listener },
    connector: xmppConnector({ domain: jid.domain, host: '127.0.0.1', port: Number(url.split(':').at(-1)), tls }),
    mechanisms: scramClients({ crypto: saslCrypto, username: jid.local!, password: 'a long secret' }),
  });
  t.after(() => client.close());
  await client.connect();
  client.sendPresence();
  return { client, inbox };
}

async function itemsOf({ client }: Client, domain: string): Promise<readonly (string | undefined)[]> {
  const answer = await client.request('get', domain, element('query', `${disco}items`));
  assert.ok(answer.kind === 'result');
  return answer.payload!.elements('item').map((item) => item.attribute('jid'));
}

test('several domains: own accounts, own certificates, messages between them, over a restart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-domains-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const own = await ownCertificate({ folder: join(folder, 'made'), clock: nodeClock, names: ['im.example.net'] });
  await mkdir(join(folder, 'live/im.example.net'), { recursive: true });
  await writeFile(join(folder, 'live/im.example.net/fullchain.pem'), own.certificate);
  await writeFile(join(folder, 'live/im.example.net/privkey.pem'), own.key);
  await writeFile(join(folder, 'components.txt'), 'bot.im.example.net a-long-secret\nshop.example a-long-secret\n');
  let bench = await openPlatform({
    ...sockets,
    'xmpp.domain': 'im.example.com',
    'xmpp.domains': 'IM.example.net, third.example',
    'xmpp.certificates': join(folder, 'live'),
    'xmpp.components-file': join(folder, 'components.txt'),
    'xmpp.component-port': 0,
  });
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['anna', 'anna@im.example.net', 'bob@IM.example.net', 'carl@im.example.com'])
    await addUser(bench, name);
  await assert.rejects(addUser(bench, 'anna@im.example.com'), withCode('conflict'));
  await assert.rejects(addUser(bench, 'anna@elsewhere.example'), withCode('invalid-value'));
  const { items } = await bench.admin.call(routes.listUsers, { query: {} });
  assert.deepEqual(
    items.map(({ name }) => name),
    ['anna', 'anna@im.example.net', 'bob@im.example.net', 'carl'],
  );

  // The other domain shows a certificate of its own.
  const shown = await bench.admin.call(routes.listCertificates, {});
  const ofNet = shown.items.filter(({ listener = '' }) => /^xmpps?:.*#im\.example\.net$/.test(listener));
  assert.deepEqual(
    ofNet.map(({ names, origin, reloads }) => [names.includes('im.example.net'), origin, reloads]),
    [
      [true, 'files', true],
      [true, 'files', true],
    ],
  );
  await assert.rejects(come(t, bench, 'anna@im.example.com', own.certificate));
  await assert.rejects(come(t, bench, 'bob@im.example.com'), { code: 'XMPP_AUTHENTICATION_FAILED' });
  const anna = await come(t, bench, 'anna@im.example.com');
  const namesake = await come(t, bench, 'anna@im.example.net', own.certificate);
  assert.deepEqual(await itemsOf(anna, 'im.example.com'), ['shop.example', 'rooms.im.example.com']);
  assert.deepEqual(await itemsOf(anna, 'im.example.net'), ['bot.im.example.net', 'rooms.im.example.net']);
  anna.client.sendMessage('anna@im.example.net', 'hello');
  assert.equal(await namesake.inbox.next(), 'hello');
  namesake.client.sendMessage('anna@im.example.com', 'hello you');
  assert.equal(await anna.inbox.next(), 'hello you');
  namesake.client.sendMessage('carl@im.example.net', 'carl has no account there');
  assert.equal(await namesake.inbox.next(), 'service-unavailable');
  anna.client.sendMessage('bob@im.example.net', 'later');
  assert.equal((await anna.client.request('get', 'im.example.com', element('ping', 'urn:xmpp:ping'))).kind, 'result');
  anna.client.close();
  namesake.client.close();

  bench = await bench.restart();
  const bob = await come(t, bench, 'bob@im.example.net', own.certificate);
  assert.equal(await bob.inbox.next(), 'later');
  await bench.admin.call(routes.tellUser, { params: { name: 'bob@im.example.net' }, body: { text: 'maintenance' } });
  assert.equal(await bob.inbox.next(), 'maintenance');
  const user = await bench.admin.call(routes.showUser, { params: { name: 'bob@im.example.net' } });
  assert.equal(user.connections.length, 1);
  // Each has a roster and an archive of its own, and goes alone.
  await bench.admin.call(routes.removeUser, { params: { name: 'anna@im.example.net' } });
  await assert.rejects(come(t, bench, 'anna@im.example.net'), { code: 'XMPP_AUTHENTICATION_FAILED' });
  const again = await come(t, bench, 'anna@im.example.com');
  const archive = await again.client.request('set', undefined, element('query', 'urn:xmpp:mam:2'));
  assert.ok(archive.kind === 'result');
});

test('several domains: that of Remote Access stays closed to the others', async (t) => {
  await using bench = await openPlatform({ ...sockets, 'ra.domain': 'home.example', 'xmpp.domains': 'im.example.net' });
  for (const name of ['anna', 'bob@im.example.net']) await addUser(bench, name);
  const anna = await come(t, bench, 'anna@home.example');
  const bob = await come(t, bench, 'bob@im.example.net');
  bob.client.sendMessage('anna@home.example', 'let me in');
  assert.equal(await bob.inbox.next(), 'forbidden');
  anna.client.sendMessage('bob@im.example.net', 'let me out');
  assert.equal(await anna.inbox.next(), 'forbidden');
  const asked = await bob.client.request('get', 'home.example', element('query', `${disco}info`));
  assert.ok(asked.kind === 'error' && asked.condition === 'forbidden');
  assert.ok((await bob.client.request('get', 'im.example.net', element('query', `${disco}info`))).kind === 'result');
});

test('several domains: what cannot be is said at the start', async () => {
  const refused = async (settings: Parameters<typeof openPlatform>[0], why: RegExp) => {
    await assert.rejects(openPlatform({ ...sockets, ...settings }), { code: 'XMPP_SETTING_BAD', message: why });
  };
  await refused({ 'xmpp.domains': 'im.example.net' }, /xmpp\.domains .*the first domain/);
  await refused({ 'xmpp.domain': 'a.example', 'xmpp.domains': 'a b' }, /"a b" is no domain/);
  await refused({ 'xmpp.domain': 'a.example', 'xmpp.domains': 'b.example,A.example' }, /a\.example is there twice/);
});
