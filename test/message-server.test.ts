/** The message server inside the platform: accounts, messages, what waits, what is kept. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { type Platform, startPlatform } from '@yaolian/server';
import { Storage } from '@yaolian/storage';
import { until } from '@yaolian/testkit';
import { element, Jid, scramClients, scramKeysOf, XmppClient, type XmppClientListener } from '@yaolian/xmpp';

const domain = 'example.org';

async function addAccounts(folder: string, names: readonly string[]): Promise<void> {
  const storage = Storage.open({ folder });
  const keys = (await scramKeysOf(saslCrypto, 'secret', 4096))!;
  for (const name of names) {
    await storage.raAccounts.addAccount({ name, kind: 'user', keys, nick: undefined, createdAt: nodeClock.epoch() });
  }
  await storage.close();
}

function start(folder: string): Promise<Platform> {
  const settings = {
    'data-dir': folder,
    'coap.host': '127.0.0.1',
    'coap.port': 0,
    'coap.bootstrap-port': undefined,
    'coap.multicast': false,
    'http.port': 0,
    'xmpp.domain': domain,
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
    'xmpp.websocket-path': '/xmpp-websocket',
  } as const;
  return startPlatform(settings, { log: silentLog });
}

function clientOf(platform: Platform, name: string, listener: XmppClientListener, direct = false): XmppClient {
  const scheme = direct ? 'xmpps:' : 'xmpp:';
  const { url } = platform.listening.find(({ service, url: at }) => service === 'xmpp' && at.startsWith(scheme))!;
  const port = Number(url.slice(url.lastIndexOf(':') + 1));
  return new XmppClient({
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    jid: Jid.parse(`${name}@${domain}/test`)!,
    connector: xmppConnector({ domain, host: '127.0.0.1', port, direct, tls: { insecure: true } }),
    mechanisms: scramClients({ crypto: saslCrypto, username: name, password: 'secret' }),
    listener,
  });
}

/** Bodies as they come, each awaited in turn. */
function inbox() {
  const came: string[] = [];
  const listener: XmppClientListener = {
    onMessage: (message) => {
      const body = message.childText('body');
      if (body !== undefined) came.push(body);
    },
  };
  const next = async (): Promise<string> => {
    return until(() => came.shift(), 'a message');
  };
  return { listener, next };
}

test('two people talk; what one missed waits, over a restart of the platform too', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-messages-'));
  t.after(() => rm(folder, { recursive: true }));
  await addAccounts(folder, ['anna', 'bob']);
  let platform = await start(folder);
  t.after(() => platform.stop());
  const ofAnna = inbox();
  const ofBob = inbox();
  let anna = clientOf(platform, 'anna', ofAnna.listener);
  let bob = clientOf(platform, 'bob', ofBob.listener, true);
  t.after(() => anna.close());
  t.after(() => bob.close());
  await anna.connect();
  await bob.connect();
  for (const client of [anna, bob]) client.sendPresence();
  anna.sendMessage(`bob@${domain}`, 'hello');
  assert.equal(await ofBob.next(), 'hello');
  bob.sendMessage(anna.jid, 'hi');
  assert.equal(await ofAnna.next(), 'hi');
  const disco = await anna.request('get', domain, element('query', 'http://jabber.org/protocol/disco#info'));
  assert.ok(disco.kind === 'result' && disco.payload!.elements().length > 5);

  bob.close();
  await until(() => platform.xmpp!.im.clients.of('bob').length === 0, 'bob to be away');
  anna.sendMessage(`bob@${domain}`, 'are you there?');
  const answered = await anna.request('get', domain, element('ping', 'urn:xmpp:ping'));
  assert.equal(answered.kind, 'result');
  anna.close();
  await platform.stop();

  platform = await start(folder);
  const later = inbox();
  bob = clientOf(platform, 'bob', later.listener);
  await bob.connect();
  bob.sendPresence();
  assert.equal(await later.next(), 'are you there?');
  anna = clientOf(platform, 'anna', {});
  await anna.connect();
  const archive = await anna.request('set', undefined, element('query', 'urn:xmpp:mam:2', { queryid: 'q' }));
  assert.equal(archive.kind, 'result');
});

test('a wrong password and an unknown name look the same', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-messages-'));
  t.after(() => rm(folder, { recursive: true }));
  await addAccounts(folder, ['anna']);
  const platform = await start(folder);
  t.after(() => platform.stop());
  const nobody = clientOf(platform, 'nobody', {});
  await assert.rejects(nobody.connect(), { code: 'XMPP_AUTHENTICATION_FAILED', message: /not-authorized/ });
  nobody.close();
});
