import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRequestSchemas } from '@yaolian/igrs';
import { AccountServer, type NewAccount } from '@yaolian/igrs/server';
import Fastify from 'fastify';
import { accountOperations, addAccountRoutes } from './account-routes.ts';

function open(trustProxy: string | false) {
  const app = Fastify({ trustProxy });
  const asked: string[] = [];
  const keeper = {
    mayRegister: () => 0,
    register: async ({ name }: { readonly name: string }) => {
      asked.push(name);
      return 'registered' as const;
    },
  };
  addAccountRoutes(app, new AccountServer({ domain: 'home.example', keeper: keeper as never }));
  const register = (
    from: { readonly remoteAddress: string; readonly headers?: Record<string, string> },
    format = 'json',
  ) =>
    app.inject({
      method: 'POST',
      url: `/rest/v1/user/register.${format}`,
      payload: { userName: 'ann', password: 'ann-secret' },
      ...from,
    });
  return { register, asked };
}

test('GB/T 29265.205 §14: passwords of others than this machine come by HTTPS alone', async () => {
  const { register, asked } = open(false);
  const far = await register({ remoteAddress: '192.0.2.7' });
  assert.deepEqual([far.statusCode, far.json().code], [400, 400]);
  assert.match(far.json().message, /HTTPS.*http\.tls-port/);
  assert.match((await register({ remoteAddress: '192.0.2.7' }, 'xml')).body, /<code>400<\/code>/);
  const forged = {
    remoteAddress: '192.0.2.7',
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' },
  };
  assert.equal((await register(forged)).statusCode, 400, 'who is no trusted proxy is not believed');
  assert.deepEqual(asked, []);
  for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    assert.equal((await register({ remoteAddress })).statusCode, 201, remoteAddress);
  }
});

test('a trusted proxy that does TLS is believed', async () => {
  const { register } = open('192.0.2.0/24');
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.1' };
  assert.equal((await register({ remoteAddress: '192.0.2.7', headers })).statusCode, 201);
  assert.equal(
    (await register({ remoteAddress: '192.0.2.7', headers: { ...headers, 'x-forwarded-proto': 'http' } })).statusCode,
    400,
  );
});

function openKept() {
  const app = Fastify();
  const kept: Partial<NewAccount>[] = [];
  const keeper = {
    mayRegister: () => 0,
    authenticate: async (name: string) => (name === 'ann' ? 'yes' : 'no'),
    facts: async () => ({ kind: 'device', facts: {} }),
    register: async (account: NewAccount) => {
      kept.push(account);
      return 'registered' as const;
    },
    modify: async (name: string, change: object) => kept.push({ name, ...change }) > 0,
  };
  addAccountRoutes(app, new AccountServer({ domain: 'home.example', keeper: keeper as never }));
  const post = async (path: string, payload: string | object, type = 'application/json') => {
    const headers = { 'content-type': type };
    const { statusCode, body } = await app.inject({ method: 'POST', url: `/rest/v1/${path}`, payload, headers });
    return { status: statusCode, body };
  };
  return { post, kept };
}

const cooler = { deviceName: 'cooler', password: 'cooler-secret', verifyCode: 'ABCDEF' };

test('GB/T 29265.205 §7: a body that cannot be read is refused in the format of the path', async () => {
  const { post, kept } = openKept();
  for (const [payload, type, status, message] of [
    ['{"userName":', 'application/json', 400, /JSON/],
    ['', 'application/json', 400, /empty/],
    ['<user/>', 'application/xml', 415, /form or JSON/],
    ['x', 'text/plain', 415, /form or JSON/],
    [`userName=${'x'.repeat(1 << 20)}`, 'application/x-www-form-urlencoded', 413, /too large/],
  ] as const) {
    const json = await post('user/register.json', payload, type);
    assert.deepEqual([json.status, JSON.parse(json.body).code], [status, 400], type);
    assert.match(JSON.parse(json.body).message, message);
    const xml = await post('user/register.xml', payload, type);
    assert.equal(xml.status, status);
    assert.match(xml.body, /<response><code>400<\/code><message>/);
  }
  assert.deepEqual(kept, []);
});

test('§7.3: what JSON says as true or 123456 is its text; what cannot be a text is refused, not left out', async () => {
  const { post, kept } = openKept();
  assert.equal((await post('device/register.json', { ...cooler, confirm: true, verifyCode: 123_456 })).status, 201);
  assert.deepEqual([kept[0]?.device?.confirms, kept[0]?.device?.verifyCode], [true, '123456']);
  assert.equal(
    (await post('device/register.json', { ...cooler, confirm: false, model: null, version: 2 })).status,
    201,
  );
  assert.deepEqual([kept[1]?.device?.confirms, kept[1]?.device?.model], [false, '']);
  for (const field of [{ verifyCode: ['ABCDEF'] }, { model: {} }, { verifyCode: 1.5 }, { verifyCode: 2 ** 60 }]) {
    const { status, body } = await post('device/register.json', { ...cooler, ...field });
    assert.equal(status, 400);
    assert.match(JSON.parse(body).message, new RegExp(`^${Object.keys(field)[0]} is a text`));
  }
  assert.equal((await post('device/register.json', { ...cooler, others: [] })).status, 201, 'others are not looked at');
  assert.equal(kept.length, 3);
});

test('§7.3: what is no flag is refused: who wants to be asked does not go unasked', async () => {
  const { post, kept } = openKept();
  const ann = { userName: 'ann', password: 'ann-secret' };
  for (const confirm of ['yes', 'TRUE', '2', 'on']) {
    for (const [path, fields] of [
      ['device/register.json', cooler],
      ['device/modify.json', ann],
    ] as const) {
      const { status, body } = await post(path, { ...fields, confirm });
      assert.equal(status, 400, confirm);
      assert.match(JSON.parse(body).message, /confirm is 1 or 0/);
    }
  }
  assert.deepEqual(kept, []);
  for (const confirm of ['0', true]) await post('device/modify.json', { ...ann, confirm });
  assert.deepEqual(kept, [
    { name: 'ann', confirms: false },
    { name: 'ann', confirms: true },
  ]);
});

test('§7.4: who asks too often is told when to come again, and a failure of the server says no more than that', async () => {
  const app = Fastify();
  const keeper = {
    mayRegister: () => 30,
    authenticate: async (name: string) => (name === 'ann' ? { retryAfter: 7 } : Promise.reject(new Error('disk full'))),
  };
  addAccountRoutes(app, new AccountServer({ domain: 'home.example', keeper: keeper as never }));
  const post = (path: string, userName: string) =>
    app.inject({ method: 'POST', url: `/rest/v1/user/${path}`, payload: { userName, password: 'some-secret' } });
  for (const [path, name, wait] of [
    ['register.json', 'bob', '30'],
    ['read.json', 'ann', '7'],
  ] as const) {
    const { statusCode, headers, body } = await post(path, name);
    assert.deepEqual([statusCode, headers['retry-after'], JSON.parse(body).code], [429, wait, 429], path);
  }
  assert.match((await post('delete.xml', 'ann')).body, /<response><code>429<\/code>/);
  const failed = await post('read.xml', 'bob');
  assert.equal(failed.statusCode, 500);
  assert.match(failed.body, /<response><code>500<\/code>/);
  assert.doesNotMatch(failed.body, /disk/);
});

test('206 §8.2.2: what is changed has the bounds of what is registered', async () => {
  const { post, kept } = openKept();
  const ann = { userName: 'ann', password: 'ann-secret' };
  for (const nick of ['x'.repeat(257), 'a\x01b', 'a\nb', 'a\ufffe', '\ud800']) {
    const { status, body } = await post('user/modify.json', { ...ann, nick });
    assert.deepEqual([status, JSON.parse(body).code], [400, 400], JSON.stringify(nick));
    assert.equal((await post('user/register.json', { userName: 'bob', password: 'bob-secret', nick })).status, 400);
  }
  assert.deepEqual(kept, []);
  assert.equal((await post('user/modify.json', { ...ann, nick: '安 🏠' })).status, 200);
  assert.equal((await post('user/modify.json', { ...ann, nick: 'x'.repeat(256) })).status, 200);
});

test('what would be dropped without a word is refused: a field that is there twice, a change of nothing, a code for a reset', async () => {
  const { post, kept } = openKept();
  const form = (fields: string) => post('user/register.json', fields, 'application/x-www-form-urlencoded');
  const twice = await form('userName=ann&userName=bob&password=ann-secret');
  assert.deepEqual([twice.status, JSON.parse(twice.body).message], [400, 'userName is there twice; send it once']);
  assert.equal(
    (await form('userName=bob&other=1&other=2&password=ann-secret')).status,
    201,
    'others are not looked at',
  );
  const ann = { userName: 'ann', password: 'ann-secret' };
  const nothing = await post('user/modify.json', { ...ann, colour: 'blue' });
  assert.equal(nothing.status, 400);
  assert.match(JSON.parse(nothing.body).message, /newPassword or nick/);
  const code = await post('device/verifycode.json', { ...ann, verifyCode: 'MY-OWN-CODE' });
  assert.match(JSON.parse(code.body).message, /leave out verifyCode/);
  assert.equal(kept.length, 1);
});

test('an account is named by its address too, which registration answers', async () => {
  const { post, kept } = openKept();
  assert.equal(
    (await post('user/register.json', { userName: 'Bob@Home.Example', password: 'bob-secret' })).status,
    201,
  );
  assert.equal(kept[0]?.name, 'bob');
  const change = { userName: 'ann@home.example', password: 'ann-secret', nick: 'Ann' };
  assert.equal((await post('user/modify.json', change)).status, 200);
  assert.equal((await post('user/modify.json', { ...change, userName: 'ann@other.example' })).status, 400);
  const elsewhere = await post('user/register.json', { userName: 'bob@other.example', password: 'bob-secret' });
  assert.match(JSON.parse(elsewhere.body).message, /what stands before @home\.example/);
});

test('every path of the account server has a schema of its request', () => {
  const paths = Object.keys(accountOperations({} as AccountServer));
  assert.deepEqual([...paths, 'message/send'].sort(), Object.keys(accountRequestSchemas).sort());
});
