import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRequestSchemas } from '@yaolian/igrs';
import { AccountServer } from '@yaolian/igrs/server';
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

test('every path of the account server has a schema of its request', () => {
  const paths = Object.keys(accountOperations({} as AccountServer));
  assert.deepEqual([...paths, 'message/send'].sort(), Object.keys(accountRequestSchemas).sort());
});
