/** Requests that come twice are done once, and nobody undoes what somebody else did meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { minutes } from '@yaolian/kernel';
import { instance } from '@yaolian/lwm2m/client';
import { openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { openTerminal, temperatureObject } from './support/terminal.ts';

/** `fetch` with the token of an admin. */
async function asAdmin({ admin, httpUrl }: TestPlatform) {
  const { token } = await admin.call(routes.createToken, { body: { label: 'raw', role: 'admin' } });
  return async (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) => {
    const answer = await fetch(`${httpUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: text === '' ? undefined : JSON.parse(text) };
  };
}

const hook = { url: 'https://example.com/a' };

test('the same key: the same answer, done once, over a restart; another body is refused; others have their own keys', async () => {
  await using first = await openPlatform();
  const ask = await asAdmin(first);
  const made = await ask('POST', '/api/v1/webhooks', { 'idempotency-key': '"k1"' }, hook);
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('idempotency-replayed'), null);
  const again = await ask('POST', '/api/v1/webhooks', { 'idempotency-key': 'k1' }, hook);
  assert.deepEqual([again.status, again.text], [201, made.text], 'the secret that is shown once included');
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  const other = await ask('POST', '/api/v1/webhooks', { 'idempotency-key': 'k1' }, { url: 'https://example.com/b' });
  assert.deepEqual([other.status, other.json.code], [422, 'idempotency-key-reused']);
  const elsewhere = await ask('POST', `/api/v1/webhooks/${made.json.id}/secret`, { 'idempotency-key': 'k1' });
  assert.equal(elsewhere.status, 422);
  const bad = await ask('POST', '/api/v1/webhooks', { 'idempotency-key': 'k 1' }, hook);
  assert.deepEqual([bad.status, bad.json.errors[0].where], [400, 'header/idempotency-key']);
  await first.admin.call(routes.addOperator, {
    body: { name: 'eva', role: 'admin', password: 'correct horse battery' },
  });
  const session = await fetch(`${first.httpUrl}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body: JSON.stringify({ name: 'eva', password: 'correct horse battery' }),
  });
  const { token } = (await session.json()) as { token: string };
  const hers = await fetch(`${first.httpUrl}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body: JSON.stringify(hook),
  });
  assert.notEqual(((await hers.json()) as { id: string }).id, made.json.id);

  await using second = await first.restart();
  const askAgain = await asAdmin(second);
  const later = await askAgain('POST', '/api/v1/webhooks', { 'idempotency-key': 'k1' }, hook);
  assert.deepEqual([later.status, later.text], [201, made.text]);
  const removed = await askAgain('DELETE', `/api/v1/webhooks/${made.json.id}`, { 'idempotency-key': 'k2' });
  const twice = await askAgain('DELETE', `/api/v1/webhooks/${made.json.id}`, { 'idempotency-key': 'k2' });
  assert.deepEqual([removed.status, twice.status, twice.text], [204, 204, '']);
  assert.equal((await askAgain('DELETE', `/api/v1/webhooks/${made.json.id}`)).status, 404);
});

test('what comes twice at once is done once; who went away finds the answer; a refusal that did nothing may be tried again', async () => {
  await using bench = await openPlatform({ 'lwm2m.request-timeout': minutes(5) });
  let executed = 0;
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = instance(
    temperatureObject,
    { sensorValue: 1 },
    {
      onExecute: {
        resetMinMax: async () => {
          executed++;
          begun.resolve();
          await goOn.promise;
        },
      },
    },
  );
  const ask = await asAdmin(bench);
  const path = '/api/v1/devices/t1/execute/3303/0/5605';
  const key = { 'idempotency-key': 'execute-1' };
  const early = await ask('POST', path, key, {});
  assert.equal(early.json.code, 'device-unknown');
  await using terminal = await openTerminal({ endpointName: 't1', server: bench.coap, objects: [slow] });
  terminal.client.start();
  await terminal.client.registered();
  const known = await ask('POST', path, key, {});
  assert.equal(known.json.code, 'device-unknown', 'a refusal is an answer, too');

  const key2 = { 'idempotency-key': 'execute-2' };
  const { token } = await bench.admin.call(routes.createToken, { body: { label: 'raw', role: 'admin' } });
  const leaving = new AbortController();
  const left = fetch(`${bench.httpUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...key2 },
    body: '{}',
    signal: leaving.signal,
  });
  await begun.promise;
  leaving.abort();
  await assert.rejects(left);
  const [one, two] = [ask('POST', path, key2, {}), ask('POST', path, key2, {})];
  goOn.resolve();
  const answers = await Promise.all([one, two]);
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')]),
    [
      [200, 'true'],
      [200, 'true'],
    ],
  );
  assert.equal(executed, 1);
});

test('keys are bounded: the oldest is forgotten, and its request is done again', async () => {
  await using bench = await openPlatform({ 'http.max-idempotency-keys': 2 });
  const ask = await asAdmin(bench);
  const make = (key: string) => ask('POST', '/api/v1/webhooks', { 'idempotency-key': key }, hook);
  const first = await make('a');
  await make('b');
  assert.equal((await make('a')).json.id, first.json.id);
  await make('c');
  assert.notEqual((await make('a')).json.id, first.json.id);
});

test('an ETag: 304 while it is the same, 412 for who would undo what somebody else did', async () => {
  await using bench = await openPlatform();
  const ask = await asAdmin(bench);
  const { json: made } = await ask('POST', '/api/v1/webhooks', {}, hook);
  const path = `/api/v1/webhooks/${made.id}`;
  const first = await ask('GET', path);
  const tag = first.headers.get('etag')!;
  assert.match(tag, /^"[0-9a-f]{32}-[0-9a-f]{32}"$/);
  const same = await ask('GET', path, { 'if-none-match': tag });
  assert.deepEqual([same.status, same.text, same.headers.get('etag')], [304, '', tag]);

  assert.equal((await ask('PATCH', path, { 'if-match': tag }, { note: 'mine' })).status, 200);
  assert.equal((await ask('GET', path, { 'if-none-match': tag })).status, 200);
  const late = await ask('PATCH', path, { 'if-match': tag }, { note: 'theirs' });
  assert.deepEqual([late.status, late.json.code], [412, 'precondition-failed']);
  assert.equal((await ask('DELETE', path, { 'if-match': tag })).status, 412);
  const { value, tag: now } = await bench.admin.callTagged(routes.showWebhook, { params: { webhook: made.id } });
  assert.equal(value.note, 'mine');
  await bench.admin.call(routes.removeWebhook, { params: { webhook: made.id }, ifMatch: now! });
  const gone = await ask('DELETE', path, { 'if-match': '*' });
  assert.deepEqual([gone.status, gone.json.detail], [412, 'There is no such thing (any more).']);

  const change = { params: { webhook: 'none' }, body: { note: 'x' }, ifMatch: now! };
  await assert.rejects(bench.admin.call(routes.changeWebhook, change), withCode('precondition-failed'));
  const config = { servers: [{ uri: 'coap://dm.example:5683', shortServerId: 1 }] };
  const created = await ask('PUT', '/api/v1/bootstrap/t1', { 'if-none-match': '*' }, config);
  assert.equal(created.status, 200, created.text);
  assert.equal((await ask('PUT', '/api/v1/bootstrap/t1', { 'if-none-match': '*' }, config)).status, 412);
});

test('of two who change the same thing from the same state one is refused', async () => {
  await using bench = await openPlatform();
  await bench.admin.call(routes.addGroup, { body: { name: 'g' } });
  const { tag } = await bench.admin.callTagged(routes.showGroup, { params: { group: 'g' } });
  const change = (note: string) =>
    bench.admin.call(routes.changeGroup, { params: { group: 'g' }, body: { note }, ifMatch: tag! });
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map(change));
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected', 'rejected']);
});
