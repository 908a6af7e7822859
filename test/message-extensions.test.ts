/** Extensions of the message server that settings switch on: external services, registration, push, files. */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiClient, roles, routes } from '@yaolian/contract';
import { hours } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element } from '@yaolian/xmpp';
import { EventLog, openPlatform, type TestPlatform, urlOf } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';
import { openReceiver } from './support/webhook-receiver.ts';

async function fileOf(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-extensions-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file.txt'), text);
  return join(folder, 'file.txt');
}

async function outcome(
  user: TestUser,
  type: 'get' | 'set',
  to: string | undefined,
  payload: ReturnType<typeof element>,
) {
  const answer = await user.client.request(type, to, payload);
  return answer.kind === 'error' ? answer.condition : answer.kind;
}

test('XEP-0215: accounts are told of STUN and TURN servers, with credentials of their own', async (t) => {
  const services = 'stun:stun.example.org,turn:[2001:db8::1]:3478?transport=udp';
  const secret = await fileOf(t, 'north of the river\n');
  await using bench = await openPlatform({
    ...remoteAccess,
    'xmpp.external-services': services,
    'xmpp.turn-secret-file': secret,
    'xmpp.turn-lifetime': hours(1),
  });
  await using ann = await TestUser.register(bench, 'ann');
  const answer = await ann.client.request('get', domain, element('services', 'urn:xmpp:extdisco:2'));
  assert.equal(answer.kind, 'result');
  const [stun, turn] = answer.kind === 'result' ? answer.payload!.elements() : [];
  assert.deepEqual(stun?.attributes, { type: 'stun', host: 'stun.example.org' });
  const { username = '', password, expires = '', host, transport } = turn?.attributes ?? {};
  assert.deepEqual([host, transport], ['2001:db8::1', 'udp']);
  assert.match(username, /^\d+:ann$/);
  assert.equal(password, createHmac('sha1', 'north of the river').update(username).digest('base64'));
  assert.ok(Date.parse(expires) - Date.now() > 3_500_000 && Date.parse(expires) - Date.now() <= 3_600_000);
});

test('RFC 8489: the STUN server of the platform tells who asks by which address it is seen, and accounts are told of it', async (t) => {
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.stun-port': 0 });
  await using ann = await TestUser.register(bench, 'ann');
  const answer = await ann.client.request('get', domain, element('services', 'urn:xmpp:extdisco:2'));
  const [stun] = answer.kind === 'result' ? answer.payload!.elements() : [];
  const port = Number(stun?.attribute('port'));
  assert.deepEqual(stun?.attributes, { type: 'stun', host: domain, port: String(port), transport: 'udp' });
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  const transaction = '2112a442b7e7a701bc34d686fa87dfae';
  socket.send(Buffer.from(`00010000${transaction}`, 'hex'), port, '127.0.0.1');
  const [message] = (await once(socket, 'message')) as [Buffer];
  const own = (socket.address().port ^ 0x2112).toString(16).padStart(4, '0');
  assert.equal(message.toString('hex'), `0101000c${transaction}002000080001${own}5e12a443`);
});

test('settings of external services are read with care', async (t) => {
  const open = (settings: Partial<Parameters<typeof openPlatform>[0]>) =>
    openPlatform({ ...remoteAccess, ...settings });
  for (const bad of ['http://x', 'stun:', 'turn:h:70000', 'stun:a,,stun:b']) {
    await assert.rejects(open({ 'xmpp.external-services': bad }), /xmpp\.external-services is not right/, bad);
  }
  const settings = { 'xmpp.external-services': 'turn:h', 'xmpp.turn-secret-file': await fileOf(t, 'short') };
  await assert.rejects(open(settings), /xmpp\.turn-secret-file is not right/);
  for (const bad of ['no-secret', `${domain} long-enough-secret`, 'a.example one two', 'a.example short']) {
    const file = await fileOf(t, bad);
    await assert.rejects(open({ 'xmpp.components-file': file }), /xmpp\.components-file is not right/, bad);
  }
});

test('XEP-0077: off until it is switched on; then accounts change their password and leave', async () => {
  const query = (...content: ReturnType<typeof element>[]) => element('query', 'jabber:iq:register', {}, ...content);
  const field = (name: string, text?: string) => element(name, 'jabber:iq:register', {}, text);
  const change = query(field('username', 'ann'), field('password', 'ann-secret'));
  {
    await using bench = await openPlatform(remoteAccess);
    await using ann = await TestUser.register(bench, 'ann');
    assert.equal(await outcome(ann, 'set', domain, change), 'service-unavailable');
  }
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.registration': true });
  await using ann = await TestUser.register(bench, 'ann');
  assert.equal(await outcome(ann, 'set', domain, change), 'result');
  await using again = await TestUser.login(bench, 'ann');
  again.client.send(element('iq', 'jabber:client', { type: 'set', id: 'leave', to: domain }, query(field('remove'))));
  const gone = async () => (await bench.admin.call(routes.listUsers, { query: {} })).items.length === 0;
  await until(gone, 'the account to be gone');
});

/** A component that says what a test says. */
async function attach(bench: TestPlatform, name: string, secret: string) {
  const url = bench.platform.listening.find((one) => one.url.startsWith('xmpp-component:'))!.url;
  const socket = connect(Number(url.slice(url.lastIndexOf(':') + 1)), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const hears = (pattern: RegExp) =>
    until(
      () => pattern.exec(text),
      () => `${pattern}; it heard ${text}`,
    );
  socket.write(
    `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${name}'>`,
  );
  const [, id] = await hears(/ id='([^']+)'/);
  socket.write(`<handshake>${createHash('sha1').update(`${id}${secret}`).digest('hex')}</handshake>`);
  await hears(/<handshake\/>/);
  return { hears, close: () => socket.destroy() };
}

test('XEP-0357: the push service of the platform tells the webhook that asks for it whom to push to, over a restart too', async (t) => {
  const push = `push.${domain}`;
  let bench = await openPlatform({ ...remoteAccess, 'xmpp.push-domain': push, 'webhooks.private-addresses': true });
  t.after(() => bench[Symbol.asyncDispose]());
  const bob = await TestUser.register(bench, 'bob');
  const ask = async (payload: ReturnType<typeof element>, to?: string) => {
    const answer = await bob.client.request('get', to, payload);
    assert.ok(answer.kind === 'result');
    return answer.payload!;
  };
  const info = element('query', 'http://jabber.org/protocol/disco#info');
  const features = (await ask(info, push)).elements('feature').map((feature) => feature.attribute('var'));
  assert.ok(features.includes('urn:xmpp:push:0'));
  const items = await ask(element('query', 'http://jabber.org/protocol/disco#items'), domain);
  assert.ok(items.elements('item').some((item) => item.attribute('jid') === push));
  assert.equal(await outcome(bob, 'get', push, element('ping', 'urn:xmpp:ping')), 'service-unavailable');
  const forms = 'jabber:x:data';
  const secret = element('field', forms, { var: 'secret' }, element('value', forms, {}, 'eruio234'));
  const options = element('x', forms, { type: 'submit' }, secret);
  const enable = element('enable', 'urn:xmpp:push:0', { jid: push, node: 'phone-7' }, options);
  assert.equal(await outcome(bob, 'set', undefined, enable), 'result');
  bob.client.close();
  await until(() => bench.platform.xmpp!.im.clients.of('bob').length === 0, 'bob to be away');

  bench = await bench.restart();
  await using asks = await openReceiver();
  await using hearsAll = await openReceiver();
  await bench.admin.call(routes.addWebhook, { body: { url: asks.url, types: ['message.waiting'] } });
  await bench.admin.call(routes.addWebhook, { body: { url: hearsAll.url } });
  const streams = await Promise.all(
    roles.map(async (role) => {
      const { token } = await bench.admin.call(routes.createToken, { body: { role, label: role } });
      return EventLog.open(new ApiClient({ baseUrl: bench.httpUrl, token }));
    }),
  );
  await bench.admin.call(routes.tellUser, { params: { name: 'bob' }, body: { text: 'the secret of the house' } });
  const waits = (one: { readonly type: string }) => one.type === 'message.waiting';
  const account = `bob@${domain}`;
  const told = await until(() => asks.received.find(waits), 'the webhook that asks for it');
  assert.deepEqual(told.data, { account, node: 'phone-7', options: { secret: 'eruio234' } });
  const heard = await until(() => hearsAll.received.find(waits), 'the webhook of all events');
  assert.deepEqual(heard.data, { account });
  const later = await EventLog.open(bench.admin, { query: { last: 100 } });
  for (const events of [...streams, later]) {
    assert.deepEqual((await events.next(waits)).data, { account }, 'no role sees whom to push to');
    await events.close();
  }
  assert.ok(!JSON.stringify([told, heard]).includes('secret of the house'));
});

test('XEP-0357: a push service at a domain that is of somebody else is a mistake', async () => {
  for (const [name, why] of [
    ['a b', /no domain/],
    [domain.toUpperCase(), /domain of accounts/],
  ] as const) {
    const opening = openPlatform({ ...remoteAccess, 'xmpp.push-domain': name });
    await assert.rejects(opening, { code: 'XMPP_SETTING_BAD', message: why });
  }
});

test('XEP-0357: a push service that is a component hears that a message waits, and nothing of it', async (t) => {
  const file = await fileOf(t, `push.${domain} a-long-secret\n`);
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.components-file': file, 'xmpp.component-port': 0 });
  assert.ok(urlOf(bench.platform, 'xmpp'));
  await using ann = await TestUser.register(bench, 'ann');
  const bob = await TestUser.register(bench, 'bob');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  const push = await attach(bench, `push.${domain}`, 'a-long-secret');
  t.after(() => push.close());
  const enable = element('enable', 'urn:xmpp:push:0', { jid: `push.${domain}`, node: 'phone-7' });
  assert.equal(await outcome(bob, 'set', undefined, enable), 'result');
  bob.client.close();
  await until(() => bench.platform.xmpp!.im.clients.of('bob').length === 0, 'bob to be away');
  ann.client.sendMessage(`bob@${domain}`, 'the secret of the house');
  const [told] = await push.hears(/<iq[\s\S]*?<\/iq>/);
  assert.match(told, /from='bob@home\.example'/);
  assert.match(told, /node='phone-7'/);
  assert.match(told, /message-count/);
  assert.ok(!told.includes('secret of the house'));
});

test('XEP-0363: accounts hand each other files, within bounds for each and in all', async () => {
  await using bench = await openPlatform({
    ...remoteAccess,
    'xmpp.upload-url': 'https://files.home.example',
    'xmpp.upload-max-size': 1 << 20,
    'xmpp.upload-quota': 1_100_000,
  });
  await using ann = await TestUser.register(bench, 'ann');
  const slot = async (size: number, type = 'image/png', filename = 'très cœur ♥.png') => {
    const wanted = { filename, size: String(size), 'content-type': type };
    const answer = await ann.client.request('get', domain, element('request', 'urn:xmpp:http:upload:0', wanted));
    if (answer.kind === 'error') return answer.condition;
    return answer
      .payload!.elements()
      .map((one) => one.attribute('url')!.replace('https://files.home.example', bench.httpUrl));
  };
  assert.equal(await slot((1 << 20) + 1), 'not-acceptable');
  const [put = '', get = ''] = await slot(1_000_000);
  const bytes = new Uint8Array(1_000_000).fill(7);
  const send = (url: string, body: Uint8Array<ArrayBuffer>) =>
    fetch(url, { method: 'PUT', body, headers: { 'content-type': 'image/png' } }).then(({ status }) => status);
  assert.equal((await fetch(get)).status, 404, 'it is not there yet');
  assert.equal(await send(put, bytes.slice(1)), 413, 'less than announced');
  assert.equal(await send(put, bytes), 201);
  assert.equal(await send(put, bytes), 409, 'once');
  const found = await fetch(get);
  assert.deepEqual([found.status, found.headers.get('content-type')], [200, 'image/png']);
  assert.equal(found.headers.get('access-control-allow-origin'), '*');
  assert.deepEqual(new Uint8Array(await found.arrayBuffer()), bytes);
  assert.equal((await fetch(get, { method: 'HEAD' })).headers.get('content-length'), '1000000');
  assert.equal(await slot(200_000), 'resource-constraint', 'the quota of the account');
  const [page = ''] = await slot(5, 'text/html', 'evil.html');
  assert.equal(await send(page, new TextEncoder().encode('<b>x</')), 413, 'more than announced');
  assert.equal(await send(page, new TextEncoder().encode('<b>x<')), 201);
  const html = await fetch(page);
  assert.deepEqual(
    [html.headers.get('content-type'), html.headers.get('content-disposition')],
    ['application/octet-stream', 'attachment'],
  );
  assert.equal(await send(`${bench.httpUrl}/upload/nothing/x`, new Uint8Array(1)), 404);
  assert.equal((await fetch(`${bench.httpUrl}/upload/..%2f..%2fyaolian.db/x`)).status, 404);
  await bench.admin.call(routes.removeUser, { params: { name: 'ann' } });
  assert.equal((await fetch(get)).status, 404, 'files go with their account');
});
