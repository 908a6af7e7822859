import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes, seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { HttpBench, password } from '../testing/http-bench.ts';
import { sessionTokenIn } from './session-cookie.ts';

const bench = await new HttpBench().open();
after(() => bench.close());

const host = 'platform.test';
const sameOrigin = { host, origin: `http://${host}` };

function ask(method: string, url: string, headers: Record<string, string> = {}, payload?: object) {
  return bench.app.inject({ method: method as 'GET', url, headers: { host, ...headers }, ...(payload && { payload }) });
}

/** What a browser keeps of a sign-in, and sends back. */
async function cookieOf(name: string): Promise<string> {
  const answer = await ask('POST', '/api/v1/session', sameOrigin, { name, password });
  assert.equal(answer.statusCode, 200, answer.body);
  return String(answer.headers['set-cookie']).split(';')[0]!;
}

test('signing in gives a cookie that no script reads, and no token in the body', async () => {
  const answer = await ask('POST', '/api/v1/session', sameOrigin, { name: 'viewer', password });
  const cookie = String(answer.headers['set-cookie']);
  assert.match(cookie, /^yaolian_session=yl_[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal(answer.json().token, undefined);
  assert.ok(!answer.body.includes(sessionTokenIn(cookie)!));
  assert.deepEqual([answer.json().operator, answer.json().role, answer.json().kind], ['viewer', 'viewer', 'session']);
});

test('the cookie is Secure when the browser came by TLS through a trusted proxy', async () => {
  const other = await new HttpBench({ 'http.trusted-proxies': '127.0.0.1' }).open();
  const headers = { host, origin: `https://${host}`, 'x-forwarded-proto': 'https' };
  const payload = { name: 'viewer', password };
  const answer = await other.app.inject({ method: 'POST', url: '/api/v1/session', headers, payload });
  assert.match(String(answer.headers['set-cookie']), /; Secure$/);
  await other.close();
});

test('the cookie opens every route that its role covers, and no other', async () => {
  const cookie = await cookieOf('viewer');
  assert.equal((await ask('GET', '/api/v1/session', { cookie })).json().operator, 'viewer');
  const told = await ask('PUT', '/api/v1/enrolment', { ...sameOrigin, cookie }, { mode: 'open' });
  assert.deepEqual([told.statusCode, told.json().code], [403, 'forbidden']);
});

test('signing out forgets the session on both sides', async () => {
  const cookie = await cookieOf('viewer');
  const answer = await ask('DELETE', '/api/v1/session', { ...sameOrigin, cookie });
  assert.equal(answer.statusCode, 204);
  assert.match(
    String(answer.headers['set-cookie']),
    /^yaolian_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  assert.equal((await ask('GET', '/api/v1/session', { cookie })).statusCode, 401);
});

test('with a cookie, another site changes nothing: Fetch Metadata, Origin, or neither', async () => {
  const cookie = await cookieOf('admin');
  const strangers: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', ...sameOrigin },
    { 'sec-fetch-site': 'same-site', ...sameOrigin },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://evil.test' },
    { origin: `http://${host}:81` },
    { origin: 'null' },
    {},
  ];
  for (const headers of strangers) {
    const answer = await ask('PUT', '/api/v1/enrolment', { ...headers, cookie }, { mode: 'allow-list' });
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'cross-origin'], JSON.stringify(headers));
    const signIn = await ask('POST', '/api/v1/session', headers, { name: 'admin', password });
    assert.deepEqual([signIn.statusCode, signIn.json().code], [403, 'cross-origin'], JSON.stringify(headers));
  }
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, sameOrigin]) {
    const answer = await ask('PUT', '/api/v1/enrolment', { ...headers, cookie }, { mode: 'open' });
    assert.equal(answer.statusCode, 200);
  }
});

test('a bearer token needs no origin, and goes before a cookie', async () => {
  const cookie = await cookieOf('viewer');
  const authorization = `Bearer ${await bench.token('admin')}`;
  const answer = await ask('PUT', '/api/v1/enrolment', { authorization, cookie }, { mode: 'open' });
  assert.equal(answer.statusCode, 200);
  assert.equal((await ask('GET', '/api/v1/session', { authorization: 'Bearer x', cookie })).statusCode, 401);
});

test('sign-in has the limits of login', async () => {
  const other = await new HttpBench().open();
  const body = { name: 'admin', password: 'wrong' };
  for (let i = 0; i < 5; i++) {
    await other.app.inject({ method: 'POST', url: '/api/v1/session', headers: sameOrigin, payload: body });
  }
  const anyone = await other.client();
  await assert.rejects(anyone.call(routes.login, { body: { password } }), /Too many attempts/);
  await other.close();
});

test('an event stream lives with the cookie that opened it', async () => {
  const cookie = await cookieOf('viewer');
  const stream = Promise.resolve(ask('GET', '/api/v1/events', { cookie }));
  stream.catch(() => undefined);
  await until(() => bench.hub.readers > 0, 'a reader');
  await bench.time.advance(minutes(1));
  assert.equal(bench.hub.readers, 1);
  await ask('DELETE', '/api/v1/session', { ...sameOrigin, cookie });
  await bench.time.advance(seconds(31));
  await assert.rejects(stream); // cut off
  assert.equal(bench.hub.readers, 0);
});

test('a cookie header is read as RFC 6265 writes it', () => {
  assert.equal(sessionTokenIn(undefined), undefined);
  assert.equal(sessionTokenIn('a=b; yaolian_session=yl_1; c=d'), 'yl_1');
  assert.equal(sessionTokenIn('yaolian_session=; x=1'), undefined);
  assert.equal(sessionTokenIn('xyaolian_session=yl_1'), undefined);
});
