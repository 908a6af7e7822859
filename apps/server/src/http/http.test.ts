import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { ApiProblemError, type Problem, type ProblemCode, type Route, routes } from '@yaolian/contract';
import { hours, minutes, seconds } from '@yaolian/kernel';
import { storageErrors } from '@yaolian/storage';
import { HttpBench, password } from '../testing/http-bench.ts';
import { fastifyUrl } from './mount.ts';

const bench = await new HttpBench({ 'http.body-limit': 2048 }).open();
after(() => bench.close());

async function refusal(call: Promise<unknown>, code: ProblemCode): Promise<Problem> {
  const error = await call.then(
    () => assert.fail(`not refused with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiProblemError, String(error));
  assert.equal(error.problem.code, code, error.problem.detail);
  return error.problem;
}

/** A request as a stranger might write it. */
function raw(method: string, url: string, options: { headers?: Record<string, string>; payload?: string } = {}) {
  return bench.app.inject({ method: method as 'GET', url, ...options });
}

test('login gives a token, the token shows its session, logging out ends it', async () => {
  const anyone = await bench.client();
  const session = await anyone.call(routes.login, { body: { name: 'operator', password } });
  assert.match(session.token, /^yl_/);
  assert.deepEqual([session.kind, session.role, session.operator], ['session', 'operator', 'operator']);
  const headers = { authorization: `Bearer ${session.token}` };
  const shown = await raw('GET', '/api/v1/session', { headers });
  assert.equal(shown.json().id, session.id);
  assert.equal(shown.json().token, undefined);
  assert.equal((await raw('DELETE', '/api/v1/session', { headers })).statusCode, 204);
  const gone = await raw('GET', '/api/v1/session', { headers });
  assert.equal(gone.statusCode, 401);
  assert.equal(gone.headers['www-authenticate'], 'Bearer realm="yaolian", error="invalid_token"');
});

test('a session expires', async () => {
  const anyone = await bench.client();
  const { token } = await anyone.call(routes.login, { body: { password } });
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await raw('GET', '/api/v1/session', { headers })).statusCode, 200);
  await bench.time.advance(hours(24 * 7));
  assert.equal((await raw('GET', '/api/v1/session', { headers })).statusCode, 401);
});

test('wrong passwords are refused, and after some the caller has to wait', async () => {
  const other = await new HttpBench().open();
  const anyone = await other.client();
  for (let i = 0; i < 5; i++) {
    await refusal(anyone.call(routes.login, { body: { password: 'wrong' } }), 'wrong-password');
  }
  const told = await refusal(anyone.call(routes.login, { body: { password } }), 'too-many-attempts');
  assert.match(told.detail, /Try again in \d+ s/);
  const answer = await other.app.inject({ method: 'POST', url: '/api/v1/login', payload: { password } });
  assert.ok(Number(answer.headers['retry-after']) >= 1);
  await other.time.advance(seconds(5));
  await anyone.call(routes.login, { body: { password } });
  await other.close();
});

test('every route but the open ones wants a token', async () => {
  for (const route of Object.values(routes) as Route[]) {
    if (
      route.role === 'anyone' ||
      route.role === 'user' ||
      !bench.app.hasRoute({ method: route.method, url: fastifyUrl(route.path) })
    )
      continue;
    const url = route.path.replaceAll(/\{\w+(\.\.\.)?\}/g, '1');
    const answer = await raw(route.method, url);
    assert.equal(answer.statusCode, 401, route.id);
    assert.equal(answer.json().code, 'unauthenticated');
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="yaolian"');
  }
});

test('every route wants the role that the contract says, and no less is enough', async () => {
  const tokens = { viewer: await bench.token('viewer'), operator: await bench.token('operator') };
  for (const route of Object.values(routes) as Route[]) {
    if (!bench.app.hasRoute({ method: route.method, url: fastifyUrl(route.path) })) continue;
    const url = route.path.replaceAll(/\{\w+(\.\.\.)?\}/g, '1');
    for (const role of ['viewer', 'operator'] as const) {
      if (route.id === 'streamEvents' || route.id === 'logout') continue;
      const answer = await raw(route.method, url, { headers: { authorization: `Bearer ${tokens[role]}` } });
      const isRefused = route.role === 'admin' || (route.role === 'operator' && role === 'viewer');
      assert.equal(answer.statusCode === 403, isRefused, `${route.id} as ${role}: ${answer.statusCode}`);
      if (isRefused) assert.match(answer.json().detail, new RegExp(`takes the role ${route.role}; your token has`));
    }
  }
});

test('a token that is none, in every form', async () => {
  const good = await bench.token('viewer');
  const changed = good.slice(0, -1) + (good.endsWith('0') ? '1' : '0');
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic YTpi', `Bearer ${changed}`, `Bearer ${good}x`, good]) {
    const answer = await raw('GET', '/api/v1/session', { headers: { authorization } });
    assert.equal(answer.statusCode, 401, authorization);
  }
  assert.equal(
    (await raw('GET', '/api/v1/session', { headers: { authorization: `bearer  ${good}` } })).statusCode,
    200,
  );
});

test('tokens are made, listed in pages, and removed', async () => {
  const other = await new HttpBench().open();
  const admin = await other.client('admin');
  const made = await admin.call(routes.createToken, { body: { label: 'export', role: 'viewer', expiresIn: '30m' } });
  assert.deepEqual([made.kind, made.role, made.operator, made.label], ['api', 'viewer', 'admin', 'export']);
  const headers = { authorization: `Bearer ${made.token}` };
  assert.equal((await other.app.inject({ url: '/api/v1/session', headers })).json().role, 'viewer');
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await admin.call(routes.listTokens, { query: { limit: 1, ...(cursor && { cursor }) } });
    ids.push(...page.items.map((token) => token.id));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.equal(ids.length, 2);
  assert.ok(ids.includes(made.id));
  await admin.call(routes.removeToken, { params: { token: made.id } });
  assert.equal((await other.app.inject({ url: '/api/v1/session', headers })).statusCode, 401);
  await refusal(admin.call(routes.removeToken, { params: { token: made.id } }), 'not-found');
  await other.time.advance(minutes(31));
  await refusal(
    admin.call(routes.createToken, { body: { label: 'x', role: 'viewer', expiresIn: '0s' } }),
    'invalid-request',
  );
  await other.close();
});

test('a password is changed with the help of the old one', async () => {
  const other = await new HttpBench().open();
  const viewer = await other.client('viewer');
  await refusal(
    viewer.call(routes.changePassword, { body: { current: 'x', new: 'another long one' } }),
    'wrong-password',
  );
  await refusal(viewer.call(routes.changePassword, { body: { current: password, new: 'short' } }), 'invalid-request');
  await viewer.call(routes.changePassword, { body: { current: password, new: 'another long one' } });
  const anyone = await other.client();
  await anyone.call(routes.login, { body: { name: 'viewer', password: 'another long one' } });
  await refusal(anyone.call(routes.login, { body: { name: 'viewer', password } }), 'wrong-password');
  await other.close();
});

test('enrolment and the allow-list', async () => {
  const viewer = await bench.client('viewer');
  const operator = await bench.client('operator');
  const admin = await bench.client('admin');
  assert.deepEqual(await viewer.call(routes.showEnrolment, {}), { mode: 'open' });
  assert.deepEqual(await admin.call(routes.setEnrolment, { body: { mode: 'allow-list' } }), { mode: 'allow-list' });
  assert.deepEqual(await viewer.call(routes.showEnrolment, {}), { mode: 'allow-list' });
  const key = '861111003929110;x/y';
  const entry = await operator.call(routes.allow, { params: { key }, body: { note: 'lab' } });
  assert.deepEqual([entry.key, entry.note], [key, 'lab']);
  await operator.call(routes.allow, { params: { key: 'b' } });
  const first = await viewer.call(routes.listAllowed, { query: { limit: 1 } });
  const second = await viewer.call(routes.listAllowed, { query: { limit: 1, cursor: first.next! } });
  assert.deepEqual([...first.items, ...second.items].map((one) => one.key).sort(), [key, 'b']);
  assert.equal(second.next, undefined);
  await operator.call(routes.disallow, { params: { key } });
  await refusal(operator.call(routes.disallow, { params: { key } }), 'not-found');
  await refusal(viewer.call(routes.listAllowed, { query: { cursor: '!!' } }), 'invalid-cursor');
});

test('a request that does not fit its schema is told where and why', async () => {
  const admin = `Bearer ${await bench.token('admin')}`;
  const json = { authorization: admin, 'content-type': 'application/json' };
  const cases: [string, string, string | undefined, RegExp][] = [
    ['PUT', '/api/v1/enrolment', '{"mode":"closed"}', /body\/mode: must be one of open, allow-list/],
    ['PUT', '/api/v1/enrolment', '{}', /body: "mode" is missing/],
    ['PUT', '/api/v1/enrolment', '{"mode":"open","x":1}', /body: "x" is not known here/],
    ['PUT', '/api/v1/enrolment', '[]', /body: must be object/],
    ['PUT', '/api/v1/enrolment', '{"mode":', /JSON/i],
    ['PUT', '/api/v1/enrolment', '{"__proto__":{"mode":"open"}}', /"__proto__" is not known/],
    ['GET', '/api/v1/allow-list?limit=0', undefined, /query\/limit: must be >= 1/],
    ['GET', '/api/v1/allow-list?limit=x', undefined, /query\/limit: must be integer/],
    ['GET', '/api/v1/objects?search=caf%E9', undefined, /The query is not percent-encoded UTF-8/],
    ['GET', '/api/v1/objects?search=50%', undefined, /"%" itself is "%25"/],
    ['GET', '/api/v1/objects/abc', undefined, /path\/id: must be integer/],
    ['GET', '/api/v1/events?type=nonsense', undefined, /query\/type\/0: must be one of device.registered/],
  ];
  for (const [method, url, payload, detail] of cases) {
    const headers = payload === undefined ? { authorization: admin } : json;
    const answer = await raw(method, url, payload === undefined ? { headers } : { headers, payload });
    assert.equal(answer.statusCode, 400, url);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(answer.json().code, 'invalid-request');
    assert.match(answer.json().detail, detail);
    assert.match(answer.json().instance, /^[0-9a-f]{16}$/);
  }
});

test('a body is taken as it is, never bent into the type', async () => {
  const headers = { authorization: `Bearer ${await bench.token('admin')}` };
  const answer = await bench.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers,
    payload: { label: 5, role: 'viewer' },
  });
  assert.equal(answer.statusCode, 400);
  assert.match(answer.json().detail, /body\/label: must be string/);
});

test('what no route takes is a problem too', async () => {
  const headers = { authorization: `Bearer ${await bench.token('admin')}` };
  const unknown = await raw('GET', '/api/v1/nothing', { headers });
  assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'route-unknown']);
  const method = await raw('POST', '/api/v1/enrolment', { headers });
  assert.deepEqual([method.statusCode, method.json().code], [405, 'method-not-allowed']);
  assert.equal(method.headers.allow, 'GET, HEAD, OPTIONS, PUT');
  const stream = await raw('HEAD', '/api/v1/events', { headers });
  assert.deepEqual([stream.statusCode, stream.headers.allow], [405, 'GET, OPTIONS']);
  const login = await raw('HEAD', '/api/v1/login');
  assert.deepEqual([login.statusCode, login.headers.allow], [405, 'OPTIONS, POST']);
  assert.equal((await raw('TRACE', '/api/v1/devices-of-nobody')).statusCode, 404);
  for (const odd of ['TRACE', 'QUERY', 'PROPFIND']) {
    const known = await raw(odd, '/api/v1/allow-list/a%2Fb?x=/y/z', { payload: 'x', headers });
    assert.deepEqual([known.statusCode, known.headers.allow], [405, 'DELETE, OPTIONS, PUT'], odd);
    const rest = await raw(odd, '/api/v1/objects/3');
    assert.deepEqual([rest.statusCode, rest.json().code], [405, 'method-not-allowed'], odd);
  }
  assert.equal((await raw('OPTIONS', '/api/v1/enrolment')).headers.allow, 'GET, HEAD, OPTIONS, PUT');
  const type = await raw('PUT', '/api/v1/enrolment', {
    headers: { ...headers, 'content-type': 'text/plain' },
    payload: 'x',
  });
  assert.deepEqual([type.statusCode, type.json().code], [415, 'unsupported-media-type']);
  const large = await bench.app.inject({
    method: 'PUT',
    url: '/api/v1/enrolment',
    headers,
    payload: { mode: 'x'.repeat(3000) },
  });
  assert.deepEqual([large.statusCode, large.json().code], [413, 'payload-too-large']);
  const url = await raw('GET', '/api/v1/devices/%ff%', { headers });
  assert.deepEqual([url.statusCode, url.json().code], [400, 'invalid-request']);
});

test('a failure of ours is answered without its inside', async () => {
  const other = await new HttpBench().open();
  const client = await other.client('viewer');
  other.devices.allowList = () => Promise.reject(storageErrors.STORAGE_FULL());
  const full = await refusal(client.call(routes.listAllowed, {}), 'unavailable');
  assert.match(full.detail, /is full: nothing was stored/);
  const noSpace = Object.assign(new Error("ENOSPC: no space left on device, write '/data/x'"), { code: 'ENOSPC' });
  other.devices.allowList = () => Promise.reject(noSpace);
  const noRoom = await refusal(client.call(routes.listAllowed, {}), 'unavailable');
  assert.equal(noRoom.detail, 'the disk is full: nothing was stored.');
  other.devices.allowList = () => Promise.reject(new Error('SELECT secret FROM x'));
  const told = await refusal(client.call(routes.listAllowed, {}), 'internal-error');
  assert.ok(!JSON.stringify(told).includes('SELECT'));
  await other.close();
});

test('every answer has the security headers', async () => {
  for (const url of ['/api/v1/session', '/nothing', '/api/v1/devices/%ff%']) {
    const { headers } = await raw('GET', url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", url);
    assert.equal(headers['cache-control'], 'no-store', url);
    assert.equal(headers['x-powered-by'], undefined);
  }
});

test('the object model: list, search, show', async () => {
  const viewer = await bench.client('viewer');
  const first = await viewer.call(routes.listObjects, { query: { limit: 2 } });
  assert.deepEqual(
    first.items.map((one) => one.id),
    [0, 0],
  );
  const all = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await viewer.call(routes.listObjects, { query: { limit: 100, ...(cursor && { cursor }) } });
    for (const one of page.items) all.add(`${one.id} ${one.version}`);
    cursor = page.next;
  } while (cursor !== undefined);
  assert.equal(
    all.size,
    [...bench.model.objects()].reduce((sum, one) => sum + one.versions.length, 0),
  );
  const found = await viewer.call(routes.listObjects, { query: { search: 'temperature' } });
  assert.ok(found.items.some((one) => one.id === 3303));
  const device = await viewer.call(routes.showObject, { params: { id: 3 }, query: {} });
  assert.equal(device.name, 'Device');
  assert.deepEqual(device.resources.find((one) => one.id === 4)?.operations, 'E');
  const old = await viewer.call(routes.showObject, { params: { id: 3 }, query: { version: '1.0' } });
  assert.equal(old.version, '1.0');
  await refusal(viewer.call(routes.showObject, { params: { id: 3 }, query: { version: '9.9' } }), 'not-found');
  await refusal(viewer.call(routes.showObject, { params: { id: 31999 }, query: {} }), 'not-found');
  await refusal(viewer.call(routes.listObjects, { query: { cursor: 'QUJD' } }), 'invalid-cursor');
});

test('what is no HTTP is told so in a problem, and the connection ends', async () => {
  const other = await new HttpBench().open();
  await other.app.listen({ host: '127.0.0.1', port: 0 });
  const [{ port }] = other.app.addresses() as unknown as [{ readonly port: number }];
  const told = async (bytes: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.end(bytes);
    const [head, body] = (await text(socket)).split('\r\n\r\n') as [string, string];
    assert.match(head, /\r\ncontent-type: application\/problem\+json\r\n/);
    return [Number(head.split(' ')[1]), (JSON.parse(body) as Problem).code];
  };
  assert.deepEqual(await told('FOO / HTTP/1.1\r\nhost: a\r\n\r\n'), [400, 'invalid-request']);
  const twoLengths = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
  assert.deepEqual(await told(twoLengths), [400, 'invalid-request']);
  const long = `GET /?${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`;
  assert.deepEqual(await told(long), [431, 'headers-too-large']);
  await other.close();
});
